"""Forms of interviews, of times to pick from, and of scorecards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.jobs.rules import calendar
from fourfold.jobs.types import InterviewPlan, MeetingKind, NewSlots, Shown

KINDS = [
    (MeetingKind.VIDEO.value, _("By video")),
    (MeetingKind.IN_PERSON.value, _("In person")),
    (MeetingKind.PHONE.value, _("By phone")),
]
SHOWN = [
    ("0", _("Not asked")),
    ("1", _("Not shown")),
    ("2", _("A little")),
    ("3", _("Shown")),
    ("4", _("Clearly shown")),
]
ZONES = (
    "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Paris", "Europe/Berlin", "Europe/Madrid",
    "Europe/Warsaw", "Europe/Athens", "America/New_York", "America/Chicago", "America/Los_Angeles", "Asia/Dubai",
    "Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney",
)  # fmt: skip
DAYS_OFFERED = 14


def zone_choices(own: str) -> list[tuple[str, str]]:
    return [(one, one.replace("_", " ")) for one in dict.fromkeys((own, *ZONES))]


class PlanForm(forms.Form):
    """When, where and with whom."""

    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    at = forms.TimeField(label=_("Begins at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=600, initial=45)
    zone = forms.ChoiceField(label=_("On the clock of"))
    kind = forms.ChoiceField(label=_("How"), choices=KINDS)
    place = forms.CharField(
        label=_("Where, or the link"), max_length=250, required=False,
        help_text=_("It stands in the invitation."),
    )  # fmt: skip
    with_people = forms.CharField(label=_("With whom"), max_length=160, required=False)
    tell_client = forms.BooleanField(label=_("Invite the client's people too"), required=False)

    def __init__(self, *args: Any, zone: str, interviewers: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = zone_choices(zone)  # type: ignore[attr-defined]
        self.initial.setdefault("zone", zone)
        names = ", ".join(interviewers)
        self.fields["tell_client"].help_text = names
        if not names:
            del self.fields["tell_client"]
        else:
            self.initial.setdefault("with_people", names)
            self.initial.setdefault("tell_client", True)

    def plan(self) -> InterviewPlan:
        held = self.cleaned_data
        return InterviewPlan(
            kind=MeetingKind(held["kind"]), starts_at=calendar.wall_clock(held["on"], held["at"], held["zone"]),
            minutes=held["minutes"], zone=held["zone"], place=held["place"], with_people=held["with_people"],
            tell_client=held.get("tell_client", False),
        )  # fmt: skip


class CancelForm(forms.Form):
    why = forms.CharField(
        label=_("Why"), max_length=250, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("They read it in the mail that cancels the interview."),
    )  # fmt: skip


class TurnUpForm(forms.Form):
    state = forms.ChoiceField(choices=[("attended", _("They came")), ("no_show", _("They did not come"))])
    why = forms.CharField(max_length=250, required=False)


class FeedbackForm(forms.Form):
    of_candidate = forms.CharField(
        label=_("What the candidate said"), max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    of_client = forms.CharField(
        label=_("What the client said"), max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class SlotsForm(forms.Form):
    """Times on one or more days, and who is asked to pick one."""

    first_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    days = forms.IntegerField(
        label=_("Days"), min_value=1, max_value=DAYS_OFFERED, initial=2, help_text=_("Weekends are left out.")
    )
    times = forms.CharField(
        label=_("Times of each day"), max_length=200, initial="10:00, 11:00, 14:00",
        help_text=_("With commas between: 09:30, 10:30, 14:00."),
    )  # fmt: skip
    zone = forms.ChoiceField(label=_("On the clock of"))
    minutes = forms.IntegerField(label=_("Minutes each"), min_value=5, max_value=600, initial=45)
    kind = forms.ChoiceField(label=_("How"), choices=KINDS)
    place = forms.CharField(label=_("Where, or the link"), max_length=250, required=False)
    with_people = forms.CharField(label=_("With whom"), max_length=160, required=False)
    hours = forms.IntegerField(
        label=_("They can pick until so many hours before the last time"), min_value=1, max_value=200, initial=4
    )
    applications = forms.MultipleChoiceField(
        label=_("Who is asked to pick"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose one or more people.")},
    )  # fmt: skip

    def __init__(
        self, *args: Any, zone: str, people: Sequence[tuple[UUID, str, str]], interviewers: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = zone_choices(zone)  # type: ignore[attr-defined]
        self.fields["applications"].choices = [(str(key), name) for key, name, _step in people]  # type: ignore[attr-defined]
        self.initial.setdefault("zone", zone)
        self.initial.setdefault("with_people", ", ".join(interviewers))

    def clean_times(self) -> list[time]:
        found = []
        for one in self.cleaned_data["times"].replace(";", ",").split(","):
            try:
                found.append(datetime.strptime(one.strip().replace(".", ":"), "%H:%M").time())  # noqa: DTZ007 (a wall clock)
            except ValueError:
                raise forms.ValidationError(_("“%(time)s” is no time. Write 09:30."), params={"time": one}) from None
        return found

    def slots(self) -> NewSlots:
        held = self.cleaned_data
        starts = tuple(calendar.spread(held["first_on"], held["days"], held["times"], held["zone"]))
        last = max(starts, default=calendar.wall_clock(held["first_on"], time(12), held["zone"]))
        return NewSlots(
            kind=MeetingKind(held["kind"]), minutes=held["minutes"], zone=held["zone"], starts=starts,
            closes_at=last - timedelta(hours=held["hours"]), place=held["place"], with_people=held["with_people"],
        )  # fmt: skip

    def chosen(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data["applications"]]


class ScorecardForm(forms.Form):
    """One requirement after the other: what was seen, and in which words."""

    who = forms.ChoiceField(label=_("Who saw it"), required=False)
    in_short = forms.CharField(
        label=_("In short"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences of what you saw; no verdict is counted from it."),
    )  # fmt: skip

    def __init__(self, *args: Any, requirements: Sequence[str], client: Sequence[str], me: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.requirements = requirements
        self.fields["who"].choices = [("", me), *((one, one) for one in client)]  # type: ignore[attr-defined]
        for number, one in enumerate(requirements):
            self.fields[f"shown_{number}"] = forms.ChoiceField(
                label=one, choices=SHOWN, initial="0", widget=forms.RadioSelect
            )
            self.fields[f"words_{number}"] = forms.CharField(
                label=_("What showed it"), max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 2})
            )

    def rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"shown_{number}"], self[f"words_{number}"]) for number in range(len(self.requirements))]

    def lines(self) -> list[Shown]:
        held = self.cleaned_data
        return [
            Shown(one, int(held[f"shown_{number}"]), held[f"words_{number}"])
            for number, one in enumerate(self.requirements)
        ]


def day_in(zone: str, at: datetime) -> date:
    return at.astimezone(ZoneInfo(zone)).date()
