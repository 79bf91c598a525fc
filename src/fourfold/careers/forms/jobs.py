"""The form of an application, and of picking a time. No CSRF token: no cookie gives anybody a right here."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.careers.types import Given
from fourfold.people import queries as people
from fourfold.people.types import Scheme

MOST_WORDS = 2_000
ZONES = (
    "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Paris", "Europe/Berlin", "Europe/Madrid", "Europe/Rome",
    "Europe/Amsterdam", "Europe/Warsaw", "Europe/Athens", "Europe/Helsinki", "Europe/Kyiv", "Europe/Bucharest",
    "Europe/Istanbul", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "America/Sao_Paulo", "Africa/Lagos", "Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata", "Asia/Singapore",
    "Asia/Manila", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip
ACCEPT = ".pdf,.docx,.odt,.rtf,.txt,application/pdf"


class ApplyForm(forms.Form):
    """Two minutes on a phone: a name, a way to answer, a CV or two lines."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Tell us your name.")},
    )  # fmt: skip
    email = forms.EmailField(
        label=_("E-mail"), max_length=200, required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"invalid": _("This is no e-mail address. It looks like name@example.org.")},
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )  # fmt: skip
    cv = forms.FileField(
        label=_("Your CV"), required=False, allow_empty_file=True, widget=forms.FileInput(attrs={"accept": ACCEPT})
    )
    words = forms.CharField(
        label=_("Two lines about you"), max_length=MOST_WORDS, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you do now, and what draws you to this job. With a CV you can leave it empty."),
        error_messages={"max_length": _("That is long: %(limit_value)d characters fit. Put the rest into a CV.")},
    )  # fmt: skip
    keep = forms.BooleanField(required=False)
    website = forms.CharField(
        label=_("Leave this field empty"), required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )  # fmt: skip
    mark = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)
    upload = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)
    upload_name = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, country: str = "GB", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country
        for name, field in self.fields.items():
            if self.is_bound and name in self.errors:
                field.widget.attrs |= {"aria-invalid": "true"}

    def clean_phone(self) -> str:
        text: str = self.cleaned_data["phone"].strip()
        if text and people.recognise_as(Scheme.PHONE, text, source="careers", country=self.country) is None:
            raise forms.ValidationError(_("This is no phone number. It looks like 07700 900123 or +44 7700 900123."))
        return text

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not {"email", "phone"} & set(self.errors) and not (given.get("email") or given.get("phone")):
            self.add_error("email", _("Give an e-mail address or a phone number, so that we can answer."))
        if given.get("website"):
            self.add_error("website", _("This field is a trap for machines: please empty it."))
        has_cv = given.get("cv") or given.get("upload")
        if "words" not in self.errors and not has_cv and len((given.get("words") or "").strip()) < 10:
            self.add_error("words", _("Choose a CV, or write two lines about you."))
        return given

    def given(
        self, *, job_words: str, notice: str, keep_wording: str, cv: tuple[str, bytes] | None, upload: UUID | None
    ) -> Given:
        held = self.cleaned_data
        return Given(
            name=" ".join(held["name"].split()), email=held["email"], phone=held["phone"], words=held["words"].strip(),
            job_words=job_words, notice=notice, keep_wording=keep_wording if held["keep"] else "", cv=cv,
            upload=upload,
        )  # fmt: skip


class PickForm(forms.Form):
    """One of the times."""

    slot = forms.IntegerField(
        min_value=1, error_messages={"required": _("Choose one of the times first."), "invalid": _("Choose a time.")}
    )
    zone = forms.CharField(max_length=50, required=False)


class NoneFitsForm(forms.Form):
    words = forms.CharField(
        label=_("When could you?"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A few words help: “after six”, “not on Fridays”, “from the 12th”."),
    )  # fmt: skip


def zone_or(text: str, default: str) -> str:
    """A zone that was asked for, where there is one of that name."""
    return text if text in ZONES or text in available_timezones() else default
