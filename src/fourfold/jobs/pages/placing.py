"""What pages of offers, papers, placements and assignments show, and their rows on Today."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.template.defaultfilters import date as day_words
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fourfold.accounts.types import Viewer
from fourfold.base.money import Money
from fourfold.jobs import access, queries
from fourfold.jobs.queries.placing_words import (
    BASIS_WORDS,
    CHECK_TONES,
    CHECK_WORDS,
    FILTER_WORDS,
    IR35_WORDS,
    OFFER_TONES,
    OFFER_WORDS,
    PLACEMENT_TONES,
    PLACEMENT_WORDS,
    SPLIT_WORDS,
    STEP_WORDS,
    UNIT_WORDS,
    UNITS_WORDS,
    VIA_WORDS,
    part_words,
)
from fourfold.jobs.queries.words import KIND_WORDS, PER_WORDS
from fourfold.jobs.rules import plans
from fourfold.jobs.types import (
    FINISHING_WEEKS,
    STAYED,
    AfterOffer,
    AssignmentRow,
    CashBasis,
    Ir35,
    JobKind,
    OfferRow,
    OfferState,
    PaidVia,
    Paper,
    PlacementCard,
    PlacementList,
    PlacementPage,
    PlacementState,
    SplitVersion,
    Standing,
)
from fourfold.people.types import TodayEntry, TodayGroup

Shown = dict[str, Any]


def today_of(viewer: Viewer, at: datetime) -> date:
    """The day it is where the viewer works."""
    return at.astimezone(ZoneInfo(viewer.zone)).date()


def share_words(hundredths: int) -> str:
    """2,250 → “22.5%”."""
    return f"{hundredths / 100:g}%"


def offer_context(viewer: Viewer, application: UUID) -> Shown:
    """The offer of an application and its next step. Raises NotFound."""
    rows = queries.offers_of(viewer, application)
    newest = rows[0] if rows else None
    placement = queries.placement_of(viewer, application)
    return {
        "key": application,
        "offers": [offer_words(one) for one in rows],
        "newest": newest,
        "is_made": newest is not None and newest.state is OfferState.MADE,
        "is_accepted": newest is not None and newest.state is OfferState.ACCEPTED,
        "is_closed": newest is None or newest.state in (OfferState.DECLINED, OfferState.WITHDRAWN),
        "placement": placement,
        "may_work": access.may_work_jobs(viewer),
    }


def offer_words(one: OfferRow) -> Shown:
    return {"row": one, "state": OFFER_WORDS[one.state], "tone": OFFER_TONES[one.state], "per": PER_WORDS[one.per]}


def papers_context(viewer: Viewer, application: UUID, at: datetime) -> Shown:
    """The papers of an application. Raises NotFound."""
    access.get_application_for(viewer, application)
    standing = queries.papers_of(application, on=today_of(viewer, at))
    return {
        "key": application,
        "papers": [paper_words(one) for one in standing.papers],
        "heading": papers_heading(standing),
        "holds": bool(standing.holding),
        "may_work": access.may_work_jobs(viewer),
    }


def papers_heading(standing: Standing) -> str:
    """What the papers say as a whole."""
    n = len(standing.holding) + len(standing.warning)
    if not standing.papers:
        return _("No papers are asked for")
    if not n:
        return _("All papers are there")
    return ngettext("%(n)s paper is missing", "%(n)s papers are missing", n) % {"n": n}


def paper_words(one: Paper) -> Shown:
    return {"row": one, "state": CHECK_WORDS[one.state], "tone": "warning" if one.expiring else CHECK_TONES[one.state]}


def placements_context(viewer: Viewer, asked: dict[str, str], found: PlacementList) -> Shown:
    """Placements with tabs by what is near, and where we are."""

    def address(**changes: str) -> str:
        values = {**asked, "after": "", **changes}
        query = urlencode({name: value for name, value in values.items() if value and value != "all"})
        return reverse("placements") + (f"?{query}" if query else "")

    which = asked["which"] or "all"
    n = found.counts[which]
    headings = {
        "all": ngettext("%(n)s placement", "%(n)s placements", n),
        "starting": ngettext("%(n)s person starts this month", "%(n)s people start this month", n),
        "running": ngettext("%(n)s person we placed is at work", "%(n)s people we placed are at work", n),
        "finishing": ngettext("%(n)s assignment ends within 8 weeks", "%(n)s assignments end within 8 weeks", n),
        "guarantee": ngettext("%(n)s placement is in its guarantee", "%(n)s placements are in their guarantee", n),
        "ended": ngettext("%(n)s placement has ended", "%(n)s placements have ended", n),
    }
    return {
        "heading": headings[which] % {"n": f"{n:,}"},
        "rows": [card_words(one) for one in found.rows],
        "tabs": [
            {"label": words, "url": address(which=name), "active": name == which, "count": f"{found.counts[name]:,}"}
            for name, words in FILTER_WORDS.items()
        ],
        "mine": asked["mine"],
        "mine_url": address(mine="" if asked["mine"] else "yes"),
        "older": address(after=found.older) if found.older else "",
        "newer": address() if asked["after"] else "",
        "is_filtered": which != "all" or bool(asked["mine"]),
        "may_margins": access.may_bring_margins(viewer),
    }


def card_words(one: PlacementCard) -> Shown:
    return {
        "row": one,
        "state": PLACEMENT_WORDS[one.state],
        "tone": PLACEMENT_TONES[one.state],
        "kind": KIND_WORDS[one.kind],
    }


def placement_context(viewer: Viewer, key: UUID, at: datetime) -> Shown:
    """A placement's page. Raises NotFound."""
    page = queries.placement(viewer, key, at=at)
    on = today_of(viewer, at)
    card = page.card
    may_work = access.may_work_jobs(viewer)
    return {
        **card_words(card),
        "page": page,
        "per": PER_WORDS[page.per],
        "papers": [paper_words(one) for one in page.standing.papers],
        "papers_heading": papers_heading(page.standing),
        "offer": offer_words(page.offer) if page.offer else None,
        "rebates": [{"weeks": weeks, "share": share_words(share)} for weeks, share in page.rebates],
        "fee_share": share_words(page.fee_hundredths) if page.fee_hundredths else "",
        "split": split_words(page.split, page) if page.split else None,
        "older_splits": [split_words(one, page) for one in page.splits[1:]],
        "may_split": may_work and not card.for_ourselves and (card.started_on is None or access.may_lead(viewer)),
        "cash": [{"row": one, "words": part_words(one.part), "basis": BASIS_WORDS[one.basis]} for one in page.cash],
        "plan": [{"words": STEP_WORDS[plans.step_of(what)], "day": day, "past": day < on} for what, day in page.plan],
        "assignment": assignment_words(page.assignment, on) if page.assignment else None,
        "late": bool(card.started_on and page.agreed_start_on and card.started_on > page.agreed_start_on),
        "shows_before": page.offer is not None
        and (card.state is PlacementState.ACCEPTED or page.offer.after != AfterOffer()),
        "is_here": card.state in (PlacementState.ACCEPTED, PlacementState.STARTED),
        "is_accepted": card.state is PlacementState.ACCEPTED,
        "is_started": card.state is PlacementState.STARTED,
        "steps": placement_steps(page),
        "next": next_step(page, on) if may_work else None,
        "may_work": may_work,
    }


def split_words(one: SplitVersion, page: PlacementPage) -> Shown:
    total = page.fee.minor if page.fee else None
    parts = [
        {"name": page.split_names.get(part.user_key, _("a colleague who left")), "role": SPLIT_WORDS[part.role],
         "share": share_words(part.percent_hundredths),
         "amount": Money(round(total * part.percent_hundredths / 10_000), page.fee.currency)
         if total is not None and page.fee else None}
        for part in one.parts
    ]  # fmt: skip
    return {"row": one, "parts": parts}


def assignment_words(one: AssignmentRow, on: date) -> Shown:
    left = (one.ends_on - on).days
    return {
        "row": one,
        "unit": UNIT_WORDS[one.unit],
        "units": f"{one.units_a_week_hundredths / 100:g} {UNITS_WORDS[one.unit]}",
        "via": VIA_WORDS[one.paid_via],
        "ir35": IR35_WORDS[one.ir35],
        "asks_ir35": one.paid_via is PaidVia.OWN_COMPANY,
        "ir35_missing": one.running and one.paid_via is PaidVia.OWN_COMPANY and one.ir35 is Ir35.NOT_ASKED,
        "kid_missing": one.running and one.kid_sent_on is None,
        "weeks_left": max(left // 7, 0),
        "is_finishing": one.running and left <= FINISHING_WEEKS * 7,
        "awr_near": one.running and not one.awr.qualified and one.awr.weeks >= 9,
    }


def placement_steps(page: PlacementPage) -> list[Shown]:
    """From yes to staying, for the steps component."""
    card = page.card
    done = [
        (_("Agreed"), True),
        (_("Started"), card.started_on is not None),
        *((_("%(n)s days") % {"n": days}, page.stayed_days >= days) for days in STAYED),
    ]
    found: list[Shown] = []
    here = True
    for label, reached in done:
        state = "done" if reached else "current" if here else "next"
        here = here and reached
        found.append({"label": label, "state": state})
    return found


def next_step(page: PlacementPage, on: date) -> Shown | None:
    """The one next step of a placement."""
    card = page.card
    if card.state is PlacementState.ACCEPTED:
        return _before_start(page, on)
    if card.state is PlacementState.STARTED and page.assignment is not None:
        words = assignment_words(page.assignment, on)
        if words["is_finishing"]:
            return _step(_("Extend"), "extend_assignment", card.key, "calendar-event")
        if words["ir35_missing"]:
            return _step(_("Note the IR35 determination"), "change_assignment", card.key, "file-text")
        return None
    if card.state is PlacementState.FELL_THROUGH or not page.fee or not page.fee.minor or page.assignment is not None:
        return None
    if page.invoiced_on is None:
        return _step(_("Note the invoice"), "note_money", card.key, "receipt", CashBasis.INVOICED.value)
    if page.paid_on is None:
        return _step(_("Note the payment"), "note_money", card.key, "cash", CashBasis.PAID.value)
    return None


def _before_start(page: PlacementPage, on: date) -> Shown | None:
    card, after = page.card, page.offer.after if page.offer else None
    due = card.start_on is not None and card.start_on <= on
    if page.standing.holding and card.application_key:
        paper = page.standing.holding[0]
        words = _("See the paper: %(name)s") % {"name": paper.kind.name}
        url = reverse("see_paper", args=[card.application_key, paper.kind.key])
        return {"words": words, "url": url, "icon": "checklist"}
    if due:
        return _step(_("They started"), "start_placement", card.key, "check")
    if card.start_on is None:
        return _step(_("Agree the first day"), "change_start", card.key, "calendar-event")
    if after is not None and page.offer is not None and (after.counter_talk_on is None or after.resigned_on is None):
        words = _("Note the counter-offer talk") if after.counter_talk_on is None else _("Note that they resigned")
        return {"words": words, "url": reverse("after_offer", args=[page.offer.key]), "icon": "phone"}
    return _step(_("They started"), "start_placement", card.key, "check")


def _step(words: str, name: str, key: UUID, icon: str, *more: str) -> Shown:
    return {"words": words, "url": reverse(name, args=[key, *more]), "icon": icon}


def kinds_context(viewer: Viewer) -> Shown:
    """Which papers each kind of job asks for."""
    rows = queries.check_kinds(all_of_them=True)
    return {
        "groups": [
            {"kind": words, "rows": [one for one in rows if one.kind is kind]} for kind, words in KIND_WORDS.items()
        ],
        "temporary": KIND_WORDS[JobKind.TEMPORARY],
        "used": sum(one.used for one in rows),
        "may_keep": access.may_keep_pipeline(viewer),
    }


def starts_this_week(viewer: Viewer, at: datetime) -> TodayGroup | None:
    """On Today: who should start by Sunday, and whose start was not noted."""
    if not access.may_work_jobs(viewer):
        return None
    on = today_of(viewer, at)
    count, rows = queries.starting(viewer, from_day=on, to_day=on + timedelta(days=6 - on.weekday()))
    if not count:
        return None
    entries = [
        TodayEntry(
            title=row.person,
            why=_("%(job)s, %(client)s: %(day)s") % _about(row, row.start_on),
            action_label=_("They started") if row.start_on and row.start_on <= on else _("See what is missing"),
            url=reverse("start_placement" if row.start_on and row.start_on <= on else "placement", args=[row.key]),
            icon="user-check",
        )
        for row in rows
    ]
    heading = ngettext("%(n)s person starts this week", "%(n)s people start this week", count)
    about = _("Those whose day has passed are here until their start is noted, or moved")
    more = reverse("placements") + "?which=starting&mine=yes"
    return TodayGroup(heading % {"n": f"{count:,}"}, about, count, entries, more if count > len(rows) else "")


def _about(row: PlacementCard, day: date | None) -> dict[str, str]:
    return {"job": row.job, "client": row.organisation, "day": day_words(day, "j M Y") if day else _("no day yet")}


def finishers(viewer: Viewer, at: datetime) -> TodayGroup | None:
    """On Today: assignments that end within 8 weeks; to extend one is their next step."""
    if not access.may_work_jobs(viewer):
        return None
    count, rows = queries.finishing(viewer, on=today_of(viewer, at))
    if not count:
        return None
    entries = [
        TodayEntry(
            title=row.person,
            why=_("%(job)s, %(client)s: until %(day)s") % _about(row, row.ends_on),
            action_label=_("Extend"),
            url=reverse("extend_assignment", args=[row.key]),
            icon="hourglass",
        )
        for row in rows
    ]
    heading = ngettext("%(n)s assignment ends within 8 weeks", "%(n)s assignments end within 8 weeks", count)
    about = _("Ask both sides now: extend, or find what comes next for them")
    more = reverse("placements") + "?which=finishing&mine=yes"
    return TodayGroup(heading % {"n": f"{count:,}"}, about, count, entries, more if count > len(rows) else "")


def papers_expiring(viewer: Viewer, at: datetime) -> TodayGroup | None:
    """On Today: papers of people at work or about to start that have expired, or do so within 30 days."""
    if not access.may_work_jobs(viewer):
        return None
    on = today_of(viewer, at)
    count, rows = queries.papers_due(viewer, on=on)
    if not count:
        return None
    entries = [
        TodayEntry(
            title=row.person,
            why=(_("%(paper)s expired on %(day)s") if row.expires_on < on else _("%(paper)s expires on %(day)s"))
            % {"paper": row.paper, "day": day_words(row.expires_on, "j M Y")},
            action_label=_("See the new one"),
            url=reverse("see_paper", args=[row.application_key, row.kind_key]),
            icon="id-badge-2",
        )
        for row in rows
    ]
    heading = ngettext("%(n)s paper expires", "%(n)s papers expire", count)
    about = _("Right to work, insurance, DBS checks: within 30 days, or already")
    return TodayGroup(heading % {"n": f"{count:,}"}, about, count, entries)
