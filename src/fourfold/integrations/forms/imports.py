from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.integrations.rules import rates_of
from fourfold.integrations.types import FileKind, FileRefused, Layout, Sample, Settings, columns_of
from fourfold.ledger.types import Channel

KINDS = {
    FileKind.DEALS: (
        _("Deal sheet"), _("One row a placement: fee or weekly margin, consultants and their splits."), "briefcase",
    ),
    FileKind.SPEND: (_("Spend"), _("What marketing cost: a list, or suppliers by month."), "wallet"),
    FileKind.ADVERTS: (
        _("Advert costs"), _("What Google Ads, Meta, LinkedIn and Indeed export: campaigns and cost."), "speakerphone",
    ),
    FileKind.EMAIL_RESULTS: (
        _("E-mail results"), _("What HubSpot, Mailchimp or Dotdigital export: sent, clicked, replied."), "mail",
    ),
    FileKind.CALLS: (
        _("Call log"), _("What the telephone system exports: numbers, times, who answered."), "phone-call",
    ),
    FileKind.PEOPLE: (
        _("People"), _("Names and addresses from LinkedIn, Outlook, Google or a CRM. Nothing is counted."), "users",
    ),
    FileKind.TOUCHES: (
        _("Touches"), _("Anything else that happened with people: one row a mail, post or visit."), "timeline",
    ),
    FileKind.OUTCOMES: (
        _("Outcomes"), _("What came of it, in our own columns: candidates, clients, colleagues, cash."), "target-arrow",
    ),
}  # fmt: skip
NOT_IN_FILE = ""
DATES = [
    ("", _("2026-03-31 only")),
    ("dmy", _("the day first: 31/03/2026")),
    ("mdy", _("the month first: 03/31/2026")),
]
LAYOUTS = [
    (Layout.LONG.value, _("a list: one row an amount")),
    (Layout.MONTHS_ACROSS.value, _("a table: one row a supplier, one column a month")),
    (Layout.SUPPLIERS_ACROSS.value, _("a table: one row a month, one column a supplier")),
]
SWITCHES = {
    FileKind.DEALS: {
        "first_deals": _(
            "A person’s first deal also says that they were submitted, an organisation’s that it is a client"
        )
    },
    FileKind.CALLS: {"add_unknown": _("Add people for numbers that nobody has")},
}
LABELS = {
    "person_key": _("Who"),
    "occurred_at": _("When"),
    "actor": _("Colleague"),
    "asset": _("Advert, post or mail"),
    "machine": _("A robot?"),
    "fact_id": _("The row’s own id"),
    "outcome": _("The outcome’s own id"),
    "outcome_kind": _("Which of the 4Cs"),
    "value": _("Amount"),
    "value_minor": _("Amount in pence"),
    "amount_minor": _("Amount in pence"),
    "from_date": _("First day or month"),
    "to_date": _("Last day"),
    "email": _("E-mail address"),
    "phone": _("Phone number"),
    "profile_url": _("Profile address"),
    "person_id": _("Id of the person"),
    "placed_at": _("Day it was accepted"),
    "fee": _("Fee"),
    "margin": _("Weekly margin"),
    "from": _("Number that rang"),
    "to": _("Number rung"),
    "headline": _("Job title"),
}


@cache
def zones() -> list[str]:
    """The zones of places, and UTC."""
    return ["UTC", *sorted(zone for zone in available_timezones() if "/" in zone)]


class UploadForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What is in the file?"),
        choices=[(kind.value, words[0]) for kind, words in KINDS.items()],
        widget=forms.RadioSelect,
    )
    file = forms.FileField(label=_("File"))


class SheetForm(forms.Form):
    """Which sheet of a workbook, and how a file of spend lies."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    layout = forms.ChoiceField(label=_("How it lies"), choices=LAYOUTS, required=False)

    def __init__(self, *args: Any, kind: FileKind, sample: Sample, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"] = forms.ChoiceField(
            label=_("Sheet"), choices=[(name, name) for name in sample.sheets], required=False
        )
        if len(sample.sheets) < 2:
            del self.fields["sheet"]
        if kind is not FileKind.SPEND:
            del self.fields["layout"]


class MappingForm(forms.Form):
    """Which header is which column, and how texts are read."""

    def __init__(self, *args: Any, kind: FileKind, sample: Sample, mapping: dict[str, str], **kwargs: Any) -> None:
        self.layout = kwargs.pop("layout", "")
        self.house = kwargs.pop("house", "GBP")
        super().__init__(*args, **kwargs)
        choices = [(NOT_IN_FILE, _("– not in this file –")), *((header, header) for header in sample.headers)]
        self.columns = [column.name for column in columns_of(kind, self.layout)]
        for column in columns_of(kind, self.layout):
            self.fields[f"column_{column.name}"] = forms.ChoiceField(
                label=LABELS.get(column.name, column.name.replace("_", " ").capitalize()),
                help_text=column.about,
                choices=choices,
                required=column.required,
                initial=mapping.get(column.name, NOT_IN_FILE),
            )
        self.others = ["zone", "currency", "rates", "source", "dates"]
        self._add_reading(kind, sample)
        self.fields["correct"] = forms.BooleanField(
            label=_("Replace rows whose id is known but whose content has changed"), required=False
        )
        self.others.append("correct")

    def _add_reading(self, kind: FileKind, sample: Sample) -> None:
        self.fields["zone"] = forms.ChoiceField(
            label=_("Time zone of times without one"),
            choices=[(zone, zone) for zone in zones()],
        )
        self.fields["currency"] = forms.CharField(label=_("Currency of money without one"), max_length=3, min_length=3)
        self.fields["rates"] = forms.CharField(
            label=_("Rates into %(house)s") % {"house": self.house},
            help_text=_("Such as EUR=0.86, USD=0.79. Without a rate, money in other currencies is kept apart."),
            max_length=300,
            required=False,
        )
        self.fields["source"] = forms.SlugField(
            label=_("Where its ids come from"),
            help_text=_("Files of the same system share this word, so that their ids mean the same people."),
            max_length=40,
        )
        self.fields["dates"] = forms.ChoiceField(label=_("Days in numbers"), choices=DATES, required=False)
        if not kind.is_money_out:
            self.fields["ids"] = forms.MultipleChoiceField(
                label=_("Further columns with an id of the person"),
                choices=[(header, header) for header in sample.headers],
                required=False,
            )
            self.others.append("ids")
        if kind in {FileKind.ADVERTS, FileKind.SPEND} and self.layout in {"", Layout.LONG}:
            self.fields["channel"] = forms.ChoiceField(
                label=_("Channel of rows that name none"),
                choices=[("", "–"), *((one.value, one.value.replace("_", " ")) for one in Channel)],
                required=False,
            )
            self.others.insert(0, "channel")
        for name, about in SWITCHES.get(kind, {}).items():
            self.fields[name] = forms.BooleanField(label=about, required=False)
            self.others.append(name)

    def clean_rates(self) -> dict[str, str]:
        try:
            return rates_of(self.cleaned_data["rates"], self.house)
        except FileRefused as error:
            raise forms.ValidationError(f"{error.why} {error.todo}") from error

    @property
    def mapping(self) -> dict[str, str]:
        return {
            name: self.cleaned_data[f"column_{name}"] for name in self.columns if self.cleaned_data[f"column_{name}"]
        }

    def settings_on(self, before: Settings) -> Settings:
        """What was chosen, over how the file was read before."""
        chosen = {name: self.cleaned_data[name] for name in self.others if name in self.cleaned_data}
        chosen["currency"] = chosen["currency"].upper()
        return replace(before, **{**chosen, "ids": tuple(chosen.get("ids", ()))})

    def chosen_fields(self) -> list[forms.BoundField]:
        """Columns that the file must have, or that a header was found or chosen for."""
        return [field for field in self._column_fields() if field.field.required or field.value() or field.errors]

    def empty_fields(self) -> list[forms.BoundField]:
        """Columns that the file may have and doesn't."""
        return [field for field in self._column_fields() if field not in self.chosen_fields()]

    def _column_fields(self) -> list[forms.BoundField]:
        return [self[f"column_{name}"] for name in self.columns]

    def other_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.others]
