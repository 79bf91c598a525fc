"""The forms of adding a person: bring something, then confirm what was read of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.people.rules import normalise
from fourfold.people.types import Identifier, Origin, PersonRole, Scheme
from fourfold.people.types.adding import Confirmed, ReadFrom, Reading

ROLES = [
    (PersonRole.CANDIDATE.value, _("Candidate")), (PersonRole.CLIENT_CONTACT.value, _("Client contact")),
    (PersonRole.REFERRER.value, _("Referrer")), (PersonRole.COLLEAGUE.value, _("Colleague")),
]  # fmt: skip
ORIGINS = [
    (Origin.SOURCED.value, _("We found them")), (Origin.THEMSELVES.value, _("They came to us")),
    (Origin.REFERRED.value, _("Somebody referred them")), (Origin.CLIENT.value, _("Through a client")),
]  # fmt: skip
FIELDS = (Scheme.EMAIL, Scheme.PHONE, Scheme.PROFILE)


class BringForm(forms.Form):
    """A file, words, or an address."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        max_length=300,
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.odt,.rtf,.txt,.json,.vcf"}),
    )
    url = forms.CharField(
        label=_("Address of a page"), required=False, max_length=500, help_text=_("Such as their LinkedIn profile.")
    )
    text = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=100_000,
        help_text=_("Paste a CV, a signature, or what you selected on a page."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ConfirmForm(forms.Form):
    """What is kept of what was read, and what is added by hand."""

    name = forms.CharField(label=_("Name"), max_length=120)
    headline = forms.CharField(label=_("Title"), max_length=160, required=False)
    organisation = forms.CharField(
        label=_("Employer"), max_length=120, required=False, help_text=_("Where they work now.")
    )
    city = forms.CharField(label=_("Town"), max_length=80, required=False)
    email = forms.CharField(label=_("Another e-mail address"), max_length=250, required=False)
    phone = forms.CharField(label=_("Another phone number"), max_length=60, required=False)
    profile = forms.CharField(label=_("Another profile"), max_length=250, required=False)
    role = forms.ChoiceField(label=_("What they are to us"), choices=ROLES)
    origin = forms.ChoiceField(
        label=_("How they came"), choices=ORIGINS, help_text=_("Whom we found is told that we keep their data.")
    )

    def __init__(self, *arguments: Any, reading: Reading, country: str, **options: Any) -> None:
        self.reading, self.country = reading, country
        super().__init__(*arguments, **options)
        self.extra: list[Identifier] = []

    @staticmethod
    def first(reading: Reading) -> dict[str, str]:
        """What the form begins with."""
        job = next((one for one in reading.jobs if one.present), None)
        typed = reading.read_from in {ReadFrom.NOTHING, ReadFrom.CARD}
        return {
            "name": reading.name.value if reading.name else "",
            "headline": reading.headline.value if reading.headline else "",
            "organisation": job.organisation if job and not typed else "",
            "city": reading.city.value if reading.city else "",
            "role": PersonRole.CANDIDATE.value,
            "origin": Origin.SOURCED.value,
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for scheme in FIELDS:
            text = given.get(scheme.value, "").strip()
            found = normalise(scheme, text, country=self.country) if text else None
            if text and found is None:
                words = {
                    Scheme.EMAIL: _("This is no e-mail address."),
                    Scheme.PHONE: _("This is no phone number."),
                    Scheme.PROFILE: _("This is no address of a profile."),
                }
                self.add_error(scheme.value, words[scheme])
            elif found:
                self.extra.append(found)
        return given

    def confirmed(self) -> Confirmed:
        given = self.cleaned_data
        return Confirmed(
            name=given["name"],
            headline=given["headline"],
            city=given["city"],
            roles=(given["role"],),
            addresses=self._ticked("address"),
            jobs=self._ticked("job"),
            skills=self._ticked("skill"),
            more_addresses=tuple(self.extra),
            organisation=given["organisation"],
        )

    def _ticked(self, name: str) -> frozenset[int]:
        values = self.data.getlist(name) if hasattr(self.data, "getlist") else []
        return frozenset(int(value) for value in values if value.isdecimal() and len(value) < 5)

    def ticks(self, name: str) -> frozenset[int] | None:
        """Which boxes of a kind are ticked in what was posted; None before anything was."""
        return self._ticked(name) if self.is_bound else None
