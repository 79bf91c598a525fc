"""What ties people to the house because of jobs: for the contact policy, which asks before each touch."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from fourfold.contact.types import Ties
from fourfold.jobs import models
from fourfold.jobs.types import CAME_THEMSELVES, LIVE_STATUSES, THEIR_ROLES, Stage
from fourfold.ledger import queries as ledger
from fourfold.people import queries as people

NOT_YET = (Stage.SOURCED, Stage.APPROACHED)
"""Whom we found or wrote to is in no process until they say so."""
OVER = (Stage.STARTED, Stage.STAYED)
"""Whoever has started is in process no more; who is on an assignment, ``placing_ties`` tells."""


def ties(*, person_keys: Collection[UUID], at: datetime) -> Mapping[UUID, Ties]:
    """In process, owed an answer, hiring: by person, two statements for any number of people."""
    families = people.families_of(person_keys)
    owner = {key: of for of, family in families.items() for key in family}
    held = ledger.among(list(owner))
    found: dict[UUID, Ties] = {}

    def add(key: UUID, more: Ties) -> None:
        of = owner[key]
        found[of] = found[of].add(more) if of in found else more

    rows = models.Application.objects.filter(person_key__in=held)
    engaged = Q(ended="") & ~Q(stage__in=OVER) & (Q(origin__in=CAME_THEMSELVES) | ~Q(stage__in=NOT_YET))
    rows = rows.filter(engaged | Q(owed_since__isnull=False)).order_by("-stage_at")
    for key, ended, title in rows.values_list("person_key", "ended", "job__title"):
        add(key, Ties(outcome=title) if ended else Ties(in_process=title))
    hiring = models.HiringTeam.objects.filter(person_key__in=held, role__in=THEIR_ROLES, job__status__in=LIVE_STATUSES)
    for contact, title in hiring.values_list("person_key", "job__title"):
        if contact is not None:
            add(contact, Ties(open_job=title))
    return found
