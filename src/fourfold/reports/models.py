"""Tables of reports: questions asked, and the answers worked out from the snapshot."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


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
    touches = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["result", "key", "-value_minor", "id"], name="credit_by_key")]
