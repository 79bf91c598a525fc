"""Forms of the public pages. They carry no CSRF token: the signed link in the address is the key, no cookie is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.careers.types import Correction, OwnDeed
from fourfold.people.types import OwnRecord, OwnWishes, Purpose, SubscriptionRow

MONTHS = (1, 3, 6, 12)
OFFERED: dict[Purpose, Any] = {
    Purpose.APPROACH: _("A job or a person that one of us thinks of you for"),
    Purpose.JOB_ALERTS: _("New jobs that fit what you look for"),
    Purpose.MARKETING: _("News, events and advice"),
    Purpose.SURVEY: _("A few questions on how we did"),
    Purpose.WORKING: _("What we are working on with you: an application, an assignment, a vacancy of yours"),
}
WAYS: dict[str, Any] = {
    "email": _("E-mail"),
    "phone": _("Phone calls"),
    "sms": _("Text messages"),
    "whatsapp": _("WhatsApp"),
    "linkedin": _("LinkedIn"),
    "post": _("Letters"),
}
TIMES = {
    "": _("Any time"),
    "mornings": _("Mornings"),
    "lunchtime": _("Around lunch"),
    "afternoons": _("Afternoons"),
    "evenings": _("Early evenings"),
}
LANGUAGES = {
    "": _("No matter"),
    "en": "English",
    "cy": "Cymraeg",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "uk": "Українська",
}
RHYTHMS = {"daily": _("Each day"), "weekly": _("Each week"), "monthly": _("Each month"), "": _("Stop sending it")}


def _with(choices: dict[str, Any], held: str) -> list[tuple[str, Any]]:
    """The choices, and what is held already where it is none of them."""
    found = list(choices.items())
    return found if held in choices else [(held, held), *found]


class AnswerForm(forms.Form):
    """A button of the why-page."""

    deed = forms.ChoiceField(choices=[(one.value, one.value) for one in OwnDeed])
    months = forms.TypedChoiceField(coerce=int, choices=[(str(one), one) for one in MONTHS], required=False)


class LiftForm(forms.Form):
    """The only thing that lifts an objection here: the person's own word."""

    purpose = forms.ChoiceField(choices=[(one.value, one.value) for one in Purpose], widget=forms.HiddenInput)
    channel = forms.ChoiceField(choices=[("", ""), *WAYS.items()], required=False, widget=forms.HiddenInput)
    sure = forms.BooleanField(label=_("These are my own words: I want to hear from you again."))


class WishesForm(forms.Form):
    """The preference centre."""

    purposes = forms.MultipleChoiceField(
        choices=[(one.value, words) for one, words in OFFERED.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    ways = forms.MultipleChoiceField(choices=list(WAYS.items()), required=False, widget=forms.CheckboxSelectMultiple)
    not_at_work = forms.BooleanField(
        label=_("Not at work: not on my work address, not on my work phone"), required=False
    )
    best_time = forms.ChoiceField(label=_("Best time to reach me"), required=False)
    language = forms.ChoiceField(label=_("Language I like to be written to in"), required=False)
    paused_until = forms.DateField(
        label=_("Don't approach me before"),
        required=False,
        help_text=_("A day to come, or empty. What you asked for, and what we are working on with you, still comes."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, own: OwnRecord, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own, self.today = own, today
        standing = own.standing
        objected = {purpose for purpose, channel in standing.objected if not channel}
        closed = {channel for purpose, channel in standing.objected if purpose is Purpose.ALL}
        closed |= {"phone"} if standing.no_calls else set()
        self.fields["best_time"].choices = _with(TIMES, own.best_time)  # type: ignore[attr-defined]
        self.fields["language"].choices = _with(LANGUAGES, own.language)  # type: ignore[attr-defined]
        self.initial = {
            "purposes": [one.value for one in OFFERED if one not in objected],
            "ways": [way for way in WAYS if way not in closed],
            "not_at_work": standing.not_at_work,
            "best_time": own.best_time,
            "language": own.language,
            "paused_until": standing.paused_until,
        }
        for number, one in enumerate(own.subscriptions):
            self.fields[f"rhythm_{number}"] = forms.ChoiceField(
                label=one.topic, choices=_with(RHYTHMS, one.rhythm), initial=one.rhythm, required=False
            )

    def clean_paused_until(self) -> date | None:
        day: date | None = self.cleaned_data["paused_until"]
        if day and day <= self.today and day != self.own.standing.paused_until:
            raise forms.ValidationError(_("This day has passed. Give one to come, or leave it empty."))
        return day

    def rhythms(self) -> Iterable[tuple[SubscriptionRow, Any]]:
        """Each subscription with its field."""
        return [(one, self[f"rhythm_{number}"]) for number, one in enumerate(self.own.subscriptions)]

    def wishes(self) -> OwnWishes:
        given = self.cleaned_data
        wanted = frozenset(Purpose(one) for one in given["purposes"])
        ways = frozenset(given["ways"]) - {"phone"}
        return OwnWishes(
            wanted=wanted,
            unwanted=frozenset(OFFERED) - wanted,
            ways=ways,
            closed=frozenset(WAYS) - {"phone"} - ways,
            calls="phone" in given["ways"],
            not_at_work=given["not_at_work"],
            best_time=given["best_time"],
            language=given["language"],
            paused_until=given["paused_until"],
            rhythms={one.topic: given[f"rhythm_{number}"] for number, one in enumerate(self.own.subscriptions)},
        )


class AgreeForm(forms.Form):
    """Agree to one of the house's texts, or take it back."""

    purpose = forms.ChoiceField(choices=[(one.value, one.value) for one in OFFERED])
    wording = forms.CharField(max_length=80, required=False)


class CorrectForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        error_messages={"required": _("A record needs a name. To have it removed, ask to be erased below.")},
    )
    city = forms.CharField(label=_("Your town"), max_length=80, required=False)
    address = forms.CharField(
        label=_("A new e-mail address or phone number"),
        max_length=120,
        required=False,
        help_text=_("One of us adds it: we look first whether it is yours."),
    )
    remark = forms.CharField(
        label=_("What else is wrong"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One of us reads it and puts it right."),
    )

    def correction(self) -> Correction:
        return Correction(**self.cleaned_data)


class EraseForm(forms.Form):
    sure = forms.BooleanField(
        label=_("Yes, erase what you keep about me."),
        error_messages={"required": _("Tick this first, so that nobody is erased by a slip.")},
    )
