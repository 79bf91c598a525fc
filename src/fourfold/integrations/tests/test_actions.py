"""The life of a file: taken in, read, confirmed, checked, applied, taken back, put back. What changes and what not."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Role
from fourfold.base.actor import COMMAND_LINE
from fourfold.integrations import actions, models, queries
from fourfold.integrations.tests.factories import (
    NOON,
    OUTCOMES,
    SPEND,
    TOUCHES,
    applied,
    checked,
    colleague,
    confirm,
    marketer,
    spent,
    take_in,
    taken_back,
)
from fourfold.integrations.types import FileKind, FileRefused, ImportRow, Settings, State, WrongState
from fourfold.ledger import queries as ledger
from fourfold.ledger.types import Kind
from fourfold.people import actions as people_actions
from fourfold.people import queries as people
from fourfold.people.types import REGISTRY, Identifier, NewPerson, Scheme

pytestmark = pytest.mark.django_db
NOT_A_DATE = "occurred_at “31/12/2025” is not a date like 2026-03-31 or 2026-03-31T14:05."


def email(text: str) -> Identifier:
    return Identifier(Scheme.EMAIL, text)


def known(*addresses: str) -> Any:
    return people.resolve([email(one) for one in addresses])


def counts(found: ImportRow) -> tuple[int, int, int, int, int]:
    return (found.rows_read, found.rows_posted, found.rows_unchanged, found.rows_rejected, found.people_added)


# The whole life


def test_touches_from_file_to_ledger_and_back(nudges: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    viewer = marketer()
    with django_capture_on_commit_callbacks(execute=True):
        key = take_in(TOUCHES, by=viewer.actor())
    assert nudges == [("import", str(key))]
    assert queries.worker_import(key).state is State.READING

    read = actions.read_columns(key=key)
    assert read.state is State.MAPPING
    assert read.mapping == {
        "person_key": "Email", "occurred_at": "Date", "channel": "Channel", "campaign": "Campaign",
        "direction": "Direction",
    }  # fmt: skip
    assert read.sample is not None
    assert read.sample.rows[0] == ("jane@example.com", "2026-02-01", "email", "Spring guide", "out")

    with django_capture_on_commit_callbacks(execute=True):
        confirm(key, viewer=viewer)
    assert queries.worker_import(key).state is State.CHECKING
    checked_ = actions.check_rows(key=key, at=NOON)
    assert (checked_.state, checked_.rows_ready, checked_.rows_rejected) == (State.CHECKED, 3, 0)
    assert ledger.is_empty()
    assert people.count() == 0

    with django_capture_on_commit_callbacks(execute=True):
        actions.apply(key=key, viewer=viewer, by=viewer.actor(), at=NOON)
    done = actions.apply_rows(key=key, at=NOON)
    assert done.state is State.APPLIED
    assert counts(done) == (3, 3, 0, 0, 2)
    assert done.rows_ready == 0
    assert nudges == [("import", str(key))] * 3 + [("reports", "all")]
    jane = known("jane@example.com")[email("jane@example.com")]
    rows = ledger.timeline(jane).rows
    assert [(row.occurred_at.isoformat(), row.channel, row.direction, row.campaign) for row in rows] == [
        ("2026-02-03T09:30:00+00:00", "email", "in", "Spring guide"),
        ("2026-02-01T00:00:00+00:00", "email", "out", "Spring guide"),
    ]
    assert {row.batch for row in rows} == {done.batch}
    assert people.cards(colleague(Role.LEADER), [jane])[0].touches == 2

    back = taken_back(key)
    assert back.state is State.TAKEN_BACK
    assert ledger.counts() == {}
    assert ledger.timeline(jane).rows == ()
    assert people.cards(colleague(Role.LEADER), [jane])[0].touches == 0
    assert people.count() == 2  # who was added stays

    actions.put_back(key=key, viewer=viewer, by=viewer.actor(), at=NOON)
    assert actions.check_rows(key=key, at=NOON).rows_ready == 3
    actions.apply(key=key, viewer=viewer, by=viewer.actor(), at=NOON)
    again = actions.apply_rows(key=key, at=NOON)
    assert counts(again) == (3, 3, 0, 0, 0)
    assert again.batch not in {None, done.batch}
    assert ledger.counts() == {Kind.TOUCH: 3}
    deeds = [row.deed for row in accounts.audit_trail(colleague(Role.LEADER)) if "import" in row.subject]
    assert deeds[::-1] == [
        "take_in_file", "confirm_columns", "apply_import", "take_back_import", "put_back_import", "apply_import",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "content"),
    [(FileKind.TOUCHES, TOUCHES), (FileKind.OUTCOMES, OUTCOMES), (FileKind.SPEND, SPEND)],
)
def test_the_same_file_again_changes_nothing(kind: FileKind, content: str) -> None:
    first = applied(content, kind)
    before, people_before = ledger.top_seq(), people.count()
    again = applied(content, kind)
    assert (again.rows_posted, again.rows_unchanged, again.rows_rejected, again.people_added) == (
        0, first.rows_posted, 0, 0,
    )  # fmt: skip
    assert (ledger.top_seq(), people.count()) == (before, people_before)


def test_taking_the_second_of_two_same_files_back_leaves_the_first() -> None:
    applied(TOUCHES)
    taken_back(applied(TOUCHES).key)
    assert ledger.counts() == {Kind.TOUCH: 3}


def test_rows_that_overlap_with_an_earlier_file_are_not_counted_twice() -> None:
    applied(TOUCHES)
    more = applied(TOUCHES + "new@example.com,2026-02-05,event,,in\n")
    assert (more.rows_posted, more.rows_unchanged) == (1, 3)
    assert ledger.counts() == {Kind.TOUCH: 4}


def test_an_outcome_of_two_people_stands_once() -> None:
    done = applied(OUTCOMES, FileKind.OUTCOMES)
    assert counts(done) == (3, 3, 0, 0, 2)
    assert ledger.counts() == {Kind.OUTCOME: 2, Kind.PARTY: 3}
    both = known("jane@example.com", "carl@client.example")
    jane, carl = both[email("jane@example.com")], both[email("carl@client.example")]
    row = ledger.timeline(jane).rows[0]
    assert (row.title, row.value_minor, row.currency, row.side, row.engagement) == (
        "cash", 1_200_000, "GBP", "candidate", "permanent",
    )  # fmt: skip
    assert [(one.title, one.side) for one in ledger.timeline(carl).rows] == [("cash", "client"), ("client", "client")]
    assert ledger.timeline(carl).rows[0].fact_id == row.fact_id


def test_spend_from_a_file() -> None:
    applied(SPEND, FileKind.SPEND)
    assert spent() == [
        (date(2026, 1, 1), date(2026, 1, 31), "job_board", 150_050, "GBP"),
        (date(2026, 2, 1), date(2026, 2, 28), "linkedin", 200_000, "GBP"),
    ]


def test_a_person_is_recognised_by_what_the_house_knows() -> None:
    phone = Identifier(Scheme.PHONE, "+447700900123")
    new = NewPerson(name="Jane Doe", identifiers=(email("jane@example.com"), phone))
    key = people_actions.add_people(people=[new], by=COMMAND_LINE, at=NOON)[0]
    content = "who,date,channel,name\nJANE@Example.com,2026-02-01,email,Other\n07700 900123,2026-02-02,phone,\n"
    done = applied(content + "4711,2026-02-03,email,New Person\n")
    assert done.people_added == 1
    assert len(ledger.timeline(key).rows) == 2
    assert people.names([key]) == {key: "Jane Doe"}
    new_key = people.resolve([Identifier(Scheme.ID, "file:4711")])
    assert list(people.names(new_key.values()).values()) == ["New Person"]


def test_an_id_of_another_system_is_another_person() -> None:
    content = "person_id,date,channel\n4711,2026-02-01,email\n"
    applied(content, source="crm")
    assert applied(content, source="board").people_added == 1
    assert applied(content, source="crm").people_added == 0


# Corrections


CORRECTED = OUTCOMES.replace("12000", "12500")


def test_a_corrected_file_is_rejected_row_by_row_unless_one_says_so() -> None:
    applied(OUTCOMES, FileKind.OUTCOMES)
    before = ledger.top_seq()
    done = applied(CORRECTED, FileKind.OUTCOMES)
    assert (done.state, done.rows_posted, done.rows_unchanged, done.rows_rejected) == (State.APPLIED, 0, 1, 2)
    assert ledger.top_seq() == before
    rejected = queries.rejected(colleague(Role.LEADER), done.key)
    assert [row.row for row in rejected] == [2, 3]
    assert {row.reason for row in rejected} == {"changed since it was imported; import with --correct to replace it"}
    assert (rejected[0].content["id"], rejected[0].content["value"]) == ("P1", "12500.00")
    assert rejected[0].content["email"] == "jane@example.com"


def test_a_corrected_file_replaces_when_one_says_so_and_can_be_taken_back() -> None:
    applied(OUTCOMES, FileKind.OUTCOMES)
    jane = known("jane@example.com")[email("jane@example.com")]
    done = applied(CORRECTED, FileKind.OUTCOMES, correct=True)
    assert (done.rows_posted, done.rows_unchanged, done.rows_rejected) == (1, 2, 0)
    assert [row.value_minor for row in ledger.timeline(jane).rows] == [1_250_000]
    assert ledger.counts() == {Kind.OUTCOME: 2, Kind.PARTY: 3}
    taken_back(done.key)
    assert [row.value_minor for row in ledger.timeline(jane).rows] == [1_200_000]
    assert ledger.counts() == {Kind.OUTCOME: 2, Kind.PARTY: 3}


def test_a_rejected_change_adds_nobody_to_the_outcome() -> None:
    applied(OUTCOMES, FileKind.OUTCOMES)
    jane = known("jane@example.com")[email("jane@example.com")]
    other = CORRECTED.replace("jane@example.com", "joan@example.com")
    done = applied(other, FileKind.OUTCOMES)
    assert done.rows_rejected == 2
    joan = known("joan@example.com")[email("joan@example.com")]
    assert ledger.timeline(joan).rows == ()
    assert len(ledger.timeline(jane).rows) == 1
    assert ledger.counts()[Kind.PARTY] == 3


def test_corrected_spend_counts_once() -> None:
    content = "id,month,channel,amount\nI1,2026-01,email,100\n"
    applied(content, FileKind.SPEND)
    assert applied(content.replace("100", "90"), FileKind.SPEND, correct=True).rows_posted == 1
    assert [row[3] for row in spent()] == [9_000]


# Killed runs


def many(number: int) -> str:
    return "email,date,channel\n" + "".join(f"p{n}@example.com,2026-02-01,email\n" for n in range(number))


def test_a_killed_apply_goes_on_and_posts_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.applying, "APPLY_ROWS", 10)
    key = checked(many(25)).key
    actions.apply(key=key, viewer=None, by=COMMAND_LINE, at=NOON)
    assert actions.applying._apply_some(key, NOON)
    half = queries.worker_import(key)
    assert (half.state, half.rows_posted, half.rows_ready, half.percent) == (State.APPLYING, 10, 15, 40)
    assert ledger.counts() == {Kind.TOUCH: 10}
    assert queries.unfinished() == ((key, State.APPLYING),)
    done = actions.go_on(key=key, at=NOON)
    assert counts(done) == (25, 25, 0, 0, 25)
    assert done.state is State.APPLIED
    assert ledger.counts() == {Kind.TOUCH: 25}
    assert queries.unfinished() == ()


def test_a_kill_within_a_transaction_leaves_its_rows_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    key = checked(many(5)).key
    actions.apply(key=key, viewer=None, by=COMMAND_LINE, at=NOON)

    def killed(*given: Any, **named: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(actions.applying, "_post", killed)
        with pytest.raises(KeyboardInterrupt):
            actions.apply_rows(key=key, at=NOON)
    assert queries.worker_import(key).rows_ready == 5
    assert people.count() == 0
    assert counts(actions.apply_rows(key=key, at=NOON)) == (5, 5, 0, 0, 5)


def test_a_killed_check_starts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.checking, "STAGE_ROWS", 10)
    key = take_in(many(25))
    actions.read_columns(key=key)
    confirm(key)
    write, calls = actions.checking._write_staged, []

    def killed_later(*given: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        write(*given)

    with monkeypatch.context() as patch:
        patch.setattr(actions.checking, "_write_staged", killed_later)
        with pytest.raises(KeyboardInterrupt):
            actions.check_rows(key=key, at=NOON)
    assert queries.worker_import(key).rows_read == 10
    done = actions.go_on(key=key, at=NOON)
    assert (done.state, done.rows_read, done.rows_ready) == (State.CHECKED, 25, 25)


def test_what_is_taken_back_while_it_is_applied_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.applying, "APPLY_ROWS", 10)
    viewer = marketer()
    key = checked(many(25)).key
    actions.apply(key=key, viewer=viewer, by=viewer.actor(), at=NOON)
    some = actions.applying._apply_some

    def interrupted(*given: Any) -> bool:
        went_on = some(*given)
        actions.take_back(key=key, viewer=viewer, by=viewer.actor(), at=NOON)
        monkeypatch.setattr(actions.applying, "_apply_some", some)
        return went_on

    monkeypatch.setattr(actions.applying, "_apply_some", interrupted)
    assert actions.apply_rows(key=key, at=NOON).state is State.TAKING_BACK
    assert actions.go_on(key=key, at=NOON).state is State.TAKEN_BACK
    assert ledger.counts() == {}
    actions.put_back(key=key, viewer=viewer, by=viewer.actor(), at=NOON)
    assert actions.go_on(key=key, at=NOON).rows_ready == 25


def test_a_job_that_comes_twice_does_its_work_once() -> None:
    done = applied(TOUCHES)
    before = ledger.top_seq()
    for step in (actions.apply_rows, actions.check_rows, actions.void_rows, actions.go_on):
        assert step(key=done.key, at=NOON) == done
    assert actions.read_columns(key=done.key) == done
    taken_back(done.key)
    after = ledger.top_seq()
    assert after == before + 1
    actions.void_rows(key=done.key, at=NOON)
    assert ledger.top_seq() == after


# Files that are refused, and wrong steps


def test_a_file_larger_than_allowed_leaves_nothing_behind(settings: Any, house: Path) -> None:
    settings.UPLOAD_MEGABYTES = 1
    exactly = b"x" * 1024 * 1024
    take_in(exactly)
    with pytest.raises(FileRefused, match="It is larger than 1 MB"):
        take_in(exactly + b"x")
    assert models.Import.objects.count() == 1
    assert len(list((house / "imports").iterdir())) == 1


def test_a_failed_upload_leaves_nothing_behind(house: Path) -> None:
    class Cut(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError

    with pytest.raises(OSError):
        actions.take_in(kind=FileKind.SPEND, name="x.csv", content=Cut(), settings=Settings(), by=COMMAND_LINE, at=NOON)
    assert models.Import.objects.count() == 0
    assert list((house / "imports").iterdir()) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b.csv", "own.CSV", "x" * 300 + ".csv", "no suffix"])
def test_a_files_name_never_says_where_it_is_kept(house: Path, name: str) -> None:
    key = take_in(TOUCHES, name=name)
    (kept,) = (house / "imports" / str(key)).iterdir()
    assert kept.name.startswith("file")
    assert len(queries.worker_import(key).file_name) <= 200
    assert actions.read_columns(key=key).state is State.MAPPING


@pytest.mark.parametrize("content", ["", "name,name\n", b"PK\x03\x04\x00", b"\xff\xfe"])
def test_a_file_that_cannot_be_read_fails_in_words(content: str | bytes) -> None:
    key = take_in(content)
    failed = actions.read_columns(key=key)
    assert failed.state is State.FAILED
    assert failed.error is not None
    assert set(failed.error) == {"what", "why", "todo"}
    assert all(failed.error.values())
    for deed in (actions.check_rows, actions.apply_rows, actions.go_on):
        assert deed(key=key, at=NOON) == failed


def test_a_file_with_a_header_only_fails_when_it_is_checked() -> None:
    failed = checked("email,date,channel\n\n , \n")
    assert failed.state is State.FAILED
    assert failed.error is not None
    assert failed.error["why"] == "The file has a header and no rows."


def test_a_file_that_breaks_off_keeps_what_was_read() -> None:
    row = b"a@x.example,2026-02-01,email\n"
    failed = checked(b"email,date,channel\n" + row * 7 + b"x" * 2_000_001 + b"\n")
    assert failed.state is State.FAILED
    assert failed.rows_read == 7
    assert failed.error is not None
    assert failed.error["why"].startswith("After row 8 it is not rows of cells")
    assert ledger.is_empty()


@pytest.mark.parametrize("column", ["person_key", "occurred_at", "channel"])
def test_no_row_is_checked_without_a_required_column(column: str) -> None:
    key = take_in(TOUCHES)
    before = actions.read_columns(key=key)
    with pytest.raises(FileRefused, match=f"No column was chosen for {column}"):
        confirm(key, **{column: ""})
    assert queries.worker_import(key) == before


def test_columns_can_be_changed_until_the_rows_are_applied() -> None:
    first = checked("who,email,date,channel\nJane,jane@example.com,2026-02-01,email\n")
    confirm(first.key, person_key="who")
    second = actions.check_rows(key=first.key, at=NOON)
    assert (second.mapping["person_key"], second.rows_read, second.rows_ready) == ("who", 1, 1)
    actions.apply(key=first.key, viewer=None, by=COMMAND_LINE, at=NOON)
    with pytest.raises(WrongState):
        confirm(first.key)


def test_steps_out_of_turn_are_refused_and_change_nothing() -> None:
    viewer = marketer()
    given: dict[str, Any] = {"viewer": viewer, "by": viewer.actor(), "at": NOON}
    reading = take_in(TOUCHES)
    checked_, done = checked(TOUCHES).key, applied(TOUCHES).key
    gone = taken_back(applied(SPEND, FileKind.SPEND).key).key
    wrong = [
        (actions.apply, reading), (actions.take_back, reading), (actions.put_back, reading),
        (actions.take_back, checked_), (actions.put_back, checked_),
        (actions.apply, done), (actions.put_back, done),
        (actions.apply, gone), (actions.take_back, gone),
    ]  # fmt: skip
    before = [queries.worker_import(key) for key in (reading, checked_, done, gone)]
    for deed, key in wrong:
        with pytest.raises(WrongState):
            deed(key=key, **given)
    for key in (reading, done, gone):
        with pytest.raises(WrongState):
            confirm(key, viewer=viewer)
    assert [queries.worker_import(key) for key in (reading, checked_, done, gone)] == before


# Rejected rows


def test_rejected_rows_are_kept_with_their_reasons_and_the_rest_counts() -> None:
    content = (
        "email,date,channel\n"
        "jane@example.com,2026-02-01,email\n"
        "jane@example.com,31/12/2025,email\n"
        "too,many,cells,here\n"
        ",2026-02-01,email\n"
        "jane@example.com,2026-02-02,\n"
        f"{'x' * 300}@example.com,2026-02-02,email\n"
        "https://example.com,2026-02-03,email\n"
    )
    found = checked(content)
    assert (found.rows_read, found.rows_ready, found.rows_rejected) == (7, 2, 5)
    actions.apply(key=found.key, viewer=None, by=COMMAND_LINE, at=NOON)
    done = actions.apply_rows(key=found.key, at=NOON)
    assert counts(done) == (7, 2, 0, 5, 2)
    rejected = queries.rejected(colleague(Role.LEADER), found.key)
    assert [(row.row, row.reason) for row in rejected] == [
        (3, f"{NOT_A_DATE} Say whether its day or its month comes first."),
        (4, "it has 4 cells where the header has 3."),
        (5, "person_key is empty."),
        (6, "channel is empty."),
        (7, "person_key has 312 characters; at most 200 are kept."),
    ]
    assert rejected[0].content == {"email": "jane@example.com", "date": "31/12/2025", "channel": "email"}
    assert rejected[1].content == {"cells": "too | many | cells | here"}


def test_a_nul_deep_in_a_file_rejects_its_row_only() -> None:
    rows = "plain@example.com,2026-02-01,email,note\n" * 30_000
    bad = "ja\0ne@example.com,2026-02-01,email,x\na,b\0\nz@example.com,2026-02-02,email,a\0b\n"
    content = f"email,date,channel,note\n{rows}{bad}"
    assert content.index("\0") > 1_000_000
    found = checked(content)
    assert (found.rows_ready, found.rows_rejected) == (30_001, 2)
    rejected = queries.rejected(colleague(Role.LEADER), found.key)
    assert rejected[0].reason == "person_key holds a NUL character."
    assert rejected[0].content["email"] == "ja�ne@example.com"


# Erasing a person


def erase(address: str) -> None:
    viewer = colleague(Role.LEADER)
    key = known(address)[email(address)]
    people_actions.erase_person(person_key=key, viewer=viewer, at=NOON)


def test_an_erasure_takes_a_persons_rows_out_of_imports_and_kept_files(
    nudges: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    assert "integrations" in REGISTRY.erase_steps
    new = NewPerson(
        name="Jane Doe",
        identifiers=(
            email("jane@example.com"), Identifier(Scheme.PHONE, "+447700900123"), Identifier(Scheme.ID, "file:4711"),
            Identifier(Scheme.PROFILE, "linkedin.com/in/jane"),
        ),
    )  # fmt: skip
    people_actions.add_people(people=[new], by=COMMAND_LINE, at=NOON)
    content = (
        "email,date,channel,note\n"
        "JANE@example.com,2026-02-01,email,ready\n"
        "07700 900123,2026-02-02,phone,ready\n"
        "https://www.linkedin.com/in/Jane/,2026-02-03,linkedin,ready\n"
        "4711,2026-02-03,email,ready\n"
        "jane@example.com,someday,email,rejected\n"
        "zed@example.com,2026-02-04,email,4711\n"
        "zed@example.com,someday,email,stays\n"
        "jane@example.com,ragged\n"
    )
    waiting, unread = checked(content).key, take_in(content)
    done = applied("email,date,channel\njane@example.com,2026-02-09,email\nzed@example.com,2026-02-09,email\n").key
    spend = applied(SPEND, FileKind.SPEND).key
    nudges.clear()
    with django_capture_on_commit_callbacks(execute=True):
        erase("jane@example.com")

    found = queries.worker_import(waiting)
    assert (found.rows_ready, found.rows_rejected) == (1, 1)
    assert found.sample is not None
    assert found.sample.rows == ()
    assert ledger.counts()[Kind.TOUCH] == 2
    assert {key for job, key in nudges if job == "import"} == {str(waiting), str(unread), str(done)}
    assert {key for key, _ in queries.unfinished()} == {waiting, unread, done}
    held = [models.Import.objects.get(pk=key) for key in (waiting, unread, done, spend)]
    assert "jane" not in str([one.forget for one in held]).lower()

    for key in (waiting, unread, done):
        actions.go_on(key=key, at=NOON)
    files = ["".join(actions.files.path_of(one).read_text()).lower() for one in held]
    assert [text.count("jane") for text in files] == [0, 0, 0, 0]
    assert [text.count("07700") for text in files] == [0, 0, 0, 0]
    assert [text.count("zed@example.com") for text in files] == [2, 2, 1, 0]
    assert queries.unfinished() == ()
    assert queries.worker_import(unread).state is State.MAPPING
    assert "jane" not in str(queries.worker_import(unread)).lower()
    taken_back(done)
    viewer = marketer()
    actions.put_back(key=done, viewer=viewer, by=viewer.actor(), at=NOON)
    assert actions.go_on(key=done, at=NOON).rows_ready == 1


def test_a_file_that_cannot_be_read_is_removed_when_somebody_is_erased() -> None:
    people_actions.add_people(
        people=[NewPerson(name="J", identifiers=(email("jane@example.com"),))], by=COMMAND_LINE, at=NOON
    )
    key = take_in("name,name\njane@example.com,x\n")
    actions.read_columns(key=key)
    erase("jane@example.com")
    assert actions.go_on(key=key, at=NOON).state is State.FAILED
    assert not actions.files.path_of(models.Import.objects.get(pk=key)).exists()
    assert queries.unfinished() == ()


def test_an_export_holds_the_rows_that_were_not_imported() -> None:
    applied("email,date,channel\njane@example.com,2026-02-09,email\nJane@example.com,someday,email\n")
    key = known("jane@example.com")[email("jane@example.com")]
    found = people.export(colleague(Role.LEADER), key)["integrations"]
    assert found == {
        "rows_not_imported": [
            {"row": 3, "content": {"email": "Jane@example.com", "date": "someday", "channel": "email"}}
        ],
        "records_of_other_systems": [],
    }


def test_a_file_that_comes_again_does_not_bring_an_erased_person_back(django_capture_on_commit_callbacks: Any) -> None:
    content = "email,date,channel\njane@example.com,2026-02-09,email\nzed@example.com,2026-02-09,email\n"
    applied(content)
    erase("jane@example.com")
    counts = ledger.counts()
    with django_capture_on_commit_callbacks():
        found = applied(f"{content}jane@example.com,2026-02-10,phone\nzed@example.com,2026-02-10,phone\n")
    assert known("jane@example.com", "zed@example.com").keys() == {email("zed@example.com")}
    assert (found.rows_posted, found.rows_unchanged, found.rows_rejected, found.people_added) == (1, 1, 2, 0)
    assert ledger.counts()[Kind.TOUCH] == counts[Kind.TOUCH] + 1
    rejected = queries.rejected(colleague(Role.LEADER), found.key)
    assert {one.reason for one in rejected} == {
        "this person was erased before, so the row is not imported and what it said is not kept."
    }
    assert "jane" not in str(list(models.ImportRow.objects.values_list("content", "parsed", "reason")))
    actions.go_on(key=found.key, at=NOON)
    file = actions.files.path_of(models.Import.objects.get(pk=found.key)).read_text()
    assert "jane" not in file
    assert file.count("zed@example.com") == 2
