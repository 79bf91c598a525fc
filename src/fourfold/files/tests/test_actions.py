"""Deeds on files: what changed, and what did not."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from fourfold.accounts import queries as accounts
from fourfold.base.actor import COMMAND_LINE
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.files import actions, models, queries
from fourfold.files.tests.factories import NOON, OLD, THING, Cast, docx, pdf, picture, store
from fourfold.files.types import FilePurpose, FileRefused, TextState

pytestmark = pytest.mark.django_db(transaction=False)
Heard = list[tuple[str, set[UUID]]]
SIDES = [("person", THING), ("candidate", THING)]


def kept(house: Path) -> list[str]:
    return sorted(path.name for path in (house / "files").rglob("*") if path.is_file())


def test_a_file_is_kept_read_and_found(cast: Cast, house: Path, told: Heard) -> None:
    key = store(pdf("Jane Doe, staff engineer in Leeds", pages=2), name="..\\Jane's CV.exe")
    row = queries.about(cast.rhea, SIDES).files[0]
    assert (row.name, row.media.words, row.state, row.pages) == ("Jane's CV.pdf", "PDF", TextState.WAITING, 0)
    assert queries.waiting() == 1
    assert actions.read_waiting() == 1
    page = queries.file(cast.rhea, key)
    assert "Jane Doe, staff engineer in Leeds" in page.text
    assert (page.file.state, page.file.pages, queries.waiting()) == (TextState.READ, 2, 0)
    assert Path(queries.picture(cast.rhea, key, 2).path).read_bytes().startswith(b"\x89PNG")
    assert Path(queries.download(cast.rhea, key).path).read_bytes().startswith(b"%PDF")
    assert list(queries.texts_about("candidate", [THING])) == [THING]
    assert queries.texts_about("person", [THING]) == {}
    assert told == [("candidate", {THING}), ("candidate", {THING})]
    assert [one.deed for one in accounts.audit_trail(cast.lena)][:1] == ["store_file"]
    assert len(kept(house)) == 1


def test_the_worker_is_woken_for_who_waits_on_a_page_only(
    cast: Cast, nudges: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        store(pdf())  # an import of thousands is found by the next sweep
    assert nudges == []
    about = ("candidate", THING)
    with django_capture_on_commit_callbacks(execute=True):
        actions.bring_file(subject=about, name="x", data=b"x", purpose=FilePurpose.CV, viewer=cast.lena, at=NOON)
    assert nudges == [("files", "all")]


def test_the_candidate_side_is_not_for_every_eye(cast: Cast) -> None:
    key = store(pdf())
    assert [one.key for one in queries.about(cast.rhea, SIDES).files] == [key]
    assert queries.about(cast.milo, SIDES).files == ()
    for read in (queries.file, queries.download, lambda viewer, key: queries.picture(viewer, key, 1)):
        for viewer in (cast.milo, cast.nico):
            with pytest.raises(NotFound):
                read(viewer, key)
    with pytest.raises(NotFound):
        actions.remove_file(key=key, viewer=cast.milo, at=NOON)
    with pytest.raises(NotFound):
        actions.bring_file(
            subject=("candidate", THING), name="x", data=pdf(), purpose=FilePurpose.CV, viewer=cast.milo, at=NOON
        )


def test_the_same_bytes_about_the_same_thing_are_one_file(house: Path, cast: Cast) -> None:
    first, data = store(docx()), docx()
    assert store(data, name="other.docx") == first
    second = store(data, key=OLD)
    assert second != first
    assert len(kept(house)) == 1
    assert len(queries.about(cast.lena, SIDES).files) == 2  # one came under the merged record
    models.StoredFile.objects.filter(pk=first).update(removed_at=NOON)
    assert store(data) == first
    assert models.StoredFile.objects.get(pk=first).removed_at is None


def test_what_is_refused_leaves_nothing(house: Path, settings: Any) -> None:
    settings.FILE_MEGABYTES = 1
    for data in (b"x" * (1024 * 1024 + 1), b"MZ\x00", b""):
        with pytest.raises(FileRefused):
            store(data)
    assert models.StoredFile.objects.count() == 0
    assert not (house / "files").exists()
    store(b"x" * (1024 * 1024))


def test_a_file_with_a_password_says_so(cast: Cast) -> None:
    key = store(b"%PDF-1.7\nnothing that can be read")
    assert actions.read_file(key=key) is TextState.FAILED
    page = queries.file(cast.rhea, key)
    assert (page.text, page.file.pages) == ("", 0)
    assert "damaged" in page.why_not


def test_a_file_that_ends_its_reader_is_given_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "READER", (sys.executable, "-c", "import os; os.abort()"))
    key, other = store(pdf()), store(picture())
    assert actions.read_waiting() == 4
    assert [queries.file(cast.rhea, one).why_not for one in (key, other)] == [
        "Reading it took too long, or too much memory."
    ] * 2
    assert queries.waiting() == 0


def test_removed_brought_back_and_cleared(cast: Cast, house: Path, django_capture_on_commit_callbacks: Any) -> None:
    key = store(pdf())
    actions.read_waiting()
    with pytest.raises(NotAllowed):
        actions.remove_file(key=key, viewer=cast.rhea, at=NOON)  # she did not bring it
    actions.remove_file(key=key, viewer=cast.lena, at=NOON)
    assert queries.about(cast.lena, SIDES).files == ()
    assert queries.texts_about("candidate", [THING]) == {}
    with pytest.raises(NotFound):
        queries.download(cast.lena, key)
    actions.bring_file_back(key=key, viewer=cast.lena, at=NOON)
    assert [one.key for one in queries.about(cast.lena, SIDES).files] == [key]
    actions.remove_file(key=key, viewer=cast.lena, at=NOON)
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.clear_removed(at=NOON + timedelta(days=30)) == 0
        assert actions.clear_removed(at=NOON + timedelta(days=30, seconds=1)) == 1
    assert kept(house) == []
    assert list((house / "previews").rglob("*.png")) == []


def test_erasing_takes_bytes_text_and_pictures_but_not_another_persons(
    cast: Cast, house: Path, django_capture_on_commit_callbacks: Any
) -> None:
    shared, other = pdf("Both have this"), UUID(int=9)
    store(shared)
    store(docx(), key=OLD)
    theirs = store(shared, key=other)
    actions.read_waiting()
    held = queries.held_about(["candidate"], [THING, OLD])["files"]
    assert sorted("Both have this" in one["text"] for one in held) == [False, True]
    assert len(queries.paths_about(["candidate"], [THING, OLD])) == 2
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.forget(kinds=["person", "candidate"], keys=[THING, OLD]) == 2
    assert queries.held_about(["candidate"], [THING, OLD]) == {"files": []}
    assert kept(house) == [models.StoredFile.objects.get(pk=theirs).sha256]
    assert len(list((house / "previews").rglob("*.png"))) == 1


def test_lost_pictures_are_drawn_again(cast: Cast, house: Path) -> None:
    key, other = store(pdf()), store(docx())
    actions.read_waiting()
    assert actions.draw_lost() == 0
    next((house / "previews").rglob("1.png")).unlink()
    assert actions.draw_lost() == 1
    assert actions.read_waiting() == 1
    assert queries.picture(cast.rhea, key, 1)
    assert queries.file(cast.rhea, other).file.state is TextState.READ


def test_the_audit_names_nobody(cast: Cast) -> None:
    store(pdf(), name="Jane Doe CV.pdf")
    entry = accounts.audit_trail(cast.lena)[0]
    assert (entry.deed, entry.summary, entry.who) == ("store_file", "cv", COMMAND_LINE.name)
