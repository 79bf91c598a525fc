"""Files of another system, from the drop to the house and out again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from fourfold.accounts.types import Role
from fourfold.base.actor import COMMAND_LINE
from fourfold.integrations import actions, models, queries, rules
from fourfold.integrations.tests.factories import (
    NOON,
    brought_over,
    colleague,
    handed_in,
    looked_at,
    table,
    taken_out,
    zipped,
)
from fourfold.integrations.types import CrossingRow, State, WrongState
from fourfold.people import actions as people_actions
from fourfold.people import queries as people
from fourfold.people.types import Identifier, NewPerson, Purpose, Scheme
from fourfold.work import actions as work_actions
from fourfold.work import queries as work

pytestmark = pytest.mark.django_db

CLIENTS = table("externalID,name,companyURL,status", "C1,Harbour Analytics,https://harbour.example,Active Account")
CANDIDATES = table(
    "externalID,firstName,lastName,email,mobile,occupation,primarySkills.name,massMailOptOut,dateAdded,source,ssn,description",
    "P1,Jane,Doe,Jane@post.example,01632 960001,Engineer,Python;SQL,TRUE,1/31/2024 9:30,Referral,000-11,<p>Calm</p>",
    "P2,John,Roe,john@post.example,01632 960002,Analyst,,FALSE,2/1/2024 9:30,,000-22,",
)
CONTACTS = table(
    "externalID,firstName,lastName,email,clientCorporation.externalID,occupation,status",
    "K1,Imogen,Farrow,imogen@harbour.example,C1,CTO,Do Not Contact",
)
WORK = table(
    "candidate.externalID,companyName,title,startDate,endDate,isLastJob",
    "P1,Fenwick Rail,Planner,1/1/2019,6/30/2023,FALSE",
)
NOTES = table(
    "externalID,comments,action,candidates.externalID,clientContacts.externalID,commentingPerson.name,dateAdded",
    "N1,Open to a move,Call,P1,,Ana Lee,3/14/2025 11:20",
    "N2,Sent terms,Email,,K1,,3/14/2025 11:20",
    "N3,Lost,Call,P9,,,3/14/2025 11:20",
)
JOBS = table(
    "externalID,title,clientCorporation.externalID,clientContact.externalID,numOpenings,isOpen",
    "J1,Data lead,C1,K1,2,TRUE",
)
LISTS = table("name,description,candidates.externalID,isPrivate", "Warm people,,P1;P2,FALSE")
EXPORT: dict[str, str | bytes] = {
    "Candidate.csv": CANDIDATES, "ClientCorporation.csv": CLIENTS, "ClientContact.csv": CONTACTS, "Note.csv": NOTES,
    "CandidateWorkHistory.csv": WORK, "JobOrder.csv": JOBS,
}  # fmt: skip


def by_id(text: str) -> UUID:
    (key,) = people.resolve([Identifier(Scheme.ID, text)]).values()
    return key


def jane() -> UUID:
    return by_id("bullhorn:candidate.external:P1")


def counts(found: CrossingRow) -> dict[str, tuple[int, int, int]]:
    """By table, rows that came in, were there, and were rejected."""
    return {
        one.entity.name: (one.one.rows_posted, one.one.rows_unchanged, one.one.rows_rejected) for one in found.tables
    }


def reasons(found: CrossingRow, name: str) -> list[str]:
    (key,) = [one.one.key for one in found.tables if one.entity.name == name]
    return [row[1] for row in queries.rejected_table(key)][1:]


def test_an_export_is_recognised_and_put_in_order() -> None:
    found = queries.worker_crossing(handed_in({**EXPORT, "letter.csv": "Dear,all\n1,2\n"}))
    assert (found.state, found.system) == (State.MAPPING, "bullhorn")
    assert [one.entity.name for one in found.tables] == [
        "ClientCorporation", "Candidate", "ClientContact", "CandidateWorkHistory", "JobOrder", "Note",
    ]  # fmt: skip
    assert [one.counts["rows"] for one in found.tables] == [1, 2, 1, 1, 1, 3]
    assert [one.name for one in found.unknown] == ["letter.csv"]
    (candidates,) = [one for one in found.tables if one.entity.name == "Candidate"]
    assert candidates.dropped == ("ssn",)
    assert candidates.one.settings.dates == "mdy"
    assert people.count() == 0


def test_sensitive_columns_are_taken_out_of_the_kept_files_too(house: Path) -> None:
    key = handed_in({"all.zip": zipped(EXPORT), "Candidate 2.csv": f"{CANDIDATES}torn,000-33\n"})
    found = queries.worker_crossing(key)
    assert sum(one.dropped == ("ssn",) for one in found.tables) == 2
    held = [path.read_bytes() for path in house.rglob("*") if path.is_file()]
    assert any(b"Jane@post.example" in content for content in held)
    assert not any(b"000-" in content for content in held)
    assert "000-" not in str(list(models.Import.objects.values_list("sample", flat=True)))
    done = looked_at({"Candidate.csv": f"{CANDIDATES}torn,000-33\n"})
    assert reasons(done, "Candidate") == ["it has 12 cells where the header has 11."]


def test_people_come_over_with_what_belongs_to_them() -> None:
    found = brought_over(EXPORT)
    assert counts(found) == {
        "ClientCorporation": (1, 0, 0), "Candidate": (2, 0, 0), "ClientContact": (1, 0, 0),
        "CandidateWorkHistory": (1, 0, 0), "JobOrder": (1, 0, 0), "Note": (2, 0, 1),
    }  # fmt: skip
    leader = colleague(Role.LEADER)
    page = people.person(leader, jane())
    assert (page.card.name, page.card.headline, page.card.roles) == ("Jane Doe", "Engineer", ("candidate",))
    assert page.added_at.isoformat().startswith("2024-01-31T09:30")
    ids = {(one.scheme.value, one.value) for one in people.identifiers_of([jane()])}
    assert ids == {
        ("email", "jane@post.example"), ("phone", "+441632960001"), ("id", "bullhorn:candidate.external:P1"),
    }  # fmt: skip
    kept = {one.key: one for one in people.leaving(leader)}
    assert (set(kept[jane()].skills), kept[jane()].origin_detail) == ({"Python", "SQL"}, "Bullhorn · Referral")
    contact = people.person(leader, by_id("bullhorn:clientcontact.external:K1"))
    assert (contact.card.organisation, contact.card.roles) == ("Harbour Analytics", ("client_contact",))
    (job,) = people.leaving_jobs([jane()])
    assert (job["organisation_name"], job["title"], str(job["started_on"])) == ("Fenwick Rail", "Planner", "2019-01-01")
    notes = work.held_about(["candidate", "person"], [jane()])["notes"]
    assert {(note["text"], note["by"], note["side"]) for note in notes} == {
        ("Call: Open to a move", "Ana Lee", "candidate"), ("Calm", "Bullhorn", "candidate"),
    }  # fmt: skip
    assert reasons(found, "Note") == [
        "it is about candidate.external:P9, who is neither in these files nor known here."
    ]


def test_a_no_is_carried_over_and_no_later_file_lifts_it() -> None:
    brought_over(EXPORT)
    leader_wishes = {(one.event.value, one.purpose, one.channel, one.source) for one in people.wishes_of([jane()])}
    assert leader_wishes == {("objected", Purpose.MARKETING, "email", "bullhorn")}
    contact = by_id("bullhorn:clientcontact.external:K1")
    assert {(one.purpose, one.channel) for one in people.wishes_of([contact])} == {(Purpose.ALL, "")}
    before = people.suppressed([Identifier(Scheme.EMAIL, "jane@post.example")])
    brought_over({"Candidate.csv": CANDIDATES.replace("TRUE", "FALSE")})
    assert people.suppressed([Identifier(Scheme.EMAIL, "jane@post.example")]) == before
    assert len(people.wishes_of([jane()])) == 1


def test_the_same_files_again_change_nothing_and_newer_ones_fill_in_what_is_empty() -> None:
    brought_over(EXPORT)
    held = (people.count(), models.SourceRecord.objects.count(), len(people.wishes_of([jane()])))
    again = brought_over(EXPORT)
    assert {name: row[0] for name, row in counts(again).items()} == dict.fromkeys(counts(again), 0)
    assert (people.count(), models.SourceRecord.objects.count(), len(people.wishes_of([jane()]))) == held
    newer = (
        CANDIDATES.replace("Jane,Doe", "Janet,Doe").replace("Analyst", "Head").replace("occupation", "city,occupation")
    )
    newer = newer.replace("01632 960001,", "01632 960001,Bath,").replace("01632 960002,", "01632 960002,York,")
    brought_over({"Candidate.csv": newer.replace("city", "address.city")})
    cards = {
        card.name: (card.city, card.headline)
        for card in people.cards(colleague(Role.LEADER), [jane(), by_id("bullhorn:candidate.external:P2")])
    }
    assert cards == {"Jane Doe": ("Bath", "Engineer"), "John Roe": ("York", "Analyst")}


def test_what_came_in_can_be_taken_out_again() -> None:
    known = people_actions.add_people(
        people=[NewPerson(name="John Roe", identifiers=(Identifier(Scheme.EMAIL, "john@post.example"),))],
        by=COMMAND_LINE,
        at=NOON,
    )[0]
    done = brought_over(EXPORT)
    assert people.count() == 3
    keys = [row.key for row in people.leaving(colleague(Role.LEADER))]
    out = taken_out(done.key)
    assert (out.state, out.kept) == (State.TAKEN_BACK, 0)
    assert people.count() == 1
    (left,) = people.leaving(colleague(Role.LEADER))
    assert (left.key, left.headline) == (known, "")
    assert left.identifiers == ((Scheme.EMAIL, "john@post.example"),)
    assert list(people.leaving_organisations()) == []
    assert models.SourceRecord.objects.count() == 0
    assert work.texts_about("candidate", [known, *keys]) == {}
    assert people.suppressed([Identifier(Scheme.EMAIL, "jane@post.example")]) != {}  # the no stays
    with pytest.raises(WrongState):
        actions.take_back_crossing(key=done.key, viewer=None, by=COMMAND_LINE, at=NOON)


def test_whoever_somebody_worked_with_since_stays() -> None:
    leader = colleague(Role.LEADER)
    done = brought_over(EXPORT)
    work_actions.write_note(about=("person", jane()), text="Rang her.", viewer=leader, at=NOON)
    out = taken_out(done.key)
    assert (out.state, out.kept) == (State.TAKEN_BACK, 1)
    assert [row.name for row in people.leaving(leader)] == ["Jane Doe"]


def test_hot_lists_come_over_to_whom_brings_them() -> None:
    leader = colleague(Role.LEADER)
    done = brought_over({**EXPORT, "Tearsheet.csv": LISTS}, by=leader.actor())
    assert counts(done)["Tearsheet"] == (1, 0, 0)
    again = brought_over({"Tearsheet.csv": LISTS}, by=leader.actor())
    assert counts(again)["Tearsheet"] == (0, 1, 0)
    nobody = brought_over({"Tearsheet.csv": LISTS})
    assert "nobody of the house owns it" in reasons(nobody, "Tearsheet")[0]


def test_what_has_no_room_is_kept_with_its_links_and_goes_with_its_person() -> None:
    submissions = table(
        "jobSubmissionID,candidate.externalID,jobOrder.externalID,sendingUser.name,status", "S1,P1,J1,Ana Lee,Sent"
    )
    brought_over({**EXPORT, "JobSubmission.csv": submissions})
    leader = colleague(Role.LEADER)
    assert {one.entity.name: one.count for one in queries.staged_counts()} == {"JobSubmission": 1}  # no day is told
    (row,) = queries.staged_rows(leader, "bullhorn.JobSubmission")
    assert row.people == ((jane(), "Jane Doe"),)
    assert dict(row.cells)["status"] == "Sent"
    exported = people.export(leader, jane())["integrations"]["records_of_other_systems"]
    assert {(one["table"], one["id"]) for one in exported} >= {("JobSubmission", "bullhorn:jobsubmission:S1")}
    people_actions.erase_person(person_key=jane(), viewer=leader, at=NOON)
    assert queries.staged_counts() == ()
    assert "Jane" not in str(list(models.SourceRecord.objects.values_list("keys", "payload")))


def test_an_erased_person_stays_out_and_nothing_of_the_row_is_kept() -> None:
    leader = colleague(Role.LEADER)
    brought_over(EXPORT)
    people_actions.erase_person(person_key=jane(), viewer=leader, at=NOON)
    again = brought_over(EXPORT)
    assert counts(again)["Candidate"] == (0, 1, 1)
    assert people.resolve([Identifier(Scheme.EMAIL, "jane@post.example")]) == {}
    kept = str(list(models.ImportRow.objects.values_list("content", "parsed", "reason")))
    assert "jane@post.example" not in kept.lower()
    assert "Jane" not in kept


def test_an_erasure_reaches_the_kept_files_and_applies_nothing_out_of_order(house: Path) -> None:
    leader = colleague(Role.LEADER)
    brought_over({**EXPORT, "Note.csv": NOTES.replace("N3,Lost,Call,P9", "N3,Kept,Call,P2")})
    waiting = looked_at({"Note.csv": NOTES})
    actions.apply_crossing(key=waiting.key, viewer=None, by=COMMAND_LINE, at=NOON)
    people_actions.erase_person(person_key=jane(), viewer=leader, at=NOON)
    for key, _ in queries.unfinished():
        actions.go_on(key=key, at=NOON)
    held = b"".join(path.read_bytes() for path in house.rglob("file*.csv"))
    assert b"jane" not in held.lower()
    assert b"Open to a move" not in held  # a note about her, by her id
    assert b"john@post.example" in held
    assert queries.worker_crossing(waiting.key).state is State.APPLYING
    assert queries.worker_crossing(waiting.key).rows_done == 0


def test_columns_can_be_set_before_the_check_but_never_sensitive_ones() -> None:
    key = handed_in({"Candidate.csv": CANDIDATES})
    (one,) = queries.worker_crossing(key).tables
    mapping = {**one.one.mapping, "headline": "", "city": "occupation", "tags": "ssn"}
    leader = colleague(Role.LEADER)
    actions.set_table(key=one.one.key, mapping=mapping, settings=one.one.settings, viewer=leader, at=NOON)
    (after,) = queries.worker_crossing(key).tables
    assert after.one.mapping["city"] == "occupation"
    assert not {"headline", "tags"} & after.one.mapping.keys()
    again = queries.worker_crossing(handed_in({"Candidate.csv": CANDIDATES}))
    assert again.tables[0].one.mapping == after.one.mapping


def test_columns_of_the_houses_own_become_added_fields_where_wanted() -> None:
    leader = colleague(Role.LEADER)
    text = table("candidateID,firstName,lastName,email,customText1,customText2", "P1,Ann,Ash,ann@post.example,Remote,x")
    key = handed_in({"Candidate.csv": text})
    (one,) = queries.worker_crossing(key).tables
    assert one.custom == ("customText1", "customText2")
    for _ in range(2):  # the second time the field is there
        actions.set_table(
            key=one.one.key,
            mapping=one.one.mapping,
            settings=one.one.settings,
            added=["customText1", "email"],
            viewer=leader,
            at=NOON,
        )
    assert [(row.label, row.side) for row in people.custom_fields()] == [("Bullhorn customText1", "candidate")]
    actions.check_crossing(key=key, viewer=None, by=COMMAND_LINE, at=NOON)
    actions.go_on_crossing(key=key, at=NOON)
    actions.apply_crossing(key=key, viewer=None, by=COMMAND_LINE, at=NOON)
    actions.go_on_crossing(key=key, at=NOON)
    exported = str(people.export(leader, by_id("bullhorn:candidate:P1"))["people"])
    assert "Remote" in exported


@pytest.mark.parametrize("phone", ["01632 960009"])
def test_a_switchboard_makes_nobody_one(phone: str) -> None:
    rows = [
        f"P{n},{first},{last},{first}@post.example,{phone}" for n, first, last in ((1, "Ann", "Ash"), (2, "Bob", "Elm"))
    ]
    brought_over({"Candidate.csv": table("candidateID,firstName,lastName,email,phone", *rows)})
    assert people.count() == 2
    assert people.resolve([Identifier(Scheme.PHONE, "+441632960009")]) == {}


def test_a_linkedin_file_has_notes_above_its_header() -> None:
    text = (
        'Notes:\n"When exporting your connection data, you may notice that some are missing."\n\n'
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Jane,Doe,https://www.linkedin.com/in/jane-doe,,Harbour,Engineer,12 Mar 2025\n"
        ",,https://www.linkedin.com/in/nobody,,,,12 Mar 2025\n"
    )
    done = brought_over({"Connections.csv": text})
    assert (done.system, counts(done)) == ("linkedin", {"Connections": (2, 0, 0)})
    key = people.resolve([Identifier(Scheme.PROFILE, "linkedin.com/in/jane-doe")])
    (card,) = people.cards(colleague(Role.LEADER), list(key.values()))
    assert (card.name, card.organisation) == ("Jane Doe", "Harbour")


def test_greenhouse_candidates_bring_their_jobs_and_their_no() -> None:
    one = {
        "id": 53, "first_name": "Jane", "last_name": "Doe", "company": "Harbour", "title": "Engineer",
        "created_at": "2017-08-15T03:31:46.591Z", "can_email": False, "tags": ["Python"],
        "email_addresses": [{"value": "jane@post.example", "type": "personal"}], "phone_numbers": [],
        "addresses": [{"value": "1 High Street\nBristol, Avon BS1 1AA"}], "social_media_addresses": [],
        "applications": [{"id": 9, "applied_at": "2017-09-27T12:03:02.728Z", "status": "active", "jobs": []}],
        "employments": [{"id": 8, "company_name": "Fenwick", "title": "Planner", "start_date": "2012-08-15"}],
        "educations": [],
    }  # fmt: skip
    done = brought_over({"candidates.json": json.dumps([one])})
    assert counts(done) == {"Candidate": (1, 0, 0), "Employment": (1, 0, 0), "Application": (1, 0, 0)}
    key = by_id("greenhouse:candidate:53")
    assert {(wish.purpose, wish.channel) for wish in people.wishes_of([key])} == {(Purpose.ALL, "email")}
    (job,) = people.leaving_jobs([key])
    assert (job["organisation_name"], job["present"]) == ("Fenwick", True)


def test_a_whole_cv_in_one_cell_is_no_harm() -> None:
    text = f"<p>{'Led a team. ' * 20_000}</p>"
    header = "candidateID,firstName,lastName,email,description"
    brought_over({"Candidate.csv": table(header, f"1,Ann,Ash,a@post.example,{text}")})
    (note,) = work.held_about(["candidate"], [by_id("bullhorn:candidate:1")])["notes"]
    assert len(note["text"]) == 20_000


def test_hubspot_contacts_keep_their_company_and_owner() -> None:
    ana = colleague(Role.RECRUITER, name="Ana Lee")
    contacts = table(
        "Record ID,First Name,Last Name,Email,Contact owner,Create Date,Unsubscribed from all email,"
        "Associated Company ID",
        "1,Jane,Doe,jane@post.example,Ana Lee,2024-05-01,true,77",
    )
    companies = table("Record ID,Company name,Company domain name,Company owner", "77,Harbour,harbour.example,")
    brought_over({"contacts.csv": contacts, "companies.csv": companies})
    (row,) = people.leaving(colleague(Role.LEADER))
    assert (row.name, row.organisation, row.owner_key) == ("Jane Doe", "Harbour", ana.user_key)
    assert [(wish.purpose, wish.channel) for wish in people.wishes_of([row.key])] == [(Purpose.MARKETING, "email")]


PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF"
)


def test_a_zip_of_cvs_with_an_index(settings: Any) -> None:
    index = table("File,Name,Email", "cvs/jane.pdf,Jane Doe,jane@post.example", "gone.pdf,John Roe,john@post.example",
                  "evil.exe,Eve Fox,eve@post.example")  # fmt: skip
    done = brought_over({"cvs.zip": zipped({"index.csv": index, "cvs/jane.pdf": PDF, "evil.exe": b"MZ\x90"})})
    assert done.system == "cvs"
    assert sorted(one[:20] for one in reasons(done, "Index")) == ["no file “gone.pdf” i", "the person came over"]
    assert people.count() == 2  # Jane, and Eve without her file
    held = people.export(
        colleague(Role.LEADER), next(iter(people.resolve([Identifier(Scheme.EMAIL, "jane@post.example")]).values()))
    )
    assert [one["name"] for one in held["files"]["files"]] == ["jane.pdf"]


@pytest.mark.parametrize(
    "content",
    [
        zipped({"x.csv": "a,b\n1,2\n"}),
        b"PK\x03\x04 broken",
        zipped({"Candidate.csv": "externalID,firstName,lastName,dateAvailable\n"})[:40],
    ],
    ids=["strangers", "no archive", "cut off"],  # an archive's bytes hold the time, and so would its name
)
def test_what_is_none_of_ours_fails_in_words(content: bytes) -> None:
    found = queries.worker_crossing(handed_in({"export.zip": content}))
    assert found.state is State.FAILED
    assert found.error is not None
    assert found.error["todo"]


def test_the_sample_comes_over_whole() -> None:
    leader = colleague(Role.LEADER)
    done = brought_over({"sample.zip": rules.sample_zip()}, by=leader.actor())
    assert done.rows_rejected == 0
    assert counts(done)["Candidate"] == (12, 0, 0)
    assert rules.sample_zip() == rules.sample_zip()


def test_a_killed_run_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    found = looked_at(EXPORT)
    actions.apply_crossing(key=found.key, viewer=None, by=COMMAND_LINE, at=NOON)
    calls = []

    def torn(**given: Any) -> Any:
        calls.append(given)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return bring(**given)

    from fourfold.integrations.actions import crossings

    bring = crossings.apply_rows
    monkeypatch.setattr(crossings, "apply_rows", torn)
    with pytest.raises(KeyboardInterrupt):
        actions.go_on_crossing(key=found.key, at=NOON)
    assert queries.unfinished_crossings() == (found.key,)
    done = actions.go_on_crossing(key=found.key, at=NOON)
    assert (done.state, done.rows_left) == (State.APPLIED, 0)
    assert people.count() == 3
