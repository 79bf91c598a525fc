"""Forms of what follows an offer: offers, papers, placements, splits, assignments, margins, targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from fourfold.base.money import BadMoney, parse_minor
from fourfold.jobs.forms.jobs import day as maybe_day
from fourfold.jobs.forms.jobs import words_of
from fourfold.jobs.queries.placing_words import BASIS_WORDS, IR35_WORDS, SPLIT_WORDS, VIA_WORDS
from fourfold.jobs.queries.words import KIND_WORDS, PER_WORDS
from fourfold.jobs.types import (
    AfterOffer,
    AssignmentChange,
    AssignmentRow,
    CashBasis,
    Ir35,
    JobKind,
    NewPlacement,
    OfferChange,
    PaidVia,
    PayPer,
    SplitPart,
    SplitRole,
)

Choices = Sequence[tuple[str, Any]]
AREA = forms.Textarea(attrs={"rows": 3})
DOCUMENTS = ".pdf,.docx,.odt,.rtf,.txt,.png,.jpg,.jpeg"
LINES = 6


day = partial(maybe_day, required=True)
WHY = _("Why")


def why_field(label: Any = WHY, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=250, required=required, help_text=help_text)


def document(label: Any, help_text: Any = "") -> forms.FileField:
    widget = forms.FileInput(attrs={"accept": DOCUMENTS})
    return forms.FileField(label=label, required=False, max_length=300, help_text=help_text, widget=widget)


class MoneyForm(forms.Form):
    """A form with amounts: each is read in the currency of the form, or in the one it is given."""

    amounts: tuple[str, ...] = ()
    given_currency = ""

    def clean(self) -> dict[str, Any]:
        held = super().clean() or {}
        currency = str(held.get("currency") or self.given_currency or "").upper()
        for name in self.amounts:
            text = held.get(name) or ""
            try:
                held[f"{name}_minor"] = parse_minor(text, currency) if text else None
            except BadMoney as error:
                self.add_error(name, f"{error.why} {error.todo}")
        return held


def amount(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.CharField(label=label, max_length=20, required=required, help_text=help_text, widget=widget)


class OfferForm(MoneyForm):
    amounts = ("pay",)
    made_on = day(_("Offered on"))
    pay = amount(_("Pay"), required=False)
    currency = forms.CharField(label=_("Currency"), max_length=3, min_length=3)
    per = forms.ChoiceField(label=_("Pay is"), choices=words_of(PER_WORDS))
    start_on = day(_("Start they have in mind"), required=False)
    words = why_field(_("What else was offered"), required=False)

    def offer(self) -> OfferChange:
        held = self.cleaned_data
        return OfferChange(
            made_on=held["made_on"], pay_minor=held["pay_minor"], currency=held["currency"].upper(),
            per=PayPer(held["per"]), start_on=held["start_on"], words=held["words"],
        )  # fmt: skip


class AcceptForm(forms.Form):
    answered_on = day(_("They said yes on"))
    start_on = day(_("They start on"), _("Leave it empty while the notice is open."), required=False)


class RefuseForm(forms.Form):
    who = forms.ChoiceField(
        label=_("What became of it"), widget=forms.RadioSelect,
        choices=[("declined", _("They declined, or took a counter-offer")), ("withdrawn", _("The client withdrew it"))],
    )  # fmt: skip
    answered_on = day(_("On"))
    why = why_field(help_text=_("The real reason in a few words: it helps the next offer."))


class AfterForm(forms.Form):
    counter_talk_on = day(_("Counter-offer talk on"), required=False)
    counter_words = forms.CharField(
        label=_("What was said"), required=False, max_length=5000, widget=AREA,
        help_text=_("Why they want to leave, and what they would answer to more money."),
    )  # fmt: skip
    resigned_on = day(_("Resigned on"), required=False)
    notice_ends_on = day(_("Notice ends on"), required=False)

    def after(self) -> AfterOffer:
        return AfterOffer(**self.cleaned_data)


class PayForm(MoneyForm):
    """An assignment's days, rates and ways; also the part of a placement's form that makes one."""

    amounts: tuple[str, ...] = ("pay", "charge")
    starts_on = day(_("First day"))
    ends_on = day(_("Last day"))
    unit = forms.ChoiceField(
        label=_("Paid and charged by"), choices=[(PayPer.DAY.value, _("the day")), (PayPer.HOUR.value, _("the hour"))]
    )
    units = forms.DecimalField(
        label=_("Days or hours a week"), min_value=0.01, max_value=168, decimal_places=2, initial=5
    )
    pay = amount(_("Pay"), _("What they get for a day or an hour."))
    charge = amount(_("Charge"), _("What the client pays us for the same."))
    currency = forms.CharField(label=_("Currency"), max_length=3, min_length=3)
    paid_via = forms.ChoiceField(label=_("Paid through"), choices=words_of(VIA_WORDS))
    company = forms.CharField(label=_("Name of the company"), max_length=120, required=False)
    ir35 = forms.ChoiceField(
        label=_("IR35"), choices=words_of(IR35_WORDS), required=False,
        help_text=_("The client’s determination, for a company of their own."),
    )  # fmt: skip
    ir35_on = day(_("Determined on"), required=False)
    kid_sent_on = day(
        _("Key Information Document sent on"), _("Due before terms are agreed with them."), required=False
    )
    awr_weeks_before = forms.IntegerField(
        label=_("Weeks there before"), required=False, min_value=0, max_value=12,
        help_text=_("In the same role through another agency: they count towards equal pay."),
    )  # fmt: skip

    def assignment(self) -> AssignmentChange:
        held = self.cleaned_data
        return AssignmentChange(
            starts_on=held["starts_on"], ends_on=held["ends_on"], pay_minor=held["pay_minor"],
            charge_minor=held["charge_minor"], **_ways(held),
        )  # fmt: skip


def _ways(held: dict[str, Any]) -> dict[str, Any]:
    return {
        "unit": PayPer(held["unit"]), "units_a_week_hundredths": int(held["units"] * 100),
        "paid_via": PaidVia(held["paid_via"]), "company": held["company"], "ir35": Ir35(held["ir35"] or Ir35.NOT_ASKED),
        "ir35_on": held["ir35_on"], "kid_sent_on": held["kid_sent_on"],
        "awr_weeks_before": held["awr_weeks_before"] or 0,
    }  # fmt: skip


class WeeklyPlacementForm(PayForm):
    """A contract or temporary placement: when they accepted, and the assignment."""

    accepted_on = day(_("Accepted on"))
    field_order = ("accepted_on",)

    def placement(self) -> NewPlacement:
        held = self.cleaned_data
        return NewPlacement(
            accepted_on=held["accepted_on"], start_on=held["starts_on"], pay_minor=held["pay_minor"],
            currency=held["currency"].upper(), per=PayPer(held["unit"]), assignment=self.assignment(),
        )  # fmt: skip


class PlacementForm(MoneyForm):
    """A permanent placement. The fee comes from the terms; another one says why."""

    amounts = ("pay", "fee")
    accepted_on = day(_("Accepted on"))
    start_on = day(_("They start on"), _("Leave it empty while the notice is open."), required=False)
    pay = amount(_("Pay"), required=False)
    per = forms.ChoiceField(label=_("Pay is"), choices=words_of(PER_WORDS))
    currency = forms.CharField(label=_("Currency"), max_length=3, min_length=3)
    fee = amount(_("Fee"), _("Empty: worked out from the terms."), required=False)
    fee_why = forms.CharField(
        label=_("Why another fee"), max_length=160, required=False, help_text=_("Who agreed to it.")
    )

    def placement(self) -> NewPlacement:
        held = self.cleaned_data
        return NewPlacement(
            accepted_on=held["accepted_on"], start_on=held["start_on"], pay_minor=held["pay_minor"],
            currency=held["currency"].upper(), per=PayPer(held["per"]), fee_minor=held.get("fee_minor"),
            fee_why=held.get("fee_why") or "",
        )  # fmt: skip


class DayForm(forms.Form):
    """One day, and why, as far as a deed asks for it."""

    on = day(_("On"))
    why = why_field(required=False)

    def __init__(self, *args: Any, label: Any, ask_why: bool = False, need_why: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = label
        self.fields["why"].required = need_why
        if not ask_why and not need_why:
            del self.fields["why"]

    def asked(self) -> tuple[date, str]:
        return self.cleaned_data["on"], self.cleaned_data.get("why") or ""


class WaysForm(PayForm):
    """An assignment without its days and rates, which have forms of their own."""

    document = document(_("The determination"), _("The client’s status determination statement."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("starts_on", "ends_on", "pay", "charge", "currency"):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        return forms.Form.clean(self) or {}

    def change(self, row: AssignmentRow) -> AssignmentChange:
        rate = row.rates[0]
        held = AssignmentChange(
            starts_on=row.starts_on, ends_on=row.ends_on, unit=row.unit, units_a_week_hundredths=1,
            pay_minor=rate.pay.minor, charge_minor=rate.charge.minor, paid_via=row.paid_via,
        )  # fmt: skip
        return replace(held, **_ways(self.cleaned_data))


class RateForm(MoneyForm):
    amounts = ("pay", "charge")
    from_on = day(_("From"))
    pay = amount(_("Pay"))
    charge = amount(_("Charge"))
    why = why_field(required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.given_currency = currency


class SplitForm(forms.Form):
    """Who earned which part. A line a colleague and role; empty lines are left out."""

    why = why_field(_("Who agreed, and why"), required=False)

    def __init__(self, *args: Any, colleagues: Choices, again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = again  # a change says why
        for n in range(LINES):
            who = forms.ChoiceField(label=_("Colleague"), required=False, choices=[("", "–"), *colleagues])
            role = forms.ChoiceField(label=_("For"), required=False, choices=words_of(SPLIT_WORDS))
            share = forms.DecimalField(
                label=_("Share in %"), required=False, min_value=0, max_value=100, decimal_places=2
            )
            for name, field in (("who", who), ("role", role), ("share", share)):
                field.widget.attrs["aria-label"] = _now("%(what)s, line %(n)s") % {"what": field.label, "n": n + 1}
                self.fields[f"{name}-{n}"] = field

    def lines(self) -> list[tuple[Any, Any, Any]]:
        return [(self[f"who-{n}"], self[f"role-{n}"], self[f"share-{n}"]) for n in range(LINES)]

    def parts(self) -> list[SplitPart]:
        held = self.cleaned_data
        return [
            SplitPart(UUID(held[f"who-{n}"]), SplitRole(held[f"role-{n}"]), int(held[f"share-{n}"] * 100))
            for n in range(LINES)
            if held[f"who-{n}"] and held[f"share-{n}"]
        ]


class PaperForm(forms.Form):
    """A paper that was seen."""

    document = document(_("The document"), _("It lies on the candidate’s side, for those who may see that."))
    words = why_field(_("What you looked at"), required=False, help_text=_("Such as: original seen on a video call."))
    expires_on = day(_("It holds until"), required=False)

    def __init__(self, *args: Any, expires: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expires_on"].required = expires


class WaiveForm(forms.Form):
    why = why_field(_("Why they may start without it"))


class CheckKindForm(forms.Form):
    """A paper that a kind of job asks for."""

    kind = forms.ChoiceField(label=_("Asked for"), choices=words_of(KIND_WORDS))
    name = forms.CharField(label=_("Paper"), max_length=80, help_text=_("Such as: Right to work."))
    holds = forms.BooleanField(
        label=_("A temporary start waits for it"), required=False, initial=True,
        help_text=_("Permanent and contract starts are only warned about it."),
    )  # fmt: skip
    expires = forms.BooleanField(label=_("It holds until a day"), required=False)

    def asked(self) -> dict[str, Any]:
        held = self.cleaned_data
        return {**held, "kind": JobKind(held["kind"])}


class MarginForm(forms.Form):
    file = forms.FileField(
        label=_("File of weekly margins"), max_length=300, widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=_("CSV with placement, week_ending, units, margin and currency."),
    )  # fmt: skip


class TargetForm(MoneyForm):
    amounts = ("amount",)
    month = day(_("From the month of"))
    months = forms.IntegerField(label=_("For how many months"), min_value=1, max_value=12, initial=12)
    amount = amount(_("Target a month"))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.given_currency = currency


class PeriodForm(forms.Form):
    """Own dates of billings."""

    from_date = day(_("From"))
    to_date = day(_("To"))


BASES = [(one.value, words) for one, words in BASIS_WORDS.items()]


def basis_of(text: str) -> CashBasis:
    """The basis asked for; accepted, where none or no such is."""
    return CashBasis(text) if text in set(CashBasis) else CashBasis.ACCEPTED
