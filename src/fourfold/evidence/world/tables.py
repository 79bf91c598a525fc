"""What a simulated house has on record: frozen tables of arrays, one row a fact, in order of time.

People, organisations, jobs, colleagues … are indices from 0; -1 means none. Words are indices into the tuples of
:class:`Words`. Moments are ``datetime64[s]`` in UTC; money is in minor units.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fourfold.evidence.world.draws import Flags, Floats, Ints, Times
from fourfold.evidence.world.spending import Bill

NONE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words that rows point to."""

    channels: tuple[str, ...]
    sides: tuple[str, ...]
    actions: tuple[str, ...]
    directions: tuple[str, ...]
    teams: tuple[str, ...]
    campaigns: tuple[str, ...]
    themes: tuple[str, ...]
    streams: tuple[str, ...]
    desks: tuple[str, ...]
    assets: tuple[str, ...]
    kinds: tuple[str, ...]
    engagements: tuple[str, ...]
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Persons:
    """One row a record of a person. ``same_as`` is the person a duplicate record turned out to be.

    ``level`` is where a person stands in pay within the desk (standard normal); ``pay`` what they ask for: a year's
    pay, or a day's rate on a contract desk, in whole units. ``since`` is when the house came to know of them.
    """

    side: Ints
    desk: Ints
    organisation: Ints
    level: Floats
    pay: Floats
    same_as: Ints
    since: Times


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisations:
    """``is_client``: the organisation has given a job, before the history or in it."""

    desk: Ints
    is_client: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    contact: Ints
    organisation: Ints
    desk: Ints
    opened_at: Times
    engagement: Ints
    pay: Floats
    fee_percent: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleagues:
    """Who acts: recruiters desk by desk, then marketers (desk -1)."""

    desk: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Touches:
    at: Times
    person: Ints
    organisation: Ints
    side: Ints
    channel: Ints
    action: Ints
    direction: Ints
    team: Ints
    actor: Ints
    campaign: Ints
    theme: Ints
    stream: Ints
    desk: Ints
    job: Ints
    asset: Ints
    machine: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """``what`` is the sort of cash row (fee, stage, margin, rebate); ``number`` its place within its placement."""

    at: Times
    kind: Ints
    engagement: Ints
    value_minor: Ints
    organisation: Ints
    desk: Ints
    actor: Ints
    job: Ints
    placement: Ints
    number: Ints
    what: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """``outcome`` is the row of ``Outcomes``."""

    outcome: Ints
    person: Ints
    side: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocations:
    """``horizon_end`` is the day after the last on which the experiment's outcomes count."""

    at: Times
    person: Ints
    experiment: Ints
    treated: Flags
    names: tuple[str, ...]
    horizon_end: Times


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    at: Times
    person: Ints
    into: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """A house's records between ``start`` and ``end`` (not included)."""

    world: str
    seed: int
    people: int
    start: date
    end: date
    currency: str
    basis: str
    words: Words
    persons: Persons
    organisations: Organisations
    jobs: Jobs
    colleagues: Colleagues
    touches: Touches
    outcomes: Outcomes
    parties: Parties
    spend: tuple[Bill, ...]
    decided_by: tuple[str, ...]  # by channel: marketing, leaders or desk
    allocations: Allocations
    identities: Identities
