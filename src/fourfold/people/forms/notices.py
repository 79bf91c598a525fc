from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.people.forms.wishes import DayInput
from fourfold.people.types import NewDeclaration, Origin, WordingRow

BASES = {
    "legitimate interest": _("Our legitimate interest, weighed and written down"),
    "consent": _("They agreed"),
    "contract": _("A contract with them, or steps towards one"),
    "legal duty": _("The law asks for it"),
}
ORIGIN_WORDS = {
    Origin.IMPORTED: _("imported"),
    Origin.SOURCED: _("sourced"),
    Origin.REFERRED: _("referred"),
    Origin.CLIENT: _("from a client"),
    Origin.THEMSELVES: _("from themselves"),
}


class DeclarationForm(forms.Form):
    """What people of one source were told, when, on which basis."""

    origin = forms.ChoiceField(widget=forms.HiddenInput, choices=list(ORIGIN_WORDS.items()))
    source = forms.CharField(widget=forms.HiddenInput, required=False, max_length=160)
    from_day = forms.DateField(label=_("Added from"), widget=DayInput())
    to_day = forms.DateField(label=_("Added until"), widget=DayInput(), help_text=_("Both days count."))
    told = forms.CharField(
        label=_("What they were told"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Who we are, what we keep and why, where we have it from, how to object. Best are the very words."),
    )
    told_on = forms.DateField(
        label=_("When"), required=False, widget=DayInput(), help_text=_("Left empty where the day is not known.")
    )
    basis = forms.ChoiceField(label=_("On which basis we keep their data"), choices=list(BASES.items()))
    evidence = forms.CharField(
        label=_("What proves it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Such as the campaign in the old system, or where the mail lies."),
    )

    def declaration(self) -> NewDeclaration:
        given = {**self.cleaned_data, "origin": Origin(self.cleaned_data["origin"])}
        return NewDeclaration(**given)


class PlanForm(forms.Form):
    """How many are told at a time, and how often."""

    size = forms.IntegerField(
        label=_("People in a batch"),
        min_value=1,
        max_value=5000,
        initial=200,
        help_text=_("As many as you can answer."),
    )
    every_days = forms.IntegerField(label=_("Days between batches"), min_value=1, max_value=90, initial=7)
    first = forms.DateField(label=_("The first on"), widget=DayInput())


class ToldForm(forms.Form):
    """That somebody, or a batch, was told."""

    wording = forms.ChoiceField(label=_("With which text"), required=False)
    evidence = forms.CharField(label=_("How, and what proves it"), max_length=500)

    def __init__(self, *args: Any, wordings: Iterable[WordingRow] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = [(one.version, one.version) for one in wordings if one.event == "told"]
        self.fields["wording"].choices = [("", _("another text")), *texts]  # type: ignore[attr-defined]


class LiftErasureForm(forms.Form):
    """Somebody who was erased came back themselves."""

    address = forms.CharField(
        label=_("An address they had here"), max_length=250, help_text=_("E-mail, phone with country code, or profile.")
    )
    why = forms.CharField(label=_("When and how did they come back?"), max_length=160)
