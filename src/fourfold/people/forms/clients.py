"""Forms of organisations, their terms, leads and value propositions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.people import rules
from fourfold.people.forms.profile import custom_field, day_field, names_of
from fourfold.people.queries.words import LEAD_WORDS, STAGE_WORDS
from fourfold.people.types import (
    ClientRefused,
    ClientStage,
    CustomFieldRow,
    FeeBasis,
    Gain,
    JobLeadState,
    NewJobLead,
    OrganisationChange,
    TermsDraft,
)
from fourfold.ui.quoting import unquoted

Choices = Sequence[tuple[str, Any]]
AREA = forms.Textarea(attrs={"rows": 3})


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    city = forms.CharField(label=_("Town"), max_length=80, required=False)
    country = forms.CharField(
        label=_("Country"), max_length=2, min_length=2, required=False, help_text=_("Such as GB.")
    )
    industry = forms.CharField(label=_("Industry"), max_length=80, required=False)
    website = forms.CharField(label=_("Website"), max_length=250, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=32, required=False)
    owner = forms.ChoiceField(label=_("Account owner"), required=False)
    tags = forms.CharField(label=_("Tags"), max_length=1000, required=False, help_text=_("Parted by commas."))
    about = forms.CharField(label=_("What they do"), required=False, widget=AREA, max_length=4000)
    own = forms.BooleanField(label=_("It is one of our own"), required=False)

    def __init__(self, *args: Any, colleagues: Choices, custom: Sequence[CustomFieldRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "–"), *colleagues]  # type: ignore[attr-defined]
        self.custom = custom
        for one in custom:
            self.fields[f"field-{one.slug}"] = custom_field(one)

    def change(self) -> OrganisationChange:
        held = dict(self.cleaned_data)
        owner, tags = held.pop("owner"), names_of(held.pop("tags"))
        custom = tuple((one.slug, str(held.pop(f"field-{one.slug}") or "")) for one in self.custom)
        return OrganisationChange(**held, owner_key=UUID(owner) if owner else None, tags=tags, custom=custom)


class StageForm(forms.Form):
    stage = forms.ChoiceField(label=_("Stage"), choices=[(one.value, words) for one, words in STAGE_WORDS.items()])
    why = forms.CharField(label=_("Why"), max_length=160, required=False)

    def stage_asked(self) -> ClientStage:
        return ClientStage(self.cleaned_data["stage"])


class TermsForm(forms.Form):
    """A version of terms. Fees and rebates are written a line each."""

    currency = forms.CharField(label=_("Currency"), max_length=3, min_length=3)
    permanent = forms.CharField(
        label=_("Fees for permanent hires"), required=False, widget=AREA,
        help_text=_("Of first-year pay, a line a band: “up to 40000: 20%”, “40000 to 80000: 25%”, “above 80000: 30%”."),
    )  # fmt: skip
    rebates = forms.CharField(
        label=_("Rebate if they leave"), required=False, widget=AREA,
        help_text=_("A line a step: “4 weeks: 100%”, “8 weeks: 50%”."),
    )  # fmt: skip
    retained = forms.CharField(label=_("Fees for retained searches"), required=False, widget=AREA)
    contract = forms.CharField(
        label=_("Margin on contractors"), required=False, widget=AREA, help_text=_("Of the charge: “any: 18%”.")
    )
    guarantee_condition = forms.CharField(
        label=_("Rebate holds only if"), max_length=250, required=False, help_text=_("Such as: paid within terms.")
    )
    payment_days = forms.IntegerField(label=_("Payment, in days"), required=False, min_value=0, max_value=365)
    introduction_months = forms.IntegerField(
        label=_("Introduction period, in months"), required=False, min_value=0, max_value=60,
        help_text=_("For how long an introduction earns a fee."),
    )  # fmt: skip
    off_limits = forms.BooleanField(label=_("Their people are off limits to us"), required=False)
    off_limits_months = forms.IntegerField(label=_("Off limits, in months"), required=False, min_value=1, max_value=60)
    off_limits_clause = forms.CharField(label=_("The clause"), required=False, widget=AREA, max_length=4000)
    psl = forms.CharField(
        label=_("Preferred supplier list"), max_length=80, required=False, help_text=_("Such as: tier 1, technology.")
    )
    exclusive = forms.BooleanField(label=_("Exclusive"), required=False)
    commercial_client = forms.CharField(
        label=_("Agreed with"), max_length=120, required=False, help_text=_("If another organisation agrees the terms.")
    )
    invoice_to = forms.CharField(
        label=_("Invoice to"), max_length=120, required=False, help_text=_("If another organisation pays.")
    )
    ends_on = day_field(_("They end on"))
    notes = forms.CharField(label=_("Notes"), required=False, widget=AREA, max_length=4000)

    OWN = ("permanent", "retained", "contract", "rebates")

    def clean(self) -> dict[str, Any]:
        held = super().clean() or {}
        currency = str(held.get("currency") or "").upper()
        held["bands"] = []
        for name, basis in (("permanent", "permanent"), ("retained", "retained"), ("contract", "contract")):
            try:
                text = held.get(name) or ""
                held["bands"] += rules.read_bands(text, basis=FeeBasis(basis), currency=currency)
            except ClientRefused as error:
                self.add_error(name, f"{error.why} {error.todo}")
        try:
            held["steps"] = rules.read_rebates(held.get("rebates") or "")
        except ClientRefused as error:
            self.add_error("rebates", f"{error.why} {error.todo}")
        return held

    def draft(self) -> TermsDraft:
        held = dict(self.cleaned_data)
        bands, steps, currency = held.pop("bands"), held.pop("steps"), held.pop("currency").upper()
        rest = {name: value for name, value in held.items() if name not in self.OWN}
        return TermsDraft(currency=currency, bands=tuple(bands), rebates=steps, **rest)


def noon(day: Any) -> datetime:
    """A day that somebody names, as a moment that is that day nearly everywhere."""
    return datetime.combine(day, time(12), tzinfo=UTC)


class SentForm(forms.Form):
    sent_on = forms.DateField(label=_("Sent on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    to = forms.ChoiceField(label=_("To"), required=False)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", "–"), *people]  # type: ignore[attr-defined]


class AcceptedForm(forms.Form):
    accepted_on = forms.DateField(
        label=_("Accepted on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    how = forms.CharField(
        label=_("How"), max_length=160, help_text=_("Signed, by e-mail, by interviewing whom we introduced …")
    )
    by_person = forms.ChoiceField(label=_("By"), required=False)
    document = forms.FileField(label=_("The document that shows it"), required=False)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by_person"].choices = [("", "–"), *people]  # type: ignore[attr-defined]


class ScopeForm(forms.Form):
    organisation = forms.CharField(label=_("Another organisation that hires under these"), max_length=120)


class LeadForm(forms.Form):
    title = forms.CharField(label=_("What they look for"), max_length=160)
    note = forms.CharField(label=_("What you heard, and from whom"), required=False, widget=AREA, max_length=2000)
    url = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")

    def lead(self, organisation: UUID | None) -> NewJobLead:
        return NewJobLead(organisation=organisation, **self.cleaned_data)


class LeadStateForm(forms.Form):
    state = forms.ChoiceField(choices=[(one.value, words) for one, words in LEAD_WORDS.items()])
    why = forms.CharField(required=False, max_length=160)

    def state_asked(self) -> JobLeadState:
        return JobLeadState(self.cleaned_data["state"])


GAINS = 5


class ValueForm(forms.Form):
    """What a happily employed person would gain at a client."""

    in_short = forms.CharField(
        label=_("In one sentence"), max_length=250,
        help_text=_("What somebody who is happy where they are would gain here."),
    )  # fmt: skip
    not_to_promise = forms.CharField(
        label=_("What not to promise"), required=False, widget=AREA, max_length=2000,
        help_text=_("What they can't give, or don't know yet."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(GAINS):
            self.fields[f"gain-{n}"] = forms.CharField(label=_("A gain"), required=False, max_length=160)
            self.fields[f"words-{n}"] = forms.CharField(
                label=_("In their words"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
            )
            self.fields[f"evidence-{n}"] = forms.CharField(
                label=_("What shows it"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
            )
        self.order_fields(
            ["in_short", *(f"{part}-{n}" for n in range(GAINS) for part in ("gain", "words", "evidence"))]
        )

    def gains(self) -> list[Gain]:
        held = self.cleaned_data
        return [Gain(held[f"gain-{n}"], unquoted(held[f"words-{n}"]), held[f"evidence-{n}"]) for n in range(GAINS)]

    def rows(self) -> list[dict[str, Any]]:
        """The controls, a gain a row."""
        return [
            {"number": n + 1, "gain": self[f"gain-{n}"], "words": self[f"words-{n}"], "evidence": self[f"evidence-{n}"]}
            for n in range(GAINS)
        ]
