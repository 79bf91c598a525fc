"""What stands of the things a person wished, agreed to and was told: pure, over all records of one human."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from fourfold.people.types import (
    ConsentEvent,
    Identifier,
    LoggedWish,
    Purpose,
    Reach,
    Scheme,
    Standing,
    StandingConsent,
    Wish,
    WishKind,
    WishRefused,
)

NO_LONGER = "no longer: "
"""How the wording begins of an entry that ends how somebody wanted to be reached."""

CHANNEL_SCHEMES: Mapping[str, tuple[Scheme, ...]] = {
    "": (Scheme.EMAIL, Scheme.PHONE, Scheme.PROFILE),
    "email": (Scheme.EMAIL,),
    "phone": (Scheme.PHONE,),
    "sms": (Scheme.PHONE,),
    "whatsapp": (Scheme.PHONE,),
    "linkedin": (Scheme.PROFILE,),
    "social": (Scheme.PROFILE,),
}
"""The addresses that an objection to a channel reaches; one to a channel that has none of its own, such as the post,
stands with the person only."""


def reached_by(channel: str, identifiers: Iterable[Identifier]) -> list[Identifier]:
    """Those of a person's addresses that an objection to ``channel`` suppresses."""
    schemes = CHANNEL_SCHEMES.get(channel, ())
    return [one for one in identifiers if one.scheme in schemes]


def standing(
    wishes: Iterable[Wish], reaches: Iterable[Reach], *, suppressed: Collection[Purpose] = (), at: datetime
) -> Standing:
    """What stands at a moment, over all records merged into one human: the stricter value wins.

    Each record is read by itself, oldest wish first: an objection stands until it is lifted, whatever is agreed to
    afterwards; a consent stands until it is withdrawn or expires. Then an objection in any record stands for all, and
    a consent counts only where no record withdrew it after it was given. ``suppressed`` are purposes for which one of
    the addresses is suppressed. Wishes of the same moment: the stricter is read last.
    """
    by_record: dict[UUID, list[Wish]] = {}
    for wish in wishes:
        by_record.setdefault(wish.person_key, []).append(wish)
    objected: set[tuple[Purpose, str]] = {(purpose, "") for purpose in suppressed}
    consents: dict[tuple[Purpose, str, str], StandingConsent] = {}
    withdrawn: dict[tuple[Purpose, str, str], datetime] = {}
    told_at: datetime | None = None
    for several in by_record.values():
        ordered = _in_order(several)
        objected |= _objections(ordered)
        for wish in ordered:
            place = (wish.purpose, wish.channel, wish.brand)
            if wish.event is ConsentEvent.WITHDREW:
                withdrawn[place] = max(wish.at, withdrawn.get(place, wish.at))
            elif wish.event in AGREED and (place not in consents or wish.at >= consents[place].at):
                consents[place] = StandingConsent(*place, wish.event, wish.wording, wish.at, wish.expires_at)
            elif wish.event is ConsentEvent.TOLD:
                told_at = max(wish.at, told_at or wish.at)
    held = tuple(
        consent
        for place, consent in sorted(consents.items())
        if (consent.expires_at is None or consent.expires_at > at) and not _is_withdrawn(place, consent.at, withdrawn)
    )
    return _with_reach(frozenset(objected), held, told_at, list(reaches))


AGREED = (ConsentEvent.CONSENTED, ConsentEvent.SOFT_OPT_IN)
STRICTNESS = {
    ConsentEvent.ASSESSED: 0,
    ConsentEvent.TOLD: 1,
    ConsentEvent.ASKED: 2,
    ConsentEvent.SOFT_OPT_IN: 3,
    ConsentEvent.CONSENTED: 4,
    ConsentEvent.LIFTED: 5,
    ConsentEvent.WITHDREW: 6,
    ConsentEvent.OBJECTED: 7,
}


def _in_order(wishes: Iterable[Wish]) -> list[Wish]:
    return sorted(wishes, key=lambda one: (one.at, STRICTNESS[one.event], one.key))


def _objections(ordered: Sequence[Wish]) -> set[tuple[Purpose, str]]:
    """The objections of one record that were not lifted. “Stop all” lifted lifts the narrower ones too."""
    held: set[tuple[Purpose, str]] = set()
    for wish in ordered:
        if wish.event is ConsentEvent.OBJECTED:
            held.add((wish.purpose, wish.channel))
        elif wish.event is ConsentEvent.LIFTED:
            held = {one for one in held if not _lifts(wish, *one)}
    return held


def _lifts(wish: Wish, purpose: Purpose, channel: str) -> bool:
    return wish.purpose in (Purpose.ALL, purpose) and wish.channel in ("", channel)


def _is_withdrawn(
    place: tuple[Purpose, str, str], given_at: datetime, withdrawn: Mapping[tuple[Purpose, str, str], datetime]
) -> bool:
    purpose, channel, brand = place
    return any(
        at >= given_at and one in (Purpose.ALL, purpose) and over in ("", channel) and of in ("", brand)
        for (one, over, of), at in withdrawn.items()
    )


def _with_reach(
    objected: frozenset[tuple[Purpose, str]],
    consents: tuple[StandingConsent, ...],
    told_at: datetime | None,
    reaches: Sequence[Reach],
) -> Standing:
    days: list[date] = [day for one in reaches for day in (one.paused_until, one.not_before) if day]
    return Standing(
        objected=objected,
        consents=consents,
        not_at_work=any(one.not_at_work for one in reaches),
        no_calls=any(one.no_calls for one in reaches),
        paused_until=max(days, default=None),
        told_at=told_at,
    )


def objects_to(standing: Standing, purpose: Purpose, channel: str = "") -> bool:
    """Whether they objected to this purpose over this channel; “stop all” objects to everything."""
    return any(one in (Purpose.ALL, purpose) and over in ("", channel) for one, over in standing.objected)


def unlifted(wishes: Iterable[Wish]) -> frozenset[tuple[UUID, Purpose, str]]:
    """The objections that stand, by record: (person, purpose, channel)."""
    by_record: dict[UUID, list[Wish]] = {}
    for wish in wishes:
        by_record.setdefault(wish.person_key, []).append(wish)
    return frozenset((key, *one) for key, several in by_record.items() for one in _objections(_in_order(several)))


CANDIDATE_PURPOSES = frozenset({Purpose.APPROACH, Purpose.JOB_ALERTS})


def is_guarded(wish: Wish) -> bool:
    """Whether a wish tells what somebody looks for. An objection doesn't, and everybody must know of it."""
    stops = (ConsentEvent.OBJECTED, ConsentEvent.LIFTED)
    return wish.purpose in CANDIDATE_PURPOSES and wish.event not in stops


def without_candidate_side(standing: Standing) -> Standing:
    """What of a standing may be shown to those who mustn't know what somebody looks for."""
    consents = tuple(one for one in standing.consents if one.purpose not in CANDIDATE_PURPOSES)
    return replace(standing, consents=consents, not_at_work=False, paused_until=None)


def check_wish(wish: LoggedWish, *, at: datetime, today: date) -> None:
    """Raises WishRefused for a wish that says too little or comes from the future."""
    what = "The wish was not logged."
    if wish.said_at > at:
        raise WishRefused(what, "It can't have been said on a day that is still to come.", "Check the day.")
    if wish.kind is WishKind.NOT_NOW and (wish.until is None or wish.until <= today):
        raise WishRefused(what, "“Not now” needs a day to come until when it stands.", "Give the day they named.")
    if wish.kind is WishKind.CONSENTED:
        if wish.purpose is Purpose.ALL:
            raise WishRefused(what, "Nobody can consent to everything at once.", "Choose what they agreed to.")
        if not wish.wording:
            raise WishRefused(what, "A consent counts with the words they saw or heard.", "Choose the text.")
