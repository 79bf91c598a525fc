"""Tables of integrations: imports and the rows they hold until they are applied."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fourfold.accounts.types import Role, Viewer
from fourfold.base.ids import new_key
from fourfold.integrations.types import ExportState, FileKind, RowState, State, System


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, viewer: Viewer) -> ImportQuerySet:
        """Leaders, marketers and administrators see all imports; a recruiter sees their own."""
        if viewer.has(Role.LEADER, Role.MARKETER, Role.ADMINISTRATOR):
            return self
        return self.filter(user_key=viewer.user_key)


class CrossingQuerySet(models.QuerySet["Crossing"]):
    def visible_to(self, viewer: Viewer) -> CrossingQuerySet:
        """As for imports."""
        if viewer.has(Role.LEADER, Role.MARKETER, Role.ADMINISTRATOR):
            return self
        return self.filter(user_key=viewer.user_key)


class Crossing(models.Model):
    """Files of another system that came together, and go in, or are taken back, together.

    ``path`` is the folder of what was handed in until its tables are imports; ``unknown`` names the files that were
    left out, with why.
    """

    key = models.UUIDField(primary_key=True, default=new_key)
    system = models.CharField(max_length=12, blank=True, choices=[(s.value, s.value) for s in System])
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in State], db_index=True)
    path = models.CharField(max_length=500)
    unknown = models.JSONField(default=list)
    error = models.JSONField(null=True)
    user_key = models.UUIDField(null=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    kept = models.PositiveIntegerField(default=0)
    moving_done = models.PositiveIntegerField(default=0)
    moving_total = models.PositiveIntegerField(default=0)

    objects: ClassVar[CrossingQuerySet] = CrossingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering: ClassVar = ["-at"]


class Import(models.Model):
    """One file on its way into the ledger. ``batch`` is new for each time it is applied.

    A table of another system belongs to a ``crossing``, in which it is the ``position``-th to go in; ``counts`` says
    what its check found, ``dropped`` names the sensitive columns that were taken out of the kept file.

    ``forget`` holds keyed hashes of the addresses of people who were erased: the worker takes their rows out of the
    kept file and empties it again.
    """

    key = models.UUIDField(primary_key=True, default=new_key)
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in FileKind])
    file_name = models.CharField(max_length=200)
    path = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in State], db_index=True)
    mapping = models.JSONField(default=dict)
    sample = models.JSONField(null=True)
    settings = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    summary = models.JSONField(default=list)
    remembered = models.CharField(max_length=250, blank=True)
    error = models.JSONField(null=True)
    batch = models.UUIDField(null=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_posted = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    people_added = models.PositiveIntegerField(default=0)
    user_key = models.UUIDField(null=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    forget = models.JSONField(null=True)
    crossing = models.ForeignKey(Crossing, null=True, on_delete=models.CASCADE, related_name="imports")
    position = models.PositiveSmallIntegerField(default=0)
    counts = models.JSONField(default=dict)
    dropped = models.JSONField(default=list)

    objects: ClassVar[ImportQuerySet] = ImportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering: ClassVar = ["-at"]


class ImportRow(models.Model):
    """A row of a file between reading and posting; rejected ones stay, with their reason.

    ``day`` orders rows that must be applied in the order of their dates; null where the file's order is good.
    """

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+")
    row = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in RowState])
    content = models.JSONField()
    parsed = models.JSONField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    day = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["imported", "state", "row"], name="import_row_state")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["imported", "row"], name="import_row_once")]


class SavedMapping(models.Model):
    """How the columns of a file were mapped and its texts read, for the next file of the kind with these headers.

    ``headers_hash`` is of the headers' names in order of the alphabet: a moved column is the same file.
    """

    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in FileKind])
    headers_hash = models.CharField(max_length=64)
    headers = models.JSONField()
    mapping = models.JSONField()
    settings = models.JSONField()
    file_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "headers_hash"], name="mapping_once")]


class Export(models.Model):
    """The whole house on its way out: a zip that is written apart, and goes after some days."""

    key = models.UUIDField(primary_key=True, default=new_key)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ExportState], db_index=True)
    user_key = models.UUIDField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    size = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-at"]


class SourceRecord(models.Model):
    """One row of another system by its id there: what it became, and its key cells byte for byte.

    ``staged`` ones have no room yet: ``payload`` keeps their cells but the sensitive ones, ``refs`` whom and what they
    name by ids there. ``did`` is what bringing it in changed:
    ``added`` for a record that was new, else the names of what was filled in. One that waited and was moved in is
    staged no more: ``became_key`` is what it became, ``made`` in ``did`` whether that is its own; ``why`` says why it
    still waits.
    """

    key = models.UUIDField(primary_key=True, default=new_key)
    system = models.CharField(max_length=12)
    entity = models.CharField(max_length=40)
    source_id = models.CharField(max_length=250)
    person_key = models.UUIDField(null=True, db_index=True)
    organisation_key = models.UUIDField(null=True, db_index=True)
    staged = models.BooleanField(default=False)
    became_key = models.UUIDField(null=True, db_index=True)
    why = models.CharField(max_length=120, blank=True)
    keys = models.JSONField(default=dict)
    payload = models.JSONField(null=True)
    refs = models.JSONField(default=list)
    did = models.JSONField(default=dict)
    added_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    imported = models.ForeignKey(Import, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["system", "entity", "source_id"], name="source_record_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["entity", "key"], name="staged_of_entity", condition=models.Q(staged=True)),
        ]


class SourcePerson(models.Model):
    """Whom a staged record is about: a job's contacts, a submission's candidate."""

    record = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="people")
    person_key = models.UUIDField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["record", "person_key"], name="source_person_once")]
