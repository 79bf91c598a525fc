"""What pages of jobs show."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.money import Money
from fourfold.jobs import access, queries
from fourfold.jobs.queries.jobs import JobList
from fourfold.jobs.queries.words import (
    CALIBRE_WORDS,
    CLOSE_WORDS,
    ENGAGED_WORDS,
    GRADE_TONES,
    KIND_WORDS,
    NEED_WORDS,
    PER_WORDS,
    REASON_WORDS,
    ROLE_WORDS,
    STATUS_TONES,
    STATUS_WORDS,
    WORKPLACE_WORDS,
)
from fourfold.jobs.types import (
    JobCard,
    JobChange,
    JobPage,
    JobStatus,
    MarketRefused,
    Need,
    PayCheck,
    PayVerdict,
)
from fourfold.people import queries as people
from fourfold.people.types import TermsStanding

VERDICT_TONES = {PayVerdict.LOW: "danger", PayVerdict.FITS: "success", PayVerdict.ABOVE: "success"}
VERDICT_WORDS = {
    PayVerdict.LOW: gettext_lazy(
        "Such people are paid %(needed)s or more; the offer ends at %(offered)s. Raise the pay, or ask for others."
    ),
    PayVerdict.FITS: gettext_lazy("Such people are paid from %(needed)s on; the offer of %(offered)s fits."),
    PayVerdict.ABOVE: gettext_lazy(
        "Such people are paid from %(needed)s on; the offer of %(offered)s leaves room to choose."
    ),
}
STANDING_WORDS = {
    TermsStanding.NONE: gettext_lazy("no terms yet"),
    TermsStanding.DRAFTED: gettext_lazy("terms are drafted"),
    TermsStanding.SENT: gettext_lazy("terms are sent, not accepted"),
    TermsStanding.ACCEPTED: gettext_lazy("terms are accepted"),
    TermsStanding.ENDED: gettext_lazy("terms have ended"),
}


def colleague_choices() -> list[tuple[str, str]]:
    return sorted(((str(key), name) for key, name in accounts.active_names().items()), key=lambda one: one[1])


def desk_choices() -> list[tuple[str, str]]:
    return [(one.slug, one.name) for one in accounts.desks()]


def people_choices(viewer: Viewer, organisation: UUID) -> list[tuple[str, str]]:
    return [(str(card.key), card.name) for card in people.people_at(viewer, organisation, limit=200)]


def jobs_context(viewer: Viewer, asked: dict[str, str], found: JobList) -> dict[str, Any]:
    """Jobs by grade, tabs by status."""

    def address(**changes: str) -> str:
        values = {**asked, "after": "", **changes}
        query = urlencode({name: value for name, value in values.items() if value})
        return reverse("jobs") + (f"?{query}" if query else "")

    status = asked["status"]
    tabs = [
        {
            "label": words,
            "url": address(status=one.value),
            "active": status == one,
            "count": f"{found.by_status.get(one, 0):,}",
        }
        for one, words in STATUS_WORDS.items()
    ]  # fmt: skip
    desks = dict(desk_choices())
    heading = {
        JobStatus.OPEN: ngettext("%(n)s job is open", "%(n)s jobs are open", found.count),
        JobStatus.ON_HOLD: ngettext("%(n)s job is on hold", "%(n)s jobs are on hold", found.count),
        JobStatus.FILLED: ngettext("%(n)s job was filled", "%(n)s jobs were filled", found.count),
        JobStatus.CLOSED: ngettext("%(n)s job ended without us", "%(n)s jobs ended without us", found.count),
        JobStatus.DRAFT: ngettext("%(n)s job is a draft", "%(n)s jobs are drafts", found.count),
    }[JobStatus(status)] % {"n": f"{found.count:,}"}
    return {
        "heading": heading,
        "rows": [{**shown(card), "desk": desks.get(card.desk, card.desk)} for card in found.rows],
        "tabs": tabs,
        "text": asked["q"],
        "status": status,
        "mine": asked["mine"],
        "mine_url": address(mine="" if asked["mine"] else "yes"),
        "older": address(after=found.older) if found.older else "",
        "newer": address() if asked["after"] else "",
        "is_filtered": bool(asked["q"] or asked["mine"]),
        "leads": len(people.job_leads(viewer, mine=False)),
        "may_work": access.may_work_jobs(viewer),
    }


def shown(card: JobCard) -> dict[str, Any]:
    """A job in words."""
    return {
        "row": card,
        "url": reverse("job", args=[card.key]),
        "kind": KIND_WORDS[card.kind],
        "engaged": ENGAGED_WORDS[card.engaged],
        "status": STATUS_WORDS[card.status],
        "status_tone": STATUS_TONES[card.status],
        "grade_tone": GRADE_TONES[card.grade],
    }


def pay_words(change: JobChange) -> str:
    """“£50,000 to £60,000 a year”, or nothing where no pay is said."""
    low, high = change.pay_from_minor, change.pay_to_minor
    amounts = [Money(one, change.currency).text() for one in dict.fromkeys((low, high)) if one is not None]
    return f"{_(' to ').join(amounts)} {PER_WORDS[change.pay_per]}" if amounts else ""


def pay_check_context(found: PayCheck | MarketRefused | None, change: JobChange) -> dict[str, Any] | None:
    """The pay check, said plainly."""
    if found is None:
        return None
    if isinstance(found, MarketRefused):
        return {
            "tone": "quiet",
            "title": _("Too little is known of what such people are paid"),
            "text": ngettext(
                "There is %(have)s figure from %(cell)s; it takes %(need)s. A table of pay can be brought in.",
                "There are %(have)s figures from %(cell)s; it takes %(need)s. A table of pay can be brought in.",
                found.have,
            )
            % {"have": found.have, "cell": found.cell, "need": found.need},
            "market": None,
        }
    market = found.market

    def words(minor: int) -> str:
        return f"{Money(minor, change.currency).text()} {PER_WORDS[change.pay_per]}"

    asked = CALIBRE_WORDS[change.calibre]
    title = _("You ask for %(who)s at %(ratio)s × median") % {"who": asked, "ratio": f"{found.of_median:.2f}"}
    text = VERDICT_WORDS[found.verdict] % {"needed": words(found.needed_minor), "offered": words(found.offered_minor)}
    return {
        "tone": VERDICT_TONES[found.verdict],
        "title": title,
        "text": text,
        "market": [
            (_("Lower quartile"), words(market.quarter_minor)),
            (_("Median"), words(market.median_minor)),
            (_("Upper quartile"), words(market.top_quarter_minor)),
        ],
        "source": market.source,
        "n": market.n,
    }


def job_tabs(key: UUID, active: str) -> list[dict[str, Any]]:
    """A job's pages."""
    pages = [("job", _("The job"), "job"), ("board", _("Board"), "job_board"), ("list", _("List"), "job_applications"),
             ("answers", _("Answers"), "job_answers")]  # fmt: skip
    return [{"label": words, "url": reverse(name, args=[key]), "active": active == slug} for slug, words, name in pages]


def job_context(viewer: Viewer, key: UUID, at: datetime) -> dict[str, Any]:
    """A job's page. Raises NotFound."""
    page = queries.job(viewer, key, at=at)
    standing = people.terms_standing(page.card.organisation_key, at=at)
    value = people.value_proposition(page.card.organisation_key)
    change = page.change
    brought = [{**_advert(one), "row": one} for one in page.adverts]
    return {
        **shown(page.card),
        "page": page,
        "tabs": job_tabs(key, "job"),
        "change": change,
        "pay": pay_words(change),
        "workplace": WORKPLACE_WORDS[change.workplace],
        "calibre": CALIBRE_WORDS[change.calibre],
        "desk": dict(desk_choices()).get(change.desk, change.desk),
        "check": pay_check_context(queries.pay_check(viewer, key, at=at), change),
        "reasons": [{"row": one, "words": REASON_WORDS[one.code]} for one in page.graded.reasons],
        "grade_words": _("Four reasons make an A, two or three a B."),
        "standing": STANDING_WORDS[standing],
        "warns": standing is not TermsStanding.ACCEPTED and not change.for_ourselves,
        "musts": [one.text for one in change.wanted if one.need is Need.MUST],
        "wishes": [one.text for one in change.wanted if one.need is Need.WISH],
        "need_words": NEED_WORDS,
        "value": value,
        "steps": [{"step": step, "n": n} for step, n in page.by_step],
        "statuses": [{"row": one, "words": STATUS_WORDS[one.status]} for one in page.statuses],
        "hiring": [{"row": one, "role": ROLE_WORDS[one.role]} for one in page.hiring],
        "adverts": brought,
        "retained": [(words, Money(minor, change.currency), day) for words, minor, day in page.retained_due],
        "close_reason": CLOSE_WORDS[page.close_reason] if page.close_reason else "",
        "next": next_step(page, viewer),
        "is_live": page.card.status in (JobStatus.OPEN, JobStatus.ON_HOLD, JobStatus.DRAFT),
        "may_work": access.may_work_jobs(viewer),
    }


def _advert(row: Any) -> dict[str, Any]:
    return {
        "cost": Money(row.cost_minor, row.currency) if row.cost_minor is not None else None,
        "each": Money(row.cost_each_minor, row.currency) if row.cost_each_minor else None,
        "is_up": row.taken_down_on is None,
    }


def _who_brings(page: JobPage) -> str:
    """The list of people who have all of the must-haves that somebody in the house has."""
    musts = people.known_skills([one.text for one in page.change.wanted if one.need is Need.MUST])
    return f"{reverse('people')}?" + urlencode([pair for name in musts for pair in _has_skill(name)])


def _has_skill(name: str) -> list[tuple[str, str]]:
    return [("g", "0"), ("f", "skill"), ("o", "is"), ("v", name)]


def next_step(page: JobPage, viewer: Viewer) -> dict[str, str] | None:
    """The one next step with a job."""
    card = page.card
    if not access.may_work_jobs(viewer):
        return None
    opens = {JobStatus.DRAFT: _("Open it"), JobStatus.ON_HOLD: _("Open it again")}
    if card.status in opens:
        url = reverse("job_status", args=[card.key])
        return {"words": opens[card.status], "url": url, "status": "open", "icon": "flag"}
    if card.status is not JobStatus.OPEN:
        return None
    if not card.people:
        return {"words": _("Find people for it"), "url": _who_brings(page), "icon": "users"}
    return {"words": _("Go to the board"), "url": reverse("job_board", args=[card.key]), "icon": "layout-kanban"}
