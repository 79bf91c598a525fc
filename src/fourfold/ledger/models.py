"""Tables of the ledger. Facts are only ever inserted; triggers in guards.py hold that in the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from fourfold.ledger import rows as quick
from fourfold.ledger.types import Kind

Row = TypeVar("Row", bound=models.Model)


class AppendingQuerySet(models.QuerySet[Row]):
    """One quick way to insert rows."""

    def append(self, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert rows in one statement; a row whose id or reference exists is passed over."""
        quick.append(self.model, columns, rows)

    def put(self, key: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """The same, but a row whose ``key`` exists takes on the other columns. ``columns`` has the key among them."""
        quick.put(self.model, key, columns, rows)


class FactQuerySet(AppendingQuerySet["Fact"]):
    """Reads of facts, and the one way to write them."""

    def live(self) -> FactQuerySet:
        """Facts that count now: no voids, nothing taken back, nothing superseded."""
        return self.filter(
            ~Exists(VoidedBatch.objects.filter(batch=OuterRef("batch"))),
            ~Exists(Superseded.objects.filter(seq=OuterRef("seq"))),
            void=False,
        )


class Fact(models.Model):
    """One row of any kind. Columns that a kind lacks are null; the check constraint says which it must have.

    One table, so that one sequence, one set of triggers, one uniqueness rule and one sealer hold for all kinds
    (docs/decisions.md, "One table of facts").
    """

    seq = models.BigAutoField(primary_key=True)
    fact_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=10)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    batch = models.UUIDField()
    supersedes = models.UUIDField(null=True)
    void = models.BooleanField(default=False)
    source = models.CharField(max_length=80)
    source_ref = models.CharField(max_length=32)
    revision = models.PositiveIntegerField(default=0)
    content_hash = models.CharField(max_length=32)
    office = models.CharField(max_length=80, null=True)
    brand = models.CharField(max_length=80, null=True)

    person_key = models.UUIDField(null=True)
    organisation = models.UUIDField(null=True)
    channel = models.CharField(max_length=20, null=True)
    action = models.CharField(max_length=40, null=True)
    direction = models.CharField(max_length=3, null=True)
    team = models.CharField(max_length=80, null=True)
    actor = models.CharField(max_length=80, null=True)
    campaign = models.CharField(max_length=120, null=True)
    theme = models.CharField(max_length=80, null=True)
    stream = models.CharField(max_length=20, null=True)
    desk = models.CharField(max_length=120, null=True)
    job = models.CharField(max_length=80, null=True)
    asset = models.CharField(max_length=120, null=True)
    machine = models.BooleanField(null=True)

    outcome_kind = models.CharField(max_length=10, null=True)
    basis = models.CharField(max_length=10, null=True)
    value_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, null=True)
    engagement = models.CharField(max_length=20, null=True)
    placement = models.CharField(max_length=80, null=True)

    outcome = models.UUIDField(null=True)
    side = models.CharField(max_length=10, null=True)

    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)
    amount_minor = models.BigIntegerField(null=True)
    budget_line = models.CharField(max_length=80, null=True)
    decided_by = models.CharField(max_length=80, null=True)

    unit = models.CharField(max_length=80, null=True)
    experiment = models.CharField(max_length=80, null=True)
    arm = models.CharField(max_length=40, null=True)

    into_key = models.UUIDField(null=True)

    objects: ClassVar[FactQuerySet] = FactQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "source_ref", "revision"], name="fact_once_per_reference"),
            models.CheckConstraint(
                name="fact_has_what_its_kind_needs",
                condition=Q(void=True)
                | Q(kind=Kind.TOUCH, person_key__isnull=False, channel__isnull=False, direction__in=["in", "out"])
                | Q(kind=Kind.OUTCOME, outcome_kind__in=["candidate", "client", "colleague", "cash"])
                | Q(kind=Kind.PARTY, outcome__isnull=False, person_key__isnull=False, side__isnull=False)
                | Q(kind=Kind.SPEND, amount_minor__isnull=False, currency__isnull=False, channel__isnull=False)
                | Q(kind=Kind.ALLOCATION, person_key__isnull=False, experiment__isnull=False, arm__isnull=False)
                | Q(kind=Kind.IDENTITY, person_key__isnull=False, into_key__isnull=False),
            ),
            models.CheckConstraint(
                name="fact_money_has_a_currency",
                condition=Q(value_minor__isnull=True) | Q(currency__isnull=False),
            ),
            models.CheckConstraint(
                name="fact_spend_dates_in_order",
                condition=Q(from_date__isnull=True) | Q(to_date__gte=models.F("from_date")),
            ),
        ]
        indexes: ClassVar = [
            # The timeline of a person, newest first, and the parties of a person.
            models.Index(
                fields=["person_key", "-occurred_at", "-seq"],
                name="fact_person_time",
                condition=Q(person_key__isnull=False),
            ),
            models.Index(
                fields=["outcome_kind", "occurred_at", "seq"],
                name="fact_outcome_time",
                condition=Q(kind=Kind.OUTCOME),
            ),
            models.Index(fields=["placement"], name="fact_placement", condition=Q(placement__isnull=False)),
            models.Index(fields=["outcome"], name="fact_party_outcome", condition=Q(kind=Kind.PARTY)),
            models.Index(fields=["channel", "from_date", "seq"], name="fact_spend_time", condition=Q(kind=Kind.SPEND)),
            models.Index(fields=["batch", "seq"], name="fact_batch"),
            # Calls and meetings of some days: what colleagues did in a week.
            models.Index(fields=["-occurred_at", "-seq"], name="fact_call_time", condition=Q(channel="phone")),
            models.Index(fields=["-occurred_at", "-seq"], name="fact_meeting_time", condition=Q(channel="in_person")),
        ]


class VoidedBatch(models.Model):
    """Which batches were taken back: a projection of the void rows, so that reads need no self-join."""

    batch = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField()


class Superseded(models.Model):
    """Facts that a later revision, itself not taken back, replaces or voids: a projection, like VoidedBatch.

    A fact is live when it is no void, its batch was not taken back, and its seq is not here.
    """

    seq = models.BigIntegerField(primary_key=True)


class SourceRef(models.Model):
    """The raw reference a fact came under. Erasable: the fact itself keeps only a keyed hash."""

    fact_id = models.UUIDField(primary_key=True)
    person_key = models.UUIDField(null=True, db_index=True)
    raw = models.CharField(max_length=250)

    objects: ClassVar[AppendingQuerySet[SourceRef]] = AppendingQuerySet.as_manager()  # type: ignore[assignment]


class Canonical(models.Model):
    """Which key a merged person is read under: a projection of the live identity facts, chains followed."""

    person_key = models.UUIDField(primary_key=True)
    into_key = models.UUIDField(db_index=True)


class Activity(models.Model):
    """Per canonical person: the latest signals. Written by ``post``, recomputed after voids and merges."""

    person_key = models.UUIDField(primary_key=True)
    touches = models.PositiveIntegerField(default=0)
    last_touch_at = models.DateTimeField(null=True, db_index=True)
    last_contacted_at = models.DateTimeField(null=True, db_index=True)
    last_inbound_at = models.DateTimeField(null=True, db_index=True)
    click_1_at = models.DateTimeField(null=True, db_index=True)
    click_2_at = models.DateTimeField(null=True)
    click_3_at = models.DateTimeField(null=True)

    objects: ClassVar[AppendingQuerySet[Activity]] = AppendingQuerySet.as_manager()  # type: ignore[assignment]
