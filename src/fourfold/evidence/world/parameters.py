"""Every structural parameter of a simulated recruitment business, read from JSON. See docs/world.md for each key.

Rates are per week and per person; money is in whole units of ``currency`` (pounds); percent means 0 to 100, share
and chance 0 to 1. “Intent” is on the log scale: +0.7 doubles a rate.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Annotated, Any

from fourfold.evidence.world.fields import ByName, ListOf, Number, Of, Words, WorldError, YesNo, build, entries

CHANNELS = (
    "email",
    "phone",
    "sms",
    "linkedin",
    "social",
    "event",
    "job_board",
    "referral",
    "web",
    "in_person",
    "other",
)
SIDES = ("candidate", "client", "colleague")

_SHARE = Number(0, 1)
_PERCENT = Number(0, 100)
_MONEY = Number(0, 10_000_000)
_WEEKS = Number(0, 520, whole=True)
_MONTHS = ListOf(Number(0, 5), 12, 12)
# Those whose minor unit is a hundredth.
_CURRENCIES = ("GBP", "EUR", "USD", "CHF", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "SGD", "ZAR")


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who is in the house's world."""

    contact_share: Annotated[float, _SHARE]
    prospect_share: Annotated[float, _SHARE]
    people_per_organisation: Annotated[float, Number(2, 1000)]
    client_share: Annotated[float, _SHARE]
    newcomer_share: Annotated[float, _SHARE]
    reach_spread: Annotated[float, Number(0, 2)]
    organisation_spread: Annotated[float, Number(0, 2)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """How the latent intent of one side rises and falls, and what it does when nobody touches it."""

    weekly_rate: Annotated[float, _SHARE]
    person_spread: Annotated[float, Number(0, 3)]
    swing: Annotated[float, Number(0, 3)]
    swing_half_life_weeks: Annotated[float, Number(0.5, 200)]
    swing_shared: Annotated[float, _SHARE]
    effect_half_life_weeks: Annotated[float, Number(0.5, 200)]
    effect_ceiling: Annotated[float, Number(0.1, 10)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What one channel does on one side."""

    weekly_rate: Annotated[float, _SHARE]
    seeking: Annotated[float, Number(-3, 3)]
    effect: Annotated[float, Number(-3, 3)]
    door: Annotated[float, Number(0, 100)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One channel: what it costs, how soon it works, whom it follows, and its reach on each side."""

    monthly_cost: Annotated[float, _MONEY]
    cost_per_touch: Annotated[float, _MONEY]
    spend_by_desk: Annotated[bool, YesNo()]
    decided_by: Annotated[str, Words(("marketing", "leaders", "desk"))]
    delay_weeks: Annotated[float, Number(1, 52)]
    retargeting: Annotated[float, Number(1, 50)]
    lost_if_closed: Annotated[float, _SHARE]
    candidate: Annotated[Reach | None, Of(Reach, optional=True)]
    client: Annotated[Reach | None, Of(Reach, optional=True)]
    colleague: Annotated[Reach | None, Of(Reach, optional=True)]

    def reach(self, side: str) -> Reach:
        """The channel's reach on ``side``; all zero where the channel doesn't go there."""
        found: Reach | None = getattr(self, side)
        return found or Reach(weekly_rate=0.0, seeking=0.0, effect=0.0, door=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seasons:
    """Twelve factors, January first."""

    candidate: Annotated[tuple[float, ...], _MONTHS]
    client: Annotated[tuple[float, ...], _MONTHS]
    colleague: Annotated[tuple[float, ...], _MONTHS]
    touch: Annotated[tuple[float, ...], _MONTHS]
    spend: Annotated[tuple[float, ...], _MONTHS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """From a job and the people who are ready to an accepted offer."""

    ready_weeks: Annotated[tuple[int, int], ListOf(Number(1, 104, whole=True), 2, 2, rising=True)]
    open_weeks: Annotated[tuple[int, int], ListOf(Number(1, 104, whole=True), 2, 2, rising=True)]
    fit_share: Annotated[float, _SHARE]
    submissions_per_job: Annotated[int, Number(1, 100, whole=True)]
    acceptance: Annotated[float, _SHARE]
    offer_weeks: Annotated[tuple[int, int], ListOf(Number(1, 52, whole=True), 2, 2, rising=True)]
    contract_offer_weeks: Annotated[tuple[int, int], ListOf(Number(1, 52, whole=True), 2, 2, rising=True)]
    settled_weeks: Annotated[int, _WEEKS]
    client_bonus: Annotated[float, Number(-3, 3)]
    dormant_months: Annotated[int, Number(1, 120, whole=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A market someone owns: discipline × place × permanent or contract."""

    discipline: Annotated[str, Words()]
    place: Annotated[str, Words()]
    kind: Annotated[str, Words(("permanent", "contract"))]
    recruiters: Annotated[int, Number(1, 100, whole=True)]
    candidate_share: Annotated[float, Number(0, 100)]
    client_share: Annotated[float, Number(0, 100)]
    pay_median: Annotated[float, Number(1, 1_000_000)]
    pay_spread: Annotated[float, Number(0, 2)]
    fee_percent: Annotated[tuple[float, float], ListOf(_PERCENT, 2, 2, rising=True)]
    retained_share: Annotated[float, _SHARE]

    @property
    def name(self) -> str:
        return f"{self.discipline} · {self.place} · {self.kind}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained:
    """Searches paid by stage."""

    fee_percent: Annotated[tuple[float, float], ListOf(_PERCENT, 2, 2, rising=True)]
    pay_factor: Annotated[float, Number(0.1, 10)]
    stages: Annotated[tuple[float, ...], ListOf(_SHARE, 1, 6)]
    stage_weeks: Annotated[int, Number(1, 52, whole=True)]
    fit_factor: Annotated[float, Number(1, 50)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Assignments: their length and what happens to it."""

    weeks: Annotated[tuple[int, int], ListOf(Number(1, 260, whole=True), 2, 2, rising=True)]
    days_per_week: Annotated[float, Number(0.5, 7)]
    extension_chance: Annotated[float, _SHARE]
    extension_weeks: Annotated[tuple[int, int], ListOf(Number(1, 260, whole=True), 2, 2, rising=True)]
    extensions: Annotated[int, Number(0, 20, whole=True)]
    early_finish_chance: Annotated[float, _SHARE]


@dataclass(frozen=True, slots=True, kw_only=True)
class RebateStep:
    """Who leaves within ``within_weeks`` of starting costs ``percent`` of the fee."""

    within_weeks: Annotated[int, Number(1, 104, whole=True)]
    percent: Annotated[float, _PERCENT]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebate:
    """Permanent placements that end early."""

    chance: Annotated[float, _SHARE]
    notice_weeks: Annotated[tuple[int, int], ListOf(Number(0, 52, whole=True), 2, 2, rising=True)]
    scale: Annotated[tuple[RebateStep, ...], ListOf(Of(RebateStep), 1, 10)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """A finished experiment on candidates: the treated get ``messages`` touches, one every ``every_weeks``."""

    name: Annotated[str, Words()]
    channel: Annotated[str, Words(CHANNELS)]
    weeks_before_end: Annotated[int, _WEEKS]
    people: Annotated[int, Number(2, 10_000_000, whole=True)]
    treated_share: Annotated[float, _SHARE]
    messages: Annotated[int, Number(1, 20, whole=True)]
    every_weeks: Annotated[int, Number(1, 26, whole=True)]
    effect: Annotated[float, Number(-3, 3)]
    horizon_weeks: Annotated[int, Number(1, 104, whole=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A named effort that ``share`` of a channel's marketing touches on one side belong to in its months."""

    name: Annotated[str, Words()]
    channel: Annotated[str, Words(CHANNELS)]
    side: Annotated[str, Words(SIDES)]
    theme: Annotated[str, Words()]
    months: Annotated[tuple[int, ...], ListOf(Number(1, 12, whole=True), 1, 12)]
    share: Annotated[float, _SHARE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """How the house's records differ from what happened."""

    machine_share: Annotated[float, _SHARE]
    duplicates: Annotated[int, Number(0, 1000, whole=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A recruitment business. The same world, seed and size always give the same history."""

    version: Annotated[int, Number(1, 1, whole=True)]
    name: Annotated[str, Words()]
    currency: Annotated[str, Words(_CURRENCIES)]
    basis: Annotated[str, Words(("accepted", "invoiced", "paid"))]
    warm_up_weeks: Annotated[int, _WEEKS]
    usual_people: Annotated[int, Number(10, 100_000_000, whole=True)]
    growth_per_year: Annotated[float, Number(-0.9, 5)]
    marketers: Annotated[int, Number(1, 1000, whole=True)]
    people: Annotated[People, Of(People)]
    candidate: Annotated[Intent, Of(Intent)]
    client: Annotated[Intent, Of(Intent)]
    colleague: Annotated[Intent, Of(Intent)]
    seasons: Annotated[Seasons, Of(Seasons)]
    channels: Annotated[dict[str, Channel], ByName(Channel, CHANNELS)]
    matching: Annotated[Matching, Of(Matching)]
    desks: Annotated[tuple[Desk, ...], ListOf(Of(Desk), 1, 60)]
    retained: Annotated[Retained, Of(Retained)]
    contract: Annotated[Contract, Of(Contract)]
    rebate: Annotated[Rebate, Of(Rebate)]
    experiments: Annotated[tuple[Experiment, ...], ListOf(Of(Experiment), 0, 20)]
    campaigns: Annotated[tuple[Campaign, ...], ListOf(Of(Campaign), 0, 100)]
    records: Annotated[Records, Of(Records)]

    def intent(self, side: str) -> Intent:
        """The intent of one side: candidate, client or colleague."""
        found: Intent = getattr(self, side)
        return found


def schema() -> dict[str, str]:
    """Every key of a world file with what it may hold."""
    return dict(entries(World))


def default_values() -> dict[str, Any]:
    """The default world as plain JSON values."""
    text = resources.files("fourfold.evidence.world").joinpath("default_world.json").read_text("utf-8")
    values: dict[str, Any] = json.loads(text)
    return values


def default_world() -> World:
    """The world of the demo house: a 40-person agency in the United Kingdom and Ireland."""
    return read_world({})


def read_world(changes: Mapping[str, Any]) -> World:
    """The default world with ``changes`` laid over it: objects key by key, lists as a whole.

    Raises WorldError, which names the key, the value and what is allowed.
    """
    if not isinstance(changes, Mapping):
        raise WorldError(
            "The world was not read.", "The file holds no JSON object.", "Begin it with { and end it with }."
        )
    world: World = build(World, _laid_over(default_values(), changes))
    _check_together(world)
    return world


def shipped_worlds() -> dict[str, World]:
    """The worlds of the accuracy grid by name (docs/world.md says what each is for), the default one first."""
    folder = resources.files("fourfold.evidence.world").joinpath("worlds")
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    found = {file.name.removesuffix(".json"): file for file in files if file.name.endswith(".json")}
    return {"default": default_world()} | {name: parse_world(file.read_text("utf-8")) for name, file in found.items()}


def parse_world(text: str) -> World:
    """A world from the text of a JSON file. Raises WorldError."""
    try:
        changes = json.loads(text)
    except json.JSONDecodeError as error:
        raise WorldError(
            "The world was not read.",
            f"Line {error.lineno}, column {error.colno} is not JSON: {error.msg}.",
            "Correct that line, or begin from a copy of the default world.",
        ) from error
    return read_world(changes)


def _laid_over(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for name, value in above.items():
        both = isinstance(value, Mapping) and isinstance(below.get(name), dict)
        merged[name] = _laid_over(below[name], value) if both else value
    return merged


def _check_together(world: World) -> None:
    _check_names("desks", [desk.name for desk in world.desks], "its discipline, place and kind")
    _check_names("experiments", [experiment.name for experiment in world.experiments], "its name")
    _check_names("campaigns", [campaign.name for campaign in world.campaigns], "its name")
    if not sum(d.candidate_share for d in world.desks) > 0 or not sum(d.client_share for d in world.desks) > 0:
        raise WorldError(
            "The world was not read: all desks have a candidate_share or a client_share of 0.",
            "Somebody has to work somewhere.",
            "Give at least one desk a share above 0.",
        )
    if abs(sum(world.retained.stages) - 1) > 1e-9:
        raise WorldError(
            f"The world was not read: “retained.stages” add up to {sum(world.retained.stages):g}.",
            "The stages share one fee, so they must add up to 1.",
            "Change one of them.",
        )
    steps = [step.within_weeks for step in world.rebate.scale]
    if steps != sorted(set(steps)):
        raise WorldError(
            f"The world was not read: “rebate.scale” has the weeks {steps}.",
            "Each step must end later than the one before.",
            "Put the steps in order.",
        )


def _check_names(key: str, names: list[str], known_by: str) -> None:
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise WorldError(
            f"The world was not read: two of “{key}” are “{twice}”.",
            f"Each is known by {known_by}.",
            "Change one of them, or take one out.",
        )
