from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.integrations.forms.imports import DATES, LABELS, NOT_IN_FILE
from fourfold.integrations.types import Settings, Table, Target

COLUMN_LABELS = {
    **LABELS,
    "source_id": _("Its id there"), "external_id": _("Its external id"), "email_2": _("E-mail address 2"),
    "email_3": _("E-mail address 3"), "mobile": _("Mobile number"), "phone_2": _("Phone number 2"),
    "phone_3": _("Phone number 3"), "organisation": _("Organisation"),
    "organisation_ref": _("Organisation, external id"),
    "organisation_id": _("Organisation, id"), "added_at": _("Added there on"), "owner": _("Owner"),
    "skills_2": _("More skills"), "skills_3": _("More skills"), "tags": _("Tags"), "tags_2": _("More tags"),
    "tags_3": _("More tags"), "mail_opt_out": _("No mailings"), "unsubscribed": _("Unsubscribed"),
    "can_email": _("May be e-mailed"), "sms_opt_in": _("Agreed to text messages"),
    "available_from": _("Available from"),
    "comments": _("Comments"), "about": _("Description"), "deleted": _("Deleted there"), "started_on": _("From"),
    "ended_on": _("To"), "present": _("Present job"), "person_ref": _("Candidate, external id"),
    "person_id": _("Candidate, id"), "contact_ref": _("Contact, external id"), "contact_id": _("Contact, id"),
    "lead_ref": _("Lead, external id"), "lead_id": _("Lead, id"), "about_id": _("About, id of any person"),
    "job_ref": _("Job, external id"), "job_id": _("Job, id"), "title": _("Job title"), "is_open": _("Open"),
    "employment": _("Permanent, contract …"), "openings": _("Openings"), "salary": _("Salary"),
    "pay_rate": _("Pay rate"), "pay_unit": _("Paid by"), "pay_from": _("Pay from"), "pay_to": _("Pay to"),
    "charge_rate": _("Charge rate"), "fee": _("Fee, per cent"), "flat_fee": _("Fee, a sum"), "desk": _("Desk"),
    "closed_on": _("Over on"), "closed_why": _("Why it was over"), "changed_at": _("Last changed there on"),
    "postcode": _("Postcode"), "on_site": _("On site, hybrid or remote"), "benefits": _("Benefits"),
    "opportunity_ref": _("Opportunity, external id"), "opportunity_id": _("Opportunity, id"),
    "answered_web": _("Applied on the web on"), "effective_on": _("Agreed on"), "weeks": _("Weeks"),
    "hours": _("Hours a day"), "guarantee_days": _("Days of guarantee"), "paid_how": _("Paid through"),
    "commissions": _("Shares of the fee"), "deal_value": _("Could be worth"),
    "text": _("Text"), "action": _("Kind of note"), "author": _("Author"), "file": _("File name"),
}  # fmt: skip


def label_of(column: str) -> Any:
    return COLUMN_LABELS.get(column, column.replace("_", " ").capitalize())


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """One or more files; all of them are kept."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFilesField, self).clean(one, initial) for one in given]


class CrossingForm(forms.Form):
    exported = SeveralFilesField(label=_("Files"))


class TableForm(forms.Form):
    """Which column of one table of another system is which."""

    def __init__(self, *args: Any, table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sample = table.one.sample
        headers: Sequence[str] = sample.headers if sample else ()
        offered = [header for header in headers if header not in table.dropped]
        choices = [(NOT_IN_FILE, _("– left out –")), *((header, header) for header in offered)]
        self.columns = [column.name for column in table.entity.columns]
        for column in table.entity.columns:
            self.fields[f"column_{column.name}"] = forms.ChoiceField(
                label=label_of(column.name), help_text=column.about, choices=choices, required=False,
                initial=table.one.mapping.get(column.name, NOT_IN_FILE),
            )  # fmt: skip
        held = dict.fromkeys([*table.one.settings.added, *table.custom])
        self.offers_fields = bool(held) and table.entity.target is Target.PEOPLE
        if self.offers_fields:
            self.fields["added"] = forms.MultipleChoiceField(
                label=_("Keep these columns of your own as added fields"), required=False,
                choices=[(header, header) for header in held], initial=list(table.one.settings.added),
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip
        self.fields["dates"] = forms.ChoiceField(
            label=_("Days in numbers"), choices=DATES, required=False, initial=table.one.settings.dates
        )

    @property
    def mapping(self) -> dict[str, str]:
        return {name: text for name in self.columns if (text := self.cleaned_data[f"column_{name}"])}

    @property
    def added(self) -> list[str]:
        """Headers that are kept in added fields."""
        return list(self.cleaned_data.get("added", ()))

    def settings_on(self, before: Settings) -> Settings:
        """What was chosen, over how the table was read before."""
        return replace(before, dates=self.cleaned_data["dates"])

    def chosen_fields(self) -> list[forms.BoundField]:
        """Columns for which a header was found or chosen."""
        return [field for field in self._column_fields() if field.value() or field.errors]

    def empty_fields(self) -> list[forms.BoundField]:
        return [field for field in self._column_fields() if not (field.value() or field.errors)]

    def _column_fields(self) -> list[forms.BoundField]:
        return [self[f"column_{name}"] for name in self.columns]
