"""One person's progress on one job, and what was arranged on the way."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from fourfold.base.ids import new_key
from fourfold.jobs.models.choosing import maybe_day, maybe_moment, moment, word
from fourfold.jobs.models.jobs import Advert, Job
from fourfold.jobs.types.words import (
    Ended,
    MeetingKind,
    MeetingState,
    OfferState,
    Origin,
    PayPer,
    Stage,
)


class PipelineStage(models.Model):
    """A stage as the house calls it. ``stage`` is what it means; a house may have several interviews."""

    slug = models.SlugField(max_length=30, primary_key=True)
    name = models.CharField(max_length=40)
    stage = word(Stage)
    place = models.PositiveSmallIntegerField()
    used = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["place"]


class Application(models.Model):
    """One person's progress on one job, however it began. One a job and person.

    ``step`` is the house's stage, ``stage`` what it means. ``owed_since`` is since when an answer of ours is owed, None
    where none is. ``ended`` is empty while it is open.
    """

    key = models.UUIDField(primary_key=True, default=new_key)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="applications")
    person_key = models.UUIDField()
    step = models.CharField(max_length=30)
    stage = word(Stage)
    stage_at = moment()
    origin = word(Origin)
    channel = models.CharField(max_length=20, blank=True)
    board = models.CharField(max_length=60, blank=True)
    advert = models.ForeignKey(Advert, null=True, on_delete=models.SET_NULL, related_name="+")
    referred_by = models.UUIDField(null=True)
    owner_key = models.UUIDField(null=True)
    cv_file = models.UUIDField(null=True)
    words = models.TextField(blank=True)
    began_at = moment()
    owed_since = maybe_moment()
    answered_at = maybe_moment()
    submitted_at = maybe_moment()
    ended = word(Ended, blank=True)
    ended_at = maybe_moment()
    ended_why = models.CharField(max_length=250, blank=True)
    pay_wanted_minor = models.BigIntegerField(null=True)
    added_by = models.CharField(max_length=80)
    source = models.CharField(max_length=80, blank=True)
    source_ref = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["job", "step", "-stage_at"], name="application_board"),
            models.Index(fields=["-stage_at", "key"], name="application_list"),
            models.Index(fields=["-stage_at", "key"], name="application_open", condition=Q(ended="")),
            models.Index(fields=["person_key"], name="application_person"),
            models.Index(fields=["owner_key", "-stage_at"], name="application_owner", condition=Q(ended="")),
            models.Index(
                fields=["-stage_at", "key"], name="application_waiting", condition=Q(ended="", owed_since__isnull=False)
            ),
            models.Index(fields=["owed_since"], name="application_owed", condition=Q(owed_since__isnull=False)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "person_key"], name="application_once"),
            models.UniqueConstraint(
                fields=["source", "source_ref"], condition=~Q(source_ref=""), name="application_source_once"
            ),
            models.CheckConstraint(condition=Q(ended="") | Q(ended_at__isnull=False), name="ended_says_when"),
        ]


class StageMove(models.Model):
    """One step of an application. Append-only by triggers; a mistaken one is followed by its way back."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="moves")
    from_step = models.CharField(max_length=30, blank=True)
    to_step = models.CharField(max_length=30)
    stage = word(Stage)
    ended = word(Ended, blank=True)
    why = models.CharField(max_length=250, blank=True)
    by = models.CharField(max_length=80)
    by_key = models.UUIDField(null=True)
    at = moment()

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        indexes: ClassVar = [models.Index(fields=["stage", "at"], name="move_by_stage")]


class SlotSet(models.Model):
    """Times at which a job's interviews can be had, from which candidates pick one each."""

    key = models.UUIDField(primary_key=True, default=new_key)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="slot_sets")
    kind = word(MeetingKind)
    minutes = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=250, blank=True)
    zone = models.CharField(max_length=50)
    with_people = models.CharField(max_length=160, blank=True)
    closes_at = moment()
    by = models.CharField(max_length=80)
    by_key = models.UUIDField(null=True)
    at = moment()


class Interview(models.Model):
    """An interview that was arranged. A new time keeps the row: ``sequence`` counts its invitations (RFC 5546).

    ``client_told``: the client's people who interview were invited too.
    """

    key = models.UUIDField(primary_key=True, default=new_key)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="interviews")
    round = models.PositiveSmallIntegerField()
    kind = word(MeetingKind)
    starts_at = moment()
    ends_at = moment()
    zone = models.CharField(max_length=50)
    place = models.CharField(max_length=250, blank=True)
    with_people = models.CharField(max_length=160, blank=True)
    state = word(MeetingState, default=MeetingState.BOOKED)
    sequence = models.PositiveSmallIntegerField(default=0)
    moved = models.PositiveSmallIntegerField(default=0)
    picked_themselves = models.BooleanField(default=False)
    client_told = models.BooleanField(default=False)
    settled_at = maybe_moment()
    settled_why = models.CharField(max_length=250, blank=True)
    feedback_of_candidate = models.TextField(blank=True)
    feedback_of_client = models.TextField(blank=True)
    arranged_by = models.CharField(max_length=80)
    arranged_by_key = models.UUIDField(null=True)
    arranged_at = moment()
    source = models.CharField(max_length=80, blank=True)
    source_ref = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["starts_at"], name="interview_calendar")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="interview_has_a_length"),
            models.UniqueConstraint(
                fields=["source", "source_ref"], condition=~Q(source_ref=""), name="interview_source_once"
            ),
        ]


class Slot(models.Model):
    """One time of a set. Whoever picks it first has it: ``interview`` is unique."""

    slot_set = models.ForeignKey(SlotSet, on_delete=models.CASCADE, related_name="slots")
    starts_at = moment()
    interview = models.OneToOneField(Interview, null=True, on_delete=models.SET_NULL, related_name="slot")

    class Meta:
        ordering: ClassVar = ["starts_at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["slot_set", "starts_at"], name="slot_once")]


class SlotInvite(models.Model):
    """Who may pick from a set: an application, for one round."""

    key = models.UUIDField(primary_key=True, default=new_key)
    slot_set = models.ForeignKey(SlotSet, on_delete=models.CASCADE, related_name="invites")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="slot_invites")
    at = moment()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["slot_set", "application"], name="slot_invite_once")]


class Scorecard(models.Model):
    """What one interviewer saw, requirement by requirement. Never summed: nobody is ranked by it."""

    key = models.UUIDField(primary_key=True, default=new_key)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="scorecards")
    interview = models.ForeignKey(Interview, null=True, on_delete=models.SET_NULL, related_name="+")
    of_client = models.BooleanField(default=False)
    who = models.CharField(max_length=80)
    by_key = models.UUIDField(null=True)
    in_short = models.TextField()
    at = moment()


class ScorecardLine(models.Model):
    """One requirement: what was seen (0 not asked, 1 not shown … 4 clearly shown), and in which words."""

    scorecard = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="lines")
    place = models.PositiveSmallIntegerField()
    requirement = models.CharField(max_length=200)
    shown = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(shown__lte=4), name="shown_to_four")]


class Offer(models.Model):
    """An offer of the client's, and what happens until the first day. Pay in minor units."""

    key = models.UUIDField(primary_key=True, default=new_key)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="offers")
    state = word(OfferState, default=OfferState.MADE)
    pay_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    per = word(PayPer)
    start_on = maybe_day()
    made_on = models.DateField()
    answered_on = maybe_day()
    why = models.CharField(max_length=250, blank=True)
    resigned_on = maybe_day()
    counter_talk_on = maybe_day()
    counter_words = models.TextField(blank=True)
    notice_ends_on = maybe_day()
    by = models.CharField(max_length=80)
    by_key = models.UUIDField(null=True)
    at = moment()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "made_on"], name="offer_by_state")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state__in=[OfferState.MADE, OfferState.ACCEPTED]),
                name="one_offer_open",
            )
        ]
