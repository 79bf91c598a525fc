"""Which header of a file means which column. Guesses are shown; ``--rename`` overrules them. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from fourfold.evidence.types import EvidenceError

_DIMENSIONS = {
    "campaign": "campaign_name utm_campaign",
    "theme": "topic",
    "stream": "",
    "desk": "market practice",
    "team": "",
    "organisation": "organization company client_company account organisation_id company_id employer",
    "job": "job_id vacancy requisition",
    "office": "",
    "brand": "",
}
_PERSON = "person person_id personid candidate_id contact_id user_id customer_id user customer contact person_uuid"
_WHEN = "date time timestamp datetime when day happened_at event_time event_date created_at"
SYNONYMS: dict[str, dict[str, str]] = {
    "touches": {
        "person_key": _PERSON,
        "occurred_at": f"{_WHEN} touched_at touch_date",
        "channel": "utm_medium medium touchpoint channel_name",
        "action": "event activity",
        "direction": "",
        "actor": "user_name recruiter sender",
        "asset": "content creative",
        "machine": "bot is_bot is_machine",
        "fact_id": "",
        **_DIMENSIONS,
    },
    "outcomes": {
        "outcome": "outcome_id fact_id placement_id conversion_id deal_id id",
        "person_key": _PERSON,
        "side": "role",
        "occurred_at": f"{_WHEN} placed_at conversion_date placement_date",
        "outcome_kind": "kind type outcome_type",
        "basis": "",
        "value_minor": "fee_minor amount_minor minor_value",
        "value": "fee amount revenue net_fee_income nfi conversion_value",
        "currency": "currency_code",
        "engagement": "",
        "placement": "",
        "actor": "consultant recruiter",
        "job_opened_at": "job_opened opened_at",
        "submitted_at": "first_submitted_at submission_date submitted",
        **_DIMENSIONS,
    },
    "spend": {
        "from_date": "from start start_date date month day",
        "to_date": "to end end_date until",
        "channel": "medium utm_medium channel_name",
        "amount_minor": "cost_minor spend_minor value_minor",
        "amount": "cost spend value",
        "currency": "currency_code",
        "budget_line": "",
        "decided_by": "",
        **_DIMENSIONS,
    },
    "paths": {
        "path": "journey channel_path",
        "conversions": "total_conversions conversion conv outcomes total_conversion",
        "value": "total_conversion_value conversion_value total_value revenue",
        "nulls": "total_null null total_nulls non_conversions",
    },
}


def plain(header: str) -> str:
    """``Person ID`` → ``person_id``."""
    return re.sub(r"[^a-z0-9]+", "_", header.strip().lower()).strip("_")


def guess(kind: str, header: Sequence[str], renames: Mapping[str, str] | None = None) -> dict[str, str]:
    """By column of ``kind`` (touches, outcomes, spend, paths), the header of the file that holds it.

    A header that is the column's own name wins over one that is like it; no header serves two columns. ``renames``
    (column → header) overrule where the file has that header.
    """
    found = {
        column: wanted for column, wanted in (renames or {}).items() if column in SYNONYMS[kind] and wanted in header
    }
    names = {plain(name): name for name in reversed(header)}
    for exact in (True, False):
        for column, likes in SYNONYMS[kind].items():
            candidates = [column] if exact else likes.split()
            for name in candidates:
                if column not in found and name in names and names[name] not in found.values():
                    found[column] = names[name]
    return found


def check_renames(renames: Mapping[str, str], headers: Sequence[str]) -> None:
    """Raise EvidenceError for a rename to a header that no file has."""
    for wanted in renames.values():
        if wanted not in headers:
            raise EvidenceError(
                f"The column “{wanted}” was not found.",
                f"The columns are {', '.join(dict.fromkeys(headers))}.",
                "Name one of these, spelt the same.",
            )


def require(kind: str, found: Mapping[str, str], needed: Sequence[str], header: Sequence[str], file: str) -> None:
    """Raise EvidenceError if a needed column was not found in ``file``."""
    missing = [column for column in needed if column not in found]
    if missing:
        raise EvidenceError(
            f"{file} was not read as {kind}.",
            f"It has no column for {', '.join(missing)}; its columns are {', '.join(header)}.",
            f"Name the column in the header, or say which one it is: --rename {missing[0]}=HEADER.",
        )
