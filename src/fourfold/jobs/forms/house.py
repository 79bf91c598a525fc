"""Forms of stages and tables of pay."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.jobs.queries.words import STAGE_WORDS
from fourfold.jobs.types import Stage


class StageForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=40)
    place = forms.IntegerField(label=_("Place"), min_value=0, max_value=99)
    used = forms.BooleanField(label=_("Used"), required=False)


class NewStageForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=40)
    means = forms.ChoiceField(
        label=_("What it means"), choices=[(one.value, words) for one, words in STAGE_WORDS.items()],
        initial=Stage.INTERVIEW.value,
    )  # fmt: skip


class PayTableForm(forms.Form):
    file = forms.FileField(label=_("A table of pay (CSV)"))
