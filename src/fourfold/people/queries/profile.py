"""What the records of one person hold, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Coalesce

from fourfold.people import models
from fourfold.people.types import (
    CANDIDATE_SIDE,
    AddressRow,
    AddressUse,
    FieldKind,
    FieldRow,
    JobRow,
    NotToRow,
    PersonRole,
    Profile,
    RoleRow,
    Scheme,
)

COLUMNS = ("what", "one", "two", "three", "four", "five", "six", "seven")
Row = tuple[str, ...]


def profile(keys: Sequence[UUID], *, candidate_side: bool, lists: Any = None) -> Profile:
    """What these keys of one person hold, and which of ``lists`` hold them.

    Without the candidate side: no skills, jobs of old, personal addresses and the like.
    """
    parts = [
        _part("address", models.PersonIdentifier, keys, "pk", "scheme", "value", "use", _flag("main"), "verified_at",
              "bouncing_at"),
        _part("role", models.PersonInRole, keys, "role", "owner_key", "since", "ended_at"),
        _part("job", models.Employment, keys, "pk", _name_of_job(), "organisation_id", "title", "started_on",
              "ended_on", _flag("present")),
        _part("skill", models.PersonSkill, keys, "skill__name"),
        _part("tag", models.PersonTag, keys, "tag__name"),
        _part("field", models.CustomValue, keys, "field__slug", "field__label", "text", "field__kind", "field__side"),
        _part("not_to", models.DoNotSend, keys, "pk", "organisation__name", "organisation_id", "reason"),
        _part("let_in", models.PersonAccess, keys, "user_key"),
    ]  # fmt: skip
    if lists is not None:
        parts.append(_part("list", models.ListMember, keys, "saved_list_id", "saved_list__name", lists=lists))
    found: dict[str, list[Row]] = {}
    for what, *values in parts[0].union(*parts[1:], all=True):
        found.setdefault(what, []).append(tuple(value or "" for value in values))
    return _profile(found, candidate_side)


def _name_of_job() -> Any:
    return Coalesce(F("organisation__name"), F("organisation_name"))


def _flag(name: str) -> Any:
    return Case(When(**{name: True}, then=Value("yes")), default=Value(""), output_field=CharField())


def _part(what: str, model: Any, keys: Sequence[UUID], *columns: Any, lists: Any = None) -> Any:
    """Rows of a table as eight columns of text."""
    asked = {
        name: Cast(column, CharField()) for name, column in zip(COLUMNS[1:], (*columns, *[Value("")] * 7), strict=False)
    }
    rows = model.objects.filter(person_id__in=keys)
    rows = rows if lists is None else rows.filter(saved_list__in=lists.order_by())
    return rows.order_by().annotate(what=Value(what), **asked).values_list(*COLUMNS)


def _profile(found: dict[str, list[Row]], candidate_side: bool) -> Profile:
    jobs = sorted((_job(row) for row in found.get("job", [])), key=_newest, reverse=True)
    addresses = [_address(row) for row in found.get("address", [])]
    roles = [_role(row) for row in found.get("role", [])]
    fields = found.get("field", [])
    if not candidate_side:
        jobs = [job for job in jobs if job.present]
        addresses = [one for one in addresses if one.use is not AddressUse.PERSONAL]
        roles = [one for one in roles if one.role not in CANDIDATE_SIDE]
        fields = [row for row in fields if row[4] not in CANDIDATE_SIDE]
    own = {job.organisation_key: job.organisation for job in jobs if job.present and job.organisation_key}
    return Profile(
        addresses=tuple(sorted(addresses, key=lambda one: (one.scheme.value, not one.main, one.value))),
        roles=tuple(sorted(roles, key=lambda one: one.role.value)),
        jobs=tuple(jobs),
        skills=_names(found.get("skill", [])) if candidate_side else (),
        tags=_names(found.get("tag", [])),
        fields=tuple(FieldRow(row[0], row[1], row[2], row[3] == FieldKind.LINK) for row in fields),
        not_to=_not_to(found.get("not_to", []), own) if candidate_side else (),
        let_in=tuple(UUID(row[0]) for row in found.get("let_in", [])),
        lists=tuple(sorted({(UUID(row[0]), row[1]) for row in found.get("list", [])}, key=lambda one: one[1])),
    )


def _names(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(sorted({row[0] for row in rows}, key=str.casefold))


def _not_to(rows: Sequence[Row], own: dict[UUID, str]) -> tuple[NotToRow, ...]:
    employers = [NotToRow(None, name, key, "") for key, name in own.items()]
    kept = [NotToRow(int(row[0]), row[1], UUID(row[2]), row[3]) for row in rows if UUID(row[2]) not in own]
    return (*employers, *sorted(kept, key=lambda one: one.organisation.casefold()))


def _newest(job: JobRow) -> tuple[bool, date, date]:
    return (job.present, job.ended_on or date.min, job.started_on or date.min)


def _address(row: Row) -> AddressRow:
    use = AddressUse(row[3]) if row[3] else None
    return AddressRow(int(row[0]), Scheme(row[1]), row[2], use, row[4] == "yes", _day(row[5]), _day(row[6]))


def _role(row: Row) -> RoleRow:
    return RoleRow(PersonRole(row[0]), UUID(row[1]) if row[1] else None, _day(row[2]), _day(row[3]))


def _job(row: Row) -> JobRow:
    organisation = UUID(row[2]) if row[2] else None
    return JobRow(int(row[0]), row[1], organisation, row[3], _day(row[4]), _day(row[5]), row[6] == "yes")


def _day(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if text else None
