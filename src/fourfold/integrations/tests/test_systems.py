"""Which system a file is from, and what its cells say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from fourfold.integrations import rules
from fourfold.integrations.rules import BadRowError, LeftOutError, Reader, records, systems
from fourfold.integrations.rules.systems import recognise_table
from fourfold.integrations.types import ENTITIES, FileKind, Settings
from fourfold.people.queries import recognise_as
from fourfold.people.types import Identifier, Scheme

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def ask(text: str, scheme: Scheme | None, source: str) -> Identifier | None:
    country = source if scheme is Scheme.PHONE and len(source) == 2 else "GB"
    return recognise_as(scheme or Scheme.ID, text, source=source, country=country)


def read(layout: str, dates: str = "dmy", **row: str) -> dict[str, Any]:
    """One row under these headers, read as a row of the table."""
    cells = {name.replace("__", "."): text for name, text in row.items()}
    settings = Settings(layout=layout, source=layout.split(".", maxsplit=1)[0], dates=dates)
    mapping = rules.guess_mapping(FileKind.RECORDS, list(cells), layout)
    reader = Reader(FileKind.RECORDS, mapping, settings, NOON, recognise=ask, colleagues={"ana lee": str(UUID(int=7))})
    return reader.read(2, cells)


@pytest.mark.parametrize(
    ("name", "header", "layout"),
    [
        ("Candidate.csv", "externalID,firstName,lastName,email,dateAvailable", "bullhorn.Candidate"),
        ("export (3).csv", "externalID,firstName,lastName,email,dateAvailable", "bullhorn.Candidate"),
        ("Candidates 2026.csv", "ID,First Name,Last Name,Status,Current Company,Owner", "bullhorn.Candidate"),
        ("list.csv", "ID,First Name,Last Name,Email,Current Company,Date Available", "bullhorn.Candidate"),
        ("x.csv", "clientContactID,firstName,lastName,clientCorporationID", "bullhorn.ClientContact"),
        ("x.csv", "firstName,lastName,email,clientCorporation.externalID", "bullhorn.ClientContact"),
        ("x.csv", "clientCorporationID,name,status", "bullhorn.ClientCorporation"),
        ("x.csv", "candidate.externalID,companyName,isLastJob", "bullhorn.CandidateWorkHistory"),
        ("x.csv", "noteID,comments,action,dateAdded", "bullhorn.Note"),
        ("x.csv", "jobSubmissionID,candidateID,jobOrderID,status", "bullhorn.JobSubmission"),
        ("CandidateEducation.csv", "candidate.externalID,school,degree", "bullhorn.CandidateEducation"),
        ("x.csv", "First Name,Last Name,URL,Email Address,Company,Position,Connected On", "linkedin.Connections"),
        ("x.csv", "Record ID,First Name,Last Name,Email,Contact owner", "hubspot.Contact"),
        ("x.csv", "Record ID,Company name,Company owner,City", "hubspot.Company"),
        ("x.csv", "Name,Given Name,Family Name,E-mail 1 - Value", "google.Contact"),
        ("x.csv", "First Name,Last Name,Labels,E-mail 1 - Value", "google.Contact"),
        ("x.csv", "First Name,Last Name,E-mail Address,Business Phone", "outlook.Contact"),
        ("index.csv", "File,Name,Email", "cvs.Index"),
        ("notes.csv", "Some,Other,Columns", None),
        ("spend.csv", "Month,Channel,Amount", None),
    ],
)
def test_a_file_is_known_by_its_headers_and_its_name(name: str, header: str, layout: str | None) -> None:
    found = recognise_table(name, header.split(","))
    assert (found.layout if found else None) == layout


def test_a_file_that_could_be_of_two_systems_is_of_the_one_beside_it() -> None:
    headers = {"a": ["Record ID", "Company name", "Company owner"], "b": ["id", "name", "domain", "City", "Phone"]}
    alone = rules.recognise_tables({"b": headers["b"]}, {"b": ("companies.csv", None)})
    beside = rules.recognise_tables(headers, {"a": ("x.csv", None), "b": ("companies.csv", None)})
    assert alone["b"] is not None
    assert beside["b"] is ENTITIES["hubspot.Company"]


def test_the_header_may_stand_below_notes() -> None:
    rows = [["Notes:"], ["When exporting your connection data, you may notice …"], ["First Name", "Last Name", "URL"]]
    assert rules.table_header_row(rows) == 2
    assert rules.table_header_row([["a"], ["b"]]) == 0


@pytest.mark.parametrize(
    "header",
    ["ssn", "ethnicity", "Gender", "disability", "veteran", "dateOfBirth", "Date of Birth", "Birthday", "maritalStatus",
     "Religion", "taxID", "federalFilingStatus", "customEncryptedText1", "Nationality", "I9 On File"],
)  # fmt: skip
def test_sensitive_columns_are_known(header: str) -> None:
    assert rules.is_sensitive(header)


@pytest.mark.parametrize(
    "header", ["status", "branch.externalID", "email", "state", "customText1", "title", "Stage", "language"]
)
def test_others_are_not(header: str) -> None:
    assert not rules.is_sensitive(header)


def test_custom_columns_with_content_are_offered() -> None:
    headers, rows = ["externalID", "customText1", "customText2", "customInt3", "ssn"], [["1", "a", "", "4", "9"]]
    assert rules.custom_columns(headers, rows, {"externalID"}) == ["customText1", "customInt3"]


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("12/1/2016 0:00", "mdy", "2016-12-01"),
        ("2/2/16 00:00", "mdy", "2016-02-02"),
        ("31/03/2026", "dmy", "2026-03-31"),
        ("31/03/2026", "", None),
        ("2016-12-01 00:00:00.000", "", "2016-12-01"),
        ("2017-08-15T03:31:46.591Z", "", "2017-08-15"),
        ("1480550400000", "", "2016-12-01"),
        ("12 Mar 2025", "", "2025-03-12"),
        ("13/13/2016", "mdy", None),
        ("soon", "dmy", None),
        ("", "dmy", None),
    ],
)
def test_days_are_read_or_left_out(text: str, order: str, day: str | None) -> None:
    found = records.moment_text(text, order)
    assert (found[:10] if found else None) == day


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["1/31/2026", "2/3/2026"], "mdy"),
        (["31/1/2026", "2/3/2026"], "dmy"),
        (["1/2/2026"], ""),
        (["31/1/2026", "1/31/2026"], ""),
    ],
)
def test_the_order_of_days_is_told_by_the_rows(texts: list[str], order: str) -> None:
    assert rules.day_order(texts) == order


@pytest.mark.parametrize(
    ("text", "name"),
    [("Smith, Jane", "Jane Smith"), ("Jane Smith", "Jane Smith"), ("Smith, PhD", "Smith, PhD"), ("A, B, C", "A, B, C"),
     ("de la Cruz, Ana Maria", "Ana Maria de la Cruz")],
)  # fmt: skip
def test_names_are_turned_round(text: str, name: str) -> None:
    assert records.turned(text) == name


@pytest.mark.parametrize(
    ("text", "flag"), [("TRUE", True), ("1", True), ("Yes", True), ("0", False), ("N", False), ("", None), ("?", None)]
)
def test_flags(text: str, flag: bool | None) -> None:
    assert records.flag(text) is flag


@pytest.mark.parametrize(
    ("cells", "wishes"),
    [
        ({"mail_opt_out": "TRUE"}, [["marketing", "email", "mail_opt_out"]]),
        ({"mail_opt_out": "FALSE"}, []),
        ({"mail_opt_out": "x"}, [["marketing", "email", "mail_opt_out"]]),
        ({"unsubscribed": "true"}, [["marketing", "email", "unsubscribed"]]),
        ({"can_email": "false"}, [["all", "email", "can_email"]]),
        ({"can_email": "true"}, []),
        ({"can_email": ""}, []),
        ({"sms_opt_in": "FALSE"}, [["marketing", "sms", "sms_opt_in"]]),
        ({"sms_opt_in": "TRUE"}, []),
        ({"status": "Do Not Contact"}, [["all", "", "status"]]),
        ({"status": "Blacklisted"}, [["all", "", "status"]]),
        ({"status": "Active"}, []),
    ],
)
def test_only_a_no_is_carried_over(cells: dict[str, str], wishes: list[list[str]]) -> None:
    assert records.wishes(cells) == wishes


@pytest.mark.parametrize(
    ("text", "code"), [("United States", "US"), ("UK", "GB"), ("gb", "GB"), ("Germany", "DE"), ("Narnia", ""), ("", "")]
)
def test_countries(text: str, code: str) -> None:
    assert records.country_code(text) == code


def test_markup_goes_and_lines_stay() -> None:
    assert records.plain_text("<p>Spoke &amp; agreed.</p><div>Rings <b>back</b></div>") == "Spoke & agreed.\nRings back"
    assert records.plain_text("1 < 2 and 3") == "1 < 2 and 3"


def test_a_candidate_is_read_whole() -> None:
    found = read(
        "bullhorn.Candidate", dates="mdy", id="4711", externalID="old-9", firstName="Jane", lastName="Doe",
        email="Jane@Example.com", email2="not an address", mobile="(617) 555-0101", workPhone="020 7946 0001",
        address__countryName="United States", occupation="Engineer", companyName="Acme",
        primarySkills__name="Python;SQL", skillSet="sql, Airflow", status="Do Not Contact", massMailOptOut="1",
        dateAdded="1/31/2024 9:30", source="Referral", owner__name="Ana Lee", description="<b>Good</b>",
        ssn="000-00-0000", isDeleted="FALSE",
    )  # fmt: skip
    assert found["own"] == ["bullhorn:candidate:4711", "bullhorn:candidate.external:old-9"]
    assert found["ref"] == "bullhorn:candidate:4711"
    assert found["name"] == "Jane Doe"
    assert ["email", "jane@example.com"] in found["ids"]
    assert ["phone", "+16175550101"] in found["ids"]
    assert ["id", "bullhorn:candidate:4711"] in found["ids"]
    assert found["skills"] == ["Python", "SQL", "Airflow"]
    assert found["unread"] == ["email_2 “not an address”", "work_phone “020 7946 0001”"] or found["uses"]
    assert found["wishes"] == [["marketing", "email", "mail_opt_out"], ["all", "", "status"]]
    assert found["owner"] == str(UUID(int=7))
    assert found["added"].startswith("2024-01-31T09:30")
    assert found["notes"] == [["about", "Good"]]
    assert found["keys"]["email"] == "Jane@Example.com"
    assert "000-00-0000" not in str(found)


def test_key_cells_are_kept_byte_for_byte() -> None:
    found = read("bullhorn.Candidate", externalID=" c-1  ", firstName="Jo", lastName="Li", phone=" 473-555-0101")
    assert found["own"] == ["bullhorn:candidate.external:c-1"]
    assert found["keys"] == {"external_id": " c-1  ", "first_name": "Jo", "last_name": "Li", "phone": " 473-555-0101"}


def test_rows_deleted_there_are_left_out() -> None:
    with pytest.raises(LeftOutError):
        read("bullhorn.Candidate", externalID="1", firstName="Jo", lastName="Li", isDeleted="TRUE")


@pytest.mark.parametrize(
    ("layout", "row"),
    [
        ("bullhorn.Candidate", {"firstName": "", "lastName": "", "email": ""}),
        ("bullhorn.ClientCorporation", {"externalID": "1", "name": ""}),
        ("bullhorn.Note", {"noteID": "1", "comments": "", "candidateID": "4"}),
        ("bullhorn.Note", {"noteID": "1", "comments": "Hello", "action": "Call"}),
        ("bullhorn.CandidateWorkHistory", {"candidateID": "4", "companyName": "", "title": ""}),
        ("bullhorn.Tearsheet", {"name": "", "candidates": "1"}),
        ("cvs.Index", {"file": "", "name": "Jo"}),
    ],
)
def test_rows_that_say_nothing_are_rejected(layout: str, row: dict[str, str]) -> None:
    with pytest.raises(BadRowError):
        read(layout, **row)


def test_a_person_with_a_name_only_is_known_again_by_what_the_row_says() -> None:
    row = {"First Name": "Jo", "Last Name": "Li", "Company": "Acme"}
    once, again = (read("linkedin.Connections", **row) for _ in range(2))
    other = read("linkedin.Connections", **{**row, "Company": "Beta"})
    assert once["ids"] == again["ids"]
    assert once["ids"] != other["ids"]
    assert once["ids"][0][0] == "id"


def test_a_note_names_those_it_is_about() -> None:
    found = read("bullhorn.Note", noteID="5", comments="Hi", action="Call", candidateID="1; 2", clientContactID="3")
    assert found["about"] == [["bullhorn:candidate:1"], ["bullhorn:candidate:2"], ["bullhorn:clientcontact:3"]]
    assert found["text"] == "Call: Hi"


def test_what_has_no_room_is_kept_without_the_sensitive_cells() -> None:
    found = read(
        "bullhorn.JobSubmission", jobSubmissionID="9", candidateID="1", jobOrderID="7", status="Sent", gender="F"
    )
    assert found["payload"] == {"jobSubmissionID": "9", "candidateID": "1", "jobOrderID": "7", "status": "Sent"}
    assert found["about"] == [["bullhorn:candidate:1"]]


# Whose a row is

A, B = uuid4(), uuid4()
JANE, JOHN = Identifier(Scheme.EMAIL, "jane@example.com"), Identifier(Scheme.EMAIL, "john@example.com")
PHONE, OWN = Identifier(Scheme.PHONE, "+441632960001"), Identifier(Scheme.ID, "bullhorn:candidate:1")
NAMES = {A: "Jane Doe", B: "John Roe"}


def whose(ids: list[Identifier], name: str, known: dict[Identifier, UUID], common: tuple[str, ...] = ()) -> rules.Whose:
    return rules.whose(ids, name, known, NAMES, end_of=lambda key: key, common=common)


def test_the_own_id_decides_and_leaves_addresses_of_others_alone() -> None:
    found = whose([OWN, JANE, JOHN], "Jane Doe", {OWN: A, JOHN: B})
    assert (found.person, found.kept, found.shared) == (A, (OWN, JANE), (JOHN,))


def test_an_address_decides_where_the_names_agree() -> None:
    assert whose([OWN, JANE], "Jane M Doe", {JANE: A}).person == A
    found = whose([OWN, JANE], "Zoe Quist", {JANE: A})
    assert (found.person, found.kept, found.shared) == (None, (OWN,), (JANE,))


def test_addresses_of_two_people_are_nobodys() -> None:
    assert whose([JANE, JOHN], "", {JANE: A, JOHN: B}).others == (A, B)


def test_a_switchboard_tells_nobody_apart() -> None:
    assert whose([OWN, PHONE], "Jane Doe", {PHONE: A}).person == A
    assert whose([OWN, PHONE], "Zoe Quist", {PHONE: A}).shared == (PHONE,)
    found = whose([OWN, PHONE], "Jane Doe", {}, common=(PHONE.value,))
    assert (found.person, found.kept, found.shared) == (None, (OWN,), (PHONE,))


def test_every_table_has_columns_by_which_its_rows_are_found() -> None:
    for entity in ENTITIES.values():
        names = {column.name for column in entity.columns}
        assert names & {"source_id", "external_id", "name", "first_name", "person_ref", "email", "file"}, entity.layout
    assert systems.SENSITIVE
