"""Words that people typed."""

from __future__ import annotations

import pytest

from fourfold.ui.quoting import unquoted


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  “I ship weekly.” ", "I ship weekly."),
        ('"I ship weekly."', "I ship weekly."),
        ("„Wir liefern jede Woche.“", "Wir liefern jede Woche."),
        ("« On livre chaque semaine. »", "On livre chaque semaine."),
        ("I ship weekly.", "I ship weekly."),
        ("“Yes” and “no”", "“Yes” and “no”"),
        ("‘It’s good’", "It’s good"),
        ("“One that stays open", "“One that stays open"),
        ("“", "“"),
        ("", ""),
    ],
)
def test_a_quotation_is_kept_without_its_marks(typed: str, kept: str) -> None:
    assert unquoted(typed) == kept
