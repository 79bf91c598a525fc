"""Every file from elsewhere is recorded with licence and hash, and fit to be served hashed under a strict policy."""

from __future__ import annotations

import gzip
import hashlib
import re
import tomllib
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders, storage
from django.core.management import call_command
from django.test import override_settings

from fourfold.ui.icons import ICONS

STATIC = Path(__file__).parent.parent / "static/ui"
VENDOR = STATIC / "vendor"
PRINT = STATIC.parent.parent / "print"
RECORDS = [
    (folder, record)
    for folder in (VENDOR, PRINT)
    for record in tomllib.loads((folder / "VENDORED.toml").read_text())["file"]
]


@pytest.mark.parametrize(("folder", "record"), RECORDS, ids=[record["name"] for _folder, record in RECORDS])
def test_a_vendored_file_is_what_was_recorded(folder, record):
    assert hashlib.sha256((folder / record["name"]).read_bytes()).hexdigest() == record["sha256"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", record["version"])
    assert record["licence"] in {"MIT", "0BSD", "OFL-1.1"}


@pytest.mark.parametrize("folder", [VENDOR, PRINT])
def test_every_vendored_file_is_recorded(folder):
    named = {record["name"] for where, record in RECORDS if where == folder}
    assert {file.name for file in folder.iterdir()} == named | {"VENDORED.toml"}


def test_every_licence_text_is_here():
    assert "Paweł Kuna" in (VENDOR / "tabler.LICENSE.txt").read_text()
    for folder in (VENDOR, PRINT):
        assert "SIL OPEN FONT LICENSE" in (folder / "inter.LICENSE.txt").read_text()
    assert "Zero-Clause" in (VENDOR / "htmx.LICENSE.txt").read_text()


def test_the_sprite_holds_exactly_the_listed_icons():
    assert tuple(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text())) == ICONS
    assert len(set(ICONS)) == len(ICONS)


@pytest.mark.parametrize(
    "name", ["vendor/tabler.css", "vendor/htmx.js", "tokens.css", "app.css", "charts.css", "fourfold.js"]
)
def test_no_asset_points_to_a_map_or_to_another_host(name):
    text = (STATIC / name).read_text()
    assert "sourceMappingURL" not in text
    assert not re.findall(r"(?:url\(|@import|src=)\s*[\"']?(?:https?:)?//", text)


def test_dark_follows_the_system_without_an_attribute():
    css = (VENDOR / "tabler.css").read_text()
    assert "data-bs-theme" not in css
    assert "@media (prefers-color-scheme:dark)" in css


def test_what_every_page_loads_stays_small():
    always = [
        "vendor/tabler.css",
        "tokens.css",
        "app.css",
        "charts.css",
        "fourfold.js",
        "vendor/htmx.js",
        "vendor/icons.svg",
    ]
    over_the_wire = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in always)
    assert over_the_wire < 85_000
    assert (VENDOR / "inter-latin.woff2").stat().st_size < 50_000


def test_static_files_can_be_hashed(tmp_path):
    """The manifest refuses a stylesheet that names a missing file."""
    backend = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    with override_settings(STORAGES={"staticfiles": {"BACKEND": backend}}, STATIC_ROOT=tmp_path, STATICFILES_DIRS=[]):
        finders.get_finder.cache_clear()
        call_command("collectstatic", interactive=False, verbosity=0)
        hashed = storage.staticfiles_storage.url("ui/tokens.css", force=True)
    finders.get_finder.cache_clear()
    tokens = (tmp_path / hashed.removeprefix("/static/")).read_text()
    assert re.search(r'url\("vendor/inter-latin\.[0-9a-f]{12}\.woff2"\)', tokens)
