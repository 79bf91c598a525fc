from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

BASES = [("accepted", _("Accepted")), ("invoiced", _("Invoiced")), ("paid", _("Paid"))]


class PeriodForm(forms.Form):
    """Days of one's own choice, and when cash counts."""

    from_date = forms.DateField(label=_("From"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    to_date = forms.DateField(label=_("To"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    basis = forms.ChoiceField(label=_("Cash counts when"), choices=BASES, required=False)
