"""What a mail server's refusal is about, from its code and its words. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

from fourfold.contact.types.transport import Refusal


class Stage(StrEnum):
    MAIL = "mail"
    RECIPIENT = "recipient"
    CONTENT = "content"


# RFC 3463 and RFC 7505 (null MX); the second and third digits decide.
BY_STATUS = {
    "1.0": Refusal.RECIPIENT,
    "1.1": Refusal.RECIPIENT,
    "1.2": Refusal.RECIPIENT,
    "1.3": Refusal.RECIPIENT,
    "1.6": Refusal.RECIPIENT,
    "1.7": Refusal.SENDER,
    "1.8": Refusal.SENDER,
    "1.10": Refusal.RECIPIENT,
    "2.1": Refusal.MAILBOX,
    "2.2": Refusal.MAILBOX,
    "2.3": Refusal.CONTENT,
    "3.4": Refusal.CONTENT,
    "4.4": Refusal.RECIPIENT,
    "5.3": Refusal.POLICY,
}
BY_CLASS = {"2": Refusal.MAILBOX, "6": Refusal.CONTENT, "7": Refusal.POLICY}
# Words decide where the code is vague: the first that fits. Policy comes first, as "user unknown" in a text about a
# block list must not condemn an address.
BY_WORDS = (
    (
        Refusal.POLICY,
        (
            r"spam|block(?:ed|list)|blacklist|reputation|policy|\bspf\b|\bdkim\b|dmarc|unauthenticated|relay(?:ing)? "
            r"|rate limit|too many|banned|not authori[sz]ed|access denied|client host|reverse dns|\bptr\b|abuse"
        ),
    ),
    (Refusal.MAILBOX, r"quota|mailbox (?:is )?full|over ?limit|insufficient storage|disabled|suspended|inactive"),
    (Refusal.CONTENT, r"too (?:large|big)|exceeds? .*size|size limit|virus|malware|attachment|message content"),
    (
        Refusal.RECIPIENT,
        (
            r"(?:user|recipient|mailbox|address|account|domain|host)\b.{0,40}\b(?:unknown|unavailable|invalid|no longer"
            r"|not (?:found|exist|known|listed)|does(?: not|n't) exist)|(?:unknown|invalid) (?:user|recipient|mailbox"
            r"|address)|no such|not a valid|no mailbox|doesn't have (?:an|a) "
        ),
    ),
)
PATTERNS = tuple((about, re.compile(words, re.IGNORECASE)) for about, words in BY_WORDS)
ADDRESSES = re.compile(r"\S+@\S+")  # a name in them says nothing: block@, user.unknown@


def refusal_about(stage: Stage, code: int, status: str, words: str, in_doubt: Refusal = Refusal.POLICY) -> Refusal:
    """What a 5xx is about. In doubt it is policy, unless told otherwise: that pauses a sender, and condemns no address.

    ``status`` is RFC 3463's extended code or "". Outside the answer to a recipient nothing is ever said of the
    mailbox, except by an extended code that names it.
    """
    words = ADDRESSES.sub("", words)
    tail = status.partition(".")[2]
    known = BY_STATUS.get(tail) or BY_CLASS.get(tail.partition(".")[0])
    if known is Refusal.RECIPIENT and PATTERNS[0][1].search(words):
        return Refusal.POLICY  # many servers say 5.1.1 to those they block
    if known:
        return known
    if stage is Stage.MAIL:
        return Refusal.CONTENT if code == 552 else Refusal.SENDER
    for about, pattern in PATTERNS:
        if pattern.search(words) and (stage is Stage.RECIPIENT or about is not Refusal.RECIPIENT):
            return about
    if stage is Stage.CONTENT and code in (552, 554):
        return Refusal.CONTENT
    return in_doubt
