"""What colleagues billed, and files of weekly margins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.base.money import Money
from fourfold.jobs import access, models
from fourfold.jobs.rules import splits
from fourfold.jobs.types import (
    WHOLE,
    BillingLine,
    Billings,
    CashBasis,
    MarginPreview,
    PlacementState,
    Rejected,
    SplitRole,
)
from fourfold.ledger.queries import among
from fourfold.people import queries as people

Share = tuple[models.CashLine, models.Placement | None, UUID, SplitRole | None, int, int]
"""A row of cash, its placement, whose part, in which role, the share and the sum."""


def billings(viewer: Viewer, user_key: UUID, *, basis: CashBasis, from_day: date, to_day: date) -> Billings:
    """What one colleague billed in these days, both included, on one basis, against their target. Raises NotFound."""
    access.require_billings(viewer, user_key)
    names = accounts.names({user_key})
    if user_key not in names:
        raise NotFound("These billings were not found.", "Their address is wrong, or they are not yours.", "See yours.")
    shares = [one for one in _shares(basis, from_day, to_day, of=user_key) if one[2] == user_key]
    return _billings(viewer, user_key, names[user_key], shares, (basis, from_day, to_day))


def all_billings(viewer: Viewer, *, basis: CashBasis, from_day: date, to_day: date) -> tuple[Billings, ...]:
    """What each colleague with a part or a target billed, by name. For leaders; raises NotAllowed."""
    access.require_leader(viewer)
    by_user: dict[UUID, list[Share]] = defaultdict(list)
    for one in _shares(basis, from_day, to_day):
        by_user[one[2]].append(one)
    aimed = set(_targets(None, from_day, to_day))
    names = accounts.names({*by_user, *aimed})
    asked = (basis, from_day, to_day)
    found = [_billings(viewer, key, names.get(key, ""), by_user.get(key, []), asked) for key in {*by_user, *aimed}]
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), str(one.user_key))))


def _billings(
    viewer: Viewer, user_key: UUID, name: str, shares: Sequence[Share], asked: tuple[CashBasis, date, date]
) -> Billings:
    basis, from_day, to_day = asked
    sums: dict[str, int] = defaultdict(int)
    roles: dict[tuple[SplitRole, str], int] = defaultdict(int)
    for line, _made, _who, role, _share, minor in shares:
        sums[line.currency] += minor
        if role is not None:
            roles[role, line.currency] += minor
    return Billings(
        user_key, name, basis, from_day, to_day, _lines(viewer, shares),
        tuple(Money(minor, currency) for currency, minor in sorted(sums.items())),
        tuple((role, Money(minor, currency)) for (role, currency), minor in sorted(roles.items())),
        _targets(user_key, from_day, to_day).get(user_key), viewer.user_key == user_key, True,
    )  # fmt: skip


def _shares(basis: CashBasis, from_day: date, to_day: date, *, of: UUID | None = None) -> list[Share]:
    """Every colleague's part of every row of cash in these days; ``of`` only where this one has or may have a part.

    A search's stages that fell due before anybody was placed are shared as its placement is, or are its owner's.
    """
    rows = models.CashLine.objects.filter(basis=basis, on__gte=from_day, on__lte=to_day)
    if of is not None:
        parts = models.Split.objects.filter(user_key=of)
        rows = rows.filter(Q(placement__in=parts.values("placement")) | Q(placement=None))
    lines = list(rows.select_related("job", "placement").order_by("-on", "-pk"))
    placed = _placed_of([line.job_id for line in lines if line.placement is None])
    of_line = [(line, line.placement or placed.get(line.job_id)) for line in lines]
    newest = _newest_splits({made.key for _, made in of_line if made is not None})
    found: list[Share] = []
    for line, made in of_line:
        parts_ = newest.get(made.key, []) if made is not None else []
        if parts_:
            minors = splits.share_out(line.amount_minor, [one.percent_hundredths for one in parts_])
            found += [
                (line, made, one.user_key, SplitRole(one.role), one.percent_hundredths, minor)
                for one, minor in zip(parts_, minors, strict=True)
            ]
        elif line.job.owner_key is not None:
            found.append((line, made, line.job.owner_key, None, WHOLE, line.amount_minor))
    return found


def _placed_of(jobs: Collection[UUID]) -> dict[UUID, models.Placement]:
    rows = models.Placement.objects.filter(job_id__in=among(list(jobs))).exclude(state=PlacementState.FELL_THROUGH)
    return {row.job_id: row for row in rows.order_by("accepted_on", "key")} if jobs else {}


def _newest_splits(placements: Collection[UUID]) -> dict[UUID, list[models.Split]]:
    found: dict[UUID, list[models.Split]] = {}
    if placements:
        for row in models.Split.objects.filter(placement_id__in=among(list(placements))).order_by("-version", "pk"):
            held = found.setdefault(row.placement_id, [])
            if not held or held[0].version == row.version:
                held.append(row)
    return found


def _lines(viewer: Viewer, shares: Sequence[Share]) -> tuple[BillingLine, ...]:
    keys = {made.person_key for _, made, *_rest in shares if made is not None}
    names = people.names(keys, viewer=viewer, candidates=True) if keys else {}
    organisations = people.organisation_names({line.job.organisation_key for line, *_rest in shares})
    return tuple(
        BillingLine(
            line.on, made.key if made is not None else None, names.get(made.person_key, "") if made is not None else "",
            line.job.title, line.job.reference, organisations.get(line.job.organisation_key, ""), line.part, role,
            share, Money(minor, line.currency),
        )
        for line, made, _who, role, share, minor in shares
    )  # fmt: skip


def _targets(user_key: UUID | None, from_day: date, to_day: date) -> dict[UUID, Money]:
    """Targets of the months that begin in these days, summed; the newest currency counts where there are two."""
    rows = models.BillingTarget.objects.filter(month__gte=from_day, month__lte=to_day)
    rows = rows.filter(user_key=user_key) if user_key else rows
    found: dict[UUID, Money] = {}
    for row in rows.order_by("month"):
        held = found.get(row.user_key)
        same = held is not None and held.currency == row.currency
        found[row.user_key] = Money((held.minor if held and same else 0) + row.amount_minor, row.currency)
    return found


def known_assignments() -> Mapping[str, tuple[UUID, str, date, date]]:
    """Placements that weekly margins can be brought for, by their key and by the id of the system they came from."""
    rows = models.Assignment.objects.exclude(placement__state=PlacementState.FELL_THROUGH)
    found: dict[str, tuple[UUID, str, date, date]] = {}
    columns = ("placement_id", "placement__source_ref", "placement__currency", "starts_on")
    for key, ref, currency, first, last in rows.values_list(*columns, Coalesce("finished_on", "ends_on")):
        said = (key, currency, first, last)
        found[str(key)] = said
        if ref:
            found.setdefault(ref.casefold(), said)
    return found


def running_assignments(viewer: Viewer, *, on: date) -> tuple[tuple[str, str, str, str, str], ...]:
    """Assignments that run, for a file to fill in: placement, person, job, client, currency. Raises NotAllowed."""
    access.require_margin_bringer(viewer)
    rows = access.placements_of(viewer).filter(
        state=PlacementState.STARTED, assignment__finished_on=None, assignment__starts_on__lte=on
    )
    held = list(rows.select_related("job").order_by("accepted_on", "key")[:5_000])
    names = people.names({row.person_key for row in held}, viewer=viewer, candidates=True) if held else {}
    organisations = people.organisation_names({row.organisation_key for row in held})
    return tuple(
        (str(row.key), names[row.person_key], row.job.reference, organisations[row.organisation_key], row.currency)
        for row in held
    )


def margin_files(viewer: Viewer) -> tuple[MarginPreview, ...]:
    """The last files that were brought. Raises NotAllowed."""
    access.require_margin_bringer(viewer)
    return tuple(_preview(row, count=False) for row in models.MarginFile.objects.all()[:20])


def margin_file(viewer: Viewer, key: UUID) -> MarginPreview:
    """One file: what it would bring, or did. Raises NotFound, NotAllowed."""
    access.require_margin_bringer(viewer)
    row = models.MarginFile.objects.filter(pk=key).first()
    if row is None:
        raise NotFound("This file was not found.", "Its address is wrong, or it was dropped.", "Bring the file again.")
    return _preview(row, count=True)


def _preview(row: models.MarginFile, *, count: bool) -> MarginPreview:
    new, same, corrected = row.new, row.same, row.corrected
    if count and row.applied_at is None:
        new, same, corrected = _would(row)
    sums: dict[str, int] = defaultdict(int)
    for *_rest, minor, currency in row.rows:
        sums[currency] += minor
    return MarginPreview(
        row.key, row.name, len(row.rows), new, same, corrected,
        tuple(Money(minor, currency) for currency, minor in sorted(sums.items())),
        tuple(Rejected(number, tuple(cells), why) for number, cells, why in row.rejected),
        row.applied_at, row.by, row.at,
    )  # fmt: skip


def _would(row: models.MarginFile) -> tuple[int, int, int]:
    """How many weeks of a file are new, stand with the same sum, and stand with another."""
    keys = {UUID(one[1]) for one in row.rows}
    held = models.WeeklyMargin.objects.filter(assignment__placement_id__in=among(list(keys)))
    standing = {
        (str(key), week.isoformat()): minor
        for key, week, minor in held.values_list("assignment__placement_id", "week_ending", "margin_minor")
    }
    verdicts = [standing.get((key, week)) for _n, key, week, _units, _minor, _currency in row.rows]
    same = sum(1 for one, before in zip(row.rows, verdicts, strict=True) if before is not None and before == one[4])
    other = sum(1 for one, before in zip(row.rows, verdicts, strict=True) if before is not None and before != one[4])
    return len(row.rows) - same - other, same, other
