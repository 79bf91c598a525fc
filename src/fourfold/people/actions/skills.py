"""Learn a classification's skills, so that they can be suggested."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.base.actor import Actor
from fourfold.ledger import actions as ledger
from fourfold.people import models, rules

AT_ONCE = 2_000


def learn_skills(*, skills: Iterable[tuple[str, str]], by: Actor, at: datetime) -> int:
    """Learn skills by (name, address in ESCO); those that the house has keep their spelling and learn the address.

    Returns how many were new. Some thousands in one transaction.
    """
    rows = {rules.plain(name)[:120]: (name.strip()[:120], uri.strip()[:120]) for name, uri in skills if name.strip()}
    before = models.Skill.objects.count()
    everything = list(rows.items())
    for start in range(0, len(everything), AT_ONCE):
        _learn(dict(everything[start : start + AT_ONCE]))
    new = models.Skill.objects.count() - before
    accounts.audit(by=by, deed="learn_skills", at=at, summary=f"{len(rows)} skills, {new} new")
    return new


@transaction.atomic
def _learn(rows: dict[str, tuple[str, str]]) -> None:
    ledger.append(
        models.Skill, ("name", "sort_name", "esco"), [(name, sort, uri) for sort, (name, uri) in rows.items()]
    )
    lacking = list(models.Skill.objects.filter(esco="", sort_name__in=list(rows)))
    for skill in lacking:
        skill.esco = rows[skill.sort_name][1]
    models.Skill.objects.bulk_update(lacking, ["esco"], batch_size=400)
