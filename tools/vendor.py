"""Copy the browser assets that Fourfold serves itself, and record where each came from.

Run: ``python tools/vendor.py FOLDER`` where FOLDER holds the unpacked packages, each under its own
name (``@tabler/core``, ``@tabler/icons``, ``htmx.org``, ``@fontsource-variable/inter``,
``@expo-google-fonts/inter``). Writes into ``ui/static/ui/vendor`` and ``ui/print`` and rewrites the
``VENDORED.toml`` of each.
The result is committed: nothing is fetched to build or to run.

What is changed on the way in, and why:
- source map lines are dropped: the maps are not served, and hashed static files refuse dangling names;
- Tabler is one stylesheet of 635 KB for every taste: component families that Fourfold does not use go;
- Tabler's dark theme hangs on an attribute that a script must set; here the same rules follow
  ``prefers-color-scheme``, so that dark needs no script and never flashes;
- Tabler is put into a cascade layer, so that our tokens win without fighting over specificity.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path

import icons

UI = Path(__file__).parent.parent / "src/fourfold/ui"
VENDOR, PRINT = UI / "static/ui/vendor", UI / "print"

# package → files taken: (path in the package, name here)
TAKEN = {
    "@tabler/core": [("dist/css/tabler.min.css", "tabler.css")],
    "htmx.org": [("dist/htmx.min.js", "htmx.js"), ("LICENSE", "htmx.LICENSE.txt")],
    "@tabler/icons": [("LICENSE", "tabler.LICENSE.txt")],
    "@fontsource-variable/inter": [
        ("files/inter-latin-wght-normal.woff2", "inter-latin.woff2"),
        ("files/inter-latin-ext-wght-normal.woff2", "inter-latin-ext.woff2"),
        ("LICENSE", "inter.LICENSE.txt"),
    ],
}
# The same for what is printed: the typesetter reads TrueType, and browsers need none of it.
PRINTED = {
    "@expo-google-fonts/inter": [
        ("400Regular/Inter_400Regular.ttf", "inter-regular.ttf"),
        ("600SemiBold/Inter_600SemiBold.ttf", "inter-semibold.ttf"),
        ("LICENSE_FONT", "inter.LICENSE.txt"),
    ],
}
LICENCES = {
    "@tabler/core": "MIT",
    "@tabler/icons": "MIT",
    "htmx.org": "0BSD",
    "@fontsource-variable/inter": "OFL-1.1",
    "@expo-google-fonts/inter": "OFL-1.1",
}

# Families of Tabler classes that no page of ours uses; a rule goes when all its selectors go.
DROPPED = (
    "accordion|apexcharts|autosize|bootstrap|callout|carousel|chat|chip|columns|countup|dark-mode|datagrid|dimmer|dropdown|"
    "dropend|dropstart|dropup|dropzone|flag|float|form-colorinput|form-imagecheck|form-selectgroup|fullcalendar|grid|"
    "html-?icon|img-|jvm|jsvectormap|legend|list-group|litepicker|markdown|mention|modal|navbar|nav-segmented|noUi|object|"
    "offcanvas|otp|payment|placeholder|plyr|popover|pricing|prose|ribbon|settings|signal|signature|social|sparkline|stamp|"
    "star|step|steps|strength|switch-icon|theme|toast|tom-select|tooltip|tracking|ts-|typed|wave|calendar|animation|"
    "progressbg|segmented|sortable|space|loader|subpixel|figure|clearfix|bg-pattern|bg-gradient|btn-ghost|btn-animate|"
    "link-underline|link-(?:offset|opacity)|card-gradient|card-stamp|card-img|text-bg|focus-ring|form-range|form-floating|"
    "page-cover|table-mobile|table-sort|chart-|avatar-upload|layout-boxed|hover-|btn-check|was-validated|timeline|"
    "(?:text|bg|border|link)-opacity|display-|object-|row-cols|column-gap|row-gap|align-content|input-icon|"
    "(?:btn|btn-outline|btn-ghost|bg|text|link|border|badge|alert|status|progress-bar|form-check|table|card|list|nav|divide|bd|hr|icon)"
    "-(?:x|facebook|twitter|linkedin|google|youtube|vimeo|dribbble|github|instagram|pinterest|vk|rss|flickr|bitbucket|tabler|"
    "blue|azure|indigo|purple|pink|red|orange|yellow|lime|green|teal|cyan|gray|gray-\\d+|black|white|dark|light|inverted)(?![a-z])"
)
_DROPPED_CLASS = re.compile(rf"\.(?:{DROPPED})")
_DARK = re.compile(r"\[data-(?:bs-)?theme=dark\]|\.theme-dark|\.navbar-dark")
_OTHER_THEME = re.compile(
    r"sidebar=folded|data-vc|navbar-theme|body\[data|\[data-theme|\.theme-dark|\.navbar-dark"
    r"|theme-(?:light|dark)|img-(?:light|dark)"
)
_SOURCE_MAP = re.compile(r"\s*(?:/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=\S+)\s*$")


def main(folder: Path) -> None:
    """Copy, trim and record everything in TAKEN."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    lines = ["# Browser assets served by Fourfold itself. Written by tools/vendor.py; a test checks the hashes.", ""]
    for package, files in TAKEN.items():
        for source, name in files:
            content = (folder / package / source).read_bytes()
            if name.endswith((".css", ".js")):
                content = trimmed(content.decode(), name).encode()
            (VENDOR / name).write_bytes(content)
            lines += entry(folder, package, source, name)
    icons.main(folder)
    lines += entry(folder, "@tabler/icons", "icons/outline", icons.SPRITE.name)
    (VENDOR / "VENDORED.toml").write_text("\n".join(lines))
    printed = ["# Fonts of printed pages. Written by tools/vendor.py; a test checks the hashes.", ""]
    for package, files in PRINTED.items():
        for source, name in files:
            (PRINT / name).write_bytes((folder / package / source).read_bytes())
            printed += entry(folder, package, source, name, PRINT)
    (PRINT / "VENDORED.toml").write_text("\n".join(printed))


def entry(folder: Path, package: str, source: str, name: str, into: Path = VENDOR) -> list[str]:
    """The lines of VENDORED.toml about one file."""
    return [
        "[[file]]",
        f'name = "{name}"',
        f'package = "{package}"',
        f'version = "{json.loads((folder / package / "package.json").read_text())["version"]}"',
        f'licence = "{LICENCES[package]}"',
        f'taken_from = "{source}"',
        f'sha256 = "{hashlib.sha256((into / name).read_bytes()).hexdigest()}"',
        "",
    ]


def trimmed(text: str, name: str) -> str:
    """The file without its source map line; a stylesheet also without unused families."""
    text = _SOURCE_MAP.sub("", text)
    if not name.endswith(".css"):
        return text + "\n"
    text = text.removeprefix('@charset "UTF-8";')
    notice, _, rules = text.partition("*/")
    return '@charset "UTF-8";' + notice + "*/\n@layer tabler{" + kept_rules(rules) + "}\n"


def kept_rules(css: str) -> str:
    """The rules of a minified stylesheet that stay, dark ones under ``prefers-color-scheme``."""
    out = []
    for head, body in blocks(css):
        if body is None:
            out.append(head + ";")
        elif head.startswith(("@media", "@supports")):
            inner = kept_rules(body)
            if inner:
                out.append(f"{head}{{{inner}}}")
        elif head.startswith("@"):
            out.append(f"{head}{{{body}}}")
        else:
            out.append(kept_rule(head, body))
    return "".join(out)


def kept_rule(head: str, body: str) -> str:
    """One rule with the selectors that stay, or nothing."""
    selectors = [one for one in split_selectors(head) if not _OTHER_THEME.search(one)]
    selectors = [one for one in selectors if not _DROPPED_CLASS.search(one)]
    dark = [re.sub(r"(?::root)?\[data-bs-theme=dark\]", ":root", one) for one in selectors if _DARK.search(one)]
    plain = [one for one in selectors if not _DARK.search(one)]
    plain = [one for one in plain if one != "[data-bs-theme=light]"] or plain
    out = f"{','.join(plain)}{{{body}}}" if plain else ""
    # In Tabler a rule for “:root, dark” resets what an outer theme has set: the plain half says it already.
    if dark and not plain:
        out += f"@media (prefers-color-scheme:dark){{{','.join(dark)}{{{body}}}}}"
    return out


def blocks(css: str) -> list[tuple[str, str | None]]:
    """Top-level ``head{body}`` pairs of a stylesheet; ``(statement, None)`` for ``@x …;``."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).strip()
    found: list[tuple[str, str | None]] = []
    start, depth, opened, quote = 0, 0, 0, ""
    for at, char in enumerate(css):
        if quote:
            quote = "" if char == quote and css[at - 1] != "\\" else quote
        elif char in "\"'":
            quote = char
        elif char == "{":
            opened = at if depth == 0 else opened
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                found.append((css[start:opened].strip(), css[opened + 1 : at]))
                start = at + 1
        elif char == ";" and depth == 0:
            found.append((css[start:at].strip(), None))
            start = at + 1
    return found


def split_selectors(head: str) -> list[str]:
    """Selectors of a rule, split at commas outside brackets."""
    return [one.strip() for one in re.split(r",(?![^(\[]*[)\]])", head)]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
