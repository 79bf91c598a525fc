"""Who a row of another system is: decided from its ids and addresses, what is known of them, and the names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fourfold.integrations.rules.records import same_person
from fourfold.people.types import Identifier, Scheme


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom a row is: ``person`` (None: nobody we know), the addresses that are theirs, and those that are shared.

    ``others`` are two people to whom the row's addresses lead: then it is nobody's.
    """

    person: UUID | None
    kept: tuple[Identifier, ...]
    shared: tuple[Identifier, ...] = ()
    others: tuple[UUID, UUID] | None = None


def whose(
    ids: Sequence[Identifier],
    name: str,
    known: Mapping[Identifier, UUID],
    names: Mapping[UUID, str],
    *,
    end_of: Callable[[UUID], UUID],
    common: Collection[str] = (),
) -> Whose:
    """Decide whom a row is.

    Its own id decides. Without one, an e-mail or profile address does, unless its owner has quite another name: then
    the address is shared (a team's mailbox) and stays with who has it. A phone number does so only where the names
    agree, and never where several rows of the file have it (``common``): those are switchboards.
    """
    own = [one for one in ids if one.scheme is Scheme.ID]
    rest = [one for one in ids if one.scheme is not Scheme.ID]
    person = next((known[one] for one in own if one in known), None)
    if person is None:
        hits = {
            end_of(known[one]): known[one]
            for one in rest
            if one in known
            and same_person(name, names.get(known[one], ""))
            and not (one.scheme is Scheme.PHONE and (one.value in common or not name))
        }
        strong = {end_of(known[one]) for one in rest if one in known and one.scheme is not Scheme.PHONE}
        chosen = [end for end in hits if end in strong] or list(hits)
        if len(chosen) > 1:
            return Whose(None, (), (), (hits[chosen[0]], hits[chosen[1]]))
        person = hits[chosen[0]] if chosen else None
    end = end_of(person) if person else None
    kept, shared = [*own], list[Identifier]()
    for one in rest:
        elsewhere = one in known and end_of(known[one]) != end
        switchboard = one.scheme is Scheme.PHONE and one.value in common and one not in known
        (shared if elsewhere or switchboard else kept).append(one)
    return Whose(person, tuple(kept), tuple(shared))
