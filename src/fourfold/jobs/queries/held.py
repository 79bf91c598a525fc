"""Everything this room keeps of somebody, as JSON can hold it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from fourfold.jobs import models
from fourfold.people import queries as people


def held_about(keys: Collection[UUID]) -> Mapping[str, Any]:
    """Their applications with each step, interviews, offers, what clients were shown and said, placements, papers."""
    held = list(keys)
    mine = models.Application.objects.filter(person_key__in=held)
    return {
        "applications": [
            {
                "job": row.job.title, "stage": row.step, "origin": row.origin, "board": row.board, "words": row.words,
                "began_at": row.began_at.isoformat(), "ended": row.ended, "why": row.ended_why,
                "steps": _rows(row.moves.values("to_step", "ended", "why", "at")),
            }
            for row in mine.select_related("job").order_by("began_at")
        ],
        "interviews": _rows(
            models.Interview.objects.filter(application__in=mine).order_by("starts_at")
            .values("starts_at", "kind", "place", "state", "feedback_of_candidate", "feedback_of_client")
        ),
        "scorecards": _rows(
            models.Scorecard.objects.filter(application__in=mine).order_by("at").values("who", "in_short", "at")
        ),
        "offers": _rows(
            models.Offer.objects.filter(application__in=mine).order_by("at")
            .values("state", "pay_minor", "currency", "per", "start_on", "made_on", "why")
        ),
        "agreements": _rows(
            models.Agreement.objects.filter(person_key__in=held).order_by("at")
            .values("organisation_key", "how", "agreed_at", "withdrawn_at")
        ),
        "profiles": _rows(
            models.Profile.objects.filter(person_key__in=held).order_by("version")
            .values("version", "headline", "text", "at")
        ),
        "introductions": _introductions(held),
        "placements": _rows(
            models.Placement.objects.filter(person_key__in=held).order_by("accepted_on")
            .values("job__title", "state", "accepted_on", "start_on", "started_on", "left_on", "pay_minor", "currency")
        ),
        "assignments": _rows(
            models.Assignment.objects.filter(placement__person_key__in=held).order_by("starts_on")
            .values("starts_on", "ends_on", "finished_on", "finished_why", "unit", "paid_via", "company", "ir35",
                    "ir35_on", "kid_sent_on", "awr_weeks_before")
        ),
        "papers": _rows(
            models.Check.objects.filter(application__in=mine).order_by("checked_at")
            .values("kind__name", "words", "expires_on", "checked_by", "checked_at")
        ),
        "board_mails": _rows(
            models.BoardMail.objects.filter(person_key__in=held).order_by("arrived_at")
            .values("board", "subject", "text")
        ),
    }  # fmt: skip


def _introductions(held: list[UUID]) -> list[dict[str, Any]]:
    rows = models.Introduction.objects.filter(person_key__in=held).order_by("introduced_at")
    names = people.organisation_names({row.organisation_key for row in rows})
    return [
        {
            "organisation": names[row.organisation_key], "profile_version": row.profile_version, "how": row.how,
            "introduced_at": row.introduced_at.isoformat(),
        }
        for row in rows
    ]  # fmt: skip


def _rows(rows: Any) -> list[dict[str, Any]]:
    return [{name: _json(value) for name, value in row.items()} for row in rows]


def _json(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | bool) else str(value)
