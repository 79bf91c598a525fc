from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.people.forms.notices import ORIGIN_WORDS
from fourfold.people.forms.wishes import DayInput
from fourfold.people.types import NewRetentionRule, Origin, PersonRole

ROLE_WORDS = {
    PersonRole.CANDIDATE: _("candidates"),
    PersonRole.CLIENT_CONTACT: _("client contacts"),
    PersonRole.COLLEAGUE: _("colleagues"),
    PersonRole.REFERRER: _("referrers"),
}


class RuleForm(forms.Form):
    """After how long without a word whose records are reviewed."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("The name of a rule there is changes that one."))
    months = forms.IntegerField(label=_("Months without a two-way touch"), min_value=1, max_value=240, initial=24)
    role = forms.ChoiceField(label=_("Whom"), choices=[("", _("everybody")), *ROLE_WORDS.items()], required=False)
    origin = forms.ChoiceField(
        label=_("Who came to us as"), choices=[("", _("anything")), *ORIGIN_WORDS.items()], required=False
    )
    why = forms.CharField(label=_("Why so long"), max_length=250, help_text=_("What you would tell who asks."))

    def rule(self) -> NewRetentionRule:
        given = self.cleaned_data
        return NewRetentionRule(
            name=given["name"],
            months=given["months"],
            role=PersonRole(given["role"]) if given["role"] else None,
            origin=Origin(given["origin"]) if given["origin"] else None,
            why=given["why"],
        )


class KeepForm(forms.Form):
    """Until when, and why, records whose time is up are kept."""

    until = forms.DateField(label=_("Keep until"), required=False, widget=DayInput())
    why = forms.CharField(label=_("For the reason that"), required=False, max_length=160)
