"""Who earned which part of a fee, and what each part is of a sum: exact, whatever the rounding."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from fourfold.jobs.types.placing import WHOLE, PlacingRefused, SplitPart
from fourfold.jobs.types.words import SplitRole

TODO = "Change the shares until they add up to exactly 100%."


def checked(parts: Sequence[SplitPart]) -> tuple[SplitPart, ...]:
    """The same parts, if they are all of it. Raises PlacingRefused."""
    total = sum(part.percent_hundredths for part in parts)
    if total != WHOLE:
        raise PlacingRefused("The split was not kept.", f"Its shares add up to {total / 100:g}%, not 100%.", TODO)
    if any(part.percent_hundredths < 1 for part in parts):
        raise PlacingRefused("The split was not kept.", "A share is nothing, or less.", "Leave its line empty.")
    if len({(part.user_key, part.role) for part in parts}) < len(parts):
        raise PlacingRefused(
            "The split was not kept.", "A colleague stands twice in one role.", "Put both shares in one line."
        )
    return tuple(parts)


def proposed(owners: Sequence[tuple[SplitRole, UUID | None]]) -> tuple[SplitPart, ...]:
    """A first split: equal parts for each role that somebody held, the first taking what does not divide."""
    held = [(role, who) for role, who in owners if who is not None]
    if not held:
        return ()
    each = WHOLE // len(held)
    rest = WHOLE - each * len(held)
    return tuple(SplitPart(who, role, each + (rest if n == 0 else 0)) for n, (role, who) in enumerate(held))


def share_out(amount_minor: int, shares: Sequence[int]) -> list[int]:
    """Parts of an amount by shares in hundredths of a percent that add up to 10,000: their sum is the amount.

    Each is rounded towards nothing; the pence that remain go one each to those who lost most, the first among equals.
    """
    sign = -1 if amount_minor < 0 else 1
    whole = [abs(amount_minor) * share // WHOLE for share in shares]
    lost = [abs(amount_minor) * share % WHOLE for share in shares]
    for place in sorted(range(len(shares)), key=lambda n: (-lost[n], n))[: abs(amount_minor) - sum(whole)]:
        whole[place] += 1
    return [sign * part for part in whole]
