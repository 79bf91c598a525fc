"""The forms of a survey's page: a number, then words."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.surveys.types import LONGEST_VERBATIM, SCORES


class NumberForm(forms.Form):
    """A number from 0 to 10."""

    score = forms.TypedChoiceField(
        coerce=int, choices=[(str(score), str(score)) for score in SCORES], widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a number from 0 to 10."),
            "invalid_choice": _("Choose a number from 0 to 10."),
        },
    )  # fmt: skip


class MoreForm(forms.Form):
    """What they want to say besides, and whether one of us may answer."""

    words = forms.CharField(
        required=False, max_length=LONGEST_VERBATIM, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Read without your name, in a group. Please leave names out."),
    )  # fmt: skip
    may_answer = forms.BooleanField(
        required=False, label=_("One of us may answer me. If you are unhappy, a colleague then sees who wrote this.")
    )
