"""Who lives in the world: people on three sides, the organisations they work for, and the desks that serve them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fourfold.evidence.world.draws import Flags, Floats, Ints, normal, pick, uniform
from fourfold.evidence.world.parameters import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """People in index order: candidates first, then contacts at organisations, then prospects for the house itself.

    ``organisation`` is -1 for people who aren't contacts. ``reach`` is how easily channels reach a person (mean 1).
    ``demand`` is an organisation's own factor on job openings (mean 1); ``was_client`` says that it gave jobs before
    the world began. ``since`` is when somebody comes into the house's world, from 0 (always there) to 1 (the end).
    Shapes: (people,) and (organisations,).
    """

    candidates: Ints
    contacts: Ints
    prospects: Ints
    desk: Ints
    organisation: Ints
    reach: Floats
    since: Floats
    organisation_desk: Ints
    demand: Floats
    was_client: Flags

    @property
    def people(self) -> int:
        return len(self.desk)

    def side(self, name: str) -> Ints:
        """The people of one side: candidate, client or colleague."""
        return {"candidate": self.candidates, "client": self.contacts, "colleague": self.prospects}[name]


def populate(world: World, seed: int, people: int) -> Population:
    """Draw ``people`` people and their organisations. The same seed and size give the same people."""
    shares = world.people
    contacts = max(1, round(people * shares.contact_share))
    prospects = max(1, round(people * shares.prospect_share))
    candidates = people - contacts - prospects
    if candidates < 1:
        raise ValueError(f"{people} people leave no candidate beside {contacts} contacts and {prospects} prospects")
    everyone = np.arange(people)
    organisations = min(contacts, max(1, round(people / shares.people_per_organisation)))
    desk = pick(np.array([d.candidate_share for d in world.desks]), uniform(seed, "desk", everyone))
    organisation = np.full(people, -1)
    houses = np.arange(organisations)
    main_desk = pick(np.array([d.client_share for d in world.desks]), uniform(seed, "organisation/desk", houses))
    size = np.exp(normal(seed, "organisation/size", houses) * shares.organisation_spread)
    own = everyone[candidates : candidates + contacts]
    later = own[organisations:]
    organisation[own[:organisations]] = houses
    organisation[later] = pick(size, uniform(seed, "organisation/of", later))
    was_client = uniform(seed, "organisation/client", houses) < shares.client_share
    house_since = np.where(was_client, 0.0, _since(seed, "organisation/since", houses, shares.newcomer_share))
    since = _since(seed, "since", everyone, shares.newcomer_share)
    since[own] = house_since[organisation[own]]
    desk[own] = _desks_of_contacts(world, seed, own, main_desk[organisation[own]])
    spread = shares.organisation_spread
    return Population(
        candidates=everyone[:candidates],
        contacts=own,
        prospects=everyone[candidates + contacts :],
        desk=desk,
        organisation=organisation,
        reach=np.exp(normal(seed, "reach", everyone) * shares.reach_spread - shares.reach_spread**2 / 2),
        since=since,
        organisation_desk=main_desk,
        demand=np.exp(normal(seed, "organisation/demand", houses) * spread - spread**2 / 2),
        was_client=was_client,
    )


def _since(seed: int, name: str, keys: Ints, newcomers: float) -> Floats:
    """0 for those who were always there; the others come one by one."""
    new = uniform(seed, f"{name}/new", keys) < newcomers
    return np.where(new, uniform(seed, f"{name}/when", keys), 0.0)


def _desks_of_contacts(world: World, seed: int, contacts: Ints, main: Ints) -> Ints:
    """Two thirds hire for their organisation's main desk, the others for any desk of the same place."""
    places = [d.place for d in world.desks]
    weights = np.array(
        [[d.client_share if d.place == place else 0.0 for d in world.desks] for place in places], dtype=np.float64
    )
    weights += np.eye(len(places)) * 1e-9
    edges = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)[main]
    near = np.minimum((edges < uniform(seed, "contact/desk", contacts)[:, None]).sum(axis=1), len(places) - 1)
    return np.where(uniform(seed, "contact/main", contacts) < 2 / 3, main, near).astype(np.int64)
