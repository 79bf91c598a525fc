"""What a house may set, and what not."""

from __future__ import annotations

from fourfold.contact.types import Policy, PolicyRefused

HOURS = range(25)
DAYS = range(1, 731)


def check_policy(policy: Policy) -> None:
    """Raises PolicyRefused for numbers that make no sense, and for a house law there is no pack of."""
    what = "The policy was not kept."
    for label, cap in (("approaches", policy.approach_cap), ("marketing messages", policy.marketing_cap)):
        if cap is not None and cap < 0:
            raise PolicyRefused(what, f"The most {label} is less than none.", "Give 0 for none, or leave it empty.")
    days = (policy.approach_days, policy.rest_days, policy.marketing_days, policy.thread_days, policy.screening_days)
    if any(one not in DAYS for one in (*days, *policy.silence_days)) or not policy.silence_days:
        raise PolicyRefused(what, "A number of days is not between 1 and 730.", "Correct it.")
    if list(policy.silence_days) != sorted(policy.silence_days):
        raise PolicyRefused(what, "A colleague's silence gets shorter the more they wrote.", "Put them in order.")
    if not policy.quiet_to < policy.quiet_from or policy.quiet_from not in HOURS or policy.quiet_to not in HOURS:
        raise PolicyRefused(what, "Quiet hours leave no hour of the day.", "Let them end before they begin again.")
    if not policy.unknown_from < policy.unknown_to:
        raise PolicyRefused(what, "Unknown zones are left no hour of the day.", "Let the first be before the second.")
    if not 1 <= policy.marketing_hours <= 24 * 14:
        raise PolicyRefused(what, "A held message waits for 1 to 336 hours.", "Correct it.")
    if policy.home_law not in {pack.code for pack in policy.packs}:
        raise PolicyRefused(what, f"There is no law pack {policy.home_law}.", "Choose one of those shown.")
