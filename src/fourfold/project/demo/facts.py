"""A simulation's rows as the ledger's facts, in order of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from fourfold.evidence.world import Simulation, World
from fourfold.ledger.actions import first_fact_id
from fourfold.ledger.types import Allocation, Fact, Outcome, Party, Spend, Touch

SOURCE = "demo"
_LINES = {
    "email": "E-mail service",
    "phone": "Dialler and calls",
    "sms": "Text messages",
    "linkedin": "LinkedIn seats and adverts",
    "social": "Social adverts",
    "event": "Events",
    "job_board": "Job boards",
    "referral": "Referral rewards",
    "web": "Website and search",
    "in_person": "Client visits",
    "other": "Trade press",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What the simulation's indices are called in the house."""

    people: tuple[UUID, ...]
    organisations: tuple[UUID, ...]
    colleagues: tuple[str, ...]
    deciders: Mapping[str, str]
    desks: tuple[str, ...]
    desk_offices: tuple[str, ...]
    teams: Mapping[str, str]
    brand: str


def all_facts(simulation: Simulation, world: World, keys: Keys) -> list[Fact]:
    """Every touch, outcome, party, spend and allocation; merges are deeds on people and stand there."""
    found: list[Fact] = [
        *_touches(simulation, keys),
        *_outcomes(simulation, keys),
        *_parties(simulation, keys),
        *_spend(simulation, world, keys),
        *_allocations(simulation, keys),
    ]
    # The sort is stable: an outcome stays before its parties.
    return sorted(found, key=lambda fact: fact.occurred_at)


def moments(times: Any) -> list[datetime]:
    """An array of datetime64 as aware datetimes in UTC."""
    return [moment.replace(tzinfo=UTC) for moment in times.astype("datetime64[us]").tolist()]


def _or_none(words: Sequence[str], place: int) -> str | None:
    return words[place] if place >= 0 else None


def _touches(simulation: Simulation, keys: Keys) -> list[Touch]:
    touches, words = simulation.touches, simulation.words
    teams = [keys.teams[team] for team in words.teams]
    columns = (
        moments(touches.at), touches.person.tolist(), touches.organisation.tolist(), touches.channel.tolist(),
        touches.action.tolist(), touches.direction.tolist(), touches.team.tolist(), touches.actor.tolist(),
        touches.campaign.tolist(), touches.theme.tolist(), touches.stream.tolist(), touches.desk.tolist(),
        touches.job.tolist(), touches.asset.tolist(), touches.machine.tolist(),
    )  # fmt: skip
    return [
        Touch(
            source=SOURCE,
            source_ref=f"touch {number}",
            occurred_at=at,
            office=keys.desk_offices[desk],
            brand=keys.brand,
            person_key=keys.people[person],
            organisation=keys.organisations[organisation] if organisation >= 0 else None,
            channel=words.channels[channel],
            action=words.actions[action],
            direction=words.directions[direction],
            team=teams[team],
            actor=_or_none(keys.colleagues, actor),
            campaign=_or_none(words.campaigns, campaign),
            theme=_or_none(words.themes, theme),
            stream=_or_none(words.streams, stream),
            desk=keys.desks[desk],
            job=_number("J", job),
            asset=_or_none(words.assets, asset),
            machine=machine,
        )
        for number, (
            at, person, organisation, channel, action, direction, team, actor, campaign, theme, stream, desk, job,
            asset, machine,
        ) in enumerate(zip(*columns, strict=True))
    ]  # fmt: skip


def _number(letter: str, place: int) -> str | None:
    """A job's or a placement's number as people say it: J-00042."""
    return f"{letter}-{place:05d}" if place >= 0 else None


def _outcomes(simulation: Simulation, keys: Keys) -> list[Outcome]:
    outcomes, words = simulation.outcomes, simulation.words
    found = []
    for number, at in enumerate(moments(outcomes.at)):
        desk, placement = int(outcomes.desk[number]), int(outcomes.placement[number])
        organisation, actor = int(outcomes.organisation[number]), int(outcomes.actor[number])
        paid = placement >= 0
        found.append(
            Outcome(
                source=SOURCE,
                source_ref=f"outcome {number}",
                occurred_at=at,
                office=_or_none(keys.desk_offices, desk),
                brand=keys.brand,
                outcome_kind=words.kinds[int(outcomes.kind[number])],
                basis=simulation.basis if paid else None,
                value_minor=int(outcomes.value_minor[number]) if paid else None,
                currency=simulation.currency if paid else None,
                engagement=_or_none(words.engagements, int(outcomes.engagement[number])),
                organisation=keys.organisations[organisation] if organisation >= 0 else None,
                desk=_or_none(keys.desks, desk),
                team=keys.teams["recruiting"] if actor >= 0 else None,
                actor=_or_none(keys.colleagues, actor),
                job=_number("J", int(outcomes.job[number])),
                placement=_number("P", placement),
            )
        )
    return found


def _parties(simulation: Simulation, keys: Keys) -> list[Party]:
    parties, words = simulation.parties, simulation.words
    at = moments(simulation.outcomes.at)
    return [
        Party(
            source=SOURCE,
            source_ref=f"party {outcome} {words.sides[side]}",
            occurred_at=at[outcome],
            brand=keys.brand,
            outcome=first_fact_id(SOURCE, f"outcome {outcome}"),
            person_key=keys.people[person],
            side=words.sides[side],
        )
        for outcome, person, side in zip(
            parties.outcome.tolist(), parties.person.tolist(), parties.side.tolist(), strict=True
        )
    ]


def _spend(simulation: Simulation, world: World, keys: Keys) -> list[Spend]:
    leads = [simulation.colleagues.desk.tolist().index(desk) for desk in range(len(world.desks))]
    found = []
    for number, bill in enumerate(simulation.spend):
        channel, decided = simulation.words.channels[bill.channel], simulation.decided_by[bill.channel]
        by_desk = keys.colleagues[leads[max(bill.desk, 0)]]
        found.append(
            Spend(
                source=SOURCE,
                source_ref=f"spend {number}",
                occurred_at=datetime.combine(bill.last, time(17), tzinfo=UTC),
                office=_or_none(keys.desk_offices, bill.desk),
                brand=keys.brand,
                from_date=bill.first,
                to_date=bill.last,
                channel=channel,
                amount_minor=bill.amount_minor,
                currency=simulation.currency,
                desk=_or_none(keys.desks, bill.desk),
                budget_line=_LINES[channel],
                decided_by=keys.deciders.get(decided, by_desk),
            )
        )
    return found


def _allocations(simulation: Simulation, keys: Keys) -> list[Allocation]:
    drawn = simulation.allocations
    return [
        Allocation(
            source=SOURCE,
            source_ref=f"allocation {experiment} {person}",
            occurred_at=at,
            brand=keys.brand,
            person_key=keys.people[person],
            unit="person",
            experiment=drawn.names[experiment],
            arm="treatment" if treated else "control",
        )
        for at, person, experiment, treated in zip(
            moments(drawn.at), drawn.person.tolist(), drawn.experiment.tolist(), drawn.treated.tolist(), strict=True
        )
    ]
