"""What the house asks, when, and how many answers make a group."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Viewer
from fourfold.base.actor import HOUSE, Actor
from fourfold.surveys import access, models, queries, rules
from fourfold.surveys.types import HouseRules, Moment, TextRefused, Wording


@transaction.atomic
def keep_rules(*, to: HouseRules, viewer: Viewer, at: datetime) -> None:
    """Keep the house's numbers; they hold for who is invited from now on. Raises NotAllowed, TextRefused."""
    access.require_keeper(viewer)
    rules.check_rules(to)
    hold_rules(at=at)
    models.SurveyRules.objects.filter(number=1).update(
        fewest=to.fewest, rest_days=to.rest_days, changed_by=viewer.name[:80], changed_at=at
    )
    for one in to.moments:
        models.SurveyMoment.objects.update_or_create(
            moment=one.moment, defaults={"on": one.on, "delay_days": one.delay_days}
        )
    off = ", ".join(one.moment for one in to.moments if not one.on) or "none"
    summary = f"groups of {to.fewest}, {to.rest_days} days between, switched off: {off}"
    accounts.audit(by=viewer.actor(), deed="keep_survey_rules", at=at, subject=("surveys", 1), summary=summary)


def hold_rules(*, at: datetime) -> HouseRules:
    """The house's numbers, held until the transaction ends: whoever asks somebody is alone while they look."""
    shipped = rules.DEFAULT_RULES
    first = {"fewest": shipped.fewest, "rest_days": shipped.rest_days, "changed_by": HOUSE.name, "changed_at": at}
    models.SurveyRules.objects.get_or_create(number=1, defaults=first)
    list(models.SurveyRules.objects.select_for_update().filter(number=1))
    return queries.house_rules()


@transaction.atomic
def keep_text(*, moment: Moment, brand: str, wording: Wording, viewer: Viewer, at: datetime) -> int:
    """Keep a new version of what is asked at a moment; mails that leave from now on carry it. Returns its number.

    ``brand`` "" is for all brands without a text of their own. Raises NotAllowed, TextRefused.
    """
    access.require_keeper(viewer)
    if brand and brand not in {one.slug for one in accounts_queries.brands()}:
        raise TextRefused("The text was not kept.", "There is no such brand.", "Choose one of those shown.")
    rules.check_wording(wording)
    hold_rules(at=at)
    row = add_text(moment=moment, brand=brand, wording=wording, by=viewer.actor(), at=at)
    of = f"{moment}{f' for {brand}' if brand else ''}, version {row.number}"
    accounts.audit(by=viewer.actor(), deed="keep_survey_text", at=at, subject=("survey text", row.pk), summary=of)
    return row.number


def add_text(*, moment: Moment, brand: str, wording: Wording, by: Actor, at: datetime) -> models.SurveyText:
    """Add the next version of a text; the rules are held."""
    newest: int = models.SurveyText.objects.filter(moment=moment, brand=brand).aggregate(n=Max("number"))["n"] or 0
    return models.SurveyText.objects.create(
        moment=moment,
        brand=brand,
        number=newest + 1,
        subject=wording.subject.strip(),
        intro=wording.intro.strip(),
        question=wording.question.strip(),
        follow_up=wording.follow_up.strip(),
        by=by.name[:80],
        at=at,
    )
