"""Zips that people hand in, hostile ones too; and what is met of files that may not fit into memory."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from fourfold.integrations import reading
from fourfold.integrations.reading import archive, greenhouse
from fourfold.integrations.rules.reader import InMemory, Seen
from fourfold.integrations.types import FileRefused


def zip_of(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return path


def test_names_inside_are_never_paths(tmp_path: Path) -> None:
    names = ["../../evil.csv", "/etc/evil.csv", "C:\\evil.csv", "good/Candidate.csv"]
    path = zip_of(tmp_path / "x.zip", *((name, b"a") for name in names))
    found = reading.unpack(path, tmp_path / "out")
    assert [where.parent for _, where in found] == [tmp_path / "out"] * 4
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == ["00000", "00001", "00002", "00003"]
    assert found[3][0] == "good/Candidate.csv"
    assert not (tmp_path.parent / "evil.csv").exists()


def test_links_folders_and_what_macos_adds_are_passed_over(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = 0o120777 << 16
    path = zip_of(
        tmp_path / "x.zip", (link, b"/etc/passwd"), ("__MACOSX/._a.csv", b"x"), (".hidden", b"x"), ("a.csv", b"x")
    )
    assert [name for name, _ in reading.unpack(path, tmp_path / "out")] == ["a.csv"]


def test_a_bomb_is_refused_whatever_it_says_of_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "SMALL", 1000)
    path = zip_of(tmp_path / "x.zip", ("a.csv", b"0" * 3_000_000))
    with pytest.raises(FileRefused, match="not read"):
        reading.unpack(path, tmp_path / "out")
    assert sum(one.stat().st_size for one in (tmp_path / "out").iterdir()) < 3_000_000


def test_too_many_files_and_locked_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_FILES", 2)
    with pytest.raises(FileRefused):
        reading.unpack(zip_of(tmp_path / "x.zip", *((f"{n}.csv", b"x") for n in range(3))), tmp_path / "out")
    path = zip_of(tmp_path / "y.zip", ("a.csv", b"x"))
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = raw.index(mark) + offset
        raw[place : place + 2] = struct.pack("<H", struct.unpack("<H", raw[place : place + 2])[0] | 1)
    path.write_bytes(bytes(raw))
    with pytest.raises(FileRefused) as refused:
        reading.unpack(path, tmp_path / "out2")
    assert "password" in refused.value.why


def test_a_workbook_is_no_zip(tmp_path: Path) -> None:
    assert not reading.is_zip(zip_of(tmp_path / "x.xlsx", ("[Content_Types].xml", b"<x/>")))
    assert reading.is_zip(zip_of(tmp_path / "x.zip", ("a.csv", b"x")))
    (tmp_path / "a.csv").write_text("a,b\n")
    assert not reading.is_zip(tmp_path / "a.csv")


def test_json_that_is_none_or_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.json"
    for content in ("{", "[1, 2]", '{"id": 1}', ""):
        path.write_text(content)
        with pytest.raises(FileRefused):
            reading.greenhouse_tables(path, tmp_path / "out")
    path.write_text('[{"id": 1, "first_name": "Jane", "email_addresses": []}]')
    ((name, where),) = reading.greenhouse_tables(path, tmp_path / "out")
    assert (name, where.read_text().splitlines()[1][:7]) == ("candidates.csv", "1,Jane,")
    monkeypatch.setattr(greenhouse, "LARGEST", 10)
    with pytest.raises(FileRefused, match="not read"):
        reading.greenhouse_tables(path, tmp_path / "out")


def test_what_was_met_is_counted(tmp_path: Path) -> None:
    met = reading.Met(tmp_path / "met.sqlite3")
    met.add(["a", "b", "a"])
    met.add(["a"])
    assert met.counts(["a", "b", "c"]) == {"a": 3, "b": 1}
    met.clear()
    assert met.counts(["a"]) == {}
    met.close()


@pytest.mark.parametrize("kind", ["memory", "disk"])
def test_an_id_that_comes_twice_is_seen_in_memory_and_on_disk(kind: str, tmp_path: Path) -> None:
    seen: Seen = InMemory() if kind == "memory" else reading.SeenOnDisk(tmp_path / "seen.sqlite3")
    assert seen.first("x", 2, "one") == (2, "one")
    assert seen.first("x", 5, "two") == (2, "one")
    assert [seen.again("c"), seen.again("c"), seen.again("d")] == [1, 2, 1]
