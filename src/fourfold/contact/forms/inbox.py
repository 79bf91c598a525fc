from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.contact.types.inbound import ReplyClass


class CorrectionForm(forms.Form):
    """What a mail really was; for "not now" the day from which they may be asked."""

    label = forms.ChoiceField(choices=[(one.value, one.value) for one in ReplyClass])
    until = forms.DateField(
        label=_("Not before"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("For “not now”. Empty: the day that their words name."),
    )  # fmt: skip

    def correction(self) -> dict[str, Any]:
        return {"label": ReplyClass(self.cleaned_data["label"]), "until": self.cleaned_data["until"]}
