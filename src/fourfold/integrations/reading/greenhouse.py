"""Greenhouse Harvest JSON as tables: candidates, their jobs, schools and applications."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fourfold.integrations.types import FileRefused

CANDIDATES = (
    "id", "first_name", "last_name", "company", "title", "created_at", "can_email", "emails", "phones", "profiles",
    "websites", "city", "tags", "recruiter_name", "source",
)  # fmt: skip
EMPLOYMENTS = ("id", "candidate_id", "company_name", "title", "start_date", "end_date")
EDUCATIONS = ("id", "candidate_id", "school_name", "degree", "discipline", "start_date", "end_date")
APPLICATIONS = (
    "id", "candidate_id", "applied_at", "rejected_at", "last_activity_at", "status", "prospect", "jobs", "stage",
    "source", "credited_to", "rejection_reason",
)  # fmt: skip
LARGEST = 100 * 1024 * 1024
"""Bytes: an array of candidates is read at once, and takes some ten times its size in memory."""
TABLES = {"candidates": CANDIDATES, "employments": EMPLOYMENTS, "educations": EDUCATIONS, "applications": APPLICATIONS}


def tables(path: Path, folder: Path) -> list[tuple[str, Path]]:
    """Write the tables that a JSON file holds as CSV into ``folder``. Returns (name, where it lies).

    Takes an array of candidates or applications, one of either, or one JSON value a line. Raises FileRefused for a
    file that holds none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[str, list[list[str]]] = {name: [] for name in TABLES}
    for one in _objects(path):
        if "first_name" in one and ("applications" in one or "email_addresses" in one):
            _candidate(one, rows)
        elif "candidate_id" in one and "applied_at" in one:
            rows["applications"].append(_application(one))
    found = []
    for name, held in rows.items():
        if held:
            target = folder / f"{name}.csv"
            with target.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([list(TABLES[name]), *held])
            found.append((f"{name}.csv", target))
    if not found:
        raise FileRefused(
            "The JSON file was not read.",
            "It holds no candidates or applications as Greenhouse Harvest gives them.",
            "Choose the answer of its candidates end-point.",
        )
    return found


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    if path.stat().st_size > LARGEST:
        raise FileRefused(
            "The JSON file was not read.",
            f"It is larger than {LARGEST // 1024 // 1024} MB, and JSON is read as a whole.",
            "Fetch the candidates page by page, one file a page, and drop all of them.",
        )
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    try:
        held = [json.loads(text)]
    except ValueError:
        try:
            held = [json.loads(line) for line in text.splitlines() if line.strip()]
        except ValueError as error:
            raise FileRefused("The JSON file was not read.", f"It is not JSON ({error}).", "Export it anew.") from error
    for one in held:
        for inner in one if isinstance(one, list) else [one]:
            if isinstance(inner, dict):
                yield inner


def _candidate(one: dict[str, Any], rows: dict[str, list[list[str]]]) -> None:
    key = _text(one.get("id"))
    applications = [held for held in one.get("applications") or [] if isinstance(held, dict)]
    first = applications[0] if applications else {}
    address = _values(one.get("addresses"))
    rows["candidates"].append([
        key, _text(one.get("first_name")), _text(one.get("last_name")), _text(one.get("company")),
        _text(one.get("title")), _text(one.get("created_at")), _text(one.get("can_email")),
        "; ".join(_values(one.get("email_addresses"))), "; ".join(_values(one.get("phone_numbers"))),
        "; ".join(value for value in _values(one.get("social_media_addresses")) if "linkedin.com/" in value),
        "; ".join(_values(one.get("website_addresses"))), _city(address[0]) if address else "",
        "; ".join(map(_text, one.get("tags") or [])), _named(one.get("recruiter")), _source(first),
    ])  # fmt: skip
    for table, columns in (("employments", EMPLOYMENTS), ("educations", EDUCATIONS)):
        for held in one.get(table) or []:
            rows[table].append([_text(held.get("id")), key, *(_text(held.get(name)) for name in columns[2:])])
    rows["applications"] += [_application({**held, "candidate_id": one.get("id")}) for held in applications]


def _application(one: dict[str, Any]) -> list[str]:
    jobs = "; ".join(_text(job.get("name")) for job in one.get("jobs") or [] if isinstance(job, dict))
    plain = [_text(one.get(name)) for name in APPLICATIONS[:7]]
    named = [_named(one.get("current_stage")), _source(one), _named(one.get("credited_to")),
             _named(one.get("rejection_reason"))]  # fmt: skip
    return [*plain, jobs, *named]


def _source(one: dict[str, Any]) -> str:
    held = one.get("source")
    return _text(held.get("public_name")) if isinstance(held, dict) else ""


def _named(held: Any) -> str:
    return _text(held.get("name")) if isinstance(held, dict) else ""


def _values(held: Any) -> list[str]:
    return [_text(one.get("value")) for one in held or [] if isinstance(one, dict) and one.get("value")]


def _city(address: str) -> str:
    """The line with the town of an address in lines, without its region and code."""
    return address.splitlines()[-1].split(",")[0] if len(address) < 300 else ""


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
