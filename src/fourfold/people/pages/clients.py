"""What pages of organisations show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fourfold.accounts.types import Viewer
from fourfold.people import access, queries, rules
from fourfold.people.pages.persons import role_badges
from fourfold.people.queries.words import (
    BASIS_WORDS,
    LEAD_WORDS,
    STAGE_WORDS,
    STANDING_WORDS,
    TERMS_WORDS,
)
from fourfold.people.types import (
    REGISTRY,
    ClientStage,
    FeeBasis,
    JobLeadRow,
    JobLeadState,
    OrganisationList,
    OrganisationPage,
    TermsRow,
    TermsStanding,
    TermsState,
    ValueRow,
)

STAGE_TONES = {
    ClientStage.TARGET: "quiet",
    ClientStage.MET: "accent",
    ClientStage.TERMS_SENT: "accent",
    ClientStage.ACCEPTED: "success",
    ClientStage.FIRST_JOB: "clients",
    ClientStage.REPEAT: "clients",
    ClientStage.DORMANT: "warning",
}
STANDING_TONES = {
    TermsStanding.NONE: "warning",
    TermsStanding.DRAFTED: "quiet",
    TermsStanding.SENT: "accent",
    TermsStanding.ACCEPTED: "success",
    TermsStanding.ENDED: "warning",
}
UNSAFE = {TermsStanding.NONE, TermsStanding.DRAFTED, TermsStanding.ENDED}
NEXT = {
    None: gettext_lazy("Make them a target"),
    ClientStage.TARGET: gettext_lazy("We met"),
}
"""What one tap moves on; terms and jobs move the later stages."""


def organisations_context(asked: dict[str, str], found: OrganisationList) -> dict[str, Any]:
    """Organisations, tabs by stage, and where we are."""
    text, stage, mine = asked.get("q", ""), asked.get("stage", ""), asked.get("mine", "")

    def address(**changes: str) -> str:
        values = {"q": text, "stage": stage, "mine": mine, **changes}
        query = urlencode({name: value for name, value in values.items() if value})
        return reverse("organisations") + (f"?{query}" if query else "")

    everything = sum(found.by_stage.values())
    tabs = [{"label": _("All"), "url": address(stage=""), "active": not stage, "count": f"{everything:,}"}]
    tabs += [
        {"label": words, "url": address(stage=one), "active": stage == one, "count": f"{found.by_stage.get(one, 0):,}"}
        for one, words in STAGE_WORDS.items()
    ]
    title = _("1 organisation") if found.count == 1 else _("%(n)s organisations") % {"n": f"{found.count:,}"}
    return {
        "heading": title,
        "rows": [
            {
                "row": row,
                "stage": STAGE_WORDS[row.stage] if row.stage else "",
                "tone": STAGE_TONES[row.stage] if row.stage else "quiet",
                "terms": STANDING_WORDS[row.terms],
                "terms_tone": STANDING_TONES[row.terms],
            }
            for row in found.rows
        ],
        "tabs": tabs,
        "text": text,
        "stage": stage,
        "mine": mine,
        "mine_url": address(mine="" if mine else "yes"),
        "older": address(after=found.older) if found.older else "",
        "newer": address() if asked.get("after") else "",
        "is_filtered": bool(text or stage or mine),
    }


def organisation_context(viewer: Viewer, key: UUID, at: datetime) -> dict[str, Any]:
    """An organisation's page. Raises NotFound."""
    page = queries.organisation(viewer, key, at=at)
    return {
        "page": page,
        "row": page.row,
        "owner": page.row.owner,
        "stage": STAGE_WORDS[page.row.stage] if page.row.stage else _("no stage yet"),
        "stage_tone": STAGE_TONES[page.row.stage] if page.row.stage else "quiet",
        "steps": stage_steps(page),
        "history": [{"row": one, "words": STAGE_WORDS[one.stage]} for one in page.stages],
        "next": next_step(page),
        "all_stages": [(one.value, words) for one, words in STAGE_WORDS.items()],
        "standing": STANDING_WORDS[page.row.terms],
        "standing_tone": STANDING_TONES[page.row.terms],
        "terms": [terms_words(one) for one in (*page.terms, *page.hires_under)],
        "warns": page.row.terms in {TermsStanding.NONE, TermsStanding.DRAFTED, TermsStanding.ENDED}
        and not page.row.own,
        "leads": [lead_words(one) for one in page.leads],
        "open_leads": sum(one.state is JobLeadState.OPEN for one in page.leads),
        "value": page.value,
        "panels": range(len(REGISTRY.organisation_panels)),
        "may_keep": access.may_keep_clients(viewer),
    }


def people_context(viewer: Viewer, key: UUID) -> dict[str, Any]:
    """Who works at an organisation, as far as the viewer may see. Raises NotFound."""
    name = queries.organisation_name(viewer, key)
    cards = queries.people_at(viewer, key, limit=50)
    people = [{"card": card, "badges": role_badges(card.roles)} for card in cards]
    return {"key": key, "name": name, "people": people, "may_add": access.may_add(viewer)}


def stage_steps(page: OrganisationPage) -> list[dict[str, Any]]:
    """The way from target to repeat business, for the steps component."""
    order = [one for one in ClientStage if one is not ClientStage.DORMANT]
    here = page.row.stage if page.row.stage in order else (ClientStage.REPEAT if page.row.stage else None)
    at = order.index(here) if here else -1
    return [
        {"label": STAGE_WORDS[one], "state": "done" if n < at else "current" if n == at else "next"}
        for n, one in enumerate(order)
    ]


def next_step(page: OrganisationPage) -> dict[str, Any] | None:
    """The one next step with a client: a stage to tap, terms to draft, send or have accepted."""
    stage, key = page.row.stage, page.row.key
    if page.row.own:
        return None
    if stage in {None, ClientStage.TARGET}:
        to = ClientStage.TARGET if stage is None else ClientStage.MET
        return {"words": NEXT[stage], "stage": to.value, "url": reverse("move_stage", args=[key])}
    newest = page.terms[0] if page.terms else None
    if page.row.terms is TermsStanding.ACCEPTED:
        return {"words": _("Note a job lead"), "url": reverse("new_lead", args=[key])}
    if newest is None or newest.state in {TermsState.DECLINED, TermsState.REPLACED, TermsState.ACCEPTED}:
        return {"words": _("Draft terms"), "url": reverse("new_terms", args=[key])}
    words = _("Note that terms were sent") if newest.state is TermsState.DRAFT else _("They accepted the terms")
    return {"words": words, "url": reverse("terms", args=[newest.key])}


def terms_words(one: TermsRow) -> dict[str, Any]:
    """A version of terms in words."""
    draft = one.draft
    fees = [
        {
            "basis": BASIS_WORDS[basis],
            "lines": [rules.band_words(band, draft.currency) for band in draft.bands if band.basis is basis],
        }
        for basis in FeeBasis
        if any(band.basis is basis for band in draft.bands)
    ]
    return {
        "row": one,
        "draft": draft,
        "state": TERMS_WORDS[one.state],
        "tone": {"accepted": "success", "sent": "accent", "declined": "danger"}.get(one.state.value, "quiet"),
        "fees": fees,
        "rebates": [rules.rebate_words(step) for step in draft.rebates],
        "is_draft": one.state is TermsState.DRAFT,
        "is_sent": one.state is TermsState.SENT,
        "is_accepted": one.state is TermsState.ACCEPTED,
        "is_open": one.state in {TermsState.DRAFT, TermsState.SENT},
    }


def terms_values(one: TermsRow | None, currency: str) -> dict[str, Any]:
    """What a new version's form begins with: the version before."""
    if one is None:
        return {"currency": currency}
    draft = one.draft
    lines = {
        basis.value: "\n".join(rules.band_words(band, draft.currency) for band in draft.bands if band.basis is basis)
        for basis in FeeBasis
    }
    return {
        **lines,
        "currency": draft.currency,
        "rebates": "\n".join(rules.rebate_words(step) for step in draft.rebates),
        **{
            name: getattr(draft, name)
            for name in (
                "payment_days", "introduction_months", "guarantee_condition", "off_limits", "off_limits_months",
                "off_limits_clause", "psl", "exclusive", "notes", "commercial_client", "invoice_to", "ends_on",
            )
        },
    }  # fmt: skip


def organisation_values(page: OrganisationPage) -> dict[str, Any]:
    row = page.row
    return {
        "name": row.name, "city": row.city, "country": page.country, "industry": row.industry, "website": page.website,
        "phone": page.phone, "owner": str(page.owner_key or ""), "tags": ", ".join(page.tags), "about": page.about,
        "own": row.own, **{f"field-{one.slug}": one.text for one in page.fields},
    }  # fmt: skip


def value_values(value: ValueRow | None) -> dict[str, Any]:
    if value is None:
        return {}
    found: dict[str, Any] = {"in_short": value.in_short, "not_to_promise": value.not_to_promise}
    for n, gain in enumerate(value.gains):
        found |= {f"gain-{n}": gain.gain, f"words-{n}": gain.their_words, f"evidence-{n}": gain.evidence}
    return found


def lead_words(one: JobLeadRow) -> dict[str, Any]:
    return {
        "row": one,
        "state": LEAD_WORDS[one.state],
        "is_open": one.state in {JobLeadState.OPEN, JobLeadState.PURSUED},
    }


def leads_context(viewer: Viewer, rows: Sequence[JobLeadRow], state: JobLeadState) -> dict[str, Any]:
    n = len(rows)
    titles = {
        JobLeadState.OPEN: _("1 open job lead") if n == 1 else _("%(n)s open job leads") % {"n": n},
    }
    return {
        "heading": titles.get(state, _("%(n)s job leads: %(state)s") % {"n": n, "state": LEAD_WORDS[state].lower()}),
        "rows": [lead_words(one) | {"opens": _form_of(viewer, one)} for one in rows],
        "tabs": [
            {"label": words, "url": f"{reverse('leads')}?state={one.value}", "active": one is state}
            for one, words in LEAD_WORDS.items()
        ],
    }


def _form_of(viewer: Viewer, row: JobLeadRow) -> str:
    return next((address for form in REGISTRY.lead_forms if (address := form(viewer, row.key))), "")


def people_choices(viewer: Viewer, organisation: UUID) -> list[tuple[str, str]]:
    return [(str(card.key), card.name) for card in queries.people_at(viewer, organisation, limit=100)]
