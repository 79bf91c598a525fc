"""How people are recognised and how their names sort."""

from __future__ import annotations

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from fourfold.people.rules import guess, name_from, normalise, sort_name
from fourfold.people.types import Identifier, Scheme


@pytest.mark.parametrize(
    ("scheme", "text", "kept"),
    [
        (Scheme.EMAIL, " Jane.Doe@EXAMPLE.com ", "jane.doe@example.com"),
        (Scheme.EMAIL, "jane@münchen.example", "jane@münchen.example"),
        (Scheme.EMAIL, "Jane Doe <jane@example.com>", None),
        (Scheme.EMAIL, "jane@localhost", None),
        (Scheme.EMAIL, "jane", None),
        (Scheme.PHONE, "07700 900123", "+447700900123"),
        (Scheme.PHONE, "0044 7700 900123", "+447700900123"),
        (Scheme.PHONE, "+44 (0)7700 900123", "+447700900123"),
        (Scheme.PHONE, "(020) 7946-0018", "+442079460018"),
        (Scheme.PHONE, "+49 30 901820", "+4930901820"),
        (Scheme.PHONE, "12", None),
        (Scheme.PHONE, "ring me", None),
        (Scheme.PROFILE, "https://www.LinkedIn.com/in/Jane-Doe/?trk=mail#top", "linkedin.com/in/jane-doe"),
        (Scheme.PROFILE, "https://uk.linkedin.com/in/jane-doe", "linkedin.com/in/jane-doe"),
        (Scheme.PROFILE, "github.com/jane", "github.com/jane"),
        (Scheme.PROFILE, "https://example.com/", None),
        (Scheme.PROFILE, "localhost/jane", None),
        (Scheme.PROFILE, "https://[::1/jane", None),
        (Scheme.ID, " crm:4711 ", "crm:4711"),
        (Scheme.ID, "crm:Ab", "crm:Ab"),
        (Scheme.ID, "", None),
        (Scheme.ID, "x" * 251, None),
        (Scheme.ID, "a\0b", None),
    ],
)
def test_normalise(scheme: Scheme, text: str, kept: str | None) -> None:
    assert normalise(scheme, text) == (Identifier(scheme, kept) if kept else None)


LABEL = st.text("abcXYZ019-", min_size=1, max_size=34)
END = st.sampled_from(
    ["com", "example", "TEST", "local", "onion", "arpa", "invalid", "localhost", "co", "c", "x1", "1"]
)


@given(
    st.text("abcXYZ019._+-%'", min_size=1, max_size=70),
    st.lists(LABEL | st.sampled_from(["xn--mnchen-3ya", "a--b", "mail", "in-addr"]), max_size=5),
    END | LABEL,
)
@settings(max_examples=1500)
def test_a_plain_address_is_what_the_library_says_it_is(local: str, labels: list[str], end: str) -> None:
    text = f"{local}@{'.'.join([*labels, end])}"
    try:
        checked = validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        checked = None
    assert normalise(Scheme.EMAIL, text) == (Identifier(Scheme.EMAIL, checked) if checked else None)


@pytest.mark.parametrize(("country", "kept"), [("GB", "+44309018200"), ("DE", "+49309018200")])
def test_a_phone_number_without_a_country_is_one_of_the_house(country: str, kept: str) -> None:
    assert normalise(Scheme.PHONE, "030 901 8200", country=country) == Identifier(Scheme.PHONE, kept)
    assert normalise(Scheme.PHONE, "+33 1 70 18 99 00", country=country) == Identifier(Scheme.PHONE, "+33170189900")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jane@Example.com", Identifier(Scheme.EMAIL, "jane@example.com")),
        ("jane@intranet", Identifier(Scheme.ID, "crm:jane@intranet")),
        ("https://www.linkedin.com/in/jane/", Identifier(Scheme.PROFILE, "linkedin.com/in/jane")),
        ("linkedin.com/in/jane", Identifier(Scheme.PROFILE, "linkedin.com/in/jane")),
        ("https://example.com", Identifier(Scheme.ID, "crm:https://example.com")),
        ("+44 7700 900123", Identifier(Scheme.PHONE, "+447700900123")),
        ("07700900123", Identifier(Scheme.PHONE, "+447700900123")),
        ("0000 00000000000000", Identifier(Scheme.ID, "crm:0000 00000000000000")),
        ("4711", Identifier(Scheme.ID, "crm:4711")),
        ("123456789", Identifier(Scheme.ID, "crm:123456789")),
        ("  ", None),
        ("x" * 300, None),
    ],
)
def test_guess_reads_what_a_files_person_column_holds(text: str, found: Identifier | None) -> None:
    assert guess(text, source="crm") == found


def test_the_same_id_of_two_systems_is_two_people() -> None:
    assert guess("4711", source="crm") != guess("4711", source="board")


@settings(deadline=None)
@given(st.text(max_size=60))
def test_guess_never_breaks_and_keeps_what_it_made(text: str) -> None:
    found = guess(text, source="crm")
    if found is not None:
        assert found.value.strip() == found.value
        assert len(found.value) <= 250
        if found.scheme in {Scheme.EMAIL, Scheme.PHONE, Scheme.PROFILE}:
            assert normalise(found.scheme, found.value) == found


@pytest.mark.parametrize(
    ("name", "sorts"),
    [
        ("Jane Doe", "doe jane"),
        ("Zoë Łukasz", "lukasz zoe"),
        ("Søren Ørsted", "orsted soren"),
        ("Anna-Lena Müller", "muller anna-lena"),
        ("Straße", "strasse"),
        ("李 明", "明 李"),
        ("Иван Петров", "петров иван"),
        ("김 철수", "철수 김"),
        ("  Jane   van  der Berg ", "berg jane van der"),
        ("Cher", "cher"),
        ("", ""),
    ],
)
def test_names_sort_by_their_last_word_without_accents(name: str, sorts: str) -> None:
    assert sort_name(name) == sorts


def test_names_in_other_scripts_stay_apart() -> None:
    assert len({sort_name(name) for name in ("Газпром Нефть", "Лукойл Нефть", "三菱 商事", "三井 物産")}) == 4


def test_a_long_name_fits_its_column() -> None:
    assert len(sort_name("ß" * 120)) == 120


@pytest.mark.parametrize(
    ("identifier", "name"),
    [
        (Identifier(Scheme.EMAIL, "jane.van_doe@example.com"), "Jane Van Doe"),
        (Identifier(Scheme.PHONE, "+447700900123"), "+447700900123"),
        (Identifier(Scheme.ID, "crm:a:1"), "a:1"),
    ],
)
def test_who_came_with_an_address_only_is_called_by_it(identifier: Identifier, name: str) -> None:
    assert name_from(identifier) == name
