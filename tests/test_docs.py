"""The documents say what is: every setting, command, kind of fact, room and column, and links that lead somewhere."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools import columns

from fourfold.accounts.types import Role
from fourfold.integrations.types import COLUMNS, Column, FileKind
from fourfold.ledger.types import Channel, Kind
from fourfold.project import settings
from fourfold.project.cli import COMMANDS
from fourfold.project.env import PREFIX

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/fourfold"
DOCS = ROOT / "docs"
ROOMS = sorted(path.parent.name for path in SOURCE.glob("*/__init__.py"))
FIRST_SCREEN = 40
LARGEST_PICTURE = 200_000

LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
NAMED = re.compile(rf"`({'|'.join(ROOMS)})\.([a-z_]+(?:\.[a-z_]+)?)\.([A-Za-z_]+)[`(]")


def tracked(*patterns: str) -> list[Path]:
    """Files under version control, and new ones that are not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [path for name in dict.fromkeys(listed) if (path := ROOT / name).is_file()]


PAGES = tracked("*.md")


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def section(text: str, title: str) -> str:
    """What stands under a heading, until the next of the same level."""
    found = re.search(rf"^(#+) {re.escape(title)}$\n(.*?)(?=^\1 |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"there is no heading “{title}”"
    return found[2]


def anchor(heading: str) -> str:
    """The address of a heading, as code hosts make it."""
    plain = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower())
    return plain.strip().replace(" ", "-")


# ------------------------------------------------------------------------------------------ operations


def test_every_setting_is_documented_in_a_table() -> None:
    told = re.findall(rf"^\|([^|]*`{PREFIX}[^|]*)\|", section(page("docs/operations.md"), "Settings"), re.MULTILINE)
    documented = {name for cell in told for name in re.findall(rf"{PREFIX}[A-Z_]+", cell)}
    assert documented == settings.env.known


def test_no_page_names_a_setting_that_nothing_reads() -> None:
    for path in PAGES:
        named = set(re.findall(rf"{PREFIX}[A-Z]+(?:_[A-Z]+)*", path.read_text("utf-8")))
        assert named <= settings.env.known, f"{path.relative_to(ROOT)}: {sorted(named - settings.env.known)}"


def test_every_command_is_documented_and_no_other() -> None:
    told = re.findall(r"^\| `fourfold (\w+)` \|", section(page("docs/operations.md"), "Commands"), re.MULTILINE)
    assert sorted(told) == sorted(COMMANDS)


def test_every_page_names_commands_that_exist() -> None:
    for path in PAGES:
        named = set(re.findall(r"(?:^|[`/])fourfold ([a-z]+)", path.read_text("utf-8"), re.MULTILINE))
        assert named <= set(COMMANDS), f"{path.relative_to(ROOT)} names {sorted(named - set(COMMANDS))}"


def test_options_of_commands_on_the_page_exist() -> None:
    table = section(page("docs/operations.md"), "Commands")
    for name, cell in re.findall(r"^\| `fourfold (\w+)` \| (.*) \|$", table, re.MULTILINE):
        folder = SOURCE / "evidence/cli.py" if name == "evidence" else SOURCE / f"project/commands/{name}_command.py"
        for option in re.findall(r"`[^`]*?(--[a-z-]+)", cell):
            assert f'"{option}"' in folder.read_text("utf-8"), f"fourfold {name} has no {option}"


def test_every_make_target_is_documented() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", page("Makefile"), re.MULTILINE)
    assert phony
    told = set(re.findall(r"^\| `make ([a-z-]+)` \|", page("README.md"), re.MULTILINE))
    assert told == set(phony[1].split())


# ------------------------------------------------------------------------------------------ facts and files


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_fact_is_documented(kind: Kind) -> None:
    assert re.search(rf"^\| {kind.value} \| .{{10,}}", page("src/fourfold/ledger/README.md"), re.MULTILINE)
    assert re.search(rf"^\| {kind.value} \| .{{10,}}", page("docs/glossary.md"), re.MULTILINE)


@pytest.mark.parametrize("channel", Channel)
def test_every_channel_is_in_the_glossary(channel: Channel) -> None:
    row = re.search(r"^\| channel \|.*$", page("docs/glossary.md"), re.MULTILINE)
    assert row
    assert re.search(rf"\b{channel.value}\b", row[0])


def test_the_tables_of_columns_are_what_the_code_reads() -> None:
    text = columns.PAGE.read_text("utf-8")
    assert text == columns.written(text), "docs/imports.md is behind: run “make docs”, or python tools/columns.py"


@pytest.mark.parametrize("kind", COLUMNS)
def test_a_new_column_would_be_missed(kind: FileKind, monkeypatch: pytest.MonkeyPatch) -> None:
    text = columns.PAGE.read_text("utf-8")
    more = (*COLUMNS[kind], Column("shoe_size", "the size of a shoe"))
    monkeypatch.setitem(COLUMNS, kind, more)
    assert columns.written(text) != text


@pytest.mark.parametrize("role", Role)
def test_every_role_has_its_column_in_who_may_do_what(role: Role) -> None:
    assert f"| {role.value} |" in section(page("docs/security.md"), "Who may do what")


def test_the_examples_of_the_page_can_be_imported() -> None:
    """The header of each example names every needed column, and its rows are read as they stand."""
    import csv

    from fourfold.base import clock
    from fourfold.integrations.rules import Reader, guess_mapping, missing_columns
    from fourfold.integrations.types import Settings

    for kind in COLUMNS:
        part = section(page("docs/imports.md"), kind.value.replace("_", " ").capitalize())
        example = re.search(r"^```csv\n(.*?)^```", part, re.MULTILINE | re.DOTALL)
        assert example
        header, *rows = csv.reader(example[1].splitlines())
        mapping = guess_mapping(kind, header)
        assert missing_columns(kind, mapping) == []
        assert sorted(mapping.values()) == sorted(header), f"{kind}: a header of the example isn't recognised"
        reader = Reader(kind, mapping, Settings(), clock.now())
        for number, row in enumerate(rows, start=2):
            assert reader.read(number, dict(zip(header, row, strict=True)))["ref"]
        assert not reader.unknown_channels


# ------------------------------------------------------------------------------------------ rooms


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_its_page_and_stands_on_the_map(room: str) -> None:
    if not (SOURCE / room / "README.md").exists():
        pytest.fail(f"src/fourfold/{room}/README.md is missing")
    row = re.search(
        rf"^\| \[{room}\]\(src/fourfold/{room}/README\.md\) \| .{{20,}} \|$", page("README.md"), re.MULTILINE
    )
    assert row, f"README.md's map lacks {room}"


def test_the_map_has_no_room_that_is_gone() -> None:
    told = re.findall(r"^\| \[(\w+)\]\(src/fourfold/", section(page("README.md"), "The rooms"), re.MULTILINE)
    assert sorted(told) == ROOMS


def defined(path: Path) -> Iterator[str]:
    """Names that a module defines or brings in, its classes' methods included."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (name.asname or name.name for name in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def test_functions_that_pages_name_exist() -> None:
    found = 0
    for path in PAGES:
        for room, module, name in NAMED.findall(path.read_text("utf-8")):
            places = [SOURCE / room / f"{module.replace('.', '/')}.py", SOURCE / room / module / "__init__.py"]
            place = next((one for one in places if one.exists()), None)
            if place is None and module in {"models"}:
                continue
            assert place is not None, f"{path.relative_to(ROOT)} names {room}.{module}, which is no module"
            assert name in set(defined(place)), f"{path.relative_to(ROOT)}: {room}.{module} has no {name}"
            found += 1
    assert found > 20


@pytest.mark.parametrize("room", ["files", "integrations", "ledger", "people", "reports", "search", "surveys", "work"])
def test_the_deeds_and_reads_that_a_room_lists_exist(room: str) -> None:
    for door in ("actions", "queries"):
        row = re.search(rf"^\| `{door}\.py` \| (.*) \|$", page(f"src/fourfold/{room}/README.md"), re.MULTILINE)
        assert row, f"{room}/README.md has no row for {door}.py"
        place = SOURCE / room / f"{door}.py"
        place = place if place.exists() else SOURCE / room / door / "__init__.py"
        public = {name for name in defined(place) if name[0] != "_"}
        told = set(re.findall(r"`([a-z_]+)`", row[1]))
        assert told
        assert told <= public, f"{room}.{door} has no {sorted(told - public)}"


# ------------------------------------------------------------------------------------------ links and words


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_pictures_lead_somewhere(path: Path) -> None:
    text = FENCE.sub("", path.read_text("utf-8"))
    for match in LINK.finditer(text):
        target, _, place = match["target"].partition("#")
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        other = (path.parent / target).resolve() if target else path
        assert other.exists(), f"{path.relative_to(ROOT)} links to {target}, which is not there"
        assert other.is_relative_to(ROOT), f"{path.relative_to(ROOT)} links out of the project: {target}"
        if place:
            anchors = {anchor(heading) for heading in HEADING.findall(FENCE.sub("", other.read_text("utf-8")))}
            assert place in anchors, f"{path.relative_to(ROOT)} links to {target}#{place}, which is no heading there"


def test_every_picture_is_shown_and_small() -> None:
    shown = {
        (path.parent / match["target"]).resolve()
        for path in PAGES
        for match in LINK.finditer(path.read_text("utf-8"))
        if match["target"].endswith(".png")
    }
    pictures = set((DOCS / "pictures").glob("*.png"))
    assert pictures
    assert pictures == shown
    for picture in pictures:
        assert picture.stat().st_size <= LARGEST_PICTURE, f"{picture.name} is too large"
    assert all(re.search(r"!\[[^\]]{10,}\]", line) for line in page("README.md").splitlines() if "![" in line)


def test_every_document_stands_in_the_index() -> None:
    index = page("docs/README.md")
    for path in DOCS.glob("*.md"):
        assert path.name == "README.md" or f"({path.name})" in index, f"docs/README.md lacks {path.name}"


def test_the_first_screen_says_how_to_run_test_and_sign_in() -> None:
    first = "\n".join(page("README.md").splitlines()[:FIRST_SCREEN])
    for needed in ("make run", "make test", "http://127.0.0.1:8000", "python3 ≥ 3.11", "lena.hart@fourfold.example"):
        assert needed in first
    from fourfold.project.demo.fill import PASSWORD

    assert PASSWORD in first


def test_the_lock_files_name_no_address() -> None:
    for path in tracked("requirements/*.txt"):
        lines = path.read_text("utf-8").splitlines()
        assert not [line for line in lines if "://" in line or line.startswith(("-i", "--index", "--extra", "--find"))]


def test_the_licence_is_whole() -> None:
    text = page("LICENSE")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert 'license = "Apache-2.0"' in page("pyproject.toml")
