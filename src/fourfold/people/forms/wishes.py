from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.people.types import LoggedWish, Purpose, WishKind, WordingRow

KIND_WORDS = {
    WishKind.OBJECTED: _("They don't want to hear from us"),
    WishKind.NOT_NOW: _("Not now: until a day they named"),
    WishKind.NOT_AT_WORK: _("Not at work: no work address, no work phone"),
    WishKind.NO_CALLS: _("No calls: in writing only"),
    WishKind.CONSENTED: _("They agreed to be sent something"),
    WishKind.WITHDREW: _("They took back what they had agreed to"),
}
PURPOSE_WORDS = {
    Purpose.ALL: _("everything"),
    Purpose.MARKETING: _("news and events"),
    Purpose.APPROACH: _("approaches about a job"),
    Purpose.JOB_ALERTS: _("job alerts"),
    Purpose.SURVEY: _("surveys"),
    Purpose.WORKING: _("what we do for them"),
}
CHANNEL_WORDS = {
    "": _("by every way"),
    "email": _("by e-mail"),
    "phone": _("by phone"),
    "sms": _("by text message"),
    "linkedin": _("on LinkedIn"),
    "post": _("by post"),
}
HOW_WORDS = {
    "on the phone": _("on the phone"),
    "by e-mail": _("by e-mail"),
    "in a message": _("in a message"),
    "in person": _("in person"),
    "in a form": _("in a form"),
}


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class WishForm(forms.Form):
    """What somebody said, when and how."""

    kind = forms.ChoiceField(label=_("What did they say?"), choices=list(KIND_WORDS.items()), widget=forms.RadioSelect)
    purpose = forms.ChoiceField(
        label=_("About what"),
        choices=list(PURPOSE_WORDS.items()),
        initial=Purpose.ALL,
        help_text=_("For what they don't want, agreed to or took back."),
    )
    channel = forms.ChoiceField(label=_("By which way"), choices=list(CHANNEL_WORDS.items()), required=False)
    until = forms.DateField(
        label=_("Until"), required=False, widget=DayInput(), help_text=_("For “not now”: the day they named.")
    )
    wording = forms.ChoiceField(
        label=_("The words they agreed to"), required=False, help_text=_("For a consent: the text they saw or heard.")
    )
    said_on = forms.DateField(label=_("When they said it"), widget=DayInput())
    how = forms.ChoiceField(label=_("How"), choices=list(HOW_WORDS.items()))
    evidence = forms.CharField(
        label=_("In their words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What proves it: a sentence of theirs, or where the mail lies."),
    )

    def __init__(self, *args: Any, wordings: Iterable[WordingRow] = (), today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = [(one.version, f"{one.version}: {one.text[:60]}") for one in wordings]
        self.fields["wording"].choices = [("", _("none")), *texts]  # type: ignore[attr-defined]
        self.fields["said_on"].initial = today

    def wish(self, *, zone: str, at: datetime) -> LoggedWish:
        """The wish as the deed takes it; said today means now, an earlier day its end."""
        given = self.cleaned_data
        local = datetime.combine(given["said_on"], time(23, 59), ZoneInfo(zone)).astimezone(UTC)
        today = given["said_on"] == at.astimezone(ZoneInfo(zone)).date()
        return LoggedWish(
            kind=WishKind(given["kind"]),
            said_at=at if today else local,
            how=given["how"],
            purpose=Purpose(given["purpose"]),
            channel=given["channel"],
            until=given["until"],
            wording=given["wording"],
            evidence=given["evidence"],
        )


class WhyForm(forms.Form):
    why = forms.CharField(
        label=_("When and how did they say so?"), max_length=160, help_text=_("It is kept, with your name.")
    )


class WordingForm(forms.Form):
    """A text of the house, with a version of its own."""

    version = forms.CharField(
        label=_("Version"), max_length=80, help_text=_("Short and never used before, such as newsletter 2026-11.")
    )
    event = forms.ChoiceField(
        label=_("What it is for"),
        choices=[("consented", _("a consent")), ("told", _("the notice of where we have data from"))],
    )
    purpose = forms.ChoiceField(label=_("About what"), choices=list(PURPOSE_WORDS.items()))
    since = forms.DateField(label=_("Used since"), widget=DayInput())
    text = forms.CharField(label=_("The words"), max_length=8000, widget=forms.Textarea(attrs={"rows": 8}))
