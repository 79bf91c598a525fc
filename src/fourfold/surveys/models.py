"""Tables of surveys."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from fourfold.base.ids import new_key
from fourfold.surveys.rules import OUTCOMES, side_of
from fourfold.surveys.types import FEWEST_EVER, LONGEST_ABOUT, Moment, Outcome, Side, State

_ASKED, _WAITING = State.ASKED.value, State.WAITING.value


def _of(enum: type[Moment] | type[Outcome] | type[Side] | type[State]) -> list[tuple[str, str]]:
    return [(one.value, one.value) for one in enum]


def _possible() -> Q:
    """A moment with its side, and with what can come of it."""
    found = Q()
    for moment, outcomes in OUTCOMES.items():
        found |= Q(moment=moment.value, side=side_of(moment).value, outcome__in=[one.value for one in outcomes])
    return found


class SurveyRules(models.Model):
    """The house's numbers: one row. Whoever asks somebody holds it, so that nobody is asked twice at once."""

    number = models.PositiveSmallIntegerField(primary_key=True, default=1)
    fewest = models.PositiveSmallIntegerField()
    rest_days = models.PositiveSmallIntegerField()
    changed_by = models.CharField(max_length=80)
    changed_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(number=1), name="survey_rules_one_row"),
            models.CheckConstraint(condition=Q(fewest__gte=FEWEST_EVER), name="survey_rules_fewest"),
            models.CheckConstraint(condition=Q(rest_days__gte=1), name="survey_rules_rest"),
        ]


class SurveyMoment(models.Model):
    """Whether the house asks at a moment, and how many days after it."""

    moment = models.CharField(max_length=12, choices=_of(Moment), primary_key=True)
    on = models.BooleanField()
    delay_days = models.PositiveSmallIntegerField()


class SurveyText(models.Model):
    """What is asked at a moment, a version at a time; kept by triggers as it is. ``brand`` "" is for all brands."""

    moment = models.CharField(max_length=12, choices=_of(Moment))
    brand = models.SlugField(blank=True)
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=120)
    intro = models.TextField()
    question = models.CharField(max_length=200)
    follow_up = models.CharField(max_length=200)
    by = models.CharField(max_length=80)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["moment", "brand", "number"], name="survey_text_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="survey_text_counts_from_one"),
        ]


class Invitation(models.Model):
    """Somebody to be asked, or who was. ``person_key`` is empty once they were erased; their number stays as a count.

    ``person_key`` may be of a record that was merged since: reads follow the family.
    """

    key = models.UUIDField(primary_key=True, default=new_key)
    person_key = models.UUIDField(null=True)
    side = models.CharField(max_length=10, choices=_of(Side))
    moment = models.CharField(max_length=12, choices=_of(Moment))
    outcome = models.CharField(max_length=12, choices=_of(Outcome))
    about = models.CharField(max_length=LONGEST_ABOUT, blank=True)
    about_kind = models.CharField(max_length=40, blank=True)
    about_key = models.UUIDField(null=True)
    office = models.SlugField(max_length=120, blank=True)
    desk = models.SlugField(max_length=120, blank=True)
    brand = models.SlugField(blank=True)
    owner_key = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=_of(State))
    reason = models.CharField(max_length=30, blank=True)
    message = models.UUIDField(null=True)
    text = models.ForeignKey(SurveyText, on_delete=models.PROTECT, null=True, related_name="+")
    made_by = models.CharField(max_length=80)
    made_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    ended_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    send_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    answered = models.BooleanField(default=False)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=_possible(), name="survey_invitation_possible"),
            models.UniqueConstraint(
                fields=["person_key", "moment", "about_kind", "about_key"], name="survey_invitation_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    state=_ASKED, asked_at__isnull=False, message__isnull=False, text__isnull=False,
                    expires_at__gt=F("asked_at"),
                )
                | (~Q(state=_ASKED) & Q(asked_at__isnull=True, message__isnull=True, expires_at__isnull=True)),
                name="survey_invitation_asked_by_a_message",
            ),
            models.CheckConstraint(
                condition=Q(person_key__isnull=False) | (Q(about="", about_key__isnull=True) & ~Q(state=_WAITING)),
                name="survey_invitation_erased_says_nothing",
            ),
            models.CheckConstraint(
                condition=Q(answered=False) | Q(state=_ASKED), name="survey_invitation_answered_when_asked"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["send_at"], condition=Q(state=_WAITING), name="survey_invitation_due"),
            models.Index(fields=["person_key", "send_at"], name="survey_invitation_of"),
            models.Index(fields=["message", "person_key"], name="survey_invitation_mail"),
        ]


class Answer(models.Model):
    """What somebody answered, as long as it may be changed: one for each invitation. Then it is counted, and goes."""

    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, primary_key=True, related_name="answer")
    score = models.PositiveSmallIntegerField()
    verbatim = models.TextField(blank=True)
    may_answer = models.BooleanField(default=False)
    task_key = models.UUIDField(null=True)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=10), name="survey_answer_score"),
            models.CheckConstraint(
                condition=Q(task_key__isnull=True) | Q(may_answer=True), name="survey_answer_task_with_leave"
            ),
            models.CheckConstraint(
                condition=Q(changed_at__isnull=True) | Q(changed_at__gte=F("at")), name="survey_answer_changed_later"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["at"], name="survey_answer_at")]


class CountedAnswer(models.Model):
    """An answer that nothing connects with anybody: what is read. Keys are random, so that they tell no order."""

    key = models.UUIDField(primary_key=True, default=new_key)
    month = models.DateField()
    side = models.CharField(max_length=10, choices=_of(Side))
    moment = models.CharField(max_length=12, choices=_of(Moment))
    outcome = models.CharField(max_length=12, choices=_of(Outcome))
    office = models.SlugField(max_length=120, blank=True)
    desk = models.SlugField(max_length=120, blank=True)
    score = models.PositiveSmallIntegerField()
    verbatim = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=_possible(), name="survey_counted_possible"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=10), name="survey_counted_score"),
            models.CheckConstraint(condition=Q(month__day=1), name="survey_counted_by_month"),
        ]
        indexes: ClassVar = [models.Index(fields=["month", "desk"], name="survey_counted_month")]
