"""What people do without signing in: each is a deed of theirs, in their own name, with what proves it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db import transaction

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Role
from fourfold.base.actor import THEMSELVES
from fourfold.base.ids import new_key
from fourfold.careers import rules
from fourfold.careers.types import Correction, LinkRefused, OwnDeed, Standpoint, TooOften
from fourfold.ledger import actions as ledger
from fourfold.ledger.types import Channel, Direction, Touch
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import Changes, LoggedWish, OwnRecord, OwnWishes, Proof, Purpose, WishKind
from fourfold.surveys import actions as surveys
from fourfold.surveys import queries as survey_queries
from fourfold.surveys.types import OpenSurvey
from fourfold.work import actions as work
from fourfold.work import queries as work_queries
from fourfold.work.types import NewNote, NewTask, TaskKind

PAGES = {"why": "why page", "stop": "stop link", "preferences": "preference centre", "hour": "your data page"}


def proof_of(by: Standpoint) -> Proof:
    """Where somebody said something, and what proves it: a signed link that was sent to them."""
    told = f"a signed link ({by.link.kind}), used on {by.at:%d %B %Y at %H:%M} UTC"
    delivery = f"; delivery {by.link.delivery}" if by.link.delivery else ""
    return Proof(PAGES[by.link.kind], told + delivery)


def count(what: str, by: Standpoint) -> None:
    """Count something that can be asked too often, by the link's person and by the visitor's address.

    Counted in whole hours; some who come in the very same moment may pass together. Raises TooOften.
    """
    hour = by.at.replace(minute=0, second=0, microsecond=0)
    of = (f"person {by.link.person_key.hex}", f"place {by.place}")
    for who, most in zip(of, rules.MOST_AN_HOUR[what], strict=True):
        key = f"careers:{what}:{who}:{hour:%Y%m%d%H}".replace(" ", "-")
        asked = cache.get(key, 0) + 1
        cache.set(key, asked, timeout=2 * 3600)  # not incr, which would keep the count for five minutes
        if asked > most:
            raise TooOften(
                "That was asked too often.",
                f"{most} times an hour is the most, so that nobody can be flooded.",
                "Wait an hour, then try again. To stop messages you never have to wait.",
            )


def _wish(by: Standpoint, kind: WishKind, *, purpose: Purpose = Purpose.ALL, until: date | None = None) -> bool:
    proof = proof_of(by)
    wish = LoggedWish(kind=kind, said_at=by.at, how=proof.source, purpose=purpose, until=until, evidence=proof.evidence)
    return people.say_own_wish(person_key=by.link.person_key, wish=wish, by=THEMSELVES, today=by.today, at=by.at)


@transaction.atomic
def stop(*, by: Standpoint, everything: bool = False) -> bool:
    """End the subscription that the link names, else its purpose, or everything. Twice is once.

    Returns whether it was new. Raises PersonNotFound for somebody of whom nothing is held: then nothing can come.
    """
    link = by.link
    if link.text and not everything:
        return people.set_own_rhythm(
            person_key=link.person_key, topic=link.text, rhythm="", proof=proof_of(by), by=THEMSELVES, at=by.at
        )
    purpose = Purpose.ALL if everything else rules.stop_purpose(link)
    return _wish(by, WishKind.OBJECTED, purpose=purpose)


def answer(*, deed: OwnDeed, months: int, by: Standpoint) -> None:
    """Do what a button of the why-page says. ``months`` is of “not now”.

    Raises TooOften (never for a stop), PersonNotFound.
    """
    if deed in (OwnDeed.STOP, OwnDeed.STOP_ALL):
        stop(by=by, everything=deed is OwnDeed.STOP_ALL)
        return
    count("change", by)
    if deed is OwnDeed.MORE:
        ask_for_more(by=by)
    elif deed is OwnDeed.NOT_NOW:
        _wish(by, WishKind.NOT_NOW, until=rules.in_months(by.today, months))
    elif deed is OwnDeed.NOT_AT_WORK:
        _wish(by, WishKind.NOT_AT_WORK)
    else:
        kind = WishKind.NOT_NOW if deed is OwnDeed.BACK_NOT_NOW else WishKind.NOT_AT_WORK
        people.take_own_wish_back(person_key=by.link.person_key, kind=kind, proof=proof_of(by), by=THEMSELVES, at=by.at)


@transaction.atomic
def ask_for_more(*, by: Standpoint) -> None:
    """They want to hear more: a signal of theirs in the ledger and a task for who looks after them, once a day."""
    own = people_queries.own_record(by.link.person_key, at=by.at)
    fact = Touch(
        source="careers",
        source_ref=f"more:{own.key}:{by.today}",
        occurred_at=by.at,
        person_key=own.key,
        channel=Channel.WEB,
        action="asked_for_more",
        direction=Direction.IN,
    )
    if ledger.post(facts=[fact], batch=new_key(), at=by.at).new:
        _give_task(own, "Wants to hear more: asked on “Why am I hearing from you?”", TaskKind.CALL_BACK, by.today, by)


@transaction.atomic
def lift(*, purpose: Purpose, channel: str, by: Standpoint) -> None:
    """Lift an objection at their own word. Raises WishRefused where none stands, TooOften, PersonNotFound."""
    count("change", by)
    people.lift_own_objection(
        person_key=by.link.person_key, purpose=purpose, channel=channel, proof=proof_of(by), by=THEMSELVES, at=by.at
    )


@transaction.atomic
def keep_wishes(*, to: OwnWishes, by: Standpoint) -> Changes:
    """Keep what the preference centre says; returns what changed. Raises WishRefused, TooOften, PersonNotFound."""
    count("change", by)
    return people.keep_own_wishes(
        person_key=by.link.person_key, to=to, proof=proof_of(by), by=THEMSELVES, today=by.today, at=by.at
    )


@transaction.atomic
def agree(*, purpose: Purpose, wording: str, by: Standpoint) -> None:
    """They agree to a text of the house in use. Raises WishRefused, TooOften, PersonNotFound."""
    count("change", by)
    proof = proof_of(by)
    wish = LoggedWish(
        kind=WishKind.CONSENTED, said_at=by.at, how=proof.source, purpose=purpose, wording=wording,
        evidence=proof.evidence,
    )  # fmt: skip
    people.say_own_wish(person_key=by.link.person_key, wish=wish, by=THEMSELVES, today=by.today, at=by.at)


def withdraw(*, purpose: Purpose, by: Standpoint) -> None:
    """They take back what they had agreed to. Never counted. Raises PersonNotFound."""
    _wish(by, WishKind.WITHDREW, purpose=purpose)


@transaction.atomic
def correct(*, given: Correction, by: Standpoint) -> tuple[str, ...]:
    """Set name and town at once; an address and a remark go to a colleague, with what was changed.

    Returns what was changed at once, by column. Raises TooOften, PersonNotFound.
    """
    count("change", by)
    own = people_queries.own_record(by.link.person_key, at=by.at)
    changed = people.correct_own_record(person_key=own.key, name=given.name, city=given.city, by=THEMSELVES, at=by.at)
    lines = [f"{column}: “{before}” is now “{after}”" for column, before, after in changed]
    lines += [f"wants this address added or put right: {given.address}"] if given.address else []
    lines += [f"writes: {given.remark}"] if given.remark else []
    if lines:
        note = NewNote(
            subject_kind="candidate",
            subject_key=own.key,
            text="On their page “your data” they corrected:\n" + "\n".join(f"- {line}" for line in lines),
            at=by.at,
            author_name=THEMSELVES.name,
            source="careers",
            source_ref=f"correct:{new_key()}",
        )
        work.add_notes(notes=[note], by=THEMSELVES, at=by.at)
        asked = bool(given.address or given.remark)
        title = "Correct this record: they wrote what is wrong (see the note)" if asked else CORRECTED
        _give_task(own, title, TaskKind.TO_DO, by.today + timedelta(days=28 if asked else 7), by)
    return tuple(column for column, _before, _after in changed)


CORRECTED = "They corrected their own name or town: look whether it is right (see the note)"


@transaction.atomic
def ask_for_erasure(*, by: Standpoint) -> date:
    """Suppress somebody at once, and ask a leader to erase them within the month that the law gives.

    A person of the house decides and does it. Asked again, the first task and its day stand until it is done. Returns
    that day. Raises TooOften, PersonNotFound.
    """
    count("change", by)
    own = people_queries.own_record(by.link.person_key, at=by.at)
    _wish(by, WishKind.OBJECTED)
    asked = [one for one in work_queries.held_about(["person"], own.family)["tasks"] if one["title"].startswith(ERASE)]
    for task in asked:
        if task["due_on"] and not task["done_at"]:
            return date.fromisoformat(str(task["due_on"]))
    due = rules.in_months(by.today, 1)
    title = f"{ERASE} on {by.today:%d %B %Y}. By law within a month"
    _give_task(own, title, TaskKind.TO_DO, due, by, leaders=True)
    return due


ERASE = "Erase this person: they asked for it"


def _survey(by: Standpoint) -> OpenSurvey:
    if by.link.delivery is None:
        raise LinkRefused("This link doesn't open anything.", "It names no mail.", "Copy it whole from the mail.")
    return survey_queries.open_survey(delivery=by.link.delivery, person_key=by.link.person_key, at=by.at)


def give_number(*, score: int, by: Standpoint) -> None:
    """They say how it was: the number of a survey. Raises SurveyClosed, AnswerRefused, TooOften, PersonNotFound."""
    count("survey", by)
    surveys.give_number(key=_survey(by).key, score=score, by=THEMSELVES, at=by.at)


def say_more(*, words: str, may_answer: bool, by: Standpoint) -> bool:
    """Their words to that number, and whether one of us may answer; returns whether one of us will.

    Raises SurveyClosed, AnswerRefused, TooOften, PersonNotFound.
    """
    count("survey", by)
    key = _survey(by).key
    return surveys.say_more(key=key, verbatim=words, may_answer=may_answer, by=THEMSELVES, at=by.at)


def note_taken_out(*, form: str, by: Standpoint) -> None:
    """Keep that somebody took out what is kept about them. Raises TooOften, PersonNotFound."""
    count("take out", by)
    people.note_own_export(person_key=by.link.person_key, form=form, by=THEMSELVES, at=by.at)


def _give_task(own: OwnRecord, title: str, kind: TaskKind, due: date, by: Standpoint, *, leaders: bool = False) -> None:
    """Give a task about somebody to who looks after them, or to a leader; nobody is left out of a house with any."""
    side = "person" if leaders else "candidate"
    owner = _who(own, side=side, leaders=leaders)
    if owner is not None:
        task = NewTask(title=title, owner_key=owner, kind=kind, subject=(side, own.key), due_on=due)
        work.add_task(task=task, by=THEMSELVES, at=by.at)


def _who(own: OwnRecord, *, side: str, leaders: bool) -> UUID | None:
    """The first colleague whose it is and who may see it, else a leader, else an administrator."""
    by_role = [key for role in (Role.LEADER, Role.ADMINISTRATOR) for key in accounts.names_in_role(role)]
    keepers = set(by_role)
    wanted: Sequence[UUID] = [key for key in people_queries.own_owners(own) if not leaders or key in keepers]
    for key in (*wanted, *by_role):
        viewer = accounts.viewer_of(key)
        if viewer and accounts.subjects(viewer, side, [own.key]):
            return key
    return None


def today_at(at: datetime) -> date:
    """Today on the wall clock of the house's first office."""
    return at.astimezone(ZoneInfo(accounts.house_clock_and_currency()[0])).date()
