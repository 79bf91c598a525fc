from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.evidence.types import Method
from fourfold.reports.types import Place

BASES = [("accepted", _("Accepted")), ("invoiced", _("Invoiced")), ("paid", _("Paid"))]
PLACES = {Place.DESK: _("Desk"), Place.TEAM: _("Team"), Place.OFFICE: _("Office")}


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


def set_choices(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class PeriodForm(forms.Form):
    """Days of one's own choice, where, and when cash counts."""

    from_date = day_field(_("From"))
    to_date = day_field(_("To"))
    desk = forms.ChoiceField(label=PLACES[Place.DESK], required=False)
    team = forms.ChoiceField(label=PLACES[Place.TEAM], required=False)
    office = forms.ChoiceField(label=PLACES[Place.OFFICE], required=False)
    basis = forms.ChoiceField(label=_("Cash counts when"), choices=BASES, required=False)

    def __init__(self, *args: Any, places: dict[str, list[tuple[str, str]]], **more: Any) -> None:
        super().__init__(*args, **more)
        for place, choices in places.items():
            set_choices(self, place, choices)


class RoiForm(PeriodForm):
    """As the scoreboard's, and by which method."""

    by = forms.CharField(widget=forms.HiddenInput, required=False)
    method = forms.ChoiceField(label=_("Method"), required=False)

    def __init__(self, *args: Any, methods: dict[Method, Any], **more: Any) -> None:
        super().__init__(*args, **more)
        set_choices(self, "method", [(method.value, words) for method, words in methods.items()])


class DeskForm(forms.Form):
    """Whose answers: a desk's, or all."""

    desk = forms.ChoiceField(label=PLACES[Place.DESK], required=False)

    def __init__(self, *args: Any, desks: list[tuple[str, Any]], **more: Any) -> None:
        super().__init__(*args, **more)
        set_choices(self, "desk", desks)


class WeekForm(forms.Form):
    """Whose week: a colleague's, a desk's, or everybody's."""

    who = forms.ChoiceField(label=_("Colleague"), required=False)
    desk = forms.ChoiceField(label=PLACES[Place.DESK], required=False)

    def __init__(self, *args: Any, desks: list[tuple[str, Any]], people: list[tuple[str, Any]], **more: Any) -> None:
        super().__init__(*args, **more)
        set_choices(self, "desk", desks)
        if people:
            set_choices(self, "who", people)
        else:
            del self.fields["who"]


ENGAGEMENTS = [
    ("", _("Permanent, retained and contract")),
    ("permanent", _("Permanent")),
    ("retained", _("Retained")),
    ("contract", _("Contract and temporary")),
]


class PipelineForm(forms.Form):
    """Which desk's pipeline, and of which engagement."""

    desk = forms.ChoiceField(label=PLACES[Place.DESK], required=False)
    engagement = forms.ChoiceField(label=_("Engagement"), choices=ENGAGEMENTS, required=False)

    def __init__(self, *args: Any, desks: list[tuple[str, Any]], **more: Any) -> None:
        super().__init__(*args, **more)
        set_choices(self, "desk", desks)


class TargetsForm(forms.Form):
    """How much of each measure a colleague aims to do in a week. Left empty: no target."""

    from_week = day_field(_("From the week of"))

    def __init__(self, *args: Any, measures: dict[str, Any], **more: Any) -> None:
        super().__init__(*args, **more)
        for name, label in measures.items():
            self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=10_000, required=False)


class GoalForm(forms.Form):
    """A target, its days, its place and its two owners."""

    figure = forms.ChoiceField(label=_("What"))
    target = forms.IntegerField(
        label=_("Target"),
        min_value=1,
        max_value=10**12,
        help_text=_("How many; for cash whole units of the house’s currency."),
    )
    from_date = day_field(_("From"))
    to_date = day_field(_("Until"))
    recruiter = forms.ChoiceField(label=_("The recruiter who owns it"))
    marketer = forms.ChoiceField(label=_("The marketer who owns it"))
    desk = forms.ChoiceField(label=PLACES[Place.DESK], required=False)
    team = forms.ChoiceField(label=PLACES[Place.TEAM], required=False)
    office = forms.ChoiceField(label=PLACES[Place.OFFICE], required=False)
    note = forms.CharField(label=_("Why"), max_length=200, required=False)

    def __init__(self, *args: Any, choices: dict[str, Any], **more: Any) -> None:
        super().__init__(*args, **more)
        set_choices(self, "figure", choices["figures"])
        set_choices(self, "recruiter", choices["recruiters"])
        set_choices(self, "marketer", choices["marketers"])
        for place, places in choices["places"].items():
            set_choices(self, place, places)


class ExperimentForm(forms.Form):
    """An experiment's file: one row a person who was drawn."""

    title = forms.CharField(label=_("What was tried?"), max_length=120)
    file = forms.FileField(label=_("File"))


class DesignForm(forms.Form):
    """What is compared with what."""

    arm = forms.ChoiceField(label=_("The column that names the arm"))
    control = forms.ChoiceField(label=_("The arm that was left alone"))
    metrics = forms.MultipleChoiceField(label=_("What is compared"), widget=forms.CheckboxSelectMultiple)
    shares = forms.CharField(
        label=_("Shares that were drawn"),
        required=False,
        help_text=_("Such as control 10, mail 90. Left empty: arms of one size. It guards against lost rows."),
    )
    compare_all = forms.BooleanField(label=_("Compare every arm with every other, too"), required=False)

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **more: Any) -> None:
        super().__init__(*args, **more)
        set_choices(self, "arm", choices["arms"])
        set_choices(self, "control", choices["controls"])
        set_choices(self, "metrics", choices["metrics"])


class SizingForm(forms.Form):
    """How large an experiment must be. Shares are typed in per cent."""

    base = forms.FloatField(
        label=_("Rate without it, %"), min_value=0.01, max_value=99, help_text=_("Such as 5: five in a hundred reply.")
    )
    lift = forms.FloatField(
        label=_("Lift you want to see, %"),
        min_value=0.5,
        max_value=5000,
        help_text=_("Such as 20: six in place of five."),
    )
    share = forms.FloatField(label=_("Held out, %"), min_value=1, max_value=99)
    power = forms.FloatField(label=_("Chance to see it, %"), min_value=50, max_value=99.9)
    have = forms.IntegerField(label=_("People you have"), min_value=4, max_value=10**9, required=False)
