"""Files that name people: matching by any id, mailings, calls, address books, and what is remembered of a mapping."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import NewUser, Role
from fourfold.base.actor import COMMAND_LINE
from fourfold.integrations import actions, models, queries, rules
from fourfold.integrations.rules import BadRowError, LeftOutError, Reader
from fourfold.integrations.rules.calls import seconds
from fourfold.integrations.tests.factories import NOON, applied, checked, colleague, confirm, take_in, touched
from fourfold.integrations.tests.workbooks import deal, deals, workbook
from fourfold.integrations.types import COLUMNS, FileKind, FileRefused, ImportRow, Settings, State, WrongState
from fourfold.ledger import queries as ledger
from fourfold.people import actions as people_actions
from fourfold.people import queries as people
from fourfold.people.types import Identifier, NewPerson, Scheme


def person(name: str, *ids: tuple[Scheme, str]) -> Any:
    new = NewPerson(name=name, identifiers=tuple(Identifier(scheme, value) for scheme, value in ids))
    return people_actions.add_people(people=[new], by=COMMAND_LINE, at=NOON)[0]


def known(scheme: Scheme, value: str) -> Any:
    identifier = Identifier(scheme, value)
    return people.resolve([identifier]).get(identifier)


def reasons(found: ImportRow) -> list[str]:
    return [row[1] for row in queries.rejected_table(found.key)][1:]


# Any id finds the person

JANE, PHONE = (Scheme.EMAIL, "jane@example.com"), (Scheme.PHONE, "+447700900111")


@pytest.mark.django_db
def test_any_known_id_finds_the_person_and_new_ones_are_added() -> None:
    jane = person("Jane Doe", JANE)
    text = (
        "email,phone,linkedin_url,candidate_id,date,channel\n"
        "jane@example.com,07700 900111,,,2026-02-01,email\n"
        ",07700 900111,https://www.linkedin.com/in/jane/,,2026-02-02,email\n"
        ",,uk.linkedin.com/in/jane,17,2026-02-03,email\n"
        "j.doe@work.example,,,17,2026-02-04,email\n"
    )
    done = applied(text, FileKind.TOUCHES, source="crm")
    assert (done.rows_posted, done.rows_rejected, done.people_added) == (4, 0, 0)
    assert len(ledger.timeline(jane).rows) == 4
    ids = {(one.scheme, one.value) for one in people.identifiers_of([jane])}
    assert ids == {
        JANE, PHONE, (Scheme.PROFILE, "linkedin.com/in/jane"), (Scheme.ID, "crm:17"),
        (Scheme.EMAIL, "j.doe@work.example"),
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (FileKind.TOUCHES, "email,phone,date,channel\njane@example.com,07700 900111,2026-02-01,email\n"),
        (FileKind.OUTCOMES, "id,email,phone,date,kind\nC1,jane@example.com,07700 900111,2026-02-01,candidate\n"),
        (FileKind.PEOPLE, "Name,Email,Phone\nJane,jane@example.com,07700 900111\n"),
        (FileKind.DEALS, deals(deal(phone="07700 900111"))),
    ],
)
def test_ids_of_two_people_reject_the_row_and_name_both(kind: FileKind, content: Any) -> None:
    person("Jane Doe", JANE)
    person("J. Doe", PHONE)
    found = checked(content, kind)
    assert found.rows_ready == 0
    assert reasons(found) == [
        "its addresses lead to two different people, Jane Doe and J. Doe: merge them, or correct the row."
    ]


@pytest.mark.django_db
def test_two_people_of_one_file_are_told_when_it_is_applied() -> None:
    text = "Name,Email,Phone\nJane,jane@example.com,\nJo,,07700 900111\nBoth,jane@example.com,07700 900111\n"
    done = applied(text, FileKind.PEOPLE)
    assert (done.rows_posted, done.rows_rejected, done.people_added) == (2, 1, 2)
    assert "two different people, Jane and Jo" in reasons(done)[0]


@pytest.mark.django_db
def test_a_further_column_of_ids_counts_within_the_system_it_is_named_for() -> None:
    text = "email,date,channel,Bullhorn ID,Contact ID\njane@example.com,2026-02-01,email,17,C9\n"
    applied(text, FileKind.TOUCHES, source="crm", ids=("Bullhorn ID", "Contact ID"))
    jane = known(*JANE)
    assert known(Scheme.ID, "bullhorn:17") == known(Scheme.ID, "crm:C9") == jane
    only = "Bullhorn ID,date,channel\n17,2026-02-02,phone\n"
    key = take_in(only)
    actions.read_columns(key=key)
    confirm(key, settings=Settings(ids=("Bullhorn ID",)))
    assert actions.check_rows(key=key, at=NOON).rows_ready == 1
    actions.apply(key=key, viewer=None, by=COMMAND_LINE, at=NOON)
    assert actions.apply_rows(key=key, at=NOON).people_added == 0
    assert len(ledger.timeline(jane).rows) == 2


@pytest.mark.django_db
def test_an_erasure_reaches_every_column_of_a_workbook(django_capture_on_commit_callbacks: Any) -> None:
    done = applied(deals(deal(phone="07700 900111"), deal(ref="D-2", email="john@example.com")), FileKind.DEALS)
    held = checked(deals(deal(ref="D-3", email=None, phone="07700 900111")), FileKind.DEALS)
    assert held.rows_ready == 1
    assert actions.forget_person(identifiers=[Identifier(*PHONE)]) == 1
    for key in (done.key, held.key):
        actions.go_on(key=key, at=NOON)
        file = actions.files.path_of(models.Import.objects.get(pk=key))
        assert b"07700 900111" not in file.read_bytes()
    row = queries.worker_import(done.key)
    assert row.sample is not None
    assert (row.sample.header_row, row.sample.sheets, len(row.sample.rows)) == (1, (), 1)
    actions.take_back(key=done.key, viewer=None, by=COMMAND_LINE, at=NOON)
    assert actions.void_rows(key=done.key, at=NOON).state is State.TAKEN_BACK


# Mailings

HUBSPOT = """Recipient,Event type,Created,Email name
jane@example.com,SENT,2026-02-01 09:00,Spring guide
jane@example.com,OPEN,2026-02-01 09:01,Spring guide
jane@example.com,CLICK,2026-02-01 09:02,Spring guide
jane@example.com,REPLY,2026-02-01 10:00,Spring guide
john@example.com,BOUNCE,2026-02-01 09:00,Spring guide
,SENT,2026-02-01 09:00,Spring guide
jane@example.com,FORWARDED,2026-02-01 09:02,Spring guide
"""
MAILCHIMP = """Email Address,First Name,Send date,Opens,Clicks,Bounced,Unsubscribed,Campaign title
jane@example.com,Jane,2026-02-01 09:00,3,1,,,Spring guide
john@example.com,John,2026-02-01 09:00,0,0,no,yes,Spring guide
"""


@pytest.mark.django_db
def test_mail_events_become_touches_and_opens_earn_nothing() -> None:
    done = applied(HUBSPOT, FileKind.EMAIL_RESULTS)
    assert (done.rows_posted, done.rows_rejected) == (5, 2)
    assert touched("jane@example.com", "john@example.com") == [
        ("02-01 09:00", "bounced", "in", True), ("02-01 09:00", "sent", "out", False),
        ("02-01 09:01", "opened", "in", True), ("02-01 09:02", "click", "in", False),
        ("02-01 10:00", "reply", "in", False),
    ]  # fmt: skip
    assert reasons(done) == [
        "person_key is empty: a row without a recipient is a campaign's total, nobody's mail.",
        "event “FORWARDED” is none of sent, opened, click, reply, bounced, unsubscribed.",
    ]
    assert applied(HUBSPOT, FileKind.EMAIL_RESULTS).rows_unchanged == 5


@pytest.mark.django_db
def test_a_row_a_recipient_becomes_what_happened() -> None:
    done = applied(MAILCHIMP, FileKind.EMAIL_RESULTS)
    assert (done.rows_posted, done.rows_rejected) == (2, 0)
    assert touched("jane@example.com", "john@example.com") == [
        ("02-01 09:00", "click", "in", False), ("02-01 09:00", "opened", "in", True),
        ("02-01 09:00", "unsubscribed", "in", True),
    ]  # fmt: skip
    more = applied(MAILCHIMP.replace("0,0,no,yes", "2,0,no,yes"), FileKind.EMAIL_RESULTS)
    assert (more.rows_posted, more.rows_unchanged, more.rows_rejected) == (1, 1, 0)
    assert len(touched("jane@example.com", "john@example.com")) == 4


# Calls

CALLS = """Date,Time,Call direction,From,To,User,Duration,Status
2026-02-01,09:00,Outbound,201,07700 900111,Milo Brandt,0:02:13,Answered
2026-02-01,10:00,Incoming,+44 7700 900111,01632 960000,milo@northgate.example,0,Missed
2026-02-01,11:00,Internal,201,202,Milo Brandt,60,Answered
2026-02-01,12:00,Outbound,201,020 7946 0999,Milo Brandt,5,
2026-02-01,12:30,Outbound,201,202,Milo Brandt,5,
"""


@pytest.mark.django_db
def test_calls_find_the_person_by_number_and_the_colleague_by_name() -> None:
    milo = accounts.add_users(
        users=[NewUser(email="milo@northgate.example", name="Milo Brandt", roles=frozenset(), password=None)],
        by=COMMAND_LINE, at=NOON,
    )[0]  # fmt: skip
    jane = person("Jane Doe", PHONE)
    done = applied(CALLS, FileKind.CALLS)
    assert (done.rows_posted, done.rows_rejected, done.people_added) == (2, 2, 0)
    assert reasons(done) == [
        "nobody has this number, +442079460999: add the person first, or have unknown numbers added.",
        "to “202” is no outside number, so nobody can be found by it.",
    ]
    rows = ledger.timeline(jane).rows
    assert [(row.action, row.direction, row.channel, row.actor) for row in rows] == [
        ("call_unanswered", "in", "phone", str(milo)), ("call", "out", "phone", str(milo)),
    ]  # fmt: skip
    added = applied(CALLS, FileKind.CALLS, add_unknown=True)
    assert (added.rows_posted, added.people_added) == (1, 1)


@pytest.mark.parametrize(
    ("text", "length"), [("", 0), ("133", 133), ("133.0", 133), ("2:13", 133), ("0:02:13", 133), ("2m 13s", 133),
                         ("1h 2m", 3720)]
)  # fmt: skip
def test_how_long_a_call_was(text: str, length: int) -> None:
    assert seconds(text) == length


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"direction": "sideways"}, "direction “sideways” is neither in nor out."),
        ({"to": "anonymous"}, "to “anonymous” is no outside number"),
        ({"answered": "perhaps"}, "answered “perhaps” is neither yes nor no."),
        ({"duration": "long"}, "duration “long” is not how long"),
        ({"to": "0000000000000000000"}, "to “0000000000000000000” is not a phone number."),
    ],
)
def test_a_call_that_cannot_be_says_why(cells: dict[str, str], why: str) -> None:
    with pytest.raises(BadRowError) as caught:
        call(**cells)
    assert why in str(caught.value)


def call(**cells: str) -> dict[str, Any]:
    names = [column.name for column in COLUMNS[FileKind.CALLS]]
    settings = Settings()
    reader = Reader(
        FileKind.CALLS, dict(zip(names, names, strict=True)), settings, NOON, recognise=queries.recogniser(settings)
    )
    good = {"occurred_at": "2026-02-01 09:00", "direction": "out", "from": "201", "to": "07700900111"}
    return reader.read(2, {**good, **cells})


def test_calls_within_the_house_are_left_out() -> None:
    with pytest.raises(LeftOutError):
        call(direction="Internal")


# People


@pytest.mark.django_db
def test_people_are_added_or_found_and_nothing_is_posted() -> None:
    person("Jane Doe", JANE)
    text = (
        "Notes:\n\nFirst Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Jane,Doe,https://www.linkedin.com/in/jane,jane@example.com,Acme,Nurse,12 Mar 2025\n"
        "John,Roe,https://www.linkedin.com/in/john,,Beta,Doctor,13 Mar 2025\n"
        ",,,,,,\n"
        "No,Body,,,Gamma,,14 Mar 2025\n"
    )
    done = applied(text, FileKind.PEOPLE)
    assert (done.rows_posted, done.rows_unchanged, done.rows_rejected, done.people_added) == (2, 0, 1, 1)
    assert reasons(done) == [
        "nothing in it could recognise this person again: no e-mail address, phone, profile or id."
    ]
    assert ledger.is_empty()
    card = people.cards(colleague(Role.LEADER), [known(Scheme.PROFILE, "linkedin.com/in/john")])[0]
    assert (card.name, card.organisation, card.headline) == ("John Roe", "Beta", "Doctor")
    again = applied(text, FileKind.PEOPLE)
    assert (again.rows_posted, again.rows_unchanged, again.people_added) == (0, 2, 0)
    with pytest.raises(WrongState, match="who was added stays"):
        actions.take_back(key=done.key, viewer=None, by=COMMAND_LINE, at=NOON)


@pytest.mark.datasets
@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("linkedin_connections", {"first_name", "last_name", "profile_url", "email", "organisation", "headline"}),
        ("google_contacts_old", {"name", "email", "email_2", "phone", "organisation", "headline"}),
        ("google_contacts_new", {"first_name", "last_name", "email", "phone", "organisation", "headline"}),
        (
            "outlook_csv",
            {"first_name", "last_name", "email", "email_2", "phone", "phone_2", "organisation", "headline"},
        ),
        ("hubspot_contacts", {"first_name", "last_name", "email", "phone", "person_id", "organisation"}),
        ("salesforce_leads", {"first_name", "last_name", "email", "phone", "person_id", "organisation"}),
    ],
)
def test_the_address_books_that_people_have(datasets: Path, name: str, needed: set[str]) -> None:
    headers = json.loads((datasets / "contacts/contact_export_headers.json").read_text())[name]["header"].split(",")
    found = rules.guess_mapping(FileKind.PEOPLE, headers)
    assert needed <= found.keys()
    assert rules.missing_columns(FileKind.PEOPLE, found) == []


# What is remembered of a mapping


@pytest.mark.django_db
def test_the_same_headers_are_mapped_and_read_as_last_time() -> None:
    text = "Wer,Wann,Kanal\njane@example.com,01/02/2026,email\n"
    key = take_in(text, name="march.csv")
    actions.read_columns(key=key)
    chosen = {"person_key": "Wer", "occurred_at": "Wann", "channel": "Kanal"}
    confirm(key, settings=Settings(source="crm", dates="dmy", zone="Europe/Berlin", correct=True), **chosen)
    assert actions.check_rows(key=key, at=NOON).rows_ready == 1
    other = take_in("Kanal,Wann,Wer\nemail,02/02/2026,jane@example.com\n", name="april.csv")
    read = actions.read_columns(key=other)
    assert read.mapping == chosen
    assert read.settings == Settings(source="crm", dates="dmy", zone="Europe/Berlin")
    assert read.remembered == "Mapped and read as march.csv was on 02 Mar 2026: it had the same headers."
    assert actions.read_columns(key=take_in(text, FileKind.OUTCOMES)).remembered == ""


@pytest.mark.django_db
def test_headers_that_overlap_are_mapped_as_far_as_they_fit() -> None:
    key = take_in("Wer,Wann,Kanal\njane@example.com,2026-02-01,email\n", name="march.csv")
    actions.read_columns(key=key)
    confirm(key, settings=Settings(source="crm"), person_key="Wer", occurred_at="Wann", channel="Kanal")
    read = actions.read_columns(key=take_in("Wer,Wann,Channel,Campaign\na@x.example,2026-02-01,email,Spring\n"))
    assert read.mapping == {
        "person_key": "Wer", "occurred_at": "Wann", "campaign": "Campaign", "channel": "Channel",
    }  # fmt: skip
    assert read.settings == Settings()
    assert read.remembered == "2 of its columns are mapped as those of march.csv (02 Mar 2026) were."
    assert actions.read_columns(key=take_in("Email,Date,Channel\n")).remembered == ""


# Sheets


@pytest.mark.django_db
def test_the_sheet_that_fits_best_is_proposed_and_another_can_be_read() -> None:
    book = workbook(
        Notes=[["Read me"]],
        Spend=[["month", "channel", "amount"], ["2026-01", "indeed", 5]],
        Calls=[["email", "date", "channel"], ["jane@example.com", "2026-02-01", "phone"]],
    )
    key = take_in(book, FileKind.TOUCHES)
    read = actions.read_columns(key=key)
    assert read.sample is not None
    assert (read.sample.sheet, read.sample.sheets) == ("Calls", ("Notes", "Spend", "Calls"))
    with pytest.raises(FileRefused, match="It has Notes, Spend, Calls"):
        actions.read_again(key=key, sheet="Nope", layout="", viewer=None, by=COMMAND_LINE, at=NOON)
    actions.read_again(key=key, sheet="Spend", layout="", viewer=None, by=COMMAND_LINE, at=NOON)
    other = actions.read_columns(key=key)
    assert other.sample is not None
    assert (other.state, other.sample.sheet, other.sample.headers) == (
        State.MAPPING, "Spend", ("month", "channel", "amount"),
    )  # fmt: skip
    confirm_again = actions.read_again
    confirm_again(key=key, sheet="Calls", layout="", viewer=None, by=COMMAND_LINE, at=NOON + timedelta(hours=1))
    actions.read_columns(key=key)
    confirm(key)
    assert actions.check_rows(key=key, at=NOON).rows_ready == 1
    actions.apply(key=key, viewer=None, by=COMMAND_LINE, at=NOON)
    with pytest.raises(WrongState):
        actions.read_again(key=key, sheet="Spend", layout="", viewer=None, by=COMMAND_LINE, at=NOON)
