"""How a search is read, what a word is, and what is close."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourfold.search import rules
from fourfold.search.types import AllOf, AnyOf, Field, Leaf, QueryRefused

A, B, C = Leaf(("a",)), Leaf(("b",)), Leaf(("c",))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        ("  ", None),
        ("& , .", None),
        ("a", A),
        ("a b", AllOf((A, B))),
        ("a AND b", AllOf((A, B))),
        ("a OR b", AnyOf((A, B))),
        ("a OR b c", AnyOf((A, AllOf((B, C))))),
        ("(a OR b) c", AllOf((AnyOf((A, B)), C))),
        ("(a OR b) AND NOT c", AllOf((AnyOf((A, B)),), (C,))),
        ("a -b", AllOf((A,), (B,))),
        ("a NOT (b OR c)", AllOf((A,), (AnyOf((B, C)),))),
        ('"a b"', Leaf(("a", "b"))),
        ("“a b”", Leaf(("a", "b"))),
        ("front-end", Leaf(("front", "end"))),
        ("pyth*", Leaf(("pyth",), True)),
        ('"pyth*"', Leaf(("pyth",))),
        ("title:a", Leaf(("a",), field=Field.TITLE)),
        ("Skill:(a OR b)", AnyOf((Leaf(("a",), field=Field.SKILL), Leaf(("b",), field=Field.SKILL)))),
        ('place:"a b"', Leaf(("a", "b"), field=Field.PLACE)),
        ("http://a.b", Leaf(("http", "a", "b"))),
        ("jane@a.b", Leaf(("jane", "a", "b"))),
        ("a and b", AllOf((A, Leaf(("and",)), B))),
        ("C++ c# .NET Node.js", AllOf(tuple(Leaf((w,)) for w in ("cplusplus", "csharp", "dotnet", "nodejs")))),
        ("Zoë O’Brien-Łódź", AllOf((Leaf(("zoe",)), Leaf(("obrien", "lodz"))))),
        ("((a))", A),
        ("+44 7700", AllOf((Leaf(("44",)), Leaf(("7700",))))),
    ],
)
def test_how_it_is_read(text: str, tree: object) -> None:
    assert rules.parse(text) == tree


@pytest.mark.parametrize(
    ("text", "at", "why"),
    [
        ("(python OR django", 0, "not closed"),
        ("python)", 6, "closes nothing"),
        ('engineer "data', 9, "quotation mark"),
        ("python OR", 9, "OR has no words"),
        ("OR python", 0, "OR has no words"),
        ("a OR OR b", 5, "OR has no words"),
        ("python AND", 7, "AND has no words"),
        ("AND python", 0, "AND has no words"),
        ("a AND AND b", 6, "AND has no words"),
        ("a AND OR b", 2, "AND has no words"),
        ("a NOT", 2, "NOT has no words"),
        ("NOT junior", 0, "only says what to leave out"),
        ("a OR -b", 5, "only says what to leave out"),
        ("-b", 0, "only says what to leave out"),
        ("a ()", 2, "empty"),
        ("title:(", 6, "not closed"),
        ("(" * 25 + "a", 20, "20 deep"),
        ("a " * 41, 0, "more than 40"),
        ("a" * 601, 600, "600 is the most"),
    ],
)
def test_what_cant_be_read_is_refused_with_its_place(text: str, at: int, why: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        rules.parse(text)
    assert why in refused.value.why
    assert refused.value.at == at
    assert refused.value.todo


@given(st.text(alphabet='abAND OR NOT()"-*:title ', max_size=40))
def test_nothing_else_is_raised(text: str) -> None:
    tree = None
    try:
        tree = rules.parse(text)
    except QueryRefused as refused:
        place = refused.at
    else:
        place = 0
    assert 0 <= place <= len(text)
    for leaf in rules.leaves(tree, everything=True) if tree else ():
        assert leaf.tokens
        assert all(token.isalnum() for token in leaf.tokens)


@given(st.text(max_size=60))
def test_words_are_letters_and_digits_and_stay_as_they_are(text: str) -> None:
    found = rules.tokens(text)
    assert all(word.isalnum() for word in found)
    assert rules.tokens(" ".join(found)) == found


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("smith", "smiht", 1),
        ("jonh", "john", 1),
        ("ca", "abc", 3),
        ("", "ab", 2),
        ("kitten", "sitting", 3),
        ("a", "a", 0),
    ],
)
def test_slips(one: str, other: str, slips: int) -> None:
    assert rules.distance(one, other) == rules.distance(other, one) == slips


@pytest.mark.parametrize(
    ("one", "other", "close"),
    [
        ("jonh", "john", True), ("smiht", "smith", True), ("ab", "ac", False), ("lee", "lea", True),
        ("pyhton", "python", True), ("kubernets", "kubernetes", True), ("smith", "smythe", False),
        ("preston", "person", True), ("python", "pylons", False),
    ],
)  # fmt: skip
def test_what_is_close(one: str, other: str, close: bool) -> None:
    assert rules.is_close(one, other) is close


@given(st.text("abcde", min_size=3, max_size=8), st.text("abcde", min_size=3, max_size=8))
def test_words_one_slip_apart_share_a_form(one: str, other: str) -> None:
    if rules.distance(one, other) <= 1:
        assert rules.forms(one) & rules.forms(other)


def test_close_words_stand_in_for_what_is_looked_for_only() -> None:
    tree = rules.parse("jonh -smiht title:jonh pyth*")
    assert tree is not None
    wide = rules.widened(tree, {"jonh": ("john",), "smiht": ("smith",)})
    assert wide == AllOf(
        (
            AnyOf((Leaf(("jonh",)), Leaf(("john",)))),
            AnyOf((Leaf(("jonh",), field=Field.TITLE), Leaf(("john",), field=Field.TITLE))),
            Leaf(("pyth",), True),
        ),
        (Leaf(("smiht",)),),
    )


def test_a_snippet_shows_the_words_where_they_stand() -> None:
    text = "Long ago. " * 30 + "She writes Python and C++ in Zürich. " + "Then more. " * 30
    found = rules.snippet(text, [Leaf(("python",)), Leaf(("cplusplus",)), Leaf(("zur",), True)])
    assert [words for words, marked in found if marked] == ["Python", "C++", "Zürich"]
    plain = "".join(words for words, _ in found)
    assert plain.startswith("… ")
    assert plain.endswith(" …")
    assert len(plain) < 220
    assert rules.snippet(text, [Leaf(("django",))]) == ()
    assert rules.snippet("Jane", [Leaf(("jane",))]) == (("Jane", True),)


def test_a_snippet_keeps_what_stood_there_for_the_template_to_escape() -> None:
    assert rules.snippet("<b>python</b>", [Leaf(("python",))]) == (("<b>", False), ("python", True), ("</b>", False))


def test_kilometres() -> None:
    assert round(rules.kilometres((51.5074, -0.1278), (53.8008, -1.5491))) == 272  # London, Leeds
    assert rules.kilometres((1, 1), (1, 1)) == 0


def test_what_narrows_is_one_word() -> None:
    assert rules.facet("tag", "Très VIP!") == "tag0tresvip"
    assert rules.without_operators("python and django")
    assert not rules.without_operators("python AND sandwich")
