from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.integrations.types import COLUMNS, FileKind, Sample

KINDS = [
    (FileKind.TOUCHES.value, _("Touches: mails, calls, posts, events, page views")),
    (FileKind.OUTCOMES.value, _("Outcomes: placements, clients, candidates, colleagues")),
    (FileKind.SPEND.value, _("Spend: what marketing cost, by channel")),
]
NOT_IN_FILE = ""
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
}


@cache
def zones() -> list[str]:
    """The zones of places, and UTC."""
    return ["UTC", *sorted(zone for zone in available_timezones() if "/" in zone)]


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is in the file?"), choices=KINDS, widget=forms.RadioSelect)
    file = forms.FileField(label=_("File"))


class MappingForm(forms.Form):
    """Which header is which column, and how texts are read."""

    def __init__(self, *args: Any, kind: FileKind, sample: Sample, mapping: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(NOT_IN_FILE, _("– not in this file –")), *((header, header) for header in sample.headers)]
        self.columns = [column.name for column in COLUMNS[kind]]
        for column in COLUMNS[kind]:
            self.fields[f"column_{column.name}"] = forms.ChoiceField(
                label=LABELS.get(column.name, column.name.replace("_", " ").capitalize()),
                help_text=column.about,
                choices=choices,
                required=column.required,
                initial=mapping.get(column.name, NOT_IN_FILE),
            )
        self.fields["zone"] = forms.ChoiceField(
            label=_("Time zone of times without one"),
            choices=[(zone, zone) for zone in zones()],
        )
        self.fields["currency"] = forms.CharField(label=_("Currency of money without one"), max_length=3, min_length=3)
        self.fields["source"] = forms.SlugField(
            label=_("Where its ids come from"),
            help_text=_("Files of the same system share this word, so that their ids mean the same people."),
            max_length=40,
        )
        self.fields["correct"] = forms.BooleanField(
            label=_("Replace rows whose id is known but whose content has changed"), required=False
        )

    @property
    def mapping(self) -> dict[str, str]:
        return {
            name: self.cleaned_data[f"column_{name}"] for name in self.columns if self.cleaned_data[f"column_{name}"]
        }

    def chosen_fields(self) -> list[forms.BoundField]:
        """Columns that the file must have, or that a header was found or chosen for."""
        return [field for field in self._column_fields() if field.field.required or field.value() or field.errors]

    def empty_fields(self) -> list[forms.BoundField]:
        """Columns that the file may have and doesn't."""
        return [field for field in self._column_fields() if field not in self.chosen_fields()]

    def _column_fields(self) -> list[forms.BoundField]:
        return [self[f"column_{name}"] for name in self.columns]

    def other_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("zone", "currency", "source", "correct")]
