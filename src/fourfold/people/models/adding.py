"""A person about to be added: what a colleague brought, until it is confirmed or a week is over."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from fourfold.base.ids import new_key


class Draft(models.Model):
    """Words, an address, or a file that the room of files keeps under this key. Its maker's own."""

    key = models.UUIDField(primary_key=True, default=new_key)
    user_key = models.UUIDField()
    url = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField(db_index=True)
