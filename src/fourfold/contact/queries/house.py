"""Rows of the house's own pages: policy versions, the assessment, signing keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fourfold.base.errors import NotFound
from fourfold.contact import models
from fourfold.contact.queries.policies import assessment


@dataclass(frozen=True, slots=True)
class VersionRow:
    version: int
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A signing key and the record to publish for it."""

    domain: str
    selector: str
    algorithm: str
    record_name: str
    record_text: str
    active: bool
    made_at: datetime


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    version: int
    text: str
    by: str
    at: datetime


def policy_versions() -> tuple[VersionRow, ...]:
    """Every version there was, newest first."""
    rows = models.PolicyVersion.objects.order_by("-version").defer("held")
    return tuple(VersionRow(row.version, row.why, row.by, row.at) for row in rows)


def assessment_text() -> AssessmentRow | None:
    """The assessment on which approaches rest now."""
    row = assessment()
    return AssessmentRow(row.version, row.text, row.by, row.at) if row else None


def domain_keys() -> tuple[KeyRow, ...]:
    """The house's signing keys, by domain."""
    return tuple(
        KeyRow(
            row.domain, row.selector, row.algorithm, f"{row.selector}._domainkey.{row.domain}",
            f"v=DKIM1; k={row.algorithm}; p={row.public}", row.active, row.made_at,
        )
        for row in models.DomainKey.objects.order_by("domain", "selector")
    )  # fmt: skip


def require_delivery_of(message: UUID, delivery: UUID) -> None:
    """Raises NotFound unless the delivery is one of the message."""
    if not models.Delivery.objects.filter(pk=delivery, message_id=message).exists():
        raise NotFound("Nothing was changed.", "This delivery is not one of the message.", "Reload the page.")
