"""What goes upward: rooms above fill these, project/wiring.py says which."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from fourfold.accounts.types import Viewer
from fourfold.ledger.types import TimelineRow


@dataclass(frozen=True, slots=True)
class PanelContent:
    """What a room adds to a person's page: a title and a template with its values."""

    title: str
    template: str
    values: Mapping[str, Any]


class Panel(Protocol):
    """A part of a person's or an organisation's page that another room owns; ``key`` is theirs."""

    def __call__(self, key: UUID, viewer: Viewer, at: datetime, /) -> PanelContent | None: ...


@dataclass(frozen=True, slots=True)
class Description:
    """A fact in plain words, with an icon and where to read more."""

    text: str
    icon: str
    url: str | None = None


class DescribeFact(Protocol):
    """Puts those facts of a page that are the room's into words, by fact id: one call a page, never one a row."""

    def __call__(self, rows: Sequence[TimelineRow]) -> Mapping[UUID, Description]: ...


class MergeStep(Protocol):
    """Moves what a room keeps under ``person_key`` to ``into_key``; ``undo`` brings it back. In the transaction."""

    def __call__(self, *, person_key: UUID, into_key: UUID, undo: bool) -> None: ...


class EraseStep(Protocol):
    """Erases what a room keeps of these keys of one person. In the transaction. Returns how many things."""

    def __call__(self, *, person_keys: Collection[UUID]) -> int: ...


class ExportStep(Protocol):
    """Everything a room keeps of these keys of one person, as JSON can hold it."""

    def __call__(self, *, person_keys: Collection[UUID]) -> Mapping[str, Any]: ...


class Obligation(Protocol):
    """Those of these people with whom a room has something open: a live process, a placement within its guarantee.

    Their records are not put up for review when their time is up.
    """

    def __call__(self, *, person_keys: Collection[UUID]) -> Collection[UUID]: ...


class LeadForm(Protocol):
    """The address of the form in which a vacancy heard of becomes a higher room's; "" where it is not the viewer's."""

    def __call__(self, viewer: Viewer, key: UUID, /) -> str: ...


class KeySet(Protocol):
    """An unevaluated set of person keys. Combines with ``&``, ``|`` and ``~``; only people.queries looks inside."""

    def __and__(self, other: Any) -> Any: ...

    def __or__(self, other: Any) -> Any: ...

    def __invert__(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Predicate:
    """A condition on people that a room registers: a name for the filter tree, words, and its keys.

    ``candidate_side``: whoever fits is seen to move or to look, so guarded people are left out for most viewers.
    """

    name: str
    words: str
    keys: PredicateKeys
    candidate_side: bool = True


class PredicateKeys(Protocol):
    def __call__(self, *, at: datetime) -> KeySet: ...


@dataclass(frozen=True, slots=True)
class TodayEntry:
    """One row of Today: what it is, why it is there, and its one next step."""

    title: str
    why: str
    action_label: str
    url: str
    icon: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TodayGroup:
    """What a room puts on Today: a heading that answers “what waits?”, and its most pressing rows.

    ``count`` is of all there are, which may be more than the entries; ``more_url`` shows the rest.
    """

    heading: str
    about: str
    count: int
    entries: Sequence[TodayEntry]
    more_url: str = ""


class TodayItem(Protocol):
    """What a room puts on a viewer's Today, or None where nothing of it waits."""

    def __call__(self, viewer: Viewer, at: datetime) -> TodayGroup | None: ...


@dataclass
class Registry:
    """What higher rooms have added, by protocol. Filled once, at start."""

    panels: list[Panel] = field(default_factory=list)
    organisation_panels: list[Panel] = field(default_factory=list)
    describers: list[DescribeFact] = field(default_factory=list)
    merge_steps: dict[str, MergeStep] = field(default_factory=dict)
    erase_steps: dict[str, EraseStep] = field(default_factory=dict)
    export_steps: dict[str, ExportStep] = field(default_factory=dict)
    predicates: dict[str, Predicate] = field(default_factory=dict)
    obligations: dict[str, Obligation] = field(default_factory=dict)
    today_items: list[TodayItem] = field(default_factory=list)
    lead_forms: list[LeadForm] = field(default_factory=list)

    def clear(self) -> None:
        for part in (self.panels, self.organisation_panels, self.describers, self.today_items, self.lead_forms):
            part.clear()
        for steps in (self.merge_steps, self.erase_steps, self.export_steps, self.predicates, self.obligations):
            steps.clear()


REGISTRY = Registry()
