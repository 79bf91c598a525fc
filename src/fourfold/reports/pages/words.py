"""Numbers and names as people read them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fourfold.accounts import queries as accounts
from fourfold.base.money import Money, minor_digits
from fourfold.evidence.types import NONE, NOT_NAMED, By, Method
from fourfold.reports.types import Question

BY_WORDS = {
    By.CHANNEL: gettext_lazy("Channel"),
    By.CAMPAIGN: gettext_lazy("Campaign"),
    By.THEME: gettext_lazy("Theme"),
    By.STREAM: gettext_lazy("Stream"),
    By.DESK: gettext_lazy("Desk"),
    By.TEAM: gettext_lazy("Team"),
    By.ACTOR: gettext_lazy("Colleague"),
    By.ASSET: gettext_lazy("Piece of content"),
    By.DECIDED_BY: gettext_lazy("Who decided"),
}
METHOD_WORDS = {
    Method.SHAPLEY: gettext_lazy("House method"),
    Method.SHAPLEY_ORDERED: gettext_lazy("Ordered Shapley"),
    Method.SHAPLEY_RATE: gettext_lazy("Shapley of the rate"),
    Method.MARKOV: gettext_lazy("Markov removal"),
    Method.LINEAR: gettext_lazy("Even split"),
    Method.TIME_DECAY: gettext_lazy("Time decay"),
    Method.POSITION: gettext_lazy("40 / 20 / 40"),
    Method.FIRST: gettext_lazy("First touch"),
    Method.LAST: gettext_lazy("Last touch"),
    Method.LAST_NON_DIRECT: gettext_lazy("Last that is not direct"),
}
_NAMED_BY_ACCOUNTS = {By.DESK, By.TEAM, By.ACTOR, By.DECIDED_BY}


def key_words(by: str, keys: Collection[str]) -> dict[str, str]:
    """What the keys of a dimension are called."""
    if By(by) is By.CHANNEL:
        return {key: channel_words(key) for key in keys}
    labels = accounts.labels(keys) if By(by) in _NAMED_BY_ACCOUNTS else {key: key for key in keys}
    nobody = _("Nobody’s spend") if By(by) is By.DECIDED_BY else _("Not named")
    return labels | {NONE: _("No touch found"), NOT_NAMED: nobody}


def channel_words(key: str) -> str:
    names = {
        NONE: _("No touch found"),
        NOT_NAMED: _("Not named"),
        "sms": "SMS",
        "linkedin": "LinkedIn",
        "email": _("E-mail"),
    }
    return names.get(key, key.replace("_", " ").capitalize())


def money(value: float | None, question: Question) -> str:
    """Whole units of money; “–” for none."""
    return "–" if value is None else Money(round(value), question.currency).text()


def money_each(amount: float, question: Question) -> str:
    """What came back for one pound, as read: £2.40, or £24 from ten pounds on. ``amount`` in whole units."""
    minor = round(amount * 10 ** minor_digits(question.currency))
    return Money(minor, question.currency).text(pence=abs(amount) < 10)


def one_unit(question: Question) -> str:
    """One unit of the currency: “£1”."""
    return Money(10 ** minor_digits(question.currency), question.currency).text()


def between(low: str, high: str) -> str:
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def percent_change(change: Mapping[str, Any]) -> str:
    """A change as read; empty where it is refused."""
    return "" if "refusal" in change else signed_percent(change["value"])


def signed_percent(share: float) -> str:
    """+12 %, −3 %, or 0 % without a sign."""
    rounded = round(share * 100)
    return f"{rounded:+d}%".replace("-", "−") if rounded else "0%"


def change_range(change: Mapping[str, Any]) -> str:
    if "refusal" in change:
        return _("change too small to tell")
    low, high = (signed_percent(change[side]) for side in ("lower", "upper"))
    return _("change between %(low)s and %(high)s") % {"low": low, "high": high}


def change_bounds(change: Mapping[str, Any]) -> str:
    """The range of a change alone, for tables; empty where it is refused."""
    return "" if "refusal" in change else between(*(signed_percent(change[side]) for side in ("lower", "upper")))


def back_range(row: Mapping[str, Any], question: Question) -> str:
    """The range of what came back for one unit of money, or why there is none."""
    if row["roi"] is None:
        return _("nothing was spent") if not row["spend"] else "–"
    if row["roi_lower"] is None:
        return _("too small to tell")
    return between(*(money_each(row[side] + 1, question) for side in ("roi_lower", "roi_upper")))


def why_refused(refusals: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """By key, why it has no range: what there is too little of, how much there is and how much it takes."""
    return {
        one["about"]: _("%(reason)s: %(have)s, and it takes %(need)s")
        % {"reason": one["reason"].split(" to bound ")[0], "have": f"{one['have']:g}", "need": f"{one['need']:g}"}
        for one in refusals
        if one["about"] and one["need"] is not None and one["have"] is not None
    }


def side_words(side: str) -> str:
    return {
        "candidate": _("The candidate’s side"),
        "client": _("The client’s side"),
        "colleague": _("The colleague’s side"),
    }.get(side, side)
