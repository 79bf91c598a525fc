"""What the pages of the house's surveys show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.studio import queries as studio
from fourfold.studio.types import FilledMail, MailKind
from fourfold.surveys import queries, rules
from fourfold.surveys.forms import MOMENTS, RulesForm
from fourfold.surveys.types import SCORES, Moment, Standing, State, TextRow, Wording

REFUSED: Mapping[str, Any] = {
    "do_not_contact": gettext_lazy("want to hear nothing at all"),
    "objected": gettext_lazy("want no surveys"),
    "dead_address": gettext_lazy("have no address that mail reaches"),
    "not_at_work": gettext_lazy("have an address at work only, and don’t want it used"),
}


def surveys(viewer: Viewer, form: RulesForm, *, at: datetime) -> dict[str, Any]:
    """When who is asked, with which words, and how it stands."""
    texts: dict[Moment, list[TextRow]] = {}
    for row in queries.texts(viewer):
        texts.setdefault(row.moment, []).append(row)
    standing = queries.standing(viewer, at=at)
    brands = accounts.labels({row.brand for rows in texts.values() for row in rows})
    return {
        "form": form,
        "moments": [
            {
                "moment": moment,
                "words": words,
                "on": on,
                "delay": delay,
                "texts": [(row, brands.get(row.brand, "")) for row in texts[moment]],
            }
            for moment, words, on, delay in form.moments()
        ],
        "heading": heading(standing),
        "standing": standing_lines(standing),
        "no_mailbox": not standing.has_mailbox,
        "late": standing.late,
    }


def heading(standing: Standing) -> str:
    waiting = standing.states.get(State.WAITING, 0)
    if not waiting:
        return _("Nobody waits to be asked how it was")
    return ngettext("%(n)s person will be asked how it was", "%(n)s people will be asked how it was", waiting) % {
        "n": waiting
    }


def standing_lines(standing: Standing) -> list[str]:
    """What became of invitations, in sentences."""
    asked, dropped = (standing.states.get(state, 0) for state in (State.ASKED, State.DROPPED))
    lines = [ngettext("%(n)s was asked", "%(n)s were asked", asked) % {"n": asked}]
    for rule, n in standing.refused:
        why = REFUSED.get(rule, _("are kept back by the contact policy"))
        lines.append(_("%(n)s were not: they %(why)s") % {"n": n, "why": why})
    if dropped:
        lines.append(_("%(n)s were overtaken: merged, asked elsewhere, or it was too long ago") % {"n": dropped})
    return lines


def text_values(viewer: Viewer, moment: Moment, brand: str) -> dict[str, Any]:
    """A moment's text for a brand, as its page shows it."""
    row = queries.text_for(moment, brand)
    return {
        "moment": moment,
        "words": MOMENTS[moment],
        "row": row,
        "brand": brand,
        "own": row.brand == brand,
        "versions": queries.text_versions(viewer, moment, brand),
        "brands": [(one.slug, one.name) for one in accounts.brands()],
    }


def wording_values(wording: Wording) -> dict[str, str]:
    return {name: getattr(wording, name) for name in ("subject", "intro", "question", "follow_up")}


def sample_mail(wording: Wording, brand: str, *, at: datetime) -> FilledMail:
    """The mail as somebody made up would get it; its links lead nowhere. Raises MailRefused, TextRefused."""
    rules.check_wording(wording)
    draft = rules.mail_draft(wording)
    compiled = studio.compiled_mail(studio.draft_version(draft, kind=MailKind.LETTER, brand=brand, at=at))
    numbers = {f"score_{score}_url": f"https://sample.example/{score}" for score in SCORES}
    sample = {"about": _("Data engineer at Harbour Systems")} if "about" in draft.extra else {}
    return studio.fill_mail(compiled, studio.sample_values(draft) | numbers | sample)
