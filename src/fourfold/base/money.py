"""Money: whole minor units of one currency, never a float, never two currencies in one sum."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from moneyed import CurrencyDoesNotExist, get_currency
from moneyed import Money as Moneyed
from moneyed.l10n import format_money

from fourfold.base.errors import FourfoldError

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


class BadMoney(FourfoldError):
    """Text that is not an amount, or a code that is not a currency."""


def minor_digits(currency: str) -> int:
    """Digits after the point: 2 for GBP, 0 for JPY (ISO 4217). Raises BadMoney for an unknown code."""
    try:
        sub_unit = get_currency(code=currency).sub_unit
    except CurrencyDoesNotExist:
        raise BadMoney(
            f"“{currency}” was not read as a currency.",
            "It is not a code of ISO 4217.",
            "Use three capital letters, such as GBP or EUR.",
        ) from None
    return len(str(sub_unit)) - 1


@dataclass(frozen=True, slots=True)
class Money:
    """``minor`` whole minor units (pence) of ``currency`` (ISO 4217 code)."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"never add {self.currency} and {other.currency}")
        return Money(self.minor + other.minor, self.currency)

    @property
    def major(self) -> Decimal:
        """The amount in whole units (pounds)."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def text(self, *, pence: bool = False) -> str:
        """As a person reads it: ``£12,400``; with ``pence``: ``£12,400.00``."""
        digits = minor_digits(self.currency) if pence else 0
        amount = Moneyed(round(self.major, digits), self.currency)
        pattern = "¤#,##0" + ("." + "0" * digits if digits else "")
        return str(format_money(amount, format=pattern, locale="en_GB", currency_digits=False))


def parse_minor(text: str, currency: str) -> int:
    """Read an amount as people and spreadsheets write it: ``12400``, ``12,400.50``, ``-3.10``.

    Returns minor units. Raises BadMoney for anything else: more digits than the currency has, a
    comma where it groups nothing, a currency sign, a formula, an empty cell.
    """
    stripped = text.strip()
    plain = stripped.replace(",", "") if _GROUPED.fullmatch(stripped) else stripped
    if not _NUMBER.fullmatch(plain):
        raise BadMoney(
            f"“{text}” was not read as an amount.",
            "An amount is digits, with a point before the minor units and commas between thousands.",
            "Write it like 12400.50 or 12,400.50, with the currency in a column of its own.",
        )
    digits = minor_digits(currency)
    try:
        scaled = Decimal(plain).scaleb(digits)
    except InvalidOperation as error:  # a number longer than 28 digits
        raise BadMoney(f"“{text}” was not read as an amount.", "It is too long.", "Check the cell.") from error
    if scaled != scaled.to_integral_value():
        raise BadMoney(
            f"“{text}” was not read as an amount in {currency}.",
            f"{currency} has {digits} digits after the point.",
            "Round it first, so that nothing is rounded silently.",
        )
    if abs(scaled) >= 10**15:
        raise BadMoney(f"“{text}” was not read as an amount.", "It is larger than any fee.", "Check the cell.")
    return int(scaled)
