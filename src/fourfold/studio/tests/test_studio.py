"""Brand kits: readable by construction, kept by those who may, drawn as a letter."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import NewUser, Role, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.studio import actions, models, queries, rules
from fourfold.studio.types import KitChange, KitRefused, Typeface

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SignIn = Callable[[Viewer], Client]


@pytest.fixture(autouse=True)
def own_house(plain_house: Any) -> None:
    """A home of the test's own."""


def colleague(*roles: Role) -> Viewer:
    new = NewUser(email=f"{'-'.join(roles) or 'nobody'}@house.example", name="Ina Kay", roles=frozenset(roles))
    viewer = accounts_queries.viewer_of(accounts.add_users(users=[new], by=COMMAND_LINE, at=NOON)[0])
    assert viewer
    return viewer


def brand() -> str:
    return accounts.add_brand(name="Northgate", legal_name="Northgate Ltd", by=COMMAND_LINE, at=NOON)


def change(**values: Any) -> KitChange:
    given = {"colour": "#FFEE00", "accent": "fe0", "heading_face": Typeface.GEORGIA, "text_face": Typeface.ARIAL}
    return KitChange(**{**given, "legal_name": "Northgate Ltd", "legal_lines": "Reg. 1\n\nVAT 2", **values})


def png(width: int = 3, height: int = 2) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))


JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x05\x00\x07\x01\x01\x11\x00\xff\xd9"
colours = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


@given(colours)
def test_text_can_be_read_on_any_colour_and_links_on_paper(colour: str) -> None:
    assert rules.contrast(rules.readable_on(colour), colour) >= 4.1  # the worst grey; large and bold text needs 3
    link, darkened = rules.as_link(colour)
    assert rules.contrast(link, rules.PAPER) >= rules.READABLE
    assert darkened is (link != colour)


def test_contrast_is_that_of_the_standard() -> None:
    assert round(rules.contrast("#000000", "#ffffff"), 2) == 21.0
    assert round(rules.contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize(("text", "value"), [("#ABC", "#aabbcc"), ("1a7f6c", "#1a7f6c"), (" #1A7F6C ", "#1a7f6c")])
def test_colours_are_read(text: str, value: str) -> None:
    assert rules.colour(text) == value


@pytest.mark.parametrize("text", ["", "red", "#12345", "#12345g", "url(x)"])
def test_what_is_no_colour(text: str) -> None:
    with pytest.raises(KitRefused):
        rules.colour(text)


def test_a_logo_is_known_by_its_content() -> None:
    assert (rules.picture(png()).media, rules.picture(png()).width) == ("image/png", 3)
    assert (rules.picture(JPEG).media, rules.picture(JPEG).width, rules.picture(JPEG).height) == ("image/jpeg", 7, 5)
    for bad in (
        b"",
        b"<svg onload='x'/>",
        png(9_000, 1),
        png() + b"0" * rules.LARGEST_LOGO,
        b"\xff\xd8\xff\xe0\x00\x00" * 4,
    ):
        with pytest.raises(KitRefused):
            rules.picture(bad)


@pytest.mark.django_db
def test_a_kit_is_kept_and_mended() -> None:
    viewer, slug = colleague(Role.MARKETER), brand()
    assert queries.kit_of(slug).legal_name == "Northgate Ltd"
    actions.keep_kit(brand=slug, to=change(logo=png()), viewer=viewer, at=NOON)
    kit = queries.kit_of(slug)
    assert (kit.colour, kit.on_colour, kit.legal_lines) == ("#ffee00", rules.INK, ("Reg. 1", "VAT 2"))
    assert kit.accent != "#ffee00"
    assert kit.fixes
    assert kit.logo
    actions.keep_kit(brand=slug, to=change(), viewer=viewer, at=NOON)
    assert queries.kit_of(slug).logo
    actions.keep_kit(brand=slug, to=change(drop_logo=True), viewer=viewer, at=NOON)
    assert queries.kit_of("unknown").logo is None
    with pytest.raises(KitRefused):
        actions.keep_kit(brand=slug, to=change(colour="red"), viewer=viewer, at=NOON)
    with pytest.raises(NotFound):
        actions.keep_kit(brand="nothing", to=change(), viewer=viewer, at=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("roles", "sees", "keeps"),
    [
        ((Role.LEADER,), 200, 200), ((Role.MARKETER,), 200, 200), ((Role.ADMINISTRATOR,), 200, 200),
        ((Role.RECRUITER,), 200, 403), ((), 404, 404),
    ],
)  # fmt: skip
def test_who_sees_and_keeps_kits(sign_in: SignIn, roles: tuple[Role, ...], sees: int, keeps: int) -> None:
    slug, viewer = brand(), colleague(*roles)
    client = sign_in(viewer)
    pages = {name: client.get(reverse(name, args=[slug])).status_code for name in ("brand_kit", "brand_letter")}
    assert (client.get(reverse("brand_kits")).status_code, pages) == (sees, {"brand_kit": keeps, "brand_letter": sees})
    if keeps == 403:
        with pytest.raises(NotAllowed):
            actions.keep_kit(brand=slug, to=change(), viewer=viewer, at=NOON)


@pytest.mark.django_db
def test_keeping_a_kit_in_the_browser(sign_in: SignIn) -> None:
    slug = brand()
    client = sign_in(colleague(Role.MARKETER))
    form = {
        "colour": "#123456", "accent": "#123456", "heading_face": "Georgia", "text_face": "Arial",
        "legal_name": "Northgate <Ltd>", "legal_lines": "Reg. 1",
    }  # fmt: skip
    bad = client.post(reverse("brand_kit", args=[slug]), {**form, "logo": SimpleUploadedFile("x.png", b"<svg/>")})
    assert bad.status_code == 422
    assert not models.BrandKit.objects.exists()
    logo = SimpleUploadedFile("logo.png", png())
    assert client.post(reverse("brand_kit", args=[slug]), {**form, "logo": logo}).status_code == 302
    letter = client.get(reverse("brand_letter", args=[slug]))
    text = letter.content.decode()
    assert letter["Content-Type"] == "image/svg+xml"
    assert "Northgate &lt;Ltd&gt;" in text
    assert "data:image/png;base64," in text
