"""Forms of jobs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from fourfold.base.money import BadMoney, Money, minor_digits, parse_minor
from fourfold.jobs.actions import Hirer, NewAdvert
from fourfold.jobs.queries.words import (
    CALIBRE_WORDS,
    CLOSE_WORDS,
    ENGAGED_WORDS,
    KIND_WORDS,
    PER_WORDS,
    ROLE_WORDS,
    WORKPLACE_WORDS,
)
from fourfold.jobs.types import (
    THEIR_ROLES,
    Calibre,
    CloseReason,
    Engaged,
    Gained,
    HiringRole,
    JobChange,
    JobKind,
    Need,
    PayPer,
    Wanted,
    Workplace,
)
from fourfold.ui.quoting import unquoted

Choices = Sequence[tuple[str, Any]]
AREA = forms.Textarea(attrs={"rows": 3})


AS_TYPED = (
    "title", "openings", "next_step", "agencies", "exclusive_until", "vms_reference", "bars_contact", "fee_exception",
    "currency", "pay_shown", "benefits", "slots_booked", "manager_met_on", "city", "region", "start_wanted_on",
    "postcode", "in_short", "not_to_promise", "description", "for_ourselves", "desk",
)  # fmt: skip


def day(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


def words_of(words: dict[Any, Any]) -> list[tuple[str, Any]]:
    return [(one.value, text) for one, text in words.items()]


class JobForm(forms.Form):
    """A job. Lists are written a line each."""

    organisation = forms.CharField(label=_("Client"), max_length=120, help_text=_("Its name; a new one is added."))
    title = forms.CharField(label=_("Title"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind"), choices=words_of(KIND_WORDS))
    hiring_manager = forms.ChoiceField(label=_("Hiring manager"), required=False)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    desk = forms.ChoiceField(label=_("Desk"), required=False)
    openings = forms.IntegerField(label=_("Openings"), min_value=1, max_value=500, initial=1)
    next_step = forms.CharField(label=_("Next step"), max_length=160, required=False)
    engaged = forms.ChoiceField(label=_("How we are engaged"), choices=words_of(ENGAGED_WORDS))
    agencies = forms.IntegerField(label=_("How many agencies"), required=False, min_value=1, max_value=200)
    exclusive_until = day(_("Exclusive until"))
    retained = forms.CharField(
        label=_("Stages of a retained fee"), required=False, widget=AREA,
        help_text=_("A line a stage: “signature: 8000”, “shortlist: 8000”, “start: 9000”."),
    )  # fmt: skip
    vms_reference = forms.CharField(label=_("Reference at the MSP or VMS"), max_length=80, required=False)
    vms_fee = forms.DecimalField(
        label=_("Their fee, in %"), required=False, min_value=0, max_value=100, decimal_places=2
    )
    bars_contact = forms.BooleanField(label=_("We may not write to the hiring manager"), required=False)
    fee_percent = forms.DecimalField(
        label=_("Fee of this job, in %"), required=False, min_value=0, max_value=100, decimal_places=2,
        help_text=_("Only where it departs from the terms."),
    )  # fmt: skip
    fee_exception = forms.CharField(label=_("Why it departs from the terms"), max_length=250, required=False)
    currency = forms.CharField(label=_("Currency"), max_length=3, min_length=3)
    pay_from = forms.CharField(label=_("Pay from"), max_length=20, required=False)
    pay_to = forms.CharField(label=_("Pay to"), max_length=20, required=False)
    pay_per = forms.ChoiceField(label=_("Pay is"), choices=words_of(PER_WORDS))
    charge = forms.CharField(
        label=_("Charge"), max_length=20, required=False, help_text=_("What the client pays us, for the same unit.")
    )
    pay_shown = forms.BooleanField(label=_("Show the pay in public"), required=False, initial=True)
    benefits = forms.CharField(label=_("Beside the pay"), max_length=250, required=False)
    calibre = forms.ChoiceField(label=_("Whom they ask for"), choices=words_of(CALIBRE_WORDS))
    pay_is_real = forms.ChoiceField(
        label=_("Is the pay real for them?"), required=False,
        choices=[("", _("not judged yet")), ("yes", _("yes")), ("no", _("no"))],
    )  # fmt: skip
    slots_booked = forms.BooleanField(label=_("Interview times are in the manager’s diary"), required=False)
    manager_met_on = day(_("We met the hiring manager on"))
    start_wanted_on = day(_("Start wanted"))
    city = forms.CharField(label=_("Town"), max_length=80, required=False)
    region = forms.CharField(label=_("Region"), max_length=80, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=16, required=False)
    country = forms.CharField(label=_("Country"), max_length=2, min_length=2, required=False)
    workplace = forms.ChoiceField(label=_("Where"), choices=words_of(WORKPLACE_WORDS))
    in_short = forms.CharField(
        label=_("Why a happily employed person would move here"), max_length=250, required=False,
        help_text=_("In a sentence."),
    )  # fmt: skip
    gains = forms.CharField(
        label=_("What they would gain"), required=False, widget=AREA,
        help_text=_("A line each: the gain | in their words | what shows it. One of the last two is needed."),
    )  # fmt: skip
    not_to_promise = forms.CharField(label=_("Not to promise"), required=False, widget=AREA, max_length=2000)
    musts = forms.CharField(label=_("Must have"), required=False, widget=AREA, help_text=_("A line each."))
    wishes = forms.CharField(label=_("Would be nice"), required=False, widget=AREA, help_text=_("A line each."))
    description = forms.CharField(
        label=_("The work, as applicants read it"), required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip
    for_ourselves = forms.BooleanField(label=_("We hire for ourselves"), required=False)

    def __init__(
        self,
        *args: Any,
        colleagues: Choices,
        desks: Choices,
        managers: Choices = (),
        known: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        blank = [("", "–")]
        self.fields["owner"].choices = [*blank, *colleagues]  # type: ignore[attr-defined]
        self.fields["desk"].choices = [*blank, *desks]  # type: ignore[attr-defined]
        self.fields["hiring_manager"].choices = [*blank, *managers]  # type: ignore[attr-defined]
        if known:
            del self.fields["organisation"]
        if not managers:
            del self.fields["hiring_manager"]

    def clean(self) -> dict[str, Any]:
        held = super().clean() or {}
        held["currency"] = str(held.get("currency") or "").upper()
        for name in ("pay_from", "pay_to", "charge"):
            held[f"{name}_minor"] = self._amount(name, held.get(name) or "", held["currency"])
        held["stages"] = self._stages(held.get("retained") or "", held["currency"])
        held["gained"] = [self._gain(line) for line in _lines(held.get("gains") or "")]
        return held

    def _amount(self, name: str, text: str, currency: str) -> int | None:
        if not text.strip():
            return None
        try:
            return parse_minor(text, currency)
        except BadMoney as error:
            self.add_error(name, f"{error.why} {error.todo}")
            return None

    def _stages(self, text: str, currency: str) -> list[tuple[str, int]]:
        found = []
        for line in _lines(text):
            words, _colon, amount = line.rpartition(":")
            try:
                found.append((words.strip(), parse_minor(amount, currency)))
            except BadMoney as error:
                self.add_error("retained", f"“{line[:60]}”: {error.why} {error.todo}")
            if not words.strip():
                self.add_error(
                    "retained",
                    _now("“%(line)s” names no stage. Write it like “shortlist: 8000”.") % {"line": line[:60]},
                )
        return found

    @staticmethod
    def _gain(line: str) -> Gained:
        gain, said, shown = [*(one.strip() for one in line.split("|")), "", ""][:3]
        return Gained(gain, unquoted(said), shown)

    def change(self, organisation: UUID | None) -> JobChange:
        """What the form says."""
        held = self.cleaned_data
        wanted = [Wanted(Need.MUST, one) for one in _lines(held["musts"])]
        wanted += [Wanted(Need.WISH, one) for one in _lines(held["wishes"])]
        return JobChange(
            **{name: held[name] for name in AS_TYPED}, organisation=organisation, country=held["country"].upper(),
            kind=JobKind(held["kind"]), engaged=Engaged(held["engaged"]), calibre=Calibre(held["calibre"]),
            pay_per=PayPer(held["pay_per"]), workplace=Workplace(held["workplace"]),
            owner_key=UUID(held["owner"]) if held["owner"] else None, retained=tuple(held["stages"]),
            gains=tuple(held["gained"]), wanted=tuple(wanted), vms_fee_hundredths=_hundredths(held["vms_fee"]),
            fee_hundredths=_hundredths(held["fee_percent"]), pay_from_minor=held["pay_from_minor"],
            pay_to_minor=held["pay_to_minor"], charge_minor=held["charge_minor"],
            pay_is_real={"yes": True, "no": False}.get(held["pay_is_real"]),
        )  # fmt: skip


def _lines(text: str) -> list[str]:
    return [one.strip() for one in text.splitlines() if one.strip()]


def _hundredths(value: Any) -> int | None:
    return None if value is None else round(value * 100)


def job_values(change: JobChange) -> dict[str, Any]:
    """A job as its form begins with it."""

    def amount(minor: int | None) -> str:
        return "" if minor is None else f"{Money(minor, change.currency).major:.{minor_digits(change.currency)}f}"

    def lines(need: Need) -> str:
        return "\n".join(one.text for one in change.wanted if one.need is need)

    judged = {True: "yes", False: "no", None: ""}[change.pay_is_real]
    values: dict[str, Any] = {name: getattr(change, name) for name in JobForm.base_fields if hasattr(change, name)}
    return values | {
        "owner": str(change.owner_key or ""),
        "retained": "\n".join(f"{words}: {amount(minor)}" for words, minor in change.retained),
        "vms_fee": change.vms_fee_hundredths and change.vms_fee_hundredths / 100,
        "fee_percent": change.fee_hundredths and change.fee_hundredths / 100,
        "pay_from": amount(change.pay_from_minor), "pay_to": amount(change.pay_to_minor),
        "charge": amount(change.charge_minor), "pay_is_real": judged, "musts": lines(Need.MUST),
        "wishes": lines(Need.WISH),
        "gains": "\n".join(f"{one.gain} | {one.their_words} | {one.evidence}" for one in change.gains),
    }  # fmt: skip


class CloseForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why it ended"), choices=words_of(CLOSE_WORDS))
    why = forms.CharField(label=_("What we learn from it"), max_length=250, required=False)

    def asked(self) -> CloseReason:
        return CloseReason(self.cleaned_data["reason"])


class HirerForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=words_of(ROLE_WORDS))
    who = forms.ChoiceField(label=_("Who"))

    def __init__(self, *args: Any, people: Choices, colleagues: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theirs = [(f"p-{key}", name) for key, name in people]
        ours = [(f"u-{key}", name) for key, name in colleagues]
        self.fields["who"].choices = [(_now("Theirs"), theirs), (_now("Ours"), ours)]  # type: ignore[attr-defined]

    def hirer(self) -> Hirer:
        side, key = self.cleaned_data["who"].split("-", 1)
        role = HiringRole(self.cleaned_data["role"])
        return Hirer(role=role, person_key=UUID(key)) if side == "p" else Hirer(role=role, user_key=UUID(key))

    def clean(self) -> dict[str, Any]:
        held = super().clean() or {}
        if held.get("role") and held.get("who"):
            theirs = HiringRole(held["role"]) in THEIR_ROLES
            if theirs != held["who"].startswith("p-"):
                self.add_error("role", _now("That role is on the other side. Choose one that fits who it is."))
        return held


class AuthorityForm(forms.Form):
    person = forms.ChoiceField(label=_("Who allowed it"))
    how = forms.CharField(label=_("How"), max_length=160, help_text=_("Such as: by e-mail of 3 March."))

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = list(people)  # type: ignore[attr-defined]


class AdvertForm(forms.Form):
    board = forms.CharField(label=_("Board"), max_length=60)
    reference = forms.CharField(label=_("Reference there"), max_length=80, required=False)
    url = forms.URLField(label=_("Address"), max_length=500, required=False, assume_scheme="https")
    posted_on = day(_("Posted on"), required=True)
    expires_on = day(_("Expires on"))
    slot = forms.CharField(label=_("Posting slot used"), max_length=80, required=False)
    cost = forms.CharField(label=_("Cost"), max_length=20, required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean_cost(self) -> int | None:
        text = self.cleaned_data["cost"]
        try:
            return parse_minor(text, self.currency) if text.strip() else None
        except BadMoney as error:
            raise forms.ValidationError(f"{error.why} {error.todo}") from None

    def advert(self) -> NewAdvert:
        held = dict(self.cleaned_data)
        return NewAdvert(cost_minor=held.pop("cost"), currency=self.currency, **held)
