"""What is asked and when, what waits, and what somebody's link opens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Max, Q

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.clock import day_start
from fourfold.contact import queries as contact
from fourfold.contact.types import Ties
from fourfold.people import queries as people
from fourfold.people.types import PersonNotFound
from fourfold.surveys import access, models, rules
from fourfold.surveys.types import (
    HouseRules,
    Moment,
    MomentRule,
    OpenSurvey,
    Standing,
    State,
    SurveyClosed,
    TextRow,
    Wording,
)

LIVE = (State.WAITING, State.ASKED)


def house_rules() -> HouseRules:
    """The house's numbers, those that Fourfold ships where it has kept none."""
    held = models.SurveyRules.objects.first()
    known = {row.moment: MomentRule(Moment(row.moment), row.on, row.delay_days) for row in _moments()}
    shipped = rules.DEFAULT_RULES
    return HouseRules(
        fewest=held.fewest if held else shipped.fewest,
        rest_days=held.rest_days if held else shipped.rest_days,
        moments=tuple(known.get(one.moment, one) for one in shipped.moments),
    )


def _moments() -> list[models.SurveyMoment]:
    return list(models.SurveyMoment.objects.all())


def text_for(moment: Moment, brand: str) -> TextRow:
    """What a brand asks at a moment: its own newest version, else that for all brands, else what Fourfold ships."""
    rows = models.SurveyText.objects.filter(moment=moment, brand__in={brand, ""})
    row = rows.order_by("-brand", "-number").first()
    return _text(row) if row else TextRow(moment, "", 0, rules.SHIPPED[moment])


def _text(row: models.SurveyText) -> TextRow:
    wording = Wording(subject=row.subject, intro=row.intro, question=row.question, follow_up=row.follow_up)
    return TextRow(Moment(row.moment), row.brand, row.number, wording, row.by, row.at)


def texts(viewer: Viewer) -> tuple[TextRow, ...]:
    """What is asked at each moment, in their order, then by brand. Raises NotAllowed."""
    access.require_keeper(viewer)
    newest = models.SurveyText.objects.values("moment", "brand").annotate(last=Max("number"))
    wanted = Q(pk__in=[])
    for one in newest:
        wanted |= Q(moment=one["moment"], brand=one["brand"], number=one["last"])
    held = {(row.moment, row.brand): _text(row) for row in models.SurveyText.objects.filter(wanted)}
    found = []
    for moment in Moment:
        found.append(held.get((moment, "")) or TextRow(moment, "", 0, rules.SHIPPED[moment]))
        found += [row for (of, brand), row in sorted(held.items()) if of == moment and brand]
    return tuple(found)


def text_versions(viewer: Viewer, moment: Moment, brand: str) -> tuple[TextRow, ...]:
    """The versions of one text, the newest first. Raises NotAllowed."""
    access.require_keeper(viewer)
    rows = models.SurveyText.objects.filter(moment=moment, brand=brand).order_by("-number")
    return tuple(_text(row) for row in rows[:50])


def due(*, at: datetime) -> tuple[UUID, ...]:
    """Invitations whose hour has come, the first to come first."""
    rows = models.Invitation.objects.filter(state=State.WAITING, send_at__lte=at)
    return tuple(rows.order_by("send_at", "key").values_list("key", flat=True))


def anything_to_do(*, at: datetime) -> bool:
    """Whether somebody is to be asked now and can be, or answers of closed months are to be counted."""
    if models.Answer.objects.filter(at__lt=counted_until(at)).exists():
        return True
    waits = models.Invitation.objects.filter(state=State.WAITING, send_at__lte=at)
    return waits.exists() and contact.house_mailbox() is not None


def counted_until(at: datetime) -> datetime:
    """Answers before this moment can't change any more, and count."""
    zone = accounts.house_zone()
    return day_start(rules.cut_of(at.astimezone(ZoneInfo(zone)).date()), zone)


def standing(viewer: Viewer, *, at: datetime) -> Standing:
    """How the surveys stand, for who keeps them. Raises NotAllowed."""
    access.require_keeper(viewer)
    rows = models.Invitation.objects.all()
    states = Counter(rows.values_list("state", flat=True))
    refused = Counter(rows.filter(state=State.REFUSED).values_list("reason", flat=True))
    return Standing(
        states={State(state): n for state, n in states.items()},
        refused=tuple(refused.most_common()),
        late=rows.filter(state=State.WAITING, send_at__lt=at).count(),
        has_mailbox=contact.house_mailbox() is not None,
    )


def open_survey(*, delivery: UUID, person_key: UUID, at: datetime) -> OpenSurvey:
    """What a link opens: the survey that a delivery to somebody asked.

    Raises PersonNotFound for who is erased or was never asked by it, SurveyClosed when it is too late.
    """
    message = contact.message_of(delivery)
    family = people.family_of(person_key)
    rows = models.Invitation.objects.filter(message=message, person_key__in=family, state=State.ASKED)
    row = rows.select_related("text", "answer").first() if message else None
    if row is None or row.text is None or row.expires_at is None:
        raise PersonNotFound("This was not found.", "Nothing is kept under this link any more.", "Answer the mail.")
    held = getattr(row, "answer", None)
    until = held.at + rules.CHANGE_FOR if held else row.expires_at
    if at >= until or (row.answered and held is None):
        raise closed(answered=row.answered)
    return OpenSurvey(
        key=row.key,
        brand=row.brand,
        question=row.text.question,
        follow_up=row.text.follow_up,
        until=until,
        answered=held is not None,
        may_answer=held is not None and held.may_answer,
    )


def closed(*, answered: bool) -> SurveyClosed:
    """Why no answer is taken any more."""
    if answered:
        return SurveyClosed(
            "You have answered, thank you.",
            f"An answer can be changed for {rules.CHANGE_FOR.days} days. Once its month is over, nothing connects it "
            "with you any more.",
            "If there is more to say, answer our mail.",
        )
    return SurveyClosed(
        "This question has run out.",
        f"It was open for {rules.ANSWER_FOR.days} days.",
        "If there is something you want to tell us, answer our mail.",
    )


def ties(*, person_keys: Collection[UUID], at: datetime) -> Mapping[UUID, Ties]:
    """Those of these people of whom something came to an end that they are asked about: what ties them to the house."""
    families = people.families_of(person_keys)
    head = {key: end for end, family in families.items() for key in family}
    rows = models.Invitation.objects.filter(person_key__in=list(head), state__in=LIVE).filter(
        Q(expires_at=None) | Q(expires_at__gt=at)
    )
    return {
        head[key]: Ties(outcome=f"{moment}, {outcome}")
        for key, moment, outcome in rows.order_by(F("ended_at").asc()).values_list("person_key", "moment", "outcome")
        if key is not None
    }


def held_about(keys: Collection[UUID]) -> Mapping[str, Any]:
    """What somebody was asked, as JSON can hold it. What they answered isn't kept with their name."""
    rows = models.Invitation.objects.filter(person_key__in=list(keys)).order_by("made_at", "key")
    return {
        "surveys": [
            {
                "moment": row.moment,
                "outcome": row.outcome,
                "about": row.about,
                "state": row.state,
                "asked_at": row.asked_at.isoformat() if row.asked_at else None,
                "answered": row.answered,
                "answer": "Kept apart from the name. Once its month is over, nothing connects the two any more."
                if row.answered
                else "",
            }
            for row in rows
        ]
    }
