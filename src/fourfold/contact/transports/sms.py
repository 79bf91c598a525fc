"""Text messages: what one costs in segments, and Twilio's Messages API as the first provider."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from fourfold.contact.transports.asking import Lost, ask
from fourfold.contact.types.transport import (
    CannotSend,
    HandedState,
    Refusal,
    SmsEvent,
    SmsHanded,
    SmsState,
    TwilioSettings,
    WebhookRefused,
)

# GSM 03.38: the basic table, and the characters that cost two places.
BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
DOUBLE = set("\f^{}\\[~]|€")
ONE_GSM, PART_GSM, ONE_WIDE, PART_WIDE = 160, 153, 70, 67  # places in one message, and in each part of a long one
LONGEST = 1_600  # characters that Twilio takes
NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
SENDER = re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{3,8}|(?=[A-Za-z0-9 ]*[A-Za-z])[A-Za-z0-9 ]{1,11}|MG[0-9a-f]{32}")
UNFIT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
STATES = {
    "accepted": SmsState.QUEUED,
    "scheduled": SmsState.QUEUED,
    "queued": SmsState.QUEUED,
    "sending": SmsState.QUEUED,
    "sent": SmsState.SENT,
    "delivered": SmsState.DELIVERED,
    "read": SmsState.DELIVERED,
    "undelivered": SmsState.FAILED,
    "failed": SmsState.FAILED,
    "canceled": SmsState.FAILED,
}
# Twilio's error codes: https://www.twilio.com/docs/api/errors
ABOUT = {
    21211: Refusal.RECIPIENT,  # not a number
    21614: Refusal.RECIPIENT,  # not a mobile number
    30005: Refusal.RECIPIENT,  # unknown
    30006: Refusal.RECIPIENT,  # a landline
    30003: Refusal.MAILBOX,  # switched off
    21610: Refusal.OBJECTED,  # they answered STOP
    21408: Refusal.POLICY,
    30007: Refusal.POLICY,  # filtered as spam
    21212: Refusal.SENDER,
    21606: Refusal.SENDER,
    21659: Refusal.SENDER,
    30034: Refusal.SENDER,
    21617: Refusal.CONTENT,
    20003: Refusal.SENDER,  # account or token
    20404: Refusal.SENDER,
}


def segments(text: str) -> int:
    """How many messages a text is billed as: GSM-7 where every character is in its table, else UCS-2."""
    if all(one in BASIC or one in DOUBLE for one in text):
        return _parts([2 if one in DOUBLE else 1 for one in text], ONE_GSM, PART_GSM)
    return _parts([2 if ord(one) > 0xFFFF else 1 for one in text], ONE_WIDE, PART_WIDE)


def _parts(costs: list[int], one: int, part: int) -> int:
    """Parts of a text; a character of two places is never cut in two."""
    if sum(costs) <= one:
        return 1
    count, used = 1, 0
    for cost in costs:
        if used + cost > part:
            count, used = count + 1, 0
        used += cost
    return count


class Twilio:
    """An ``SmsProvider``: POST /2010-04-01/Accounts/…/Messages.json."""

    def __init__(self, settings: TwilioSettings) -> None:
        self._settings = settings

    def send(self, *, to: str, text: str, sender: str, reference: str) -> SmsHanded:
        """Send one text; see ``SmsProvider``. What was lost on the way is unknown and never sent again."""
        _check(to, text, sender)
        form = {"To": to, "Body": text}
        form["MessagingServiceSid" if sender.startswith("MG") and len(sender) == 34 else "From"] = sender
        if self._settings.callback_url:
            form["StatusCallback"] = f"{self._settings.callback_url}?{urlencode({'reference': reference})}"
        account = quote(self._settings.account, safe="")
        count = segments(text)
        try:
            answer = ask(
                f"{self._settings.api_url}/2010-04-01/Accounts/{account}/Messages.json",
                form=form,
                login=(self._settings.account, self._settings.secret),
                timeout=self._settings.timeout,
            )
        except Lost as lost:
            state = HandedState.UNKNOWN if lost.begun else HandedState.NOT_BEGUN
            return SmsHanded(state=state, reference=reference, words=lost.words, segments=count)
        return _handed(answer.status, answer.body, reference, count)


def read_status(settings: TwilioSettings, *, url: str, form: Mapping[str, str], signature: str) -> SmsEvent:
    """News of a message, posted to our callback. ``url`` is the whole address it was posted to, with its query;
    ``signature`` the header X-Twilio-Signature. Raises WebhookRefused where that doesn't fit.
    """
    signed = url + "".join(name + form[name] for name in sorted(form))
    expected = base64.b64encode(hmac.new(settings.secret.encode(), signed.encode(), hashlib.sha1).digest())
    if not hmac.compare_digest(expected, signature.encode("utf-8", "replace")):
        raise WebhookRefused(
            "News of a text message was refused.",
            "Its signature doesn't prove that it comes from Twilio.",
            "Check the account's token, and that the public address is the one Twilio posts to.",
        )
    state = STATES.get(form.get("MessageStatus", ""), SmsState.QUEUED)
    code = form.get("ErrorCode", "")
    about = ABOUT.get(int(code), Refusal.POLICY) if code.isdecimal() and state is SmsState.FAILED else Refusal.NONE
    remote = form.get("MessageSid", "")
    told = "|".join(("twilio", remote, form.get("MessageStatus", ""), code))
    return SmsEvent(
        event_id=hashlib.sha256(told.encode()).hexdigest(),
        remote_id=remote,
        reference=parse_qs(urlsplit(url).query).get("reference", [""])[0],
        state=state,
        to=form.get("To", ""),
        code=code,
        about=about,
    )


def _check(to: str, text: str, sender: str) -> None:
    def refuse(why: str, todo: str) -> CannotSend:
        return CannotSend("The text message was not sent.", why, todo)

    if not NUMBER.fullmatch(to):
        raise refuse("Its number isn't one in the international form.", "Correct the number: +44 and so on.")
    if not SENDER.fullmatch(sender):
        raise refuse(
            "Its sender is neither a number nor a name of up to 11 letters.", "Correct this sender's settings."
        )
    if not text.strip() or UNFIT.search(text):
        raise refuse("It is empty, or holds a character that no text message may hold.", "Type the text again.")
    if len(text) > LONGEST:
        raise refuse(f"It has {len(text):,} characters; {LONGEST:,} is the most.", "Shorten it.")


def _handed(status: int, body: bytes, reference: str, count: int) -> SmsHanded:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    said = said if isinstance(said, dict) else {}
    words = str(said.get("message") or f"HTTP {status}")[:300]
    code = said.get("code") if isinstance(said.get("code"), int) else 0
    if status == 201 and said.get("sid"):
        remote = str(said["sid"])
        return SmsHanded(
            state=HandedState.DELIVERED,
            reference=reference,
            remote_id=remote,
            words=str(said.get("status", "")),
            segments=count,
        )
    about = Refusal.NONE
    if status == 429 or status == 503:
        state = HandedState.PUT_OFF
    elif 400 <= status < 500:
        about = ABOUT.get(code or 0, Refusal.SENDER if status in (401, 403, 404) else Refusal.POLICY)
        # An account that doesn't let us in says nothing against the message: it may go once that is mended.
        state = HandedState.PUT_OFF if status in (401, 403, 404) else HandedState.REFUSED
    else:
        state = HandedState.UNKNOWN
    return SmsHanded(state=state, reference=reference, code=code or status, words=words, about=about, segments=count)
