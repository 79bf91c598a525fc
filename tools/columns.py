"""Write the tables of docs/imports.md anew from what the code reads. ``make docs`` runs it; a test holds them equal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from fourfold.evidence.headers import SYNONYMS
from fourfold.integrations.rules import CHANNEL_NAMES
from fourfold.integrations.types import COLUMNS, WIDE_COLUMNS, Column, FileKind

PAGE = Path(__file__).resolve().parent.parent / "docs/imports.md"


def table_of(kind: FileKind) -> str:
    """The columns that a kind of file may have, as Markdown."""
    return columns_table(COLUMNS[kind], SYNONYMS.get(kind.value, {}))


def columns_table(columns: Sequence[Column], synonyms: Mapping[str, str]) -> str:
    """Columns with what they hold and the headers that are known for them."""
    lines = ["| column | | what it holds | headers we know besides |", "|---|---|---|---|"]
    for column in columns:
        known = dict.fromkeys([*synonyms.get(column.name, "").split(), *column.aliases])
        needed = "needed" if column.required else ""
        lines.append(f"| `{column.name}` | {needed} | {column.about} | {', '.join(known)} |")
    return "\n".join(lines)


def channels() -> str:
    """The names that each channel is known by, as Markdown."""
    rows = [f"| `{channel.value}` | {', '.join(names.split())} |" for channel, names in CHANNEL_NAMES.items()]
    return "\n".join(["| channel | also written |", "|---|---|", *rows])


def written(text: str) -> str:
    """The page with its tables as they should be."""
    tables = {kind.value: table_of(kind) for kind in COLUMNS} | {"channels": channels()}
    tables |= {layout.value: columns_table(wide, {}) for layout, wide in WIDE_COLUMNS.items()}
    for name, table in tables.items():
        between = re.compile(rf"(<!-- {name}: .*? -->\n).*?(<!-- end -->)", re.DOTALL)
        text, found = between.subn(lambda match, table=table: match[1] + table + "\n" + match[2], text)
        assert found == 1, f"{PAGE.name} needs one place for the table {name}"
    return text


def main() -> None:
    text = PAGE.read_text("utf-8")
    PAGE.write_text(written(text), "utf-8")
    print(f"{PAGE.parent.name}/{PAGE.name}")


if __name__ == "__main__":
    main()
