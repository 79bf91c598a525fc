"""Writes to the ledger: post facts, void one, take a batch back. Nothing here updates or deletes a fact."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import transaction

from fourfold.base.clock import require_aware
from fourfold.base.errors import NotFound
from fourfold.base.ids import fact_id, keyed_hash
from fourfold.ledger import guards, locks, models, queries, rules
from fourfold.ledger import rows as quick
from fourfold.ledger.rules import Standing, Verdict
from fourfold.ledger.types import ActivityRow, Changed, Fact, FactRefused, Identity, Kind, Posted, Touch

T = TypeVar("T")

HEAD = (
    "fact_id", "kind", "occurred_at", "batch", "supersedes", "void", "source", "source_ref", "revision", "content_hash",
)  # fmt: skip
REF_LENGTH = 250
append, insert, change = quick.append, quick.insert, quick.change  # for the large tables of rooms above
Guards = guards.Guards  # for other append-only tables of rooms above
append_only = guards.append_only
CHUNK = 500


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


@transaction.atomic
def post(*, facts: Sequence[Fact], batch: UUID, at: datetime, correct: bool = False) -> Posted:
    """Post facts, in the order given, in the caller's transaction or one of its own.

    A fact whose (source, source_ref) stands in the ledger with the same content is passed over; with other content
    it is reported as changed, or with ``correct`` posted as its next revision. One that was taken back is posted again.

    Units: money in minor units; moments aware. Some thousands of facts a call at most: writers wait meanwhile.
    Raises: FactRefused if the batch was taken back, or a reference is longer than 250 characters.
    """
    require_aware(at)
    locks.hold_shared()
    if models.VoidedBatch.objects.filter(batch=batch).exists():
        raise FactRefused("Nothing was posted.", "This import was taken back while it ran.", "Start the import again.")
    hashes = [hash_ref(fact.source, fact.source_ref) for fact in facts]
    posting = _Posting(batch=batch, correct=correct, hashes=hashes, standings=_standings(facts, hashes))
    for index, fact in enumerate(facts):
        posting.add(index, fact)
    posting.write()
    return posting.answer()


@dataclass
class _Posting:
    """The state of one call of ``post``: what stands already, and what will be written."""

    batch: UUID
    correct: bool
    hashes: list[str]  # of the reference of each fact given
    standings: dict[tuple[str, str], Standing]
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    rows: dict[Kind, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))
    refs: list[tuple[UUID, UUID | None, str]] = field(default_factory=list)
    superseded: list[int] = field(default_factory=list)
    touches: dict[UUID, list[Touch]] = field(default_factory=lambda: defaultdict(list))
    stale: set[UUID] = field(default_factory=set)
    merges: bool = False
    changed: list[Changed] = field(default_factory=list)
    ids: list[UUID | None] = field(default_factory=list)
    written: list[int] = field(default_factory=list)

    def add(self, index: int, fact: Fact) -> None:
        if len(fact.source_ref) > REF_LENGTH:
            raise FactRefused(
                "Nothing was posted.",
                f"The reference of row {index + 1} has {len(fact.source_ref)} characters.",
                f"Use references of at most {REF_LENGTH} characters.",
            )
        ref = self.hashes[index]
        new_hash = rules.content_hash(fact)
        standing = self.standings.get((fact.source, ref))
        # A reference that comes twice in one posting with two contents is a fault of the file, never a correction.
        verdict = rules.judge(standing, new_hash, correct=self.correct and bool(standing and standing.seq))
        self.verdicts[verdict] += 1
        if verdict is Verdict.CHANGED:
            self.changed.append(Changed(index, fact.source_ref))
            self.ids.append(None)
            return
        if verdict is Verdict.UNCHANGED and standing:
            self.ids.append(standing.fact_id)
            return
        revision = standing.revision + 1 if standing else 0
        key = fact_id(fact.source, ref, revision)
        if verdict is Verdict.CORRECTED and standing:
            self.superseded.append(standing.seq)
        replaced = standing.fact_id if standing else None
        head = (
            key,
            fact.kind.value,
            fact.occurred_at,
            self.batch,
            replaced,
            False,
            fact.source,
            ref,
            revision,
            new_hash,
        )
        self.rows[fact.kind].append((*head, *BODY_OF[fact.kind](fact)))
        self.standings[fact.source, ref] = Standing(key, 0, revision, new_hash, live=True)
        self.refs.append((key, getattr(fact, "person_key", None), fact.source_ref))
        self.ids.append(key)
        self.written.append(index)
        self._note(fact, verdict)

    def _note(self, fact: Fact, verdict: Verdict) -> None:
        if isinstance(fact, Touch):
            if verdict is Verdict.CORRECTED:
                self.stale.add(fact.person_key)
            else:
                self.touches[fact.person_key].append(fact)
        self.merges = self.merges or isinstance(fact, Identity)

    def write(self) -> None:
        for kind, rows in self.rows.items():
            models.Fact.objects.append((*HEAD, *BODY[kind]), rows)
        models.SourceRef.objects.append(("fact_id", "person_key", "raw"), self.refs)
        models.Superseded.objects.bulk_create(
            [models.Superseded(seq=seq) for seq in self.superseded], ignore_conflicts=True
        )
        if self.touches:
            _fold_activity(self.touches)
        if self.merges:
            refresh_canonical()
        if self.stale:
            refresh_activity(person_keys=self.stale)

    def answer(self) -> Posted:
        return Posted(
            new=self.verdicts[Verdict.NEW] + self.verdicts[Verdict.AGAIN],
            unchanged=self.verdicts[Verdict.UNCHANGED],
            corrected=self.verdicts[Verdict.CORRECTED],
            changed=tuple(self.changed),
            fact_ids=tuple(self.ids),
            written=tuple(self.written),
        )


BODY: dict[Kind, tuple[str, ...]] = {
    fact_type.kind: tuple(f.name for f in fields(fact_type) if f.name not in {"source", "source_ref", "occurred_at"})
    for fact_type in Fact.__subclasses__()
}
"""The columns of a kind after the head that all kinds share."""
BODY_OF = {kind: attrgetter(*columns) for kind, columns in BODY.items()}


def hash_ref(source: str, source_ref: str) -> str:
    return keyed_hash(settings.LEDGER_KEY, f"{source}\n{source_ref}")


def first_fact_id(source: str, source_ref: str) -> UUID:
    """The id that a fact of this reference had when it was first posted; parties name outcomes by it."""
    return fact_id(source, hash_ref(source, source_ref))


def _standings(facts: Sequence[Fact], hashes: Sequence[str]) -> dict[tuple[str, str], Standing]:
    """What already stands in the ledger under the references of these facts."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for fact, ref in zip(facts, hashes, strict=True):
        wanted[fact.source].add(ref)
    rows: dict[tuple[str, str], list[models.Fact]] = defaultdict(list)
    for source, refs in wanted.items():
        found = models.Fact.objects.filter(source=source, source_ref__in=quick.among(refs))
        for row in found.only("fact_id", "seq", "revision", "content_hash", "void", "batch", "source", "source_ref"):
            rows[row.source, row.source_ref].append(row)
    voided = _voided({row.batch for several in rows.values() for row in several})
    return {ref: _standing(several, voided) for ref, several in rows.items()}


def _voided(batches: Collection[UUID]) -> set[UUID]:
    return (
        set(models.VoidedBatch.objects.filter(batch__in=batches).values_list("batch", flat=True)) if batches else set()
    )


def _standing(revisions: list[models.Fact], voided: set[UUID]) -> Standing:
    newest = max(row.revision for row in revisions)
    kept = [row for row in revisions if row.batch not in voided]
    top = max(kept or revisions, key=lambda row: row.revision)
    return Standing(top.fact_id, top.seq, newest, top.content_hash, live=bool(kept) and not top.void)


@transaction.atomic
def void_facts_if_held(*, facts: Collection[UUID], batch: UUID, at: datetime) -> int:
    """As ``void_fact`` for each revision that counts of these first ones; those that don't are passed over.

    Returns how many were voided. For what came over from elsewhere and goes out again, some hundreds a call.
    """
    refs = models.Fact.objects.filter(fact_id__in=list(facts)).values_list("source", "source_ref")
    live = models.Fact.objects.live().filter(
        source_ref__in=[ref for _, ref in refs], source__in={one for one, _ in refs}
    )
    found = list(live.exclude(kind=Kind.VOID).values_list("fact_id", flat=True))
    for fact in found:
        void_fact(fact=fact, batch=batch, at=at)
    return len(found)


@transaction.atomic
def void_fact(*, fact: UUID, batch: UUID, at: datetime) -> UUID:
    """Void one fact: its next revision says that it never counted. Returns the void's fact id.

    Raises NotFound if there is no such live fact.
    """
    locks.hold_shared()
    row = models.Fact.objects.live().filter(fact_id=fact).first()
    if row is None:
        raise NotFound("Nothing was voided.", "There is no such fact, or it was voided before.", "Reload the page.")
    newest = models.Fact.objects.filter(source=row.source, source_ref=row.source_ref).order_by("-revision")[0].revision
    key = fact_id(row.source, row.source_ref, newest + 1)
    head = (key, row.kind, row.occurred_at, batch, row.fact_id, True, row.source, row.source_ref, newest + 1, "")
    columns = BODY[Kind(row.kind)]  # the void repeats what it voids: readers need no second row to place it
    models.Fact.objects.append((*HEAD, *columns), [(*head, *(getattr(row, name) for name in columns))])
    models.Superseded.objects.bulk_create([models.Superseded(seq=row.seq)], ignore_conflicts=True)
    if row.kind == Kind.IDENTITY:
        refresh_canonical()
    if row.person_key:
        refresh_activity(person_keys={row.person_key})
    return key


def void_batch(*, batch: UUID, at: datetime) -> int:
    """Take a whole batch back with one row. Returns how many facts it held that counted until now.

    Facts that this batch had corrected come back. The activity of the people concerned is worked out again after
    the transaction, in small ones, so that other writers don't wait.
    Raises NotFound if the batch has no facts or was taken back before.
    """
    with transaction.atomic():
        locks.hold_shared()
        rows = models.Fact.objects.filter(batch=batch).exclude(kind=Kind.VOID)
        if not rows.exists() or models.VoidedBatch.objects.filter(batch=batch).exists():
            raise NotFound(
                "Nothing was taken back.", "This import holds no facts, or was taken back before.", "Reload."
            )
        count = rows.live().count()
        ref = hash_ref("fourfold", f"void:{batch}")
        head = (fact_id("fourfold", ref), Kind.VOID.value, at, batch, None, True, "fourfold", ref, 0, "")
        models.Fact.objects.append(HEAD, [head])
        seq = models.Fact.objects.get(fact_id=head[0]).seq
        models.VoidedBatch.objects.create(batch=batch, seq=seq)
        _revive(rows.filter(revision__gt=0))
        if rows.filter(kind=Kind.IDENTITY).exists():
            refresh_canonical()
    people = rows.filter(kind=Kind.TOUCH).values_list("person_key", flat=True).distinct()
    refresh_activity(person_keys={key for key in people if key})
    return count


def void_batch_if_held(*, batch: UUID, at: datetime) -> int:
    """As ``void_batch``, but a batch without facts, or taken back before, is no error: 0. For runs that may repeat."""
    try:
        return void_batch(batch=batch, at=at)
    except NotFound:
        return 0


def _revive(voided_rows: Any) -> None:
    """Facts that only rows now taken back had superseded count again."""
    refs = list(voided_rows.values_list("source", "source_ref").distinct())
    for some in chunks(refs):
        for source in {source for source, _ in some}:
            held = models.Fact.objects.filter(
                source=source, source_ref__in=[ref for name, ref in some if name == source]
            )
            revisions: dict[str, list[models.Fact]] = defaultdict(list)
            for row in held.only("seq", "batch", "revision", "source_ref"):
                revisions[row.source_ref].append(row)
            voided = _voided({row.batch for several in revisions.values() for row in several})
            tops = [
                max(kept, key=lambda row: row.revision).seq
                for several in revisions.values()
                if (kept := [row for row in several if row.batch not in voided])
            ]
            models.Superseded.objects.filter(seq__in=tops).delete()


def refresh_canonical() -> None:
    """Work out again which key each merged person is read under, from the live identity facts."""
    facts = models.Fact.objects.live().filter(kind=Kind.IDENTITY).order_by("seq")
    pairs = {key: into for key, into in facts.values_list("person_key", "into_key") if key and into}
    before = dict(models.Canonical.objects.values_list("person_key", "into_key"))
    after = rules.follow(pairs)
    gone = [key for key, into in before.items() if after.get(key) != into]
    models.Canonical.objects.filter(person_key__in=gone).delete()
    models.Canonical.objects.bulk_create(
        [models.Canonical(person_key=key, into_key=into) for key, into in after.items() if before.get(key) != into]
    )
    moved = {key for key in set(before) | set(after) if before.get(key) != after.get(key)}
    ends = {ends[key] for ends in (before, after) for key in moved if key in ends}
    refresh_activity(person_keys=moved | ends)


def _fold_activity(touches: dict[UUID, list[Touch]]) -> None:
    """Add new touches to the activity of their people."""
    ends = queries.canonical_keys(touches)
    grouped: dict[UUID, list[Touch]] = defaultdict(list)
    for key, several in touches.items():
        grouped[ends[key]].extend(several)
    known = queries.activity(grouped.keys())
    _save_activity([rules.fold(known.get(key) or ActivityRow(key), grouped[key]) for key in sorted(grouped)])


def refresh_activity(*, person_keys: Collection[UUID]) -> None:
    """Work out the activity of these people (and of those merged with them) again from their live touches."""
    if not person_keys:
        return
    ends = sorted(set(queries.canonical_keys(person_keys).values()))
    for some in chunks(sorted(set(person_keys) - set(ends))):  # merged into others: theirs is kept there
        models.Activity.objects.filter(person_key__in=some).delete()
    for some in chunks(ends):
        members = queries.members(some)
        owner = {key: end for end, keys in members.items() for key in keys}
        grouped: dict[UUID, list[Touch]] = defaultdict(list)
        for touch in _live_touches(owner):
            grouped[owner[touch.person_key]].append(touch)
        with transaction.atomic():
            models.Activity.objects.filter(person_key__in=some).delete()
            _save_activity([rules.fold(ActivityRow(key), grouped[key]) for key in some if grouped[key]])


def _live_touches(keys: Iterable[UUID]) -> Iterator[Touch]:
    rows = models.Fact.objects.live().filter(kind=Kind.TOUCH, person_key__in=list(keys))
    for row in rows.only("person_key", "occurred_at", "action", "direction", "machine"):
        if row.person_key:
            yield Touch(
                source="ledger",
                source_ref="-",
                occurred_at=row.occurred_at,
                person_key=row.person_key,
                channel="",
                action=row.action or "",
                direction=row.direction or "",
                machine=bool(row.machine),
            )


def _save_activity(rows: Sequence[ActivityRow]) -> None:
    models.Activity.objects.put(
        "person_key",
        ("person_key", "touches", "last_touch_at", "last_contacted_at", "last_inbound_at", *queries.CLICKS),
        [
            (
                row.person_key,
                row.touches,
                row.last_touch_at,
                row.last_contacted_at,
                row.last_inbound_at,
                *row.clicks_at,
                *[None] * (len(queries.CLICKS) - len(row.clicks_at)),
            )
            for row in rows
        ],
    )


@transaction.atomic
def forget_references(*, person_keys: Collection[UUID]) -> int:
    """Erase the raw references that facts about these people came under. The facts keep their keyed hashes."""
    erased, _ = models.SourceRef.objects.filter(person_key__in=person_keys).delete()
    return erased
