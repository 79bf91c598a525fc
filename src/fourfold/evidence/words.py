"""What a result says about itself: its options by name and its assumptions in words."""

from __future__ import annotations

from typing import Any

from fourfold.evidence.deciders import RULE
from fourfold.evidence.types import By, Method, MethodSettings, Question

BOOKKEEPING = (
    "Credit is bookkeeping: it says which touches came before an outcome, not what caused it. "
    "Only an experiment shows cause."
)
TABLE_OPTIONS = frozenset(
    {
        *("by", "kind", "basis", "engagement", "start", "end", "lookback_days"),
        *("shared", "date_only", "scarcity", "where", "value_unit"),
    }
)
"""Options that mean nothing for a path file."""

_METHODS: dict[Method, str] = {
    Method.FIRST: "All credit goes to the first touch of the journey.",
    Method.LAST: "All credit goes to the last touch of the journey.",
    Method.LAST_NON_DIRECT: "All credit goes to the last touch that is not direct web; where all are, to the last.",
    Method.LINEAR: "Every touch of a journey gets the same.",
    Method.TIME_DECAY: "A touch counts half for every half-life between it and the journey's end.",
    Method.POSITION: "40 % to the first touch, 40 % to the last, 20 % shared by those between; 50/50 for two.",
    Method.MARKOV: "Credit follows the removal effect in a Markov chain of all journeys, solved exactly, normalised to "
    "sum to the total. Journeys are weighed by count, money follows the share.",
    Method.SHAPLEY: "Each outcome is shared evenly by the different keys of its journey: the Shapley value of the sum "
    "game, where a set of keys is worth the value of the journeys that lie within it.",
    Method.SHAPLEY_RATE: "Shapley value of the rate game: a set of keys is worth the conversion rate of the journeys "
    "that lie within it. A key that lowers the rate gets nothing. Money follows the share.",
    Method.SHAPLEY_ORDERED: "Ordered Shapley value of the sum game: a key's part is split over the places in the "
    "journey where it stood (details.positions); summed by key it equals the sum game.",
}


def of_method(method: Method, settings: MethodSettings) -> tuple[str, ...]:
    """The method in words."""
    words = [BOOKKEEPING, _METHODS[method]]
    if method is Method.MARKOV and settings.collapse:
        words.append("Repeats of a key in a row count as one state of the chain.")
    return tuple(words)


def of_journeys(question: Question) -> tuple[str, ...]:
    """The rules that made the journeys, in words."""
    before = "up to and on the day" if question.date_only else "before the moment"
    reach = (
        f"A journey holds the touches of the {question.lookback_days} days {before} of the client's job opening or the "
        "candidate's first submission; where those are not known, of the outcome's first row."
    )
    words = [
        reach,
        "Touches by machines are left out. A placement counts once; its value is the sum of its rows.",
    ]
    if question.where:
        places = ", ".join(f"{column} {value}" for column, value in question.where)
        words.append(f"Only outcomes and spend of {places} are counted, over all touches of their people.")
    if question.by is By.DECIDED_BY:
        words.append(RULE)
    if question.shared:
        words.append("Touches before an earlier outcome of the same person count for later ones too.")
    else:
        words.append("Touches before an earlier outcome of the same person belong to that outcome only.")
    return tuple(words)


def options(question: Question, *, share_of: str) -> dict[str, Any]:
    """Everything that was chosen, by name."""
    settings, asked = question.settings, question.intervals
    scale = "studentised" if question.method.is_per_journey else "normal"
    named: dict[str, Any] = {
        "by": question.by.value,
        "kind": question.kind,
        "basis": question.basis,
        "engagement": question.engagement,
        "start": question.start.isoformat() if question.start else None,
        "end": question.end.isoformat() if question.end else None,
        "lookback_days": question.lookback_days,
        "shared": question.shared,
        "date_only": question.date_only,
        "scarcity": bool(question.scarcity),
        "where": dict(question.where),
        "value_unit": question.value_unit,
        "share_of": share_of,
        "interval": {
            "of": "share",
            "level": asked.level,
            "replicates": asked.replicates,
            "seed": asked.seed,
            "how": f"{scale} on the log-odds scale",
        }
        if asked.replicates
        else None,
    }
    match question.method:
        case Method.TIME_DECAY:
            named["half_life_days"] = settings.half_life_days
        case Method.MARKOV:
            named |= {"order": settings.order, "collapse_repeats": settings.collapse}
        case Method.LAST_NON_DIRECT:
            named["direct"] = sorted(settings.direct)
        case Method.SHAPLEY | Method.SHAPLEY_ORDERED:
            named["game"] = "sum"
        case Method.SHAPLEY_RATE:
            named |= {"game": "rate", "exact_to": 12, "samples": settings.samples, "seed": settings.seed}
        case _:
            pass
    return named
