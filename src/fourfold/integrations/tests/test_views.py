"""Pages of imports, as a browser gets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fourfold.accounts.types import Role, Viewer
from fourfold.integrations import actions, models, queries
from fourfold.integrations.tests.factories import (
    NOON,
    SPEND,
    TOUCHES,
    applied,
    checked,
    colleague,
    marketer,
    take_in,
    taken_back,
)
from fourfold.integrations.tests.workbooks import deal, deals, workbook
from fourfold.integrations.types import COLUMNS, FileKind, State
from fourfold.ledger import queries as ledger

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]
HTMX = {"HX-Request": "true"}


def page(name: str, key: UUID) -> str:
    return reverse(name, args=[key])


def state(key: UUID) -> State:
    return queries.worker_import(key).state


def test_who_is_not_signed_in_is_asked_to() -> None:
    key = take_in(TOUCHES)
    colleague(Role.LEADER)
    for address in (reverse("imports"), reverse("new_import"), page("import", key), page("rejected_rows", key)):
        assert Client().get(address)["Location"].startswith(reverse("account_login"))


def test_a_file_from_the_first_page_to_the_ledger_and_back(sign_in: SignIn) -> None:
    viewer = marketer()
    client = sign_in(viewer)
    assert reverse("new_import") in client.get(reverse("imports")).content.decode()
    assert client.get(reverse("new_import")).status_code == 200
    file = SimpleUploadedFile("own.csv", TOUCHES.encode())
    sent = client.post(reverse("new_import"), {"kind": "touches", "file": file})
    (found,) = queries.imports(viewer)
    assert (sent.status_code, sent["Location"]) == (302, page("import", found.key))
    assert (found.by, found.file_name, found.kind) == ("Milo Brandt", "own.csv", FileKind.TOUCHES)
    assert "Reading own.csv" in client.get(page("import", found.key)).content.decode()

    actions.go_on(key=found.key, at=NOON)
    shown = client.get(page("import", found.key))
    assert "Which column is which in own.csv?" in shown.content.decode()
    form = shown.context["form"]
    chosen = {name: form[name].value() for name in form.fields}
    chosen = {name: value for name, value in chosen.items() if value not in (None, False)}
    assert chosen["column_person_key"] == "Email"
    assert client.post(page("confirm_columns", found.key), chosen)["Location"] == page("import", found.key)
    assert state(found.key) is State.CHECKING

    actions.go_on(key=found.key, at=NOON)
    assert "All 3 rows are ready" in client.get(page("import", found.key)).content.decode()
    assert ledger.is_empty()
    assert client.post(page("apply_import", found.key)).status_code == 302
    assert state(found.key) is State.APPLYING
    assert "Applying own.csv" in client.get(page("import", found.key)).content.decode()

    actions.go_on(key=found.key, at=NOON)
    assert "3 rows of own.csv count now" in client.get(page("import", found.key)).content.decode()
    assert client.post(page("take_back_import", found.key)).status_code == 302
    actions.go_on(key=found.key, at=NOON)
    assert "own.csv was taken back" in client.get(page("import", found.key)).content.decode()
    assert ledger.counts() == {}
    assert client.post(page("put_back_import", found.key)).status_code == 302
    assert state(found.key) is State.CHECKING


def test_a_form_that_lacks_something_is_shown_again(sign_in: SignIn) -> None:
    client = sign_in(marketer())
    for given in ({}, {"kind": "spend"}, {"kind": "poems", "file": SimpleUploadedFile("x.csv", b"a")}):
        answer = client.post(reverse("new_import"), given)
        assert answer.status_code == 422
        assert answer.context["form"].errors
    assert client.post(reverse("new_import"), {"kind": "spend"}).context["form"]["kind"].value() == "spend"
    empty = client.post(reverse("new_import"), {"kind": "spend", "file": SimpleUploadedFile("x.csv", b"")})
    assert empty.status_code == 422
    assert models.Import.objects.count() == 0


def test_a_file_too_large_is_refused_in_words(sign_in: SignIn, settings: Any) -> None:
    settings.UPLOAD_MEGABYTES = 1
    file = SimpleUploadedFile("big.csv", b"x" * (1024 * 1024 + 1))
    answer = sign_in(marketer()).post(reverse("new_import"), {"kind": "touches", "file": file})
    assert answer.status_code == 422
    assert "It is larger than 1 MB." in answer.content.decode()
    assert models.Import.objects.count() == 0


def columns(**changes: str) -> dict[str, str]:
    given = {"column_person_key": "Email", "column_occurred_at": "Date", "column_channel": "Channel"}
    return {**given, "zone": "Europe/London", "currency": "GBP", "source": "file", **changes}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"column_person_key": ""}, "column_person_key"),
        ({"column_channel": "No such header"}, "column_channel"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"currency": "POUND"}, "currency"),
        ({"source": "two words"}, "source"),
    ],
)
def test_columns_that_do_not_fit_are_shown_again_as_typed(sign_in: SignIn, changes: dict[str, str], wrong: str) -> None:
    client = sign_in(marketer())
    key = take_in(TOUCHES)
    actions.read_columns(key=key)
    answer = client.post(page("confirm_columns", key), columns(column_campaign="Direction", **changes))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [wrong]
    assert answer.context["form"]["column_campaign"].value() == "Direction"
    assert state(key) is State.MAPPING


def test_spend_without_an_amount_is_refused_with_the_form_kept(sign_in: SignIn) -> None:
    client = sign_in(marketer())
    key = take_in(SPEND, FileKind.SPEND)
    actions.read_columns(key=key)
    given = {"column_from_date": "month", "column_channel": "channel", "column_desk": "decided_by", "zone": "UTC"}
    answer = client.post(page("confirm_columns", key), {**given, "currency": "GBP", "source": "file"})
    assert answer.status_code == 422
    assert "No column was chosen for amount." in answer.content.decode()
    assert answer.context["form"]["column_desk"].value() == "decided_by"
    assert state(key) is State.MAPPING


def test_columns_can_be_changed_after_the_check_but_not_after_applying(sign_in: SignIn) -> None:
    client = sign_in(marketer())
    waits, done = checked(TOUCHES).key, applied(TOUCHES).key
    assert client.get(page("confirm_columns", waits)).status_code == 200
    assert client.post(page("confirm_columns", waits), columns(currency="eur", correct="on")).status_code == 302
    settings = queries.worker_import(waits).settings
    assert (settings.currency, settings.correct, settings.country) == ("EUR", True, "GB")
    assert client.post(page("confirm_columns", done), columns()).status_code == 422
    assert state(done) is State.APPLIED


def test_a_file_not_read_yet_has_no_columns_to_confirm(sign_in: SignIn) -> None:
    key = take_in(TOUCHES)
    answer = sign_in(marketer()).get(page("confirm_columns", key))
    assert (answer.status_code, answer["Location"]) == (302, page("import", key))


def test_a_page_asks_again_while_the_worker_is_at_it(sign_in: SignIn) -> None:
    client, key = sign_in(marketer()), take_in(TOUCHES)
    part = client.get(f"{page('import', key)}?part=1", headers=HTMX)
    assert part.status_code == 200
    assert "<html" not in part.content.decode()
    assert "?part=1" in part.content.decode()
    actions.read_columns(key=key)
    done = client.get(f"{page('import', key)}?part=1", headers=HTMX)
    assert (done.status_code, done["HX-Refresh"], done.content) == (204, "true", b"")
    whole = client.get(f"{page('import', key)}?part=1")
    assert "<html" in whole.content.decode()


def test_progress_is_told_in_rows(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.applying, "APPLY_ROWS", 2)
    viewer = marketer()
    client, key = sign_in(viewer), checked(TOUCHES).key
    actions.apply(key=key, viewer=viewer, by=viewer.actor(), at=NOON)
    actions.applying._apply_some(key, NOON)
    assert "2 / 3" in client.get(page("import", key)).content.decode()


def test_a_failure_says_why_and_what_to_do(sign_in: SignIn) -> None:
    client, key = sign_in(marketer()), take_in(b"PK\x03\x04\x00")
    actions.go_on(key=key, at=NOON)
    text = client.get(page("import", key)).content.decode()
    assert "The workbook is cut or damaged" in text
    assert "save its sheet as CSV" in text
    assert reverse("new_import") in text


def test_rejected_rows_are_shown_and_handed_back(sign_in: SignIn) -> None:
    client = sign_in(marketer())
    bad = (
        "email,date,channel\n" + "".join(f"=cmd{n},never,email\n" for n in range(25)) + "a@x.example,2026-02-01,email\n"
    )
    key = checked(bad).key
    shown = client.get(page("import", key))
    assert "25 can’t be imported" in shown.content.decode()
    assert len(shown.context["rejected"]) == 20
    rest = client.get(f"{page('import', key)}?after={shown.context['more_rejected']}")
    assert [row.row for row in rest.context["rejected"]] == list(range(22, 27))
    for odd in ("²", "-1", "x", "9" * 30):
        assert client.get(page("import", key), {"after": odd}).status_code == 200
    answer = client.get(page("rejected_rows", key))
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="rejected-{key}.csv"'
    assert lines[0] == "row,reason,email,date,channel"
    assert lines[1] == "2,occurred_at “never” is not a date like 2026-03-31 or 2026-03-31T14:05.,'=cmd0,never,email"
    assert len(lines) == 26


def test_a_file_of_rejected_rows_only_cannot_be_applied_from_the_page(sign_in: SignIn) -> None:
    key = checked("email,date,channel\na@x.example,never,email\n").key
    text = sign_in(marketer()).get(page("import", key)).content.decode()
    assert "can be imported" in text
    assert page("apply_import", key) not in text


def test_what_a_file_holds_is_escaped(sign_in: SignIn) -> None:
    client = sign_in(marketer())
    content = "email,date,channel,<b>x\n<script>alert(1)</script>,never,email,y\n"
    for key in (checked(content).key, take_in(content, name="<img src=x>.csv")):
        actions.go_on(key=key, at=NOON)
        for address in (page("import", key), page("confirm_columns", key), reverse("imports")):
            text = client.get(address, follow=True).content.decode()
            assert "<script>alert" not in text
            assert "<img src=x>" not in text
            assert "<b>x" not in text


@pytest.mark.parametrize(("role", "status"), [(Role.RECRUITER, 403), (Role.LEADER, 200), (Role.ADMINISTRATOR, 200)])
def test_recruiters_import_nothing(sign_in: SignIn, role: Role, status: int) -> None:
    viewer = colleague(role)
    client = sign_in(viewer)
    assert client.get(reverse("new_import")).status_code == status
    assert (reverse("new_import") in client.get(reverse("imports")).content.decode()) is (status == 200)
    if status == 403:
        file = SimpleUploadedFile("own.csv", TOUCHES.encode())
        assert client.post(reverse("new_import"), {"kind": "touches", "file": file}).status_code == 403
        own = checked(TOUCHES, by=viewer.actor()).key
        shown = client.get(page("import", own))
        assert shown.status_code == 200
        assert page("apply_import", own) not in shown.content.decode()
        assert client.post(page("apply_import", own)).status_code == 403
        assert models.Import.objects.count() == 1
        assert ledger.is_empty()


def test_missing_and_forbidden_look_the_same(sign_in: SignIn) -> None:
    client, others = sign_in(colleague(Role.RECRUITER)), checked(TOUCHES).key
    for key in (others, uuid4()):
        for name in ("import", "rejected_rows", "confirm_columns"):
            assert client.get(page(name, key)).status_code == 404
        for name in ("apply_import", "take_back_import", "put_back_import"):
            assert client.post(page(name, key)).status_code == 404


def test_deeds_are_posted_and_only_in_turn(sign_in: SignIn) -> None:
    client, key = sign_in(marketer()), taken_back(applied(TOUCHES).key).key
    for name in ("apply_import", "take_back_import", "put_back_import"):
        assert client.get(page(name, key)).status_code == 405
    for name in ("apply_import", "take_back_import"):
        assert client.post(page(name, key)).status_code == 422
    assert state(key) is State.TAKEN_BACK


@pytest.mark.parametrize("number", [1, 30])
def test_pages_take_few_statements_whatever_the_rows(sign_in: SignIn, number: int) -> None:
    client = sign_in(marketer())
    key = checked("email,date,channel\n" + "".join(f"a{n}@x.example,never,email\n" for n in range(number))).key
    for _ in range(number):
        take_in(TOUCHES)
    for address in (reverse("imports"), page("import", key)):
        with CaptureQueriesContext(connection) as statements:
            assert client.get(address).status_code == 200
        assert len(statements) <= 12


def test_each_kind_of_file_is_a_card_with_a_line_about_it(sign_in: SignIn) -> None:
    text = sign_in(marketer()).get(reverse("new_import")).content.decode()
    assert text.count('class="ff-choice form-check"') == len(COLUMNS)
    assert "fee or weekly margin, consultants and their splits" in text


def test_another_sheet_is_read_and_a_table_shown_as_the_rows_it_becomes(sign_in: SignIn) -> None:
    client = sign_in(marketer())
    book = workbook(
        Marketing=[["Supplier", "Jan 26", "Feb 26", "Total"], ["Indeed", 100, 50, 150], ["Total", 100, 50, 150]],
        Old=[["Supplier", "Jan 25", "Total"], ["Reed", 5, 5]],
    )
    key = take_in(book, FileKind.SPEND)
    actions.go_on(key=key, at=NOON)
    shown = client.get(page("import", key))
    assert shown.context["sheets"]["sheet"].value() == "Marketing"
    assert [(row["supplier"], row["channel"], row["month"]) for row in shown.context["becomes"]] == [
        ("Indeed", "job board", "January 2026"),
        ("Indeed", "job board", "February 2026"),
    ]
    assert "What its cells become" in shown.content.decode()
    assert client.post(page("choose_sheet", key), {"sheet": "Old", "layout": "long"}).status_code == 302
    actions.go_on(key=key, at=NOON)
    again = client.get(page("import", key))
    assert again.context["found"].sample.headers == ("Supplier", "Jan 25", "Total")
    assert again.context["becomes"] == []


def test_what_applying_will_do_and_how_it_was_read_are_said(sign_in: SignIn) -> None:
    client = sign_in(marketer())
    key = checked(deals(deal(fee=12400), deal(ref="D-2", source="Pigeon post")), FileKind.DEALS).key
    text = client.get(page("import", key)).content.decode()
    assert "2 deals, £24,400 of fees, 2 rows of cash, 1 unknown channel" in text
    other = take_in(deals(deal()), FileKind.DEALS)
    actions.go_on(key=other, at=NOON)
    assert "it had the same headers" in client.get(page("import", other)).content.decode()


def test_rates_that_are_none_keep_the_form(sign_in: SignIn) -> None:
    client, key = sign_in(marketer()), take_in(SPEND, FileKind.SPEND)
    actions.go_on(key=key, at=NOON)
    form = client.get(page("import", key)).context["form"]
    chosen = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    refused = client.post(page("confirm_columns", key), {**chosen, "rates": "EUR"})
    assert refused.status_code == 422
    assert "Write them like EUR=0.86" in refused.content.decode()
    assert state(key) is State.MAPPING
    good = {**chosen, "rates": "EUR=0.86", "channel": "event", "dates": "dmy"}
    assert client.post(page("confirm_columns", key), good).status_code == 302
    settings = queries.worker_import(key).settings
    assert (settings.rates, settings.channel, settings.dates) == ({"EUR": "0.86"}, "event", "dmy")


def test_a_file_of_people_offers_no_way_back(sign_in: SignIn) -> None:
    client = sign_in(marketer())
    key = applied("Name,Email\nJane,jane@example.com\n", FileKind.PEOPLE).key
    text = client.get(page("import", key)).content.decode()
    assert page("take_back_import", key) not in text
    assert "can’t be taken back" in text
