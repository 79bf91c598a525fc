"""What a reply wants: rules first, then the small model; on doubt about a stop or a complaint, both and not sure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from fourfold.contact.reading import signals
from fourfold.contact.reading.bodies import tidy
from fourfold.contact.reading.dates import back_on, welcome_from
from fourfold.contact.reading.model import Model, corrected, shipped
from fourfold.contact.reading.replies import author_text, without_signature
from fourfold.contact.types.inbound import Anger, Correction, ReplyClass, ReplyReading

LONGEST_REPLY = 20_000  # characters that are read
DOUBT = 0.30  # from this chance of stop and complaint together, a person looks
NARROWED_DOUBT = 0.15  # the same where a stop is said, but of a time, a place or one matter
SURE = 0.80  # a class without a rule behind it is sure from this chance
LONG_STOP, SURE_MIXED = 160, 0.97  # a longer text may say more than the stop
SHORT = 10  # words in which a stop can be nothing else
TWO_MINDED = 0.2

_REPLY_PREFIX = re.compile(r"^(?:\s*(?:re|aw|sv|antw|res|fw|fwd|wg|tr|rv|enc)\s*:)+\s*", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n\s*\n")
_BAD = (ReplyClass.STOP, ReplyClass.COMPLAINT)


class _Evidence:
    """What the rules find in one reply."""

    def __init__(self, text: str, subject: str) -> None:
        own_subject = "" if _REPLY_PREFIX.match(subject) else subject
        self.text = text
        self.two_minded = False  # a stop of one thing and a yes to another, as far as the model sees
        self.whole = f"{own_subject}\n{text}".strip()
        sentences = [one for one in _SENTENCE.split(self.whole) if one]
        stops = [one for one in sentences if signals.STOP.search(one) or signals.STOP_ABROAD.search(one)]
        self.stop = any(not signals.NARROWED.search(one) or signals.WIDENED.search(one) for one in stops)
        self.narrowed = bool(stops) and not self.stop
        about = _REPLY_PREFIX.sub("", subject)
        self.stop_maybe = bool(self.stop or signals.STOP_MAYBE.search(self.whole) or signals.STOP.search(about))
        plain = signals.NO_COMPLAINT.sub(" ", f"{self.whole}\n{about}")
        self.complaints = len({one[0].lower() for one in signals.COMPLAINT.finditer(plain)})
        self.repeated = bool(signals.REPEATED.search(f"{self.whole}\n{about}"))
        self.cranky = bool(signals.CRANKY.search(self.whole)) or _shouting(text)


def _shouting(text: str) -> bool:
    letters = [one for one in text if one.isalpha()]
    return len(letters) > 20 and sum(one.isupper() for one in letters) > 0.6 * len(letters)


def classify(
    text: str,
    subject: str = "",
    *,
    today: date,
    automatic: bool = False,
    model: Model | None = None,
    corrections: Iterable[Correction] = (),
) -> ReplyReading:
    """Read what somebody answered. ``automatic`` says that a machine wrote it (``ReadMail.automatic``).

    ``text`` may still hold quote and signature; they are taken off. ``model`` or ``corrections`` bring what colleagues
    corrected. What the product's own rules and model suppress stays suppressed whatever was corrected: corrections
    may raise the recall of stop and complaint, never lower it. Never raises for what the text holds.
    """
    whole = tidy(text)[:LONGEST_REPLY]
    said = without_signature(author_text(whole)) or author_text(whole)
    subject = tidy(subject)[:1000]
    evidence = _Evidence(said, subject)
    base = shipped().chances(evidence.whole)
    learnt = tuple(corrections)
    taught = model if model is not None else corrected(learnt) if learnt else None
    chances = taught.chances(evidence.whole) if taught is not None else base
    away = automatic or _says_absent(evidence, subject)
    chances = _ruled(chances, evidence, automatic=away)
    same = next((one.label for one in learnt if _same(one.text, said)), None)
    if same is not None:
        chances = {label: 0.93 if label is same else 0.01 for label in ReplyClass}
    bad = max(sum(each[one] for one in _BAD) for each in (base, chances))
    suspected = evidence.stop_maybe or evidence.complaints > 0 or evidence.repeated
    absent = automatic and not evidence.stop and evidence.complaints < 2
    suppress = evidence.stop or (
        not absent and (bad >= (NARROWED_DOUBT if evidence.narrowed else DOUBT) or suspected or not said.strip())
    )
    evidence.two_minded = max(base[ReplyClass.INTERESTED], base[ReplyClass.REFERRAL]) >= TWO_MINDED
    reading = _reading(chances, evidence, suppress=suppress, today=today, taught=same is not None)
    if taught is not None and reading.sure and reading.label is ReplyClass.STOP:
        plain = _reading(_ruled(base, evidence, automatic=away), evidence, suppress=suppress, today=today, taught=False)
        if not plain.sure:  # what may be a complaint without the corrections is still shown as one
            return replace(reading, sure=False, may_be=(ReplyClass.COMPLAINT,))
    return reading


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _says_absent(evidence: _Evidence, subject: str) -> bool:
    return bool(signals.OUT_OF_OFFICE.search(subject) or signals.OUT_OF_OFFICE.search(evidence.text))


def _ruled(chances: dict[ReplyClass, float], evidence: _Evidence, *, automatic: bool) -> dict[ReplyClass, float]:
    """The model's chances, weighed by what the rules found. Factors are odds; the result adds up to 1."""
    odds = dict.fromkeys(ReplyClass, 1.0)
    if automatic:
        odds[ReplyClass.OUT_OF_OFFICE] *= 60
    if evidence.stop:
        odds[ReplyClass.STOP] *= 25
    elif evidence.stop_maybe:
        odds[ReplyClass.STOP] *= 1.5
    else:
        odds[ReplyClass.STOP] *= 0.6
    odds[ReplyClass.COMPLAINT] *= (0.4, 6, 40, 200)[min(evidence.complaints, 3)]
    if evidence.repeated and (evidence.stop_maybe or evidence.complaints):
        odds[ReplyClass.COMPLAINT] *= 3
    if signals.WRONG_PERSON.search(evidence.text):
        odds[ReplyClass.WRONG_PERSON] *= 2000 if automatic else 25
    if signals.REFERRAL.search(evidence.text):
        odds[ReplyClass.REFERRAL] *= 8
    weighed = {label: max(chance, 1e-9) * odds[label] for label, chance in chances.items()}
    total = sum(weighed.values())
    return {label: one / total for label, one in weighed.items()}


def _reading(
    chances: dict[ReplyClass, float], evidence: _Evidence, *, suppress: bool, today: date, taught: bool
) -> ReplyReading:
    label = max(ReplyClass, key=lambda one: chances[one])
    until = None
    if label is ReplyClass.OUT_OF_OFFICE:
        until = back_on(evidence.whole, today)
    elif label in (ReplyClass.NOT_NOW, ReplyClass.NOT_INTERESTED, ReplyClass.REFERRAL):
        until = welcome_from(evidence.text, today)
    if label in _BAD:
        suppress = True
    if label is ReplyClass.COMPLAINT:
        sure = evidence.complaints > 1 and chances[label] >= SURE
    elif label is ReplyClass.STOP:
        mixed = evidence.two_minded or (len(evidence.text) > LONG_STOP and chances[label] < SURE_MIXED)
        plain = chances[label] >= SURE or len(evidence.whole.split()) <= SHORT
        sure = evidence.stop and plain and not (evidence.complaints or evidence.repeated or mixed)
    else:
        sure = not suppress and (taught or chances[label] >= SURE)
    may_be = tuple(one for one in _BAD if suppress and not sure and one is not label)
    return ReplyReading(
        label=label, chances=tuple((one, chances[one]) for one in ReplyClass), sure=sure, until=until,
        anger=_anger(label, evidence, suppress=suppress), suppress=suppress, may_be=may_be,
        why=_why(label, evidence, taught=taught),
    )  # fmt: skip


def _anger(label: ReplyClass, evidence: _Evidence, *, suppress: bool) -> Anger:
    """The grade of contact-policy: a complaint opens a case, an objection suppresses, cranky ends this approach."""
    if label is ReplyClass.COMPLAINT:
        return Anger.COMPLAINT
    if label is ReplyClass.STOP or (suppress and evidence.stop):
        return Anger.OBJECTION
    if evidence.cranky or (suppress and evidence.complaints):
        return Anger.CRANKY
    return Anger.NONE


def _why(label: ReplyClass, evidence: _Evidence, *, taught: bool) -> str:
    if taught:
        return "A colleague corrected a reply with the same words."
    if label is ReplyClass.COMPLAINT and evidence.complaints:
        return "It has words of complaint."
    if label is ReplyClass.STOP and evidence.stop:
        return "It asks not to be written to."
    return "The words resemble replies of this kind."
