"""Jobs, submissions, CVs sent and placements of Bullhorn, from their files into jobs, and out again."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from fourfold.accounts.types import Role, Viewer
from fourfold.integrations import actions, models, queries
from fourfold.integrations.actions.leaving import path_of_export
from fourfold.integrations.tests.factories import NOON, brought_over, cash, colleague, signs, table, taken_out
from fourfold.integrations.types import CrossingRow, MovedTable, State, WrongState
from fourfold.jobs import actions as jobs_actions
from fourfold.jobs import queries as jobs
from fourfold.jobs.types import Ended
from fourfold.ledger import queries as ledger
from fourfold.people import queries as people
from fourfold.people.types import Identifier, Scheme

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]

PEOPLE: dict[str, str | bytes] = {
    "ClientCorporation.csv": table(
        "externalID,name,companyURL,status", "C1,Harbour Analytics,https://h.example,Active Account"
    ),
    "ClientContact.csv": table(
        "externalID,firstName,lastName,email,clientCorporation.externalID", "K1,Imogen,Farrow,imogen@harbour.example,C1"
    ),
    "Candidate.csv": table(
        "externalID,firstName,lastName,email,dateAvailable",
        "P1,Jane,Doe,jane@post.example,", "P2,John,Roe,john@post.example,", "P3,Ada,Poe,ada@post.example,",
    ),
}  # fmt: skip
JOBS = table(
    "externalID,title,clientCorporation.externalID,clientContact.externalID,numOpenings,isOpen,status,employmentType,"
    "salary,feeArrangement,dateAdded,dateClosed,owner.name,payRate,clientBillRate,salaryUnit,reasonClosed",
    "J1,Data lead,C1,K1,2,TRUE,Accepting Candidates,Permanent,70000,20,2/20/2026 9:30,,Lena Hart,,,,",
    "J2,Planner,C1,K1,1,FALSE,Filled,Contract,,,1/31/2024 9:30,3/1/2024,,400,520,Per Day,",
    "J3,Clerk,C1,,1,FALSE,Binned,Temp,,,1/31/2024 9:30,2/20/2024,,,,,Budget freeze",
)
SUBMISSIONS = table(
    "externalID,candidate.externalID,jobOrder.externalID,sendingUser.name,status,dateAdded,dateLastModified,dateWebResponse",
    "S1,P1,J1,Lena Hart,Client Submission,2/24/2026,2/26/2026,",
    "S2,P2,J1,Lena Hart,New Lead,1/5/2024,1/6/2024,1/5/2024",
    "S3,P3,J2,,Placed,2/1/2024,2/20/2024,",
    "S4,P2,J2,,Somewhere Else,2/1/2024,2/2/2024,",
)
SENDOUTS = table(
    "externalID,candidate.externalID,clientContact.externalID,clientCorporation.externalID,jobOrder.externalID,"
    "user.name,isRead,dateAdded",
    "O1,P1,K1,C1,J1,Lena Hart,TRUE,2/26/2026 14:10",
    "O2,P2,K1,C1,,,FALSE,3/3/2024",
    "O3,P2,K1,C1,J3,,FALSE,3/4/2024",
)
PLACEMENTS = table(
    "externalID,candidate.externalID,jobOrder.externalID,dateBegin,dateEnd,status,payRate,clientBillRate,salaryUnit,"
    "salary,fee,daysGuaranteed,commissions,terminationReason,approvingClientContact.externalID",
    "L1,P3,J2,2/26/2024,8/30/2024,Approved,400,520,Per Day,,,,Lena Hart 60%; Tom Ash (Sales) 40%,,",
)
LEADS = table("title,clientCorporation.externalID,clientContact.externalID,dealValue,winProbabilityPercent,status,"
              "externalID", "Two analysts,C1,K1,12000,30,Lost to Competition,V1")  # fmt: skip
WORK: dict[str, str | bytes] = {
    "JobOrder.csv": JOBS, "JobSubmission.csv": SUBMISSIONS, "Sendout.csv": SENDOUTS, "Placement.csv": PLACEMENTS,
    "Opportunity.csv": LEADS,
}  # fmt: skip


def moved(found: CrossingRow) -> dict[str, MovedTable]:
    return {one.entity.name: one for one in queries.moved_tables(found.key)}


def counts(found: CrossingRow) -> dict[str, tuple[int, int]]:
    return {name: (one.moved, one.waiting) for name, one in moved(found).items()}


def by_id(text: str) -> UUID:
    (key,) = people.resolve([Identifier(Scheme.ID, text)]).values()
    return key


def by_reference(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(row["source_ref"]).rsplit(":", 1)[-1]: dict(row) for row in rows}


def everything(viewer: Viewer) -> dict[str, dict[str, dict[str, Any]]]:
    return {
        "jobs": by_reference(jobs.leaving_jobs(viewer)),
        "applications": by_reference(jobs.leaving_applications(viewer)),
        "submissions": by_reference(jobs.leaving_submissions(viewer)),
        "placements": by_reference(jobs.leaving_placements(viewer)),
    }  # fmt: skip


def test_everything_moves_in_with_its_days_and_states() -> None:
    lena, tom = colleague(Role.LEADER, name="Lena Hart"), colleague(Role.RECRUITER, name="Tom Ash")
    done = brought_over({**PEOPLE, **WORK}, by=lena.actor())
    assert done.state is State.APPLIED
    assert counts(done) == {
        "Opportunity": (1, 0), "JobOrder": (3, 0), "JobSubmission": (4, 0), "Sendout": (3, 0), "Placement": (1, 0),
    }  # fmt: skip
    assert [(name, one.unknown) for name, one in moved(done).items() if one.unknown] == [
        ("JobOrder", (("Binned", 1),)), ("JobSubmission", (("Somewhere Else", 1),)),
    ]  # fmt: skip
    held = everything(lena)
    one, two, three = (held["jobs"][ref] for ref in ("J1", "J2", "J3"))
    assert (one["reference"], one["status"], one["kind"], one["openings"]) == ("BH-J1", "open", "permanent", 2)
    assert (one["pay_from_minor"], one["fee_hundredths"], one["owner_key"]) == (7_000_000, 2_000, lena.user_key)
    assert one["opened_at"] == datetime(2026, 2, 20, 9, 30, tzinfo=UTC)
    assert (two["status"], two["kind"], two["ended_at"]) == ("filled", "contract", datetime(2024, 3, 1, tzinfo=UTC))
    assert (two["pay_from_minor"], two["charge_minor"], two["pay_per"]) == (40_000, 52_000, "day")
    assert (three["status"], three["close_reason"], three["kind"]) == ("closed", "budget", "temporary")
    page = jobs.job(lena, one["key"], at=NOON)
    assert [(row.role.value, row.name) for row in page.hiring if row.person_key] == [
        ("hiring_manager", "Imogen Farrow")
    ]

    assert held["applications"].pop("")["stage"] == "submitted"  # begun by a CV that was sent, without a row of its own
    stages = {ref: (row["stage"], row["ended"], row["origin"]) for ref, row in held["applications"].items()}
    assert stages == {
        "S1": ("submitted", "", "imported"), "S2": ("applied", "", "imported"), "S3": ("started", "", "imported"),
        "S4": ("sourced", "job_closed", "imported"),
    }  # fmt: skip
    assert held["applications"]["S1"]["submitted_at"] == datetime(2026, 2, 26, 14, 10, tzinfo=UTC)
    assert held["submissions"]["O1"]["job_reference"] == "BH-J1"
    assert held["submissions"]["O2"]["job_reference"] is None
    (proof,) = jobs.introductions(lena, by_id("bullhorn:candidate.external:P1"))
    assert (proof.how, proof.introduced_at) == ("bullhorn", datetime(2026, 2, 26, 14, 10, tzinfo=UTC))
    placed = held["placements"]["L1"]
    assert (placed["state"], placed["started_on"], placed["left_on"]) == ("left", date(2024, 2, 26), date(2024, 8, 30))
    assert (placed["assignment_ends_on"], placed["assignment_finished_on"]) == (date(2024, 8, 30),) * 2
    shown = jobs.placement(lena, placed["key"], at=NOON)
    assert shown.split is not None
    assert {part.user_key: part.percent_hundredths for part in shown.split.parts} == {
        lena.user_key: 6_000, tom.user_key: 4_000,
    }  # fmt: skip
    (lead,) = people.organisation(lena, one["organisation_key"], at=NOON).leads
    assert (lead.title, lead.state.value, lead.heard_from) == ("Two analysts", "dropped", "Imogen Farrow")


def test_only_what_is_open_and_was_heard_of_within_the_promise_waits_and_no_cash_is_posted() -> None:
    lena = colleague(Role.LEADER, name="Lena Hart")
    brought_over({**PEOPLE, **WORK}, by=lena.actor())
    held = everything(lena)
    waiting = jobs.waiting(lena, held["jobs"]["J1"]["key"], at=NOON)
    assert [one.row.key for one in (*waiting.unseen, *waiting.seen)] == [held["applications"]["S1"]["key"]]
    late = datetime(2026, 3, 20, tzinfo=UTC)
    assert [row.key for row in jobs.owed_by_clients(lena, at=late)] == [held["submissions"]["O1"]["key"]]
    assert cash() == []
    assert signs() == [("candidate", "2024-03-03"), ("candidate", "2026-02-26"), ("client", "2024-01-31"),
                       ("client", "2026-02-20")]  # fmt: skip
    jane = ledger.timeline(by_id("bullhorn:candidate.external:P1")).rows
    assert [row.action for row in jane if row.action] == ["submitted"]


def test_the_same_files_again_change_nothing_and_keep_what_was_done_here() -> None:
    lena = colleague(Role.LEADER, name="Lena Hart")
    brought_over({**PEOPLE, **WORK}, by=lena.actor())
    before = everything(lena)
    jobs_actions.move_application(
        key=before["applications"]["S1"]["key"],
        to="interview",
        viewer=lena,
        at=NOON,
    )
    seen = everything(lena)
    again = brought_over({**PEOPLE, **WORK}, by=lena.actor())
    assert sum(one.one.rows_posted for one in again.tables) == 0
    assert everything(lena) == seen
    assert len(signs()) == 4


def test_what_misses_its_parents_says_why_and_moves_when_they_come() -> None:
    lena = colleague(Role.LEADER, name="Lena Hart")
    odd = table(
        "externalID,candidate.externalID,jobOrder.externalID,dateBegin,status,approvingClientContact.externalID",
        "L2,P1,J1,,Approved,", "L3,P2,J1,31/31/2024,Approved,",
    )  # fmt: skip
    first = brought_over({**WORK, "Placement 2.csv": odd}, by=lena.actor())
    assert {name: (one.moved, one.reasons) for name, one in moved(first).items()} == {
        "Opportunity": (1, ()),
        "JobOrder": (0, (("The client is not here yet.", 3),)),
        "JobSubmission": (0, (("The candidate is not here yet.", 4),)),
        "Sendout": (0, (("The candidate is not here yet.", 3),)),
        "Placement": (0, (("The candidate is not here yet.", 3),)),
    }
    assert everything(lena) == {"jobs": {}, "applications": {}, "submissions": {}, "placements": {}}
    brought_over(PEOPLE, by=lena.actor())
    assert {name: one.moved for name, one in moved(first).items()} == {
        "Opportunity": 1, "JobOrder": 3, "JobSubmission": 4, "Sendout": 3, "Placement": 1,
    }  # fmt: skip
    assert moved(first)["Placement"].reasons == (("No day is told, or none that can be read.", 2),)
    assert sum(one.count for one in queries.staged_counts()) == 2


def test_the_same_human_on_one_job_goes_on_until_somebody_here_has_worked_with_them() -> None:
    lena = colleague(Role.LEADER, name="Lena Hart")
    head = "externalID,candidate.externalID,jobOrder.externalID,sendingUser.name,status,dateAdded"
    brought_over({**PEOPLE, "JobOrder.csv": JOBS, "JobSubmission.csv": table(
        head, "S8,P1,J1,,Interview Scheduled,2/24/2026", "S7,P1,J1,,Client Rejected,2/21/2026",
    )}, by=lena.actor())  # fmt: skip
    (one,) = everything(lena)["applications"].values()
    assert (one["stage"], one["ended"], one["began_at"].day) == ("interview", "", 21)
    brought_over({"JobSubmission.csv": table(head, "S9,P1,J1,,Offer Extended,2/26/2026")}, by=lena.actor())
    (one,) = everything(lena)["applications"].values()
    assert one["stage"] == "offer"
    jobs_actions.move_application(key=one["key"], to="second-interview", viewer=lena, at=NOON)
    brought_over({"JobSubmission.csv": table(head, "S10,P1,J1,,Rejected,2/27/2026")}, by=lena.actor())
    (one,) = everything(lena)["applications"].values()
    assert (one["stage"], one["ended"]) == ("interview", "")


def test_records_of_earlier_files_move_in_by_the_button() -> None:
    lena = colleague(Role.LEADER, name="Lena Hart")
    done = brought_over({**PEOPLE, "JobOrder.csv": JOBS}, by=lena.actor())
    taken = taken_out(done.key)
    assert taken.kept == 0
    done = brought_over({**PEOPLE, "JobOrder.csv": JOBS}, by=lena.actor())
    keys = ("source_id", "external_id", "contact_ref", "organisation_ref", "added_at")
    for one in models.Import.objects.filter(settings__layout="bullhorn.JobOrder"):  # as it was before jobs were read
        one.mapping = {name: header for name, header in one.mapping.items() if name in keys}
        one.save()
    (key,) = {row["key"] for row in jobs.leaving_jobs(lena) if row["source_ref"].endswith("J1")}
    models.SourceRecord.objects.filter(became_key=key).update(
        staged=True, became_key=None, source_id="bullhorn:joborder:9"
    )
    actions.move_waiting(key=done.key, viewer=lena, by=lena.actor(), at=NOON)
    assert actions.go_on_crossing(key=done.key, at=NOON).moving_done == 1
    held = everything(lena)["jobs"]
    assert (held["9"]["title"], held["9"]["status"]) == ("Data lead", "open")
    with pytest.raises(WrongState, match="No jobs"):
        actions.move_waiting(key=done.key, viewer=lena, by=lena.actor(), at=NOON)


def test_all_of_it_goes_out_again_but_what_somebody_has_worked_with() -> None:
    lena = colleague(Role.LEADER, name="Lena Hart")
    done = brought_over({**PEOPLE, **WORK}, by=lena.actor())
    assert taken_out(done.key).kept == 0
    assert everything(lena) == {"jobs": {}, "applications": {}, "submissions": {}, "placements": {}}
    assert (people.count(), signs(), models.SourceRecord.objects.count()) == (0, [], 0)

    done = brought_over({**PEOPLE, **WORK}, by=lena.actor())
    held = everything(lena)
    jobs_actions.end_application(
        key=held["applications"]["S2"]["key"],
        ended=Ended.WITHDREW,
        why="took another",
        viewer=lena,
        at=NOON,
    )
    after = taken_out(done.key)
    left = everything(lena)
    assert {name: set(rows) for name, rows in left.items()} == {
        "jobs": {"J1"}, "applications": {"S2"}, "submissions": set(), "placements": set(),
    }  # fmt: skip
    assert by_id("bullhorn:candidate.external:P2")
    assert after.kept == 5  # the job, the application, their client, its contact and the candidate
    assert signs() == [("client", "2026-02-20")]


def test_the_house_leaves_with_its_jobs() -> None:
    lena = colleague(Role.LEADER, name="Lena Hart")
    brought_over({**PEOPLE, **WORK, "JobOrder.csv": JOBS.replace("Data lead", "=Data lead")}, by=lena.actor())
    key = actions.begin_export(viewer=lena, at=NOON)
    actions.write_export(key=key, at=NOON)
    with zipfile.ZipFile(path_of_export(key)) as archive:
        out = {Path(name).stem: archive.read(name).decode() for name in archive.namelist() if "plain/" in name}
        came = {Path(name).stem for name in archive.namelist() if "bullhorn/" in name}
    rows = {name: list(csv.DictReader(io.StringIO(text))) for name, text in out.items()}
    assert [len(rows[name]) for name in ("jobs", "applications", "submissions", "placements")] == [3, 5, 3, 1]
    assert "'=Data lead" in {row["title"] for row in rows["jobs"]}
    assert {row["owner_key"] for row in rows["jobs"]} == {"Lena Hart", ""}
    assert {"JobOrder", "JobSubmission", "Sendout", "Placement", "Opportunity"} <= came


def test_the_page_says_what_moved_what_waits_and_why(sign_in: SignIn) -> None:
    lena, recruiter = colleague(Role.LEADER, name="Lena Hart"), colleague(Role.RECRUITER)
    done = brought_over(WORK, by=lena.actor())
    client = sign_in(lena)
    page = client.get(f"/imports/over/{done.key}/").content.decode()
    assert "1 record has moved in." in page
    assert "Move 11 jobs and applications in" in page
    assert "the candidate is not here yet" in page
    assert "The client is not here yet." in client.get("/imports/waiting/bullhorn.JobOrder/").content.decode()
    assert client.post(f"/imports/over/{done.key}/move/").status_code == 302
    assert "Moving the jobs and applications in" in client.get(f"/imports/over/{done.key}/").content.decode()
    assert actions.go_on_crossing(key=done.key, at=NOON).state is State.APPLIED
    assert sign_in(recruiter).post(f"/imports/over/{done.key}/move/").status_code in {403, 404}
