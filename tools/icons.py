"""Write the one SVG sprite of the icons listed in ``fourfold.ui.icons``.

Called by ``tools/vendor.py``, which records the result in ``VENDORED.toml``. To add an icon, add its name to
``fourfold/ui/icons.py`` and run ``python tools/vendor.py FOLDER``.
"""

from __future__ import annotations

import re
from pathlib import Path

from fourfold.ui.icons import ICONS

SPRITE = Path(__file__).parent.parent / "src/fourfold/ui/static/ui/vendor/icons.svg"
# The house's own mark: four quarters of one square, one for each of the 4Cs.
MARK = (
    '<rect x="3" y="3" width="8" height="8" rx="2.5"/><rect x="13" y="3" width="8" height="8" rx="4"/>'
    '<rect x="3" y="13" width="8" height="8" rx="4"/><rect x="13" y="13" width="8" height="8" rx="2.5"/>'
)


def main(folder: Path) -> None:
    """One ``<symbol>`` an icon; strokes and fills come from the page's stylesheet."""
    symbols = []
    for name in ICONS:
        inner = MARK if name == "mark" else drawing(folder / "@tabler/icons/icons/outline" / f"{name}.svg")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    SPRITE.write_text('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n")


def drawing(file: Path) -> str:
    """The shapes of one icon, without the empty frame that Tabler puts first."""
    inner = re.sub(r"^.*?<svg[^>]*>|</svg>.*$", "", file.read_text(), flags=re.DOTALL)
    inner = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", inner)
    return re.sub(r"\s*\n\s*", "", inner).replace(" />", "/>")
