"""Pages of what follows an offer: each step by its form, what is refused, who may not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fourfold.accounts.types import Role, Viewer
from fourfold.base import clock
from fourfold.base.money import Money
from fourfold.jobs import actions, models, panels, queries
from fourfold.jobs.tests.factories import (
    a_client,
    a_job,
    a_person,
    accepted_terms,
    an_application,
    colleague,
    leader,
)
from fourfold.jobs.types import (
    AssignmentChange,
    Engaged,
    Ir35,
    JobKind,
    NewPlacement,
    OfferChange,
    OfferState,
    PaidVia,
    PayPer,
    PlacementState,
)

pytestmark = pytest.mark.django_db
NOW = clock.now()
DAY = NOW.date()


def signed_in(viewer: Viewer) -> Client:
    from django.contrib.auth import get_user_model

    browser = Client()
    browser.force_login(get_user_model().objects.get(email=viewer.email))
    return browser


def page(browser: Client, name: str, /, *args: Any, status: int = 200, **asked: Any) -> str:
    response = browser.get(reverse(name, args=args), asked)
    assert response.status_code == status, (name, response.status_code)
    return response.content.decode()


def post(browser: Client, name: str, /, *args: Any, status: int = 302, **values: Any) -> str:
    response = browser.post(reverse(name, args=args), values)
    assert response.status_code == status, response.content.decode()[:3_000]
    return response.content.decode()


def somebody(tom: Viewer, lena: Viewer, **job: Any) -> tuple[UUID, UUID]:
    """Jane, who applied for a job of a client with terms: the job and the application."""
    client = a_client()
    accepted_terms(lena, client)
    key = a_job(tom, organisation=client, **job)
    return key, an_application(key, a_person())


def placed(tom: Viewer, application: UUID, **values: Any) -> UUID:
    offer = OfferChange(made_on=DAY, pay_minor=5_000_000, currency="GBP", per=PayPer.YEAR, start_on=DAY)
    key = actions.make_offer(application=application, offer=offer, viewer=tom, at=NOW)
    actions.accept_offer(key=key, answered_on=DAY, start_on=DAY, viewer=tom, at=NOW)
    given = {"accepted_on": DAY, "start_on": DAY, "pay_minor": 5_000_000, "currency": "GBP", "per": PayPer.YEAR}
    return actions.make_placement(offer=key, placement=NewPlacement(**{**given, **values}), viewer=tom, at=NOW)


@pytest.fixture
def tom() -> Viewer:
    return colleague()


@pytest.fixture
def lena() -> Viewer:
    return leader()


def test_from_an_offer_to_a_rebate(tom: Viewer, lena: Viewer) -> None:
    _job, application = somebody(tom, lena)
    browser = signed_in(tom)
    assert "None yet" in page(browser, "application_offer", application)
    form = {"made_on": DAY, "pay": "50,000", "currency": "gbp", "per": "year"}
    assert "comma" in post(browser, "make_offer", application, **{**form, "pay": "50,0"}, status=422)
    post(browser, "make_offer", application, **form)
    offer = queries.offers_of(tom, application)[0]
    assert (offer.pay, offer.state) == (Money(5_000_000, "GBP"), OfferState.MADE)
    page(browser, "make_placement", application, status=404)  # no answer yet
    page(browser, "accept_offer", offer.key)
    post(browser, "accept_offer", offer.key, answered_on=DAY)
    post(browser, "after_offer", offer.key, counter_talk_on=DAY, counter_words="More money would not keep her")
    assert "would not keep" in page(browser, "application_offer", application)
    assert "The fee is £10,000: the terms of the client." in page(browser, "make_placement", application)
    placing = {"accepted_on": DAY, "start_on": DAY, "pay": "50000", "per": "year", "currency": "GBP"}
    assert "nothing says why" in post(browser, "make_placement", application, **placing, fee="9000", status=422)
    post(browser, "make_placement", application, **placing)
    key = queries.placement_of(tom, application)
    assert key is not None
    shown = page(browser, "placement", key)
    assert "starts on" in shown
    assert reverse("start_placement", args=[key]) in shown  # the one next step: the day has come
    assert "Right to work, References" in page(browser, "start_placement", key)
    post(browser, "start_placement", key, on=DAY + timedelta(days=1), status=422)
    post(browser, "start_placement", key, on=DAY)
    assert reverse("note_money", args=[key, "invoiced"]) in page(browser, "placement", key)
    page(browser, "note_money", key, "accepted", status=404)
    post(browser, "note_money", key, "invoiced", on=DAY)
    assert "100% back within 4 weeks" in page(browser, "placement", key)
    post(browser, "leave_placement", key, on=DAY, why=" ", status=422)
    post(browser, "leave_placement", key, on=DAY, why="Not what was said")
    assert "£10,000 of the fee came back" in page(browser, "placement", key)
    assert models.Placement.objects.get().state == PlacementState.LEFT


def test_a_no_a_withdrawal_and_a_fall(tom: Viewer, lena: Viewer) -> None:
    job, application = somebody(tom, lena)
    browser = signed_in(tom)
    key = placed(tom, application)
    post(browser, "change_start", key, on=DAY + timedelta(days=9), why="Longer notice")
    assert "first agreed" in page(browser, "placement", key)
    post(browser, "fall_through", key, on=DAY, why="Counter-offer")
    assert "Fell through" in page(browser, "placements", which="ended")
    other = an_application(job, a_person("Joe Bell"))
    offer = OfferChange(made_on=DAY, pay_minor=None, currency="GBP", per=PayPer.YEAR)
    made = actions.make_offer(application=other, offer=offer, viewer=tom, at=NOW)
    post(browser, "refuse_offer", made, who="withdrawn", answered_on=DAY, why="No budget")
    assert queries.offer(tom, made).state is OfferState.WITHDRAWN


def test_papers_are_seen_waived_and_asked_for(tom: Viewer, lena: Viewer) -> None:
    _job, application = somebody(tom, lena, kind=JobKind.TEMPORARY)
    browser, hers = signed_in(tom), signed_in(lena)
    kinds = {one.kind.name: one.kind.key for one in queries.papers_of(application, on=DAY).papers}
    assert "5 papers are missing" in page(browser, "application_papers", application)
    card = browser.get(reverse("application_papers", args=[application]), headers={"hx-request": "true"})
    assert "<html" not in card.content.decode()
    passport = SimpleUploadedFile("passport.txt", b"A passport")
    post(browser, "see_paper", application, kinds["Right to work"], document=passport, status=422)  # until when?
    passport = SimpleUploadedFile("passport.txt", b"A passport")
    post(browser, "see_paper", application, kinds["Right to work"], document=passport, expires_on=DAY)
    assert models.Check.objects.get().document is not None
    post(browser, "see_paper", application, kinds["DBS check"], deed="waive", why="x", status=422)
    assert "without it" not in page(browser, "see_paper", application, kinds["DBS check"])
    post(hers, "see_paper", application, kinds["DBS check"], deed="waive", why="Office work only")
    assert "3 papers are missing" in page(browser, "application_papers", application)
    page(browser, "see_paper", application, application, status=404)
    assert "Ask for a paper" not in page(browser, "check_kinds")
    post(hers, "check_kinds", kind="contract", name="Driving licence", expires="on")
    row = models.CheckKind.objects.get(name="Driving licence")
    post(hers, "use_check_kind", row.key, used="no")
    assert queries.check_kinds(all_of_them=True) != queries.check_kinds()
    post(hers, "use_check_kind_again", row.key)
    post(browser, "use_check_kind", row.key, used="no", status=403)


def test_a_split_is_agreed_on_a_page(tom: Viewer, lena: Viewer) -> None:
    _job, application = somebody(tom, lena)
    browser, hers = signed_in(tom), signed_in(lena)
    key = placed(tom, application)
    assert tom.name in page(browser, "agree_split", key)
    lines: dict[str, Any] = {"who-0": tom.user_key, "role-0": "found", "share-0": "60", "role-1": "won_client"}
    assert "60%" in post(browser, "agree_split", key, **lines, why="Agreed", status=422)
    post(browser, "agree_split", key, **lines, **{"who-1": lena.user_key, "share-1": "40"}, why="Agreed")
    assert "Version 2" in page(browser, "placement", key)
    month = {"basis": "accepted", "period": "month"}
    assert "You billed £6,000" in page(browser, "billings", tom.user_key, **month)
    post(browser, "billing_target", tom.user_key, month=DAY.replace(day=1), months="1", amount="12000")
    assert "£12,000" in page(browser, "billings", tom.user_key, **month)
    page(browser, "billings", lena.user_key, status=404)
    page(browser, "all_billings", status=403)
    page(browser, "all_billings_csv", status=403)
    assert "The house billed £10,000" in page(hers, "all_billings", **month)
    rows = page(hers, "all_billings_csv", **month).splitlines()
    assert rows[0].startswith("colleague,basis,day,what,role,share_percent,amount")
    assert sorted(row.split(",")[6] for row in rows[1:]) == ["4000.00", "6000.00"]
    assert len(page(browser, "billings_csv", tom.user_key, from_date=DAY, to_date=DAY).splitlines()) == 2
    assert browser.get(reverse("my_billings")).headers["Location"] == reverse("billings", args=[tom.user_key])


def test_a_contract_its_rates_and_its_weeks(tom: Viewer, lena: Viewer) -> None:
    _job, application = somebody(tom, lena, kind=JobKind.CONTRACT)
    browser, hers = signed_in(tom), signed_in(lena)
    offer = OfferChange(made_on=DAY, pay_minor=40_000, currency="GBP", per=PayPer.DAY, start_on=DAY)
    made = actions.make_offer(application=application, offer=offer, viewer=tom, at=NOW)
    actions.accept_offer(key=made, answered_on=DAY, start_on=DAY, viewer=tom, at=NOW)
    form = {
        "accepted_on": DAY, "starts_on": DAY, "ends_on": DAY + timedelta(weeks=6), "unit": "day", "units": "5",
        "pay": "400", "charge": "500", "currency": "GBP", "paid_via": "own_company",
    }  # fmt: skip
    assert "less than what is paid" in post(
        browser, "make_placement", application, **{**form, "charge": "1"}, status=422
    )
    post(browser, "make_placement", application, **form)
    key = queries.placement_of(tom, application)
    assert key is not None
    assert "No IR35 determination" in page(browser, "placement", key)
    assert "No Key Information Document" in page(browser, "placement", key)
    ways = {"unit": "day", "units": "4", "paid_via": "own_company", "ir35": "outside", "ir35_on": DAY,
            "kid_sent_on": DAY, "document": SimpleUploadedFile("sds.txt", b"Outside")}  # fmt: skip
    page(browser, "change_assignment", key)
    post(browser, "change_assignment", key, **ways)
    row = queries.placement(tom, key, at=NOW).assignment
    assert row is not None
    assert (row.ir35, row.units_a_week_hundredths, row.margin) == (Ir35.OUTSIDE, 400, Money(40_000, "GBP"))
    post(browser, "start_placement", key, on=DAY)
    assert reverse("extend_assignment", args=[key]) in page(browser, "placement", key)
    assert "1 assignment ends within 8 weeks" in page(browser, "placements", which="finishing")
    post(browser, "extend_assignment", key, on=DAY + timedelta(weeks=20), why="Phase two")
    post(browser, "change_rate", key, from_on=DAY + timedelta(weeks=6), pay="420", charge="530", why="Rise")
    assert "Last day moved" in page(browser, "placement", key)
    week = DAY + timedelta(days=3)
    data = f"placement,week_ending,margin\n{key},{week},450.00\n{key},x,-1\n=cmd(),{week},1\n"
    page(browser, "margins", status=403)
    assert str(key) in page(hers, "margins_template")
    post(hers, "margins", file=SimpleUploadedFile("week.csv", b"a,b\n"), status=422)
    post(hers, "margins", file=SimpleUploadedFile("week.csv", data.encode()))
    file = models.MarginFile.objects.get()
    assert "This file adds 1 week" in page(hers, "margin_file", file.key)
    rejected = page(hers, "margins_rejected", file.key).splitlines()
    assert [line.split(",")[0] for line in rejected[1:]] == [str(key), "'=cmd()"]
    post(hers, "take_margins", file.key)
    assert "1 week was added" in page(hers, "margin_file", file.key)
    post(hers, "drop_margins", file.key, status=404)  # it was taken
    assert "£450" in page(browser, "placement", key)
    post(browser, "finish_assignment", key, on=DAY, why="The project stopped")
    assert "Ended" in page(browser, "placement", key)


def test_stages_of_a_search_fall_due_on_its_card(tom: Viewer, lena: Viewer) -> None:
    job, _application = somebody(tom, lena, engaged=Engaged.RETAINED, retained=(("signature", 400_000),))
    browser = signed_in(tom)
    place = models.RetainedStage.objects.get().place
    post(browser, "job_retained", job, place="99", on=DAY, status=422)
    post(browser, "job_retained", job, place=place, on=DAY)
    assert "fell due on" in page(browser, "job_retained", job)
    assert models.CashLine.objects.get().amount_minor == 400_000


def test_today_shows_starts_finishers_and_papers_to_their_owner(tom: Viewer, lena: Viewer) -> None:
    _job, first = somebody(tom, lena)
    placed(tom, first)
    _job, second = somebody(tom, lena, kind=JobKind.CONTRACT)
    working = AssignmentChange(
        starts_on=DAY, ends_on=DAY + timedelta(weeks=3), unit=PayPer.DAY, units_a_week_hundredths=500, pay_minor=1,
        charge_minor=2, paid_via=PaidVia.PAYE,
    )  # fmt: skip
    contract = placed(tom, second, assignment=working)
    actions.start_placement(key=contract, started_on=DAY, viewer=tom, at=NOW)
    kind = queries.papers_of(second, on=DAY).papers[0].kind
    actions.see_paper(
        application=second, kind=kind.key, document=None, words="Seen", expires_on=DAY, viewer=tom, at=NOW
    )
    groups = [panels.starts_this_week(tom, NOW), panels.finishers(tom, NOW), panels.papers_expiring(tom, NOW)]
    assert [one.count for one in groups if one] == [1, 1, 1]
    assert [one.entries[0].action_label for one in groups if one] == ["They started", "Extend", "See the new one"]
    nobody = colleague(Role.MARKETER, name="Milo Brandt")
    for viewer in (lena, nobody):
        assert not any(one(viewer, NOW) for one in (panels.starts_this_week, panels.finishers, panels.papers_expiring))
    assert panels.placing_obliged(person_keys=[row.person_key for row in models.Placement.objects.all()])


def test_who_may_not_place(tom: Viewer, lena: Viewer) -> None:
    _job, application = somebody(tom, lena)
    key = placed(tom, application)
    milo = signed_in(colleague(Role.MARKETER, name="Milo Brandt"))
    page(milo, "placement", key)
    for name in ("start_placement", "change_start", "fall_through", "agree_split"):
        page(milo, name, key, status=403)
    post(milo, "make_offer", application, made_on=DAY, pay="1", currency="GBP", per="year", status=403)
    page(milo, "placements", which="nothing", status=404)
    page(milo, "placements", after="broken", status=404)
    assert "1 placement" in page(milo, "placements")
    page(signed_in(colleague(Role.ADMINISTRATOR, name="Priya Nair")), "margins")
