"""Pages of coming over and of going out, as a browser gets them."""

from __future__ import annotations

import io
import zipfile
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
from fourfold.base.actor import COMMAND_LINE
from fourfold.integrations import actions, models, queries, rules
from fourfold.integrations.tests.factories import NOON, brought_over, colleague, handed_in, looked_at
from fourfold.integrations.types import State
from fourfold.people import actions as people_actions
from fourfold.people import queries as people
from fourfold.people.types import Identifier, NewPerson, Scheme

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]
HTMX = {"HX-Request": "true"}


def sample() -> dict[str, Any]:
    return {"sample.zip": rules.sample_zip()}


def state(key: UUID) -> State:
    return queries.worker_crossing(key).state


def text_of(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def test_from_the_drop_to_the_people_and_out_again(sign_in: SignIn) -> None:
    viewer = colleague(Role.LEADER)
    client = sign_in(viewer)
    assert reverse("new_crossing") in text_of(client, "imports")
    assert "Drop the exported files here" in text_of(client, "new_crossing")
    zipped = client.get(reverse("sample_export")).content
    sent = client.post(reverse("new_crossing"), {"exported": SimpleUploadedFile("all.zip", zipped)})
    (found,) = queries.crossings(viewer)
    assert sent["Location"] == reverse("crossing", args=[found.key])
    assert "Recognising your files" in text_of(client, "crossing", found.key)
    part = client.get(f"{sent['Location']}?part=1", headers=HTMX)
    assert "crossing-progress" in part.content.decode()
    actions.go_on_crossing(key=found.key, at=NOON)
    assert client.get(f"{sent['Location']}?part=1", headers=HTMX)["HX-Refresh"] == "true"
    page = text_of(client, "crossing", found.key)
    assert "We recognised a Bullhorn export: Clients 3 · Candidates 12 · Client contacts 3" in page
    assert "3 sensitive columns are dropped." in page
    assert "disability, ethnicity, dateOfBirth." in page
    client.post(reverse("check_crossing", args=[found.key]))
    actions.go_on_crossing(key=found.key, at=NOON)
    page = text_of(client, "crossing", found.key)
    assert "All 36 rows are ready to come over" in page
    assert "don’t want to hear from you: carried over" in page
    assert people.count() == 0
    client.post(reverse("apply_crossing", args=[found.key]))
    actions.go_on_crossing(key=found.key, at=NOON)
    assert "36 records came over from Bullhorn" in text_of(client, "crossing", found.key)
    assert people.count() == 15
    assert "Bullhorn export" in text_of(client, "imports")
    client.post(reverse("take_back_crossing", args=[found.key]))
    actions.go_on_crossing(key=found.key, at=NOON)
    assert "was taken out again" in text_of(client, "crossing", found.key)
    assert people.count() == 0


def test_the_pages_take_few_statements_however_many_crossings_there_are(sign_in: SignIn) -> None:
    client = sign_in(colleague(Role.LEADER))
    found = [brought_over(sample()), looked_at(sample()), looked_at(sample())]
    pages = [reverse("imports"), *(reverse("crossing", args=[one.key]) for one in found)]
    pages += [reverse("waiting_records"), reverse("staged", args=["bullhorn.JobOrder"]), reverse("leaving")]
    client.get(pages[0])
    for address in pages:
        with CaptureQueriesContext(connection) as statements:
            assert client.get(address).status_code == 200
        assert len(statements) <= 14, address


def test_columns_can_be_changed_but_not_to_sensitive_ones(sign_in: SignIn) -> None:
    key = handed_in(sample())
    client = sign_in(colleague(Role.MARKETER))
    (table,) = [one for one in queries.worker_crossing(key).tables if one.entity.name == "Candidate"]
    address = reverse("crossing_table", args=[table.one.key])
    page = client.get(address).content.decode()
    assert "Sensitive columns can’t be chosen." in page
    assert '<option value="ethnicity"' not in page
    data = {f"column_{name}": header for name, header in table.one.mapping.items()}
    assert client.post(address, {**data, "column_tags": "ethnicity"}).status_code == 422
    assert client.post(address, {**data, "column_headline": "", "dates": "mdy"})["Location"].endswith(f"{key}/")
    (after,) = [one for one in queries.worker_crossing(key).tables if one.entity.name == "Candidate"]
    assert "headline" not in after.one.mapping
    assert client.get(reverse("import", args=[table.one.key]))["Location"] == reverse("crossing", args=[key])


def test_what_is_not_recognised_says_so_and_nothing_chosen_is_422(sign_in: SignIn) -> None:
    client = sign_in(colleague(Role.LEADER))
    assert client.post(reverse("new_crossing"), {}).status_code == 422
    key = handed_in({"spend.csv": "Month,Channel,Amount\n2026-01,web,5\n"})
    page = text_of(client, "crossing", key)
    assert "These files were not recognised" in page
    assert "spend.csv" in page


def test_what_waits_is_shown_by_kind_with_its_people(sign_in: SignIn) -> None:
    untitled = "externalID,title,clientCorporation.externalID,numOpenings,salary\nJ-9,,C-1,3,45000\n"
    taught = "candidate.externalID,school,degree\nP-1,Leeds,BSc\n"
    brought_over({**sample(), "JobOrder 2.csv": untitled, "CandidateEducation.csv": taught})
    client = sign_in(colleague(Role.LEADER))
    assert "2 records wait" in text_of(client, "waiting_records")
    page = text_of(client, "staged", "bullhorn.JobOrder")
    assert "It has no title." in page
    assert "45000" in page
    assert "Leeds" in text_of(client, "staged", "bullhorn.CandidateEducation")
    assert client.get(reverse("staged", args=["bullhorn.Nothing"])).status_code == 404
    assert client.get(reverse("staged", args=["bullhorn.JobOrder"]) + "?after=x").status_code == 404


@pytest.mark.parametrize(
    ("name", "posts"),
    [("crossing", False), ("check_crossing", True), ("apply_crossing", True), ("take_back_crossing", True),
     ("crossing_table", False)],
)  # fmt: skip
def test_a_recruiter_sees_no_crossing_of_others_and_changes_none(sign_in: SignIn, name: str, posts: bool) -> None:
    key = looked_at(sample()).key
    client = sign_in(colleague(Role.RECRUITER))
    address = reverse(name, args=[key])
    answer = client.post(address) if posts else client.get(address)
    assert answer.status_code in {403, 404}
    assert state(key) is State.CHECKED
    other = sign_in(colleague(Role.LEADER))
    missing = reverse(name, args=[uuid4()])
    assert (other.post(missing) if posts else other.get(missing)).status_code == 404


@pytest.mark.parametrize("name", ["new_crossing", "sample_export", "waiting_records", "leaving"])
def test_these_pages_are_for_those_who_bring_files(sign_in: SignIn, name: str) -> None:
    assert sign_in(colleague(Role.RECRUITER)).get(reverse(name)).status_code == 403
    assert Client().get(reverse(name))["Location"].startswith(reverse("account_login"))


def exported(viewer: Viewer) -> dict[str, str]:
    """The tables of an export that this viewer has made."""
    key = actions.begin_export(viewer=viewer, at=NOON)
    actions.write_export(key=key, at=NOON)
    path = actions.note_download(key=key, viewer=viewer, at=NOON)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_the_house_goes_out_as_one_zip_and_who_took_it_is_written_down(sign_in: SignIn) -> None:
    brought_over(sample())
    viewer = colleague(Role.LEADER)
    client = sign_in(viewer)
    assert "Take everything with you" in text_of(client, "leaving")
    assert client.post(reverse("leaving"))["Location"] == reverse("leaving")
    assert "Being written" in text_of(client, "leaving")
    (one,) = queries.exports(viewer)
    assert queries.unfinished_exports() == (one.key,)
    address = reverse("download_export", args=[one.key])
    assert client.post(address).status_code == 404
    actions.write_export(key=one.key, at=NOON)
    assert client.get(address).status_code == 405
    answer = client.post(address)
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "bullhorn/Candidate.csv" in archive.namelist()
        assert "P-1,Alice,Ashdown" in archive.read("bullhorn/Candidate.csv").decode()
    assert sign_in(colleague(Role.LEADER)).post(address).status_code == 404
    assert sign_in(colleague(Role.MARKETER)).post(address).status_code == 403


def test_an_export_leaves_out_whom_its_maker_may_not_see() -> None:
    brought_over(sample())
    secret = NewPerson(
        name="Quiet Person", identifiers=(Identifier(Scheme.EMAIL, "quiet@post.example"),), confidential=True
    )
    people_actions.add_people(people=[secret], by=COMMAND_LINE, at=NOON)
    whole, part = exported(colleague(Role.LEADER)), exported(colleague(Role.ADMINISTRATOR))
    assert "Quiet Person" in whole["plain/people.csv"]
    assert "Quiet Person" not in str(part)
    # Imogen works for a client: what she looks for is not for every eye.
    assert "Imogen" in part["bullhorn/ClientContact.csv"]
    assert part.keys() <= whole.keys()


def test_cells_that_a_spreadsheet_could_run_are_text_and_keys_stay() -> None:
    rows = (
        "externalID,firstName,lastName,email,phone,dateAvailable\n"
        "=1+1,=HYPERLINK(1),Doe,jo@post.example,+44 1632 960001,\n"
    )
    brought_over({"Candidate.csv": rows})
    text = exported(colleague(Role.LEADER))["bullhorn/Candidate.csv"]
    assert "'=1+1,'=HYPERLINK(1),Doe" in text
    assert ",+44 1632 960001," in text


def test_an_erasure_removes_exports(django_capture_on_commit_callbacks: Any) -> None:
    brought_over(sample())
    leader = colleague(Role.LEADER)
    exported(leader)
    (one,) = queries.exports(leader)
    path = actions.leaving.path_of_export(one.key)  # type: ignore[attr-defined]
    assert path.is_file()
    (key,) = people.resolve([Identifier(Scheme.EMAIL, "alice.ashdown@post.example")]).values()
    with django_capture_on_commit_callbacks(execute=True):
        people_actions.erase_person(person_key=key, viewer=leader, at=NOON)
    assert not path.exists()
    assert models.Export.objects.count() == 0
