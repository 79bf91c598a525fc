"""The public files of other systems: what real headers are recognised as, and what becomes of their rows."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from fourfold.accounts.types import Role
from fourfold.integrations import actions, models, queries, rules
from fourfold.integrations.actions.leaving import path_of_export
from fourfold.integrations.rules.systems import recognise_table
from fourfold.integrations.tests.factories import NOON, brought_over, colleague, taken_out
from fourfold.integrations.types import State
from fourfold.jobs import queries as jobs
from fourfold.people import queries as people

pytestmark = pytest.mark.datasets
KEYS = (
    "externalID", "customText1", "email", "email2", "email3", "mobile", "phone", "phone2", "phone3", "workPhone",
)  # fmt: skip


def table(text: str) -> list[dict[str, str]]:
    rows = list(csv.reader(io.StringIO(text)))
    return [dict(zip([name.strip() for name in rows[0]], row, strict=True)) for row in rows[1:] if any(row)]


@pytest.mark.django_db
def test_the_loader_files_of_bullhorn_come_over_and_go_out_byte_for_byte(datasets: Path) -> None:
    leader = colleague(Role.LEADER)
    files = {path.name: path.read_bytes() for path in sorted((datasets / "contacts/bullhorn_csv").glob("*.csv"))}
    done = brought_over(dict(files), by=leader.actor())
    assert [one.name for one in done.unknown] == ["Branch.csv"]
    assert len(done.tables) == 18
    assert done.rows_rejected == 0
    assert "ssn" in {name for one in done.tables for name in one.dropped}
    kept = str(list(models.SourceRecord.objects.values_list("payload", "keys"))) + str(
        list(models.ImportRow.objects.values_list("content", "parsed"))
    )
    assert "000-00-0000" not in kept  # the social security number
    assert {wish.purpose.value for row in people.leaving(leader) for wish in people.wishes_of([row.key])} == {
        "marketing"
    }

    key = actions.begin_export(viewer=leader, at=NOON)
    actions.write_export(key=key, at=NOON)
    with zipfile.ZipFile(path_of_export(key)) as archive:
        out = {Path(name).name: archive.read(name).decode() for name in archive.namelist() if "bullhorn/" in name}
    for name in ("Candidate.csv", "ClientContact.csv", "Lead.csv", "ClientCorporation.csv", "JobOrder.csv"):
        own = "customText1" if name == "Lead.csv" else "externalID"
        before, after = (sorted(table(text), key=lambda row: row[own]) for text in (files[name].decode(), out[name]))
        came = {row[own] for row in before}
        after = [row for row in after if row[own] in came]  # employers named by candidates are organisations too
        assert len(after) == len(before), name
        for one, other in zip(before, after, strict=True):
            same = [field for field in KEYS if field in one and field in other]
            assert own in same
            assert {field: other[field] for field in same} == {field: one[field] for field in same}, name
    assert "ssn" not in out["Candidate.csv"].splitlines()[0]
    assert table(out["Candidate.csv"])[0]["massMailOptOut"] == "TRUE"

    again = brought_over(dict(files), by=leader.actor())
    assert sum(one.one.rows_posted for one in again.tables) == 0
    assert taken_out(done.key).state is State.TAKEN_BACK
    assert people.count() == 0


@pytest.mark.django_db
def test_jobs_of_the_loader_files_move_in(datasets: Path) -> None:
    leader = colleague(Role.LEADER)
    files = {path.name: path.read_bytes() for path in sorted((datasets / "contacts/bullhorn_csv").glob("*.csv"))}
    done = brought_over(dict(files), by=leader.actor())
    found = {one.entity.name: (one.moved, one.waiting, one.unknown) for one in queries.moved_tables(done.key)}
    assert found == {
        "Opportunity": (1, 0, ()), "Lead": (1, 0, ()), "JobOrder": (1, 0, ()), "JobSubmission": (3, 0, ()),
        "Sendout": (1, 0, ()), "Placement": (1, 0, ()),
    }  # fmt: skip
    (job,) = jobs.leaving_jobs(leader)
    assert (job["title"], job["status"], job["pay_from_minor"], job["city"]) == (
        "Example Job", "open", 10_000_000, "Boston",
    )  # fmt: skip
    (one,) = jobs.leaving_applications(leader)  # the three candidates have one address: they are one human on one job
    assert (one["stage"], one["began_at"].date().isoformat()) == ("started", "2016-01-02")
    (sent,) = jobs.leaving_submissions(leader)
    assert sent["sent_at"].isoformat() == "2016-02-09T11:22:00+00:00"
    (placed,) = jobs.leaving_placements(leader)
    assert (placed["state"], placed["started_on"].isoformat(), placed["left_on"].isoformat()) == (
        "left", "2016-08-17", "2016-12-31",
    )  # fmt: skip


@pytest.mark.django_db
def test_greenhouse_examples_come_over(datasets: Path) -> None:
    lines = (datasets / "contacts/greenhouse/harvest_examples.jsonl").read_text().splitlines()
    held = [json.loads(line) for line in lines]
    examples = [one["json"] for one in held if one["source"] == "_candidates.md"]
    flat = [one for several in examples for one in (several if isinstance(several, list) else [several])]
    done = brought_over({"candidates.json": json.dumps(flat)})
    assert done.system == "greenhouse"
    counted = {one.entity.name: one.one.rows_posted + one.one.rows_unchanged for one in done.tables}
    assert counted["Candidate"] >= 1
    assert counted["Application"] >= 1
    reasons = {row[1] for one in done.tables for row in list(queries.rejected_table(one.one.key))[1:]}
    assert reasons <= {"it says of nobody: no id of a person is in it."}  # examples of what is sent have no id


def test_the_headers_of_seven_exports_are_known(datasets: Path) -> None:
    held = json.loads((datasets / "contacts/contact_export_headers.json").read_text())
    found = {}
    for name, one in held.items():
        entity = recognise_table("export.csv", next(csv.reader([one["header"]])))
        found[name] = entity.layout if entity else None
    assert found == {
        "linkedin_connections": "linkedin.Connections", "linkedin_connections_older": "linkedin.Connections",
        "google_contacts_old": "google.Contact", "google_contacts_new": "google.Contact",
        "outlook_csv": "outlook.Contact", "hubspot_contacts": "hubspot.Contact", "salesforce_leads": None,
    }  # fmt: skip


def test_sensitive_fields_of_the_field_tables_are_dropped(datasets: Path) -> None:
    text = (datasets / "contacts/bullhorn_entities/candidate.md").read_text()
    names = ("ssn", "ethnicity", "gender", "disability", "veteran", "dateOfBirth", "maritalStatus", "taxID")
    named = {name for name in names if f"| {name} " in text}
    assert len(named) >= 6
    assert all(rules.is_sensitive(name) for name in named)
