"""Tables of reports: questions asked, and the answers worked out from the snapshot."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from fourfold.base.ids import new_key


class Asked(models.Model):
    """A question that somebody looks at. The worker answers those whose answer is behind the ledger."""

    question_key = models.CharField(max_length=32, primary_key=True)
    question = models.JSONField()
    asked_at = models.DateTimeField(db_index=True)
    wanted_at = models.DateTimeField(null=True, db_index=True)
    error = models.JSONField(null=True)


class SavedResult(models.Model):
    """An answer, with the cut of the ledger and the version of the code it was worked out with."""

    question_key = models.CharField(max_length=32, unique=True)
    question = models.JSONField()
    values = models.JSONField()
    cut = models.BigIntegerField()
    code_version = models.CharField(max_length=40)
    computed_at = models.DateTimeField()
    seconds = models.FloatField()


class CreditRow(models.Model):
    """The credit of one outcome's side for one key, behind a figure of a result."""

    result = models.ForeignKey(SavedResult, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    side = models.CharField(max_length=10)
    outcome = models.UUIDField()
    outcomes = models.FloatField()
    value_minor = models.FloatField()
    occurred_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    touches = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["result", "key", "-value_minor", "id"], name="credit_by_key")]


class Goal(models.Model):
    """A target beside a figure, for some days and a place, owned by a recruiter and a marketer together."""

    key = models.UUIDField(primary_key=True, default=new_key, editable=False)
    figure = models.CharField(max_length=20)
    start = models.DateField()
    end = models.DateField()
    target = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    recruiter = models.UUIDField()
    marketer = models.UUIDField()
    desk = models.CharField(max_length=120, blank=True)
    team = models.CharField(max_length=50, blank=True)
    office = models.CharField(max_length=50, blank=True)
    note = models.CharField(max_length=200, blank=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["end", "figure", "key"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(target__gt=0), name="goal_above_zero"),
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="goal_has_days"),
            models.CheckConstraint(condition=~models.Q(recruiter=models.F("marketer")), name="goal_has_two_owners"),
            models.UniqueConstraint(
                fields=["figure", "start", "end", "desk", "team", "office"],
                condition=models.Q(dropped_at=None),
                name="goal_once",
            ),
        ]


class GoalTarget(models.Model):
    """What a goal's target was set to: kept, so that a moved goal post can be seen."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="targets")
    target = models.BigIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["pk"]


class ReadOut(models.Model):
    """An experiment from a file. Only columns that name nobody are kept, in a file of their own."""

    key = models.UUIDField(primary_key=True, default=new_key, editable=False)
    title = models.CharField(max_length=120)
    file_name = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    state = models.CharField(max_length=10)
    columns = models.JSONField(default=list)
    design = models.JSONField(null=True)
    values = models.JSONField(null=True)
    error = models.JSONField(null=True)
    user_key = models.UUIDField(null=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering: ClassVar = ["-at", "key"]


class WeeklyTarget(models.Model):
    """How much of one kind of work a colleague aims to do in a week: set by them, or by a leader. It holds from
    ``from_week``, a Monday, until a later one. 0 ends it.
    """

    user_key = models.UUIDField()
    measure = models.CharField(max_length=20)
    from_week = models.DateField()
    target = models.PositiveIntegerField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user_key", "measure", "from_week"], name="weekly_target_once")
        ]
