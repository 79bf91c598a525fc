from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.contact.types import Policy

PLAIN = (
    "approach_cap", "approach_days", "rest_days", "marketing_cap", "marketing_days", "thread_days", "quiet_from",
    "quiet_to", "quiet_weekends", "quiet_holidays", "unknown_from", "unknown_to", "placed_months", "screening_days",
    "marketing_hours", "job_is_marketing", "home_law",
)  # fmt: skip


GROUPS = (
    (_("Approaches to one person"), ("approach_cap", "approach_days", "rest_days")),
    (_("Marketing to one person"), ("marketing_cap", "marketing_days", "marketing_hours")),
    (_("Each other’s conversations"), ("silence", "thread_days", "placed_months")),
    (_("Quiet hours, on the person’s clock"), ("quiet_from", "quiet_to", "unknown_from", "unknown_to")),
    (_("Quiet days"), ("quiet_weekends", "quiet_holidays")),
    (_("The law"), ("home_law", "screening_days", "job_is_marketing")),
)


def _number(label: Any, low: int, high: int, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=low, max_value=high, **more)


class PolicyForm(forms.Form):
    """The house's numbers."""

    approach_cap = _number(_("At most"), 0, 50, required=False, help_text=_("Empty: no limit. 0: none at all."))
    approach_days = _number(_("within so many days"), 1, 365)
    rest_days = _number(_("then so many days of rest"), 1, 365)
    marketing_cap = _number(_("At most"), 0, 50, required=False)
    marketing_days = _number(_("within so many days"), 1, 365)
    silence = forms.CharField(
        label=_("A colleague’s approach stands before yours for"), max_length=40,
        help_text=_("Days after their first, second, third unanswered message, such as 30, 60, 90."),
    )  # fmt: skip
    thread_days = _number(_("A conversation lives for days after their last word"), 1, 365)
    quiet_from = _number(_("From this hour"), 12, 24)
    quiet_to = _number(_("to this hour"), 0, 12)
    quiet_weekends = forms.BooleanField(label=_("Weekends are quiet"), required=False)
    quiet_holidays = forms.BooleanField(label=_("Public holidays are quiet"), required=False)
    unknown_from = _number(_("Zone unknown: open from your"), 0, 23)
    unknown_to = _number(_("to your"), 1, 24)
    placed_months = _number(_("Whom we placed rests for so many months"), 0, 60)
    screening_days = _number(_("A screened number counts for so many days"), 1, 28)
    marketing_hours = _number(_("held, given up after so many hours"), 1, 336)
    job_is_marketing = forms.BooleanField(
        label=_("A message about one named job is direct marketing"), required=False,
        help_text=_("The house says so itself; with yes, such a message to an individual needs consent."),
    )  # fmt: skip
    home_law = forms.ChoiceField(label=_("The law of the house, where a person’s country is unknown"))
    why = forms.CharField(label=_("Why it changes"), max_length=250)

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(policy, name) for name in PLAIN}
        self.initial["silence"] = ", ".join(str(one) for one in policy.silence_days)
        self.policy = policy
        self.fields["home_law"].choices = [(one.code, one.name) for one in policy.packs]  # type: ignore[attr-defined]

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields as they belong together, each group with its heading."""
        return [(title, [self[name] for name in names]) for title, names in GROUPS]

    def clean_silence(self) -> tuple[int, ...]:
        parts = [one.strip() for one in self.cleaned_data["silence"].split(",")]
        if not all(one.isdecimal() and len(one) <= 3 for one in parts):
            raise forms.ValidationError(_("Give whole numbers of days with commas between, such as 30, 60, 90."))
        return tuple(int(one) for one in parts)

    def changed_policy(self) -> Policy:
        values = {name: self.cleaned_data[name] for name in PLAIN}
        return replace(self.policy, **values, silence_days=self.cleaned_data["silence"])


class AssessmentForm(forms.Form):
    """The house's weighing of interests."""

    text = forms.CharField(
        label=_("The assessment"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What you want, why it needs these details, why it outweighs their interest, what protects them."),
    )  # fmt: skip
