"""What the pages of adding a person show."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fourfold.people.forms.adding import ConfirmForm
from fourfold.people.types import Scheme
from fourfold.people.types.adding import DraftPage, DraftState, ReadFrom, SeenJob

ICONS = {Scheme.EMAIL: "mail", Scheme.PHONE: "phone", Scheme.PROFILE: "link", Scheme.ID: "tag"}
READ_WORDS = {
    ReadFrom.CV: gettext_lazy("Read as a CV"),
    ReadFrom.LINKEDIN: gettext_lazy("Read as a profile that LinkedIn saved"),
    ReadFrom.RESUME: gettext_lazy("Read as a JSON Resume"),
    ReadFrom.CARD: gettext_lazy("Read as a vCard"),
    ReadFrom.PAGE: gettext_lazy("Read from a page"),
    ReadFrom.NOTHING: gettext_lazy("Nothing to read: type what you know"),
}


def most_bytes() -> int:
    """The largest file that is taken in."""
    return int(settings.FILE_MEGABYTES) * 1024 * 1024


def bookmarklet(origin: str) -> str:
    """A link to drag to the bookmarks: on any page it opens ours with that page's address and the selected words."""
    script = (
        "(()=>{const t=String(getSelection()).slice(0,4000);"
        f"open('{origin}/people/add/?url='+encodeURIComponent(location.href)+'&text='+encodeURIComponent(t))}})()"
    )
    return f"javascript:{script}"


def draft_context(page: DraftPage, form: ConfirmForm) -> dict[str, Any]:
    """What was read, each value beside its line, with its box."""
    reading = page.reading
    ticked = {name: form.ticks(name) for name in ("address", "job", "skill")}

    def on(name: str, at: int, *, first: bool) -> bool:
        chosen = ticked[name]
        return first if chosen is None else at in chosen

    sources = {
        name: seen.line
        for name, seen in (("name", reading.name), ("headline", reading.headline), ("city", reading.city))
        if seen and seen.line != seen.value
    }
    return {
        "page": page,
        "form": form,
        "heading": heading(page),
        "read_words": str(READ_WORDS[reading.read_from]),
        "reading_now": page.state is DraftState.READING,
        "failed": page.state is DraftState.FAILED,
        "sources": sources,
        "addresses": [
            {"at": at, "icon": ICONS[one.identifier.scheme], "value": one.identifier.value, "line": one.line,
             "on": on("address", at, first=True)}
            for at, one in enumerate(reading.addresses)
        ],
        "jobs": [
            {"at": at, "value": job_words(one), "days": job_days(one), "line": one.line,
             "on": on("job", at, first=True)}
            for at, one in enumerate(reading.jobs)
        ],
        "skills": [
            {"at": at, "value": one.name, "line": one.line, "known": one.known, "on": on("skill", at, first=one.known)}
            for at, one in enumerate(reading.skills)
        ],
        "more": reading.more,
    }  # fmt: skip


def heading(page: DraftPage) -> str:
    if page.state is DraftState.READING:
        return _("Reading %(file)s …") % {"file": page.file_name}
    if page.known:
        return _("This is %(name)s: add to them?") % {"name": page.known[0].name}
    name = page.reading.name
    return _("Add %(name)s?") % {"name": name.value} if name else _("Whom do you add?")


def job_words(one: SeenJob) -> str:
    return ", ".join(part for part in (one.title, one.organisation) if part)


def job_days(one: SeenJob) -> str:
    start = f"{one.started_on:%b %Y}" if one.started_on else ""
    end = _("now") if one.present else f"{one.ended_on:%b %Y}" if one.ended_on else ""
    return f"{start} – {end}" if start and end else start or end
