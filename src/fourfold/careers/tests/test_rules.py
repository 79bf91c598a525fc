"""Signed links: each opens what it was made for, and nothing else does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourfold.careers import rules
from fourfold.careers.types import Link, LinkExpired, LinkKind, LinkRefused
from fourfold.contact.types import MessageClass
from fourfold.people.types import Purpose

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEY, OLD, OTHER = b"n" * 32, b"o" * 32, b"x" * 32
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@st.composite
def links(draw: st.DrawFn) -> Link:
    kind = draw(st.sampled_from(LinkKind))
    text = draw(st.text(max_size=60)) if kind is LinkKind.STOP else ""
    if kind is LinkKind.CLICK:
        text = "https://example.com/" + draw(st.text(alphabet=LETTERS, max_size=200))
    return Link(
        kind=kind,
        person_key=draw(st.uuids()),
        delivery=draw(st.none() | st.uuids()),
        message_class=draw(st.none() | st.sampled_from(MessageClass)),
        purpose=draw(st.none() | st.sampled_from(Purpose)),
        until=NOON + timedelta(seconds=draw(st.integers(1, 10**8))) if kind is LinkKind.HOUR else None,
        text=text,
    )


def why(**values: object) -> Link:
    return Link(kind=LinkKind.WHY, person_key=UUID(int=7), **values)  # type: ignore[arg-type]


def opens(token: str, *keys: bytes) -> LinkKind | None:
    """The one kind as which a token opens, if any."""
    found = []
    for kind in LinkKind:
        try:
            found.append(rules.read(token, kind=kind, keys=keys or (KEY,), at=NOON).kind)
        except LinkRefused:
            continue
    assert len(found) <= 1
    return found[0] if found else None


@given(links())
def test_a_link_says_what_it_was_made_with_and_opens_its_own_kind_only(link: Link) -> None:
    token = rules.sign(link, keys=[KEY])
    assert set(token) <= set(LETTERS)
    assert rules.read(token, kind=link.kind, keys=[KEY], at=NOON) == link
    assert opens(token) is link.kind


@given(links(), st.data())
def test_a_link_that_was_cut_changed_lengthened_or_respelt_opens_nothing(link: Link, data: st.DataObject) -> None:
    token = rules.sign(link, keys=[KEY])
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from([one for one in LETTERS if one != token[place]]))
    assert opens(token[:place] + other + token[place + 1 :]) is None
    assert opens(token[:place]) is None
    assert opens(token + other) is None
    assert opens(token + "=") is None
    assert opens(token[:place] + " " + token[place:]) is None


@given(st.text(max_size=120) | st.binary(max_size=90).map(lambda raw: raw.hex()))
def test_what_nobody_signed_opens_nothing(text: str) -> None:
    assert opens(text) is None


def test_a_body_signed_with_another_key_or_under_another_seal_opens_nothing() -> None:
    mine, yours = why(), why(delivery=uuid4())
    assert opens(rules.sign(mine, keys=[OTHER])) is None
    one, other = rules.sign(mine, keys=[KEY]), rules.sign(yours, keys=[KEY])
    assert opens(one[:-20] + other[-20:]) is None
    assert opens("a" * (rules.LONGEST_TOKEN + 1)) is None


def test_links_signed_before_a_change_of_keys_still_open() -> None:
    before = rules.sign(why(), keys=[OLD])
    after = rules.sign(why(), keys=[KEY, OLD])
    assert before != after
    assert opens(before, KEY, OLD) is opens(after, KEY, OLD) is LinkKind.WHY
    assert opens(before, KEY) is None


def test_an_hour_link_ends_with_its_hour_and_no_other_has_an_end() -> None:
    link = Link(kind=LinkKind.HOUR, person_key=uuid4(), until=NOON + rules.HOUR)
    token = rules.sign(link, keys=[KEY])
    last = NOON + rules.HOUR - timedelta(microseconds=1)
    assert rules.read(token, kind=LinkKind.HOUR, keys=[KEY], at=last) == link
    with pytest.raises(LinkExpired):
        rules.read(token, kind=LinkKind.HOUR, keys=[KEY], at=NOON + rules.HOUR)
    ever = rules.sign(why(), keys=[KEY])
    assert rules.read(ever, kind=LinkKind.WHY, keys=[KEY], at=NOON + timedelta(days=36500)) == why()
    with pytest.raises(ValueError, match="hour link"):
        rules.sign(Link(kind=LinkKind.HOUR, person_key=uuid4()), keys=[KEY])
    with pytest.raises(ValueError, match="hour link"):
        rules.sign(why(until=NOON), keys=[KEY])


def test_a_link_is_short_enough_for_one_line_of_a_mail() -> None:
    full = why(delivery=uuid4(), message_class=MessageClass.APPROACH, purpose=Purpose.APPROACH)
    assert len(rules.sign(full, keys=[KEY])) <= 70


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)", "//evil.example", "https://", "ftp://a.example", "/local", "", "https:/one.example",
        "https://a.example/\r\nSet-Cookie: x=1", "https://a.example\\@b.example/", "https://a.example/ b",
        "data:text/html,x", "https://[broken", "https://a.example/" + "x" * 2000,
    ],
)  # fmt: skip
def test_a_click_leads_to_whole_web_addresses_only(target: str) -> None:
    with pytest.raises(ValueError):
        rules.sign(Link(kind=LinkKind.CLICK, person_key=uuid4(), text=target), keys=[KEY])


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 11, 22), 12, date(2027, 11, 22)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
    ],
)
def test_months_end_on_a_day_there_is(day: date, months: int, expected: date) -> None:
    assert rules.in_months(day, months) == expected


def test_every_word_has_a_number_of_its_own() -> None:
    for numbers, words in ((rules.KINDS, LinkKind), (rules.CLASSES, MessageClass), (rules.PURPOSES, Purpose)):
        assert set(numbers) == set(words)
        assert len(set(numbers.values())) == len(numbers)
