"""Forms of the house's surveys: when who is asked, and with which words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.surveys.types import FEWEST_EVER, HouseRules, Moment, MomentRule, Wording

MOMENTS: dict[Moment, Any] = {
    Moment.APPLICATION: _("After an application that came to nothing"),
    Moment.SUBMISSION: _("After a submission that came to nothing"),
    Moment.OFFER: _("After an offer, whatever they decided"),
    Moment.START: _("After the first week"),
    Moment.STAY: _("90 days after a start, the candidate"),
    Moment.JOB: _("After a job was filled or closed, the client"),
    Moment.AFTER_START: _("90 days after a start, the client"),
}


class RulesForm(forms.Form):
    """Whom the house asks, when, and how many answers make a group."""

    fewest = forms.IntegerField(
        label=_("Answers that make a group"), min_value=FEWEST_EVER, max_value=50,
        help_text=_("Smaller groups are never shown, to nobody. {n} is the least.").format(n=FEWEST_EVER),
    )  # fmt: skip
    rest_days = forms.IntegerField(
        label=_("Days between two surveys to one person"), min_value=1, max_value=365,
        help_text=_("Whoever was asked lately isn’t asked again, whatever ends."),
    )  # fmt: skip

    def __init__(self, *args: Any, rules: HouseRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"fewest": rules.fewest, "rest_days": rules.rest_days}
        for one in rules.moments:
            on, delay = f"on_{one.moment}", f"delay_{one.moment}"
            self.fields[on] = forms.BooleanField(label=_("Ask"), required=False)
            self.fields[delay] = forms.IntegerField(label=_("Days later"), min_value=0, max_value=60)
            self.initial |= {on: one.on, delay: one.delay_days}

    def moments(self) -> list[tuple[Moment, Any, forms.BoundField, forms.BoundField]]:
        """The fields as they belong together, a moment a row."""
        return [(one, MOMENTS[one], self[f"on_{one}"], self[f"delay_{one}"]) for one in Moment]

    def house_rules(self) -> HouseRules:
        held = self.cleaned_data
        moments = tuple(MomentRule(one, held[f"on_{one}"], held[f"delay_{one}"]) for one in Moment)
        return HouseRules(fewest=held["fewest"], rest_days=held["rest_days"], moments=moments)


class TextForm(forms.Form):
    """What is asked at a moment."""

    brand = forms.ChoiceField(label=_("For"), required=False)
    subject = forms.CharField(label=_("Subject"), max_length=120)
    intro = forms.CharField(
        label=_("Before the question"), max_length=600, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("May hold {{ first_name }} and {{ about }}, which is the job, the client or the start."),
    )  # fmt: skip
    question = forms.CharField(
        label=_("The question"), max_length=200,
        help_text=_("Answered from 0, not at all likely, to 10, very likely. Two questions can’t be compared."),
    )  # fmt: skip
    follow_up = forms.CharField(label=_("Asked for in words, after the number"), max_length=200)

    def __init__(self, *args: Any, brands: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("All brands without a text of their own")), *brands]
        self.fields["brand"].choices = choices  # type: ignore[attr-defined]

    def wording(self) -> Wording:
        held = self.cleaned_data
        return Wording(**{name: held[name] for name in ("subject", "intro", "question", "follow_up")})
