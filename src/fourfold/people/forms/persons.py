from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class MergeForm(forms.Form):
    """Which record is the same human: its address on our pages, or its key."""

    other = forms.CharField(
        label=_("The other record"),
        help_text=_("Paste the address of its page, or its key. That record joins this one; it can be undone."),
        max_length=300,
    )


class EraseForm(forms.Form):
    confirm = forms.BooleanField(label=_("They asked for it, and I know that it can't be undone."))
    may_return = forms.BooleanField(
        label=_("They want no hash of their addresses kept either: a file may bring them in again."), required=False
    )
