"""World files: what is read, what is refused and in which words, and that every key is documented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fourfold.evidence.world import WorldError, default_values, default_world, parse_world, read_world, schema

DOCS = Path(__file__).parents[5] / "docs" / "world.md"


def test_the_default_file_is_a_whole_world() -> None:
    assert read_world(default_values()) == default_world()


def test_changes_are_laid_over_the_default_key_by_key() -> None:
    changed = read_world({"channels": {"event": {"client": {"effect": 0}}}, "rebate": {"chance": 0.5}})
    event = changed.channels["event"].reach("client")
    assert (event.effect, changed.rebate.chance) == (0.0, 0.5)
    assert event.weekly_rate == default_world().channels["event"].reach("client").weekly_rate
    assert changed.channels["email"] == default_world().channels["email"]


def test_a_side_that_a_channel_leaves_out_is_never_touched() -> None:
    reach = default_world().channels["sms"].reach("client")
    assert (reach.weekly_rate, reach.effect, reach.door) == (0.0, 0.0, 0.0)


def _desks(**change: Any) -> list[dict[str, Any]]:
    return [desk | change for desk in default_values()["desks"]]


@pytest.mark.parametrize(
    ("changes", "named", "allowed"),
    [
        ({"growth_per_year": "much"}, "“growth_per_year” is 'much'", "a number from -0.9 to 5"),
        ({"growth_per_year": True}, "“growth_per_year” is True", "a number from -0.9 to 5"),
        ({"growth_per_year": float("nan")}, "“growth_per_year” is nan", "a number from -0.9 to 5"),
        ({"marketers": 2.5}, "“marketers” is 2.5", "a whole number from 1 to 1000"),
        ({"basis": "booked"}, "“basis” is 'booked'", "one of accepted, invoiced, paid"),
        ({"currency": "JPY"}, "“currency” is 'JPY'", "one of GBP, EUR"),
        ({"channels": {"email": {"spend_by_desk": 1}}}, "“channels.email.spend_by_desk” is 1", "true or false"),
        ({"channels": {"email": 3}}, "“channels.email” is 3", "an object with the keys monthly_cost"),
        ({"matching": {"open_weeks": [9, 4]}}, "“matching.open_weeks” is [9, 4]", "none below the one before"),
        ({"seasons": {"touch": [1, 1]}}, "“seasons.touch” is [1, 1]", "a list of 12 values"),
        ({"desks": _desks(recruiters=0)}, "“desks[0].recruiters” is 0", "a whole number from 1 to 100"),
        ({"chanels": {}}, "has a key “chanels”", "Did you mean “channels”?"),
        ({"channels": {"fax": {}}}, "“channels” has a key “fax”", "email, phone, sms"),
        ({"desks": _desks(place="London", kind="permanent")}, "are “", "discipline, place and kind"),
        ({"desks": _desks(client_share=0)}, "client_share of 0", "above 0"),
        ({"retained": {"stages": [0.5, 0.4]}}, "“retained.stages” add up to 0.9", "add up to 1"),
        (
            {"rebate": {"scale": [{"within_weeks": 8, "percent": 50}, {"within_weeks": 4, "percent": 9}]}},
            "“rebate.scale” has the weeks [8, 4]",
            "later than the one before",
        ),
        ({"experiments": default_values()["experiments"][:1] * 2}, "two of “experiments”", "known by its name"),
    ],
)
def test_a_refusal_names_the_key_the_value_and_what_is_allowed(
    changes: dict[str, Any], named: str, allowed: str
) -> None:
    with pytest.raises(WorldError) as refused:
        read_world(changes)
    assert named in refused.value.what
    assert allowed in str(refused.value)
    assert refused.value.todo.endswith((".", "?"))


def test_a_missing_key_is_named() -> None:
    desk = default_values()["desks"][0]
    del desk["pay_median"]
    with pytest.raises(WorldError, match="“desks\\[0\\]” lacks “pay_median”"):
        read_world({"desks": [desk]})


def test_text_that_is_not_json_is_refused_with_its_place() -> None:
    with pytest.raises(WorldError, match="Line 2, column 1"):
        parse_world("{\n!}")
    with pytest.raises(WorldError, match="no JSON object"):
        parse_world("[]")
    assert parse_world(json.dumps({"name": "Another"})).name == "Another"


@pytest.mark.parametrize("key", sorted(schema()))
def test_every_key_is_documented(key: str) -> None:
    assert f"`{key}`" in DOCS.read_text("utf-8")
