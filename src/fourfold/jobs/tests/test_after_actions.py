"""After the offer, in the database: what each deed changed, what it posted, and what it left alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from fourfold.accounts.types import Role, Viewer
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.base.money import Money
from fourfold.jobs import actions, models, queries
from fourfold.jobs.tests.factories import (
    NOON,
    a_client,
    a_job,
    a_person,
    accepted_terms,
    an_application,
    colleague,
    leader,
)
from fourfold.jobs.types import (
    AfterOffer,
    AssignmentChange,
    CashBasis,
    CheckState,
    Ended,
    Engaged,
    Ir35,
    JobKind,
    NewPlacement,
    OfferChange,
    OfferState,
    PaidVia,
    PayPer,
    PlacementState,
    PlacingRefused,
    SplitPart,
    SplitRole,
    Stage,
)
from fourfold.ledger import queries as ledger
from fourfold.ledger.types import OutcomeRow
from fourfold.people import actions as people
from fourfold.people.types import OrganisationChange
from fourfold.work import actions as work_actions
from fourfold.work import queries as work

pytestmark = pytest.mark.django_db
DAY = NOON.date()
START = DAY + timedelta(weeks=5)


@dataclass
class House:
    """A leader, a recruiter who owns the job, a client with terms, its hiring manager, and somebody who applied."""

    lena: Viewer
    tom: Viewer
    client: UUID
    manager: UUID
    job: UUID
    jane: UUID
    application: UUID

    def offered(self, *, at: datetime = NOON, **values: Any) -> UUID:
        given = {"made_on": DAY, "pay_minor": 5_000_000, "currency": "GBP", "per": PayPer.YEAR, **values}
        return actions.make_offer(application=self.application, offer=OfferChange(**given), viewer=self.tom, at=at)

    def accepted(self, start: date | None = START) -> UUID:
        key = self.offered(start_on=start)
        actions.accept_offer(key=key, answered_on=DAY, start_on=start, viewer=self.tom, at=NOON)
        return key

    def placed(self, start: date | None = START, **values: Any) -> UUID:
        given = {
            "accepted_on": DAY, "start_on": start, "pay_minor": 5_000_000, "currency": "GBP", "per": PayPer.YEAR,
            **values,
        }  # fmt: skip
        return actions.make_placement(
            offer=self.accepted(start), placement=NewPlacement(**given), viewer=self.tom, at=NOON
        )

    def row(self) -> models.Application:
        return models.Application.objects.get(pk=self.application)


def house_of(**job: Any) -> House:
    lena, tom = leader(), colleague()
    client = a_client()
    accepted_terms(lena, client)
    manager = a_person("Cleo Hart", organisation=client)
    key = a_job(tom, organisation=client, hiring_manager=manager, **job)
    jane = a_person()
    return House(lena, tom, client, manager, key, jane, an_application(key, jane))


@pytest.fixture
def deal() -> House:
    return house_of()


def working(**values: Any) -> AssignmentChange:
    given = {
        "starts_on": START, "ends_on": START + timedelta(weeks=26, days=-1), "unit": PayPer.DAY,
        "units_a_week_hundredths": 500, "pay_minor": 40_000, "charge_minor": 50_000,
        "paid_via": PaidVia.OWN_COMPANY, **values,
    }  # fmt: skip
    return AssignmentChange(**given)


LONG = {"start": NOON - timedelta(days=400), "end": NOON + timedelta(days=4_000)}


def posted(kind: str = "cash") -> list[OutcomeRow]:
    """The outcomes of a kind that stand in the ledger, the first first."""
    rows = ledger.outcome_rows(kind=kind, **LONG).rows
    return [row for row in reversed(rows) if isinstance(row, OutcomeRow)]


def cash() -> list[tuple[str, str, int, date]]:
    """Rows of cash as they were kept: basis, part, value, day. Each stands in the ledger, with the same value."""
    rows = [(row.basis, row.part, row.amount_minor, row.on) for row in models.CashLine.objects.order_by("pk")]
    kept = sorted((basis, day, value) for basis, _part, value, day in rows)
    assert kept == sorted((row.basis, row.occurred_at.date(), row.value_minor) for row in posted())
    return rows


def tasks(owner: Viewer) -> dict[str, date]:
    rows = [(row.what, work.task(owner, row.task_key, at=NOON)) for row in models.PlanTask.objects.order_by("due_on")]
    return {what: row.due_on for what, row in rows if row.done_at is None and row.due_on}


def test_one_offer_is_open_at_a_time(deal: House) -> None:
    first = deal.offered()
    assert deal.row().stage == Stage.OFFER
    with pytest.raises(PlacingRefused):
        deal.offered()
    actions.withdraw_offer(key=first, answered_on=DAY, why="They froze hiring", viewer=deal.tom, at=NOON)
    assert deal.row().ended == ""  # the client may make another
    second = deal.offered(pay_minor=5_200_000, at=NOON + timedelta(hours=1))
    assert [one.state for one in queries.offers_of(deal.tom, deal.application)] == [
        OfferState.MADE, OfferState.WITHDRAWN,
    ]  # fmt: skip
    with pytest.raises(PlacingRefused):
        actions.decline_offer(key=second, answered_on=DAY, why=" ", viewer=deal.tom, at=NOON)
    actions.decline_offer(key=second, answered_on=DAY, why="Took a counter-offer", viewer=deal.tom, at=NOON)
    row = deal.row()
    assert (row.ended, row.ended_why, row.owed_since) == (Ended.DECLINED_OFFER, "Took a counter-offer", None)
    with pytest.raises(PlacingRefused):
        deal.offered()


def test_a_yes_begins_the_plan_and_a_no_takes_it_back(deal: House) -> None:
    key = deal.offered()
    with pytest.raises(PlacingRefused):
        actions.accept_offer(key=key, answered_on=DAY - timedelta(days=1), start_on=None, viewer=deal.tom, at=NOON)
    actions.accept_offer(key=key, answered_on=DAY, start_on=START, viewer=deal.tom, at=NOON)
    plan = tasks(deal.tom)
    assert list(plan) == ["counter-offer", "resigned", "keep-warm-1", "keep-warm-2", "day-1", "week-1", "month-1"]
    assert plan["counter-offer"] == DAY + timedelta(days=1)
    first = models.PlanTask.objects.order_by("due_on")[0].task_key
    held = work.task(deal.tom, first, at=NOON)
    assert held.subject is not None
    assert (held.subject.kind, held.subject.key, "Jane" in held.title) == ("candidate", deal.jane, False)
    after = AfterOffer(resigned_on=DAY, counter_talk_on=DAY, counter_words="Would stay for 5k", notice_ends_on=START)
    actions.keep_after_offer(key=key, after=after, viewer=deal.tom, at=NOON)
    assert queries.offer(deal.tom, key).after == after
    wrong = AfterOffer(resigned_on=DAY, notice_ends_on=DAY - timedelta(days=1))
    with pytest.raises(PlacingRefused):
        actions.keep_after_offer(key=key, after=wrong, viewer=deal.tom, at=NOON)
    actions.decline_offer(key=key, answered_on=DAY, why="Counter-offer", viewer=deal.tom, at=NOON)
    assert (tasks(deal.tom), models.PlanTask.objects.count()) == ({}, 0)


def test_a_placement_earns_the_fee_of_the_terms_once(deal: House) -> None:
    key = deal.placed()
    page = queries.placement(deal.tom, key, at=NOON)
    assert (page.fee, page.fee_hundredths, page.rebates) == (Money(1_000_000, "GBP"), 2_000, ((4, 10_000), (8, 5_000)))
    assert page.card.guarantee_ends_on == START + timedelta(weeks=8)
    assert deal.row().stage == Stage.PLACED
    assert cash() == [("accepted", "fee", 1_000_000, DAY)]
    [fact] = posted()
    assert (fact.kind, fact.basis, fact.value_minor, fact.engagement) == ("cash", "accepted", 1_000_000, "permanent")
    assert (fact.placement, fact.batch, fact.organisation) == (str(key), key, deal.client)
    assert set(fact.parties) == {("candidate", deal.jane), ("client", deal.manager)}
    assert tasks(deal.tom)["guarantee"] == START + timedelta(weeks=6)
    assert page.split is not None
    assert {one.role for one in page.split.parts} == {SplitRole.TOOK_JOB, SplitRole.FOUND, SplitRole.DELIVERED}
    offer = models.Offer.objects.get()
    given = NewPlacement(accepted_on=DAY, start_on=None, pay_minor=1, currency="GBP", per=PayPer.YEAR)
    with pytest.raises(PlacingRefused):
        actions.make_placement(offer=offer.key, placement=given, viewer=deal.tom, at=NOON)


def test_another_fee_says_why(deal: House) -> None:
    with pytest.raises(PlacingRefused):
        deal.placed(fee_minor=900_000)
    models.Offer.objects.all().delete()
    key = deal.placed(fee_minor=900_000, fee_why="Lena agreed to 18 %")
    page = queries.placement(deal.tom, key, at=NOON)
    assert (page.fee, page.fee_hundredths, page.fee_why) == (Money(900_000, "GBP"), 1_800, "Lena agreed to 18 %")


def test_it_falls_through_before_the_start(deal: House) -> None:
    key = deal.placed()
    actions.note_money(key=key, basis=CashBasis.INVOICED, on=DAY, viewer=deal.tom, at=NOON)
    with pytest.raises(PlacingRefused):
        actions.fall_through(key=key, on=DAY, why="", viewer=deal.tom, at=NOON)
    later = DAY + timedelta(days=9)
    actions.fall_through(key=key, on=later, why="Took a counter-offer", viewer=deal.tom, at=NOON)
    assert deal.row().ended == Ended.FELL_THROUGH
    assert tasks(deal.tom) == {}
    assert cash() == [
        ("accepted", "fee", 1_000_000, DAY), ("invoiced", "fee", 1_000_000, DAY),
        ("accepted", "fell-through", -1_000_000, later), ("invoiced", "fell-through", -1_000_000, later),
    ]  # fmt: skip
    with pytest.raises(PlacingRefused):
        actions.fall_through(key=key, on=DAY, why="again", viewer=deal.tom, at=NOON)
    with pytest.raises(PlacingRefused):
        actions.leave(key=key, left_on=DAY, why="again", viewer=deal.tom, at=NOON)


def test_a_late_start_moves_the_plan_and_leaving_early_gives_back(deal: House) -> None:
    key = deal.placed()
    done = models.PlanTask.objects.get(what="resigned").task_key
    work_actions.do_task(key=done, viewer=deal.tom, at=NOON)
    late = START + timedelta(weeks=2)
    actions.change_start(key=key, start_on=late, why="Longer notice", viewer=deal.tom, at=NOON)
    assert tasks(deal.tom)["day-1"] == late
    assert "keep-warm-3" in tasks(deal.tom)
    then = datetime.combine(late, NOON.timetz())
    with pytest.raises(PlacingRefused):
        actions.start_placement(key=key, started_on=late, viewer=deal.tom, at=NOON)  # not yet
    actions.start_placement(key=key, started_on=late, viewer=deal.tom, at=then)  # papers only warn
    page = queries.placement(deal.tom, key, at=then)
    assert (page.card.state, page.agreed_start_on, page.card.started_on) == (PlacementState.STARTED, START, late)
    assert (len(page.standing.holding), len(page.standing.warning)) == (0, 2)
    assert deal.row().stage == Stage.STARTED
    assert list(tasks(deal.tom)) == ["day-1", "week-1", "month-1", "guarantee"]
    gone = late + timedelta(weeks=6)
    at = then + timedelta(weeks=7)
    assert actions.leave(key=key, left_on=gone, why="Not what was said", viewer=deal.tom, at=at) == 500_000
    assert cash()[-1] == ("accepted", "rebate", -500_000, gone)
    actions.note_money(key=key, basis=CashBasis.INVOICED, on=DAY, viewer=deal.tom, at=at)  # the invoice came late
    assert cash()[-2:] == [("invoiced", "fee", 1_000_000, DAY), ("invoiced", "rebate", -500_000, gone)]
    by_basis = {one.basis: one.value_minor for one in ledger.outcomes_by_id([row.fact_id for row in posted()]).values()}
    assert by_basis == {"accepted": 500_000, "invoiced": 500_000}  # a deal's rows add up on each basis apart


def test_money_is_noted_once_and_in_order(deal: House) -> None:
    key = deal.placed()

    def note(basis: CashBasis) -> None:
        actions.note_money(key=key, basis=basis, on=DAY, viewer=deal.tom, at=NOON)

    for wrong in (CashBasis.PAID, CashBasis.ACCEPTED):
        with pytest.raises(PlacingRefused):
            note(wrong)
    note(CashBasis.INVOICED)
    note(CashBasis.PAID)
    with pytest.raises(PlacingRefused):
        note(CashBasis.PAID)
    assert [row[0] for row in cash()] == ["accepted", "invoiced", "paid"]


def test_stays_are_reached_by_night(deal: House) -> None:
    key = deal.placed(start=DAY)
    actions.start_placement(key=key, started_on=DAY, viewer=deal.tom, at=NOON)

    def night(days: int) -> tuple[int, str]:
        return actions.settle_stays(at=NOON + timedelta(days=days)), deal.row().step

    assert night(89) == (0, "started")
    assert night(90) == (1, "stayed-90")
    assert night(100) == (0, "stayed-90")
    assert night(400) == (1, "stayed-365")
    assert models.Placement.objects.get().stayed_days == 365


def test_an_own_hire_is_a_colleague_and_no_cash() -> None:
    deal = house_of(for_ourselves=True)
    key = deal.placed(start=DAY)
    actions.start_placement(key=key, started_on=DAY, viewer=deal.tom, at=NOON)
    assert cash() == []
    assert [row.parties for row in posted("colleague")] == [(("colleague", deal.jane),)]
    assert models.Split.objects.count() == 0
    parts = [SplitPart(deal.tom.user_key, SplitRole.FOUND, 10_000)]
    with pytest.raises(PlacingRefused):
        actions.agree_split(key=key, parts=parts, why="x", viewer=deal.lena, at=NOON)


def test_a_retained_search_is_one_row_a_stage() -> None:
    deal = house_of(engaged=Engaged.RETAINED, retained=(("on signing", 400_000), ("on placement", 800_000)))

    def due(place: int) -> None:
        actions.fall_due(job=deal.job, place=place, on=DAY, viewer=deal.tom, at=NOON)

    first = queries.retained_parts(deal.tom, deal.job)[0].place
    due(first)
    with pytest.raises(PlacingRefused):
        due(first)
    key = deal.placed(start=DAY)
    assert [row[1] for row in cash()] == [f"stage:{first}"]  # the placement itself brings no row
    due(first + 1)
    assert sum(row[2] for row in cash()) == 1_200_000
    shown = queries.billings(deal.tom, deal.tom.user_key, basis=CashBasis.ACCEPTED, from_day=DAY, to_day=DAY)
    assert shown.sums == (Money(1_200_000, "GBP"),)
    assert queries.placement(deal.tom, key, at=NOON).fee == Money(1_200_000, "GBP")
    actions.start_placement(key=key, started_on=DAY, viewer=deal.tom, at=NOON)
    back = actions.leave(key=key, left_on=DAY, why="Left at once", viewer=deal.tom, at=NOON)
    assert (back, cash()[-1]) == (1_200_000, ("accepted", "rebate", -1_200_000, DAY))


def test_splits_keep_every_version_and_are_a_leaders_after_the_start(deal: House) -> None:
    key = deal.placed(start=DAY)
    ana = colleague(name="Ana Lee")
    parts = [SplitPart(deal.tom.user_key, SplitRole.DELIVERED, 6_667), SplitPart(ana.user_key, SplitRole.FOUND, 3_333)]

    def agree(viewer: Viewer, why: str = "Ana found her", given: list[SplitPart] = parts) -> int:
        return actions.agree_split(key=key, parts=given, why=why, viewer=viewer, at=NOON)

    with pytest.raises(PlacingRefused):
        agree(deal.tom, why="")
    with pytest.raises(PlacingRefused):
        agree(deal.tom, given=parts[:1])
    with pytest.raises(PlacingRefused):
        agree(deal.tom, given=[parts[0], SplitPart(uuid4(), SplitRole.FOUND, 3_333)])
    assert agree(deal.tom) == 2
    actions.start_placement(key=key, started_on=DAY, viewer=deal.tom, at=NOON)
    with pytest.raises(NotAllowed):
        agree(deal.tom)
    assert agree(deal.lena, why="As agreed on the day") == 3
    page = queries.placement(deal.tom, key, at=NOON)
    assert [one.version for one in page.splits] == [3, 2, 1]
    assert page.split is not None
    assert page.split.parts == tuple(parts)

    def billed(viewer: Viewer, basis: CashBasis = CashBasis.ACCEPTED) -> tuple[Money, ...]:
        found = queries.billings(viewer, viewer.user_key, basis=basis, from_day=DAY, to_day=DAY)
        return found.sums

    assert (billed(deal.tom), billed(ana)) == ((Money(666_700, "GBP"),), (Money(333_300, "GBP"),))
    assert billed(ana, CashBasis.PAID) == ()  # bases never mix
    actions.aim(user_key=ana.user_key, month=DAY, months=2, amount_minor=800_000, currency="GBP", viewer=ana, at=NOON)
    with pytest.raises(NotFound):
        actions.aim(
            user_key=deal.tom.user_key, month=DAY, months=1, amount_minor=1, currency="GBP", viewer=ana, at=NOON
        )
    with pytest.raises(NotFound):
        queries.billings(ana, deal.tom.user_key, basis=CashBasis.ACCEPTED, from_day=DAY, to_day=DAY)
    with pytest.raises(NotAllowed):
        queries.all_billings(ana, basis=CashBasis.ACCEPTED, from_day=DAY, to_day=DAY)
    month = {"from_day": DAY.replace(day=1), "to_day": DAY + timedelta(days=45)}
    found = queries.all_billings(deal.lena, basis=CashBasis.ACCEPTED, **month)
    assert [(one.name, one.target) for one in found] == [
        ("Ana Lee", Money(1_600_000, "GBP")), ("Tom Ridley", None),
    ]  # fmt: skip


def test_papers_hold_a_temporary_start_until_seen_or_waived() -> None:
    deal = house_of(kind=JobKind.TEMPORARY)
    key = deal.placed(assignment=working(starts_on=DAY, unit=PayPer.HOUR))

    def start() -> None:
        actions.start_placement(key=key, started_on=DAY, viewer=deal.tom, at=NOON)

    def see(kind: UUID, **values: Any) -> None:
        given = {"document": None, "words": "Seen on screen", "expires_on": None, "at": NOON, **values}
        actions.see_paper(application=deal.application, kind=kind, viewer=deal.tom, **given)

    with pytest.raises(PlacingRefused) as refused:
        start()
    assert "Right to work, References, DBS check, Qualifications" in refused.value.why
    papers = {one.kind.name: one.kind for one in queries.papers_of(deal.application, on=DAY).papers}
    with pytest.raises(PlacingRefused):
        see(papers["Right to work"].key)  # until when?
    with pytest.raises(PlacingRefused):
        see(papers["References"].key, words=" ")
    see(papers["Right to work"].key, document=("passport.txt", b"A passport"), expires_on=DAY - timedelta(days=1))
    see(papers["References"].key)
    see(papers["DBS check"].key, expires_on=DAY + timedelta(days=20))
    with pytest.raises(NotAllowed):
        actions.waive_paper(application=deal.application, kind=papers["Qualifications"].key, why="None needed",
                            viewer=deal.tom, at=NOON)  # fmt: skip
    actions.waive_paper(application=deal.application, kind=papers["Qualifications"].key, why="None needed",
                        viewer=deal.lena, at=NOON)  # fmt: skip
    with pytest.raises(PlacingRefused) as refused:
        start()
    assert refused.value.why.endswith(": Right to work.")  # it has expired
    count, due = queries.papers_due(deal.tom, on=DAY)
    assert (count, [one.paper for one in due]) == (2, ["Right to work", "DBS check"])
    see(papers["Right to work"].key, expires_on=DAY + timedelta(days=400), at=NOON + timedelta(hours=1))
    start()
    states = [one.state for one in queries.papers_of(deal.application, on=DAY).papers]
    assert states == [CheckState.SEEN] * 3 + [CheckState.WAIVED, CheckState.MISSING]
    assert queries.papers_due(deal.lena, on=DAY) == (0, ())  # not hers
    other = next(one.key for one in queries.check_kinds() if one.kind is JobKind.PERMANENT)
    with pytest.raises(NotFound):
        see(other)


def test_which_papers_are_asked_for_is_the_houses(deal: House) -> None:
    given: dict[str, Any] = {"kind": JobKind.PERMANENT, "holds": True, "expires": False, "at": NOON}
    with pytest.raises(NotAllowed):
        actions.keep_check_kind(name="Credit check", viewer=deal.tom, **given)
    key = actions.keep_check_kind(name=" Credit  check ", viewer=deal.lena, **given)
    assert actions.keep_check_kind(name="Credit check", viewer=deal.lena, **{**given, "expires": True}) == key
    assert [one.name for one in queries.check_kinds() if one.kind is JobKind.PERMANENT][-1] == "Credit check"
    actions.use_check_kind(key=key, used=False, viewer=deal.lena, at=NOON)
    assert key not in {one.key for one in queries.check_kinds()}
    assert key in {one.key for one in queries.check_kinds(all_of_them=True)}
    with pytest.raises(PlacingRefused):
        actions.keep_check_kind(name=" ", viewer=deal.lena, **given)


@pytest.fixture
def contract() -> tuple[House, UUID]:
    """A contract that started on the day."""
    deal = house_of(kind=JobKind.CONTRACT)
    key = deal.placed(assignment=working(starts_on=DAY, ends_on=DAY + timedelta(weeks=7)))
    actions.start_placement(key=key, started_on=DAY, viewer=deal.tom, at=NOON)
    return deal, key


def test_an_assignment_keeps_its_rates_and_every_end(contract: tuple[House, UUID]) -> None:
    deal, key = contract
    page = queries.placement(deal.tom, key, at=NOON)
    assert page.assignment is not None
    assert (page.assignment.margin, page.fee, cash()) == (Money(50_000, "GBP"), None, [])
    assert queries.finishing(deal.tom, on=DAY)[0] == 1
    end = DAY + timedelta(weeks=30)
    actions.extend_assignment(key=key, ends_on=end, why="Phase two", viewer=deal.tom, at=NOON)
    assert queries.finishing(deal.tom, on=DAY) == (0, ())
    later = DAY + timedelta(weeks=8)
    actions.change_rate(key=key, from_on=later, pay_minor=45_000, charge_minor=60_000, why="", viewer=deal.tom, at=NOON)
    actions.change_assignment(
        key=key, change=working(starts_on=DAY, ir35=Ir35.OUTSIDE, ir35_on=DAY, kid_sent_on=DAY),
        document=("sds.txt", b"Status determination statement"), viewer=deal.tom, at=NOON,
    )  # fmt: skip
    for wrong in ({"from_on": end + timedelta(days=1), "pay_minor": 1, "charge_minor": 2},
                  {"from_on": later, "pay_minor": 2, "charge_minor": 1}):  # fmt: skip
        with pytest.raises(PlacingRefused):
            actions.change_rate(key=key, why="", viewer=deal.tom, at=NOON, **wrong)  # type: ignore[arg-type]
    after = queries.placement(deal.tom, key, at=NOON + timedelta(weeks=13)).assignment
    assert after is not None
    assert [one.from_on for one in after.rates] == [later, DAY]
    assert (after.margin, after.ends_on, after.ir35, after.ir35_on) == (Money(75_000, "GBP"), end, Ir35.OUTSIDE, DAY)
    assert after.ir35_document is not None
    assert [(one.was_ends_on, one.ends_on) for one in after.extensions] == [(DAY + timedelta(weeks=7), end)]
    assert (after.awr.weeks, after.awr.qualified) == (14, True)
    early = DAY + timedelta(weeks=9)
    at = NOON + timedelta(weeks=9)
    with pytest.raises(PlacingRefused):
        actions.finish_assignment(key=key, finished_on=early, why="", viewer=deal.tom, at=at)
    actions.finish_assignment(key=key, finished_on=early, why="The project stopped", viewer=deal.tom, at=at)
    over = queries.placement(deal.tom, key, at=at)
    assert (over.card.state, over.card.ends_on, over.left_why) == (PlacementState.LEFT, early, "The project stopped")
    with pytest.raises(PlacingRefused):
        actions.extend_assignment(key=key, ends_on=end, why="", viewer=deal.tom, at=at)


def file_of(*weeks: tuple[UUID, str, str]) -> bytes:
    lines = ["placement,week_ending,units,margin", *(f"{key},{week},5,{margin}" for key, week, margin in weeks)]
    return "\n".join(lines).encode()


def test_weekly_margins_come_in_once_and_are_corrected_only_if_asked(contract: tuple[House, UUID]) -> None:
    deal, key = contract
    first, second = (DAY + timedelta(days=5)).isoformat(), (DAY + timedelta(days=12)).isoformat()
    at = NOON + timedelta(weeks=3)

    def bring(*weeks: tuple[UUID, str, str], correct: bool = False) -> tuple[int, int, int, int]:
        staged = actions.stage_margins(name="week.csv", data=file_of(*weeks), viewer=deal.lena, at=at)
        before = queries.margin_file(deal.lena, staged)
        actions.take_margins(key=staged, correct=correct, viewer=deal.lena, at=at)
        shown = queries.margin_file(deal.lena, staged)
        assert before.new == shown.new
        with pytest.raises(PlacingRefused):
            actions.take_margins(key=staged, correct=correct, viewer=deal.lena, at=at)
        return shown.new, shown.same, shown.corrected, len(shown.rejected)

    assert bring((key, first, "450.00"), (key, second, "500"), (uuid4(), first, "1")) == (2, 0, 0, 1)
    assert bring((key, first, "450"), (key, second, "510")) == (0, 2, 0, 0)  # left as it was
    assert [row[2] for row in cash()] == [45_000, 50_000]
    assert bring((key, first, "450"), (key, second, "510"), correct=True) == (0, 1, 1, 0)
    assert [row[2] for row in cash()] == [45_000, 51_000]
    assert [len(row.parties) for row in posted()] == [2, 0]  # the parties stand once
    assert {row.placement for row in posted()} == {str(key)}
    assert {row.engagement for row in posted()} == {"contract"}
    assert queries.placement(deal.tom, key, at=at).assignment.brought == Money(96_000, "GBP")  # type: ignore[union-attr]
    for deed in (
        lambda: actions.stage_margins(name="x.csv", data=file_of(), viewer=deal.tom, at=at),
        lambda: queries.margin_files(deal.tom),
    ):
        with pytest.raises(NotAllowed):
            deed()
    for data in (b"\xff\xfe\x00", b"a" * (5 * 1024 * 1024 + 1)):
        with pytest.raises(PlacingRefused):
            actions.stage_margins(name="x.csv", data=data, viewer=deal.lena, at=at)


def test_ties_and_obligations_last_as_long_as_the_placement(deal: House) -> None:
    key = deal.placed(start=DAY)
    assert queries.placing_obliged([deal.jane, deal.manager], at=NOON) == {deal.jane}
    assert queries.placing_ties([deal.manager], at=NOON) == {}
    actions.start_placement(key=key, started_on=DAY, viewer=deal.tom, at=NOON)
    ends = DAY + timedelta(weeks=8)
    ties = queries.placing_ties([deal.jane], at=NOON)[deal.jane]
    assert (ties.on_assignment, [one.until for one in ties.off_limits]) == ("", [ends])
    after = NOON + timedelta(weeks=9)
    assert (queries.placing_ties([deal.jane], at=after), queries.placing_obliged([deal.jane], at=after)) == ({}, set())


def test_a_running_assignment_is_a_tie(contract: tuple[House, UUID]) -> None:
    deal, _key = contract
    at = NOON + timedelta(weeks=100)
    ties = queries.placing_ties([deal.jane], at=at)[deal.jane]
    assert (ties.on_assignment.split(",")[0], ties.off_limits) == ("Platform engineer", ())
    assert queries.placing_obliged([deal.jane], at=at) == {deal.jane}


def test_the_list_by_what_is_near(deal: House) -> None:
    keys = [deal.placed(start=DAY + timedelta(days=3))]
    for n in range(2):
        person = a_person(f"Joe {n}")
        deal.application = an_application(deal.job, person)
        keys.append(deal.placed(start=DAY + timedelta(days=60 + n)))

    def shown(which: str, cursor: str | None = None) -> list[UUID]:
        found = queries.placements(deal.tom, which=which, mine=True, cursor=cursor, at=NOON)
        return [row.key for row in found.rows]

    assert set(shown("all")) == set(keys)
    assert shown("starting") == keys[:1]
    assert shown("guarantee") == shown("finishing") == shown("ended") == []
    found = queries.placements(deal.tom, which="all", mine=False, cursor=None, at=NOON)
    assert found.counts == {"all": 3, "starting": 1, "running": 0, "finishing": 0, "guarantee": 0, "ended": 0}
    assert queries.starting(deal.tom, from_day=DAY, to_day=DAY + timedelta(days=6))[0] == 1
    with pytest.raises(NotFound):
        shown("all", cursor="broken")
    nobody = colleague(Role.MARKETER, name="Nico Vance")
    with pytest.raises(NotAllowed):
        actions.change_start(key=keys[0], start_on=START, why="", viewer=nobody, at=NOON)


def test_the_owner_of_the_client_has_a_part(deal: House) -> None:
    ana = colleague(name="Ana Lee")
    change = OrganisationChange(name="Harbour", owner_key=ana.user_key)
    people.change_organisation(key=deal.client, to=change, viewer=deal.lena, at=NOON)
    page = queries.placement(deal.tom, deal.placed(), at=NOON)
    assert page.split is not None
    assert [(one.role, one.user_key == ana.user_key, one.percent_hundredths) for one in page.split.parts] == [
        (SplitRole.WON_CLIENT, True, 2_500), (SplitRole.TOOK_JOB, False, 2_500), (SplitRole.FOUND, False, 2_500),
        (SplitRole.DELIVERED, False, 2_500),
    ]  # fmt: skip
