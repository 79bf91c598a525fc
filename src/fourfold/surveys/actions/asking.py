"""Ask people how it was: invited by whoever closed something, sent when their hour has come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.base.actor import HOUSE, Actor
from fourfold.base.clock import require_aware
from fourfold.base.ids import new_key
from fourfold.base.nudge import nudge
from fourfold.contact import actions as contact
from fourfold.contact import queries as contact_queries
from fourfold.contact.types import Aim, Channel, Draft, Intent, PersonSide, Verdict
from fourfold.people import queries as people
from fourfold.studio import queries as studio
from fourfold.studio.types import MailKind
from fourfold.surveys import models, queries, rules
from fourfold.surveys.actions.house import add_text, hold_rules
from fourfold.surveys.types import (
    Asked,
    HouseRules,
    Invited,
    Moment,
    NotAsked,
    Side,
    State,
    WhyNot,
)

SIDES = {Side.CANDIDATE: PersonSide.CANDIDATE, Side.CLIENT: PersonSide.CLIENT}
MOST_AT_ONCE = 500
"""People in one message; a larger group leaves in several."""


def invite(*, invited: Invited, by: Actor, at: datetime) -> Asked | NotAsked:
    """Have somebody asked how it was, or say why not. Called by the room that knows that something has ended.

    The mail leaves days later, at ten in the morning; the gate is asked now and again then. A refusal is a value and
    is kept. The same person, moment, kind and key is asked once, however often this is called.

    Raises InvitationRefused for what can't have happened (nothing is written).
    """
    [found] = invite_many(invited=[invited], by=by, at=at)
    return found


@transaction.atomic
def invite_many(*, invited: Sequence[Invited], by: Actor, at: datetime) -> tuple[Asked | NotAsked, ...]:
    """As ``invite``, for many at once, in order. Raises InvitationRefused (nothing is written)."""
    require_aware(at)
    for one in invited:
        rules.check_invited(one)
    inviting = _Inviting(invited, by=by, at=at)
    found = [inviting.one(each) for each in invited]
    refused = inviting.ask_the_gate()
    answers = tuple(refused.get(one.key, one) if isinstance(one, Asked) else one for one in found)
    asked = sum(isinstance(one, Asked) and not one.again for one in answers)
    if asked:
        accounts.audit(by=by, deed="invite_to_surveys", at=at, subject=("surveys", ""), summary=f"{asked} people")
    if queries.anything_to_do(at=at):
        transaction.on_commit(partial(nudge, "surveys", "due"))
    return answers


class _Inviting:
    """Invitations of some people at once: what was asked of them before is read once."""

    def __init__(self, invited: Sequence[Invited], *, by: Actor, at: datetime) -> None:
        self.by, self.at, self.zone = by, at, accounts_queries.house_zone()
        self.rules: HouseRules = hold_rules(at=at)
        self.families = people.families_of({one.person_key for one in invited})
        keys = {key for family in self.families.values() for key in family}
        rows = models.Invitation.objects.filter(person_key__in=keys)
        self.held: dict[UUID, list[models.Invitation]] = defaultdict(list)
        for row in rows.order_by("made_at", "key"):
            assert row.person_key is not None
            self.held[row.person_key].append(row)
        self.new: list[models.Invitation] = []

    def one(self, invited: Invited) -> Asked | NotAsked:
        family = self.families.get(invited.person_key)
        if family is None:
            return NotAsked(WhyNot.UNKNOWN_PERSON)
        earlier = [row for key in family for row in self.held[key]]
        for row in earlier:
            same = (row.moment, row.about_kind, row.about_key)
            if same == (invited.moment, invited.about_kind, invited.about_key):
                return self._as_it_stands(row)
        rule = self.rules.of(invited.moment)
        if not rule.on:
            return NotAsked(WhyNot.SWITCHED_OFF)
        moment = rules.send_at(invited.ended_at, rule.delay_days, zone=self.zone, now=self.at)
        rest = timedelta(days=self.rules.rest_days)
        near = [row.asked_at or row.send_at for row in earlier if row.state in queries.asking.LIVE]
        if any(abs(moment - other) < rest for other in near):
            return NotAsked(WhyNot.ASKED_LATELY, until=max(near) + rest)
        row = self._row(invited, moment)
        self.held[invited.person_key].append(row)
        self.new.append(row)
        return Asked(row.key, row.send_at)

    def _as_it_stands(self, row: models.Invitation) -> Asked | NotAsked:
        if row.state == State.REFUSED:
            return NotAsked(WhyNot.GATE, rule=row.reason)
        return Asked(row.key, row.send_at, again=True)

    def _row(self, invited: Invited, moment: datetime) -> models.Invitation:
        return models.Invitation(
            key=new_key(),
            person_key=invited.person_key,
            side=rules.side_of(invited.moment),
            moment=invited.moment,
            outcome=invited.outcome,
            about=" ".join(invited.about.split()),
            about_kind=invited.about_kind,
            about_key=invited.about_key,
            office=invited.office,
            desk=invited.desk,
            brand=invited.brand,
            owner_key=invited.owner,
            state=State.WAITING,
            made_by=self.by.name[:80],
            made_at=self.at,
            ended_at=invited.ended_at,
            send_at=moment,
        )

    def ask_the_gate(self) -> dict[UUID, NotAsked]:
        """Keep the new ones, then have the gate look at each: it counts what ended, so they must stand first."""
        models.Invitation.objects.bulk_create(self.new, batch_size=500)
        found = {}
        for row, preview in zip(self.new, contact_queries.may_contact(_intents(self.new), at=self.at), strict=True):
            decisive = preview.decision.decisive
            if preview.decision.verdict is Verdict.REFUSED:
                row.state, row.reason = State.REFUSED, decisive.rule.value if decisive else ""
                found[row.key] = NotAsked(WhyNot.GATE, rule=row.reason)
        gone = [row for row in self.new if row.state == State.REFUSED]
        models.Invitation.objects.bulk_update(gone, ["state", "reason"], batch_size=500)
        return found


def _intents(rows: Sequence[models.Invitation]) -> list[Intent]:
    return [_intent(row) for row in rows]


def _intent(row: models.Invitation) -> Intent:
    assert row.person_key is not None
    side = SIDES[Side(row.side)]
    return Intent(person_key=row.person_key, aim=Aim.SURVEY, channel=Channel.EMAIL, by=None, side=side)


def send_due(*, at: datetime) -> int:
    """Have the mails leave whose hour has come: one message for all who are asked the same. Returns how many people.

    Everything goes through the gate once more when it leaves. Without a mailbox of the house all wait.
    """
    require_aware(at)
    sent = 0
    for group in _groups(queries.due(at=at)):
        for start in range(0, len(group), MOST_AT_ONCE):
            sent += _send(keys=group[start : start + MOST_AT_ONCE], at=at)
    return sent


def _groups(keys: Sequence[UUID]) -> list[list[UUID]]:
    found: dict[tuple[str, ...], list[UUID]] = defaultdict(list)
    rows = models.Invitation.objects.filter(pk__in=list(keys)).order_by("send_at", "key")
    for key, *same in rows.values_list("key", "moment", "brand", "about"):
        found[tuple(same)].append(key)
    return list(found.values())


@transaction.atomic
def _send(*, keys: Sequence[UUID], at: datetime) -> int:
    """Queue one message for these invitations, which are about the same; those overtaken meanwhile are dropped."""
    house = hold_rules(at=at)
    rows = list(models.Invitation.objects.select_for_update().filter(pk__in=list(keys), state=State.WAITING))
    rows = _still_wanted(rows, house, at)
    mailbox = contact_queries.house_mailbox(rows[0].brand) if rows else None
    if mailbox is None:
        return 0
    first = rows[0]
    text = _text(Moment(first.moment), first.brand, at)
    draft = _draft(text, first)
    people_keys = [row.person_key for row in rows if row.person_key]
    message = contact.queue_to_many(
        intent=_intent(first), draft=draft, mailbox=mailbox, person_keys=people_keys, campaign="", by=HOUSE, at=at
    )
    models.Invitation.objects.filter(pk__in=[row.key for row in rows]).update(
        state=State.ASKED, message=message, text=text, asked_at=at, expires_at=at + rules.ANSWER_FOR
    )
    return len(rows)


def _still_wanted(rows: list[models.Invitation], house: HouseRules, at: datetime) -> list[models.Invitation]:
    """Those who are still to be asked; the others are dropped with their reason."""
    families = people.families_of({row.person_key for row in rows if row.person_key})
    since = at - timedelta(days=house.rest_days)
    keys = {key for family in families.values() for key in family}
    asked = models.Invitation.objects.filter(person_key__in=keys, state=State.ASKED, asked_at__gt=since)
    lately = set(asked.values_list("person_key", flat=True))
    kept, heads = [], set()
    for row in rows:
        family = families.get(row.person_key) if row.person_key else None
        why = ""
        if family is None:
            why = "gone"
        elif row.send_at < at - rules.SENT_UNTIL:
            why = "too_late"
        elif not house.of(Moment(row.moment)).on:
            why = "switched_off"
        elif lately & set(family) or family[0] in heads:
            why = "asked_lately"
        if why or family is None:
            models.Invitation.objects.filter(pk=row.pk).update(state=State.DROPPED, reason=why)
            continue
        heads.add(family[0])
        kept.append(row)
    return kept


def _text(moment: Moment, brand: str, at: datetime) -> models.SurveyText:
    """The version that mails carry now; what Fourfold ships becomes the first version when it is first used."""
    row = queries.text_for(moment, brand)
    if not row.number:
        return add_text(moment=moment, brand="", wording=row.wording, by=HOUSE, at=at)
    return models.SurveyText.objects.get(moment=moment, brand=row.brand, number=row.number)


def _draft(text: models.SurveyText, row: models.Invitation) -> Draft:
    """The mail in the brand's kit, with what it was about filled in for all."""
    wording = queries.text_for(Moment(row.moment), row.brand).wording
    version = studio.draft_version(rules.mail_draft(wording), kind=MailKind.LETTER, brand=row.brand, at=text.at)
    version = replace(version, name=f"Survey, {row.moment}", version=text.number)
    return contact.draft_from(version, {"about": row.about})
