"""``python -m fourfold.ui.typesetting SHEET``: JSON on standard input, a PDF on standard output."""

from __future__ import annotations

import sys
from pathlib import Path

import typst

FONTS = Path(__file__).parent / "print"


def main() -> None:
    """Set the sheet that is named with the values on standard input; only our own fonts are used."""
    content = typst.compile(
        sys.argv[1],
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"sheet": sys.stdin.read()},
        pdf_standards=["ua-1"],
    )
    sys.stdout.buffer.write(content)


if __name__ == "__main__":
    main()
