"""What colleagues try on a mailbox, done in the worker: does it connect, do its domain's records let mail through, and
does a message to oneself arrive?
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from fourfold.base import clock
from fourfold.contact import actions, queries
from fourfold.contact.compute import ways
from fourfold.contact.transports import dkim
from fourfold.contact.transports.mime import Skeleton
from fourfold.contact.transports.preflight import (
    INCLUDES,
    INCLUDES_BY_HOST,
    DnsResolver,
    NoAnswer,
    Resolver,
    check_domain,
)
from fourfold.contact.transports.probing import probe_provider, probe_twilio
from fourfold.contact.types import (
    Addressed,
    CannotConnect,
    CannotSend,
    DkimKey,
    HandedState,
    Letter,
    MailboxAccount,
    MailboxRefused,
    Outgoing,
    SenderIdentity,
    Transport,
)
from fourfold.contact.types.mailboxes import APIS, SIGN_INS, TrialKind, TrialToRun
from fourfold.contact.types.transport import Check, CheckState, ProviderName, Route

log = logging.getLogger("fourfold.mailboxes")
SIGN_IN = "sign-in"
NAMES_NOBODY = "v=spf1 ~all"
SUBJECT = "A test from {house}"
WORDS = (
    "Hello {name},\n\nthis is the test message that you asked for. It left through the mailbox “{address}”, the same "
    "way as all its mail.\n\nNothing else was sent, and nobody but you got it.\n"
)
OUTCOMES = {
    HandedState.DELIVERED: (True, "It was handed over for {to}. Look into your inbox, and among spam."),
    HandedState.REFUSED: (False, "It was refused: {words}"),
    HandedState.PUT_OFF: (False, "It was put off: {words}"),
    HandedState.NOT_BEGUN: (False, "It did not leave: {words}"),
    HandedState.UNKNOWN: (None, "Nobody knows whether it left: {words}"),
}

Now = Callable[[], datetime]


def run_trials(mailbox: UUID, *, resolver: Resolver | None = None, now: Now = clock.now) -> int:
    """Do what waits to be tried on a mailbox; returns how much that was. Never raises for what a server does."""
    done = 0
    for trial in queries.trials_to_run(mailbox):
        if not actions.begin_trial(key=trial.key, at=now()):
            continue
        done += 1
        try:
            account = queries.mailbox_account(mailbox)
        except MailboxRefused as error:
            actions.end_trial(key=trial.key, good=False, words=str(error), at=now())
            continue
        if account is None:
            continue
        if trial.kind is TrialKind.CHECK:
            checks, words = look_at(account, resolver=resolver or DnsResolver(), now=now)
            actions.keep_checks(key=trial.key, checks=checks, words=words, at=now())
        else:
            good, words = _send(account, trial, now)
            actions.end_trial(key=trial.key, good=good, words=words, at=now())
    return done


# ------------------------------------------------------------------------------------------ a check


def look_at(account: MailboxAccount, *, resolver: Resolver, now: Now) -> tuple[tuple[Check, ...], str]:
    """Connect and sign in, send nothing, and look at the domain: what was found, and why we weren't let in, or ""."""
    words = ""
    try:
        warning = _knock(account, now)
    except CannotConnect as error:
        log.warning("%s", error)
        words = str(error)
        checks = [Check(SIGN_IN, CheckState.BAD, f"{error.what} {error.why}", error.todo)]
    else:
        state = CheckState.WARN if warning else CheckState.GOOD
        advice = "Finish there what it asks for: usually the records of the domain." if warning else ""
        checks = [Check(SIGN_IN, state, warning or f"{_named(account)} lets us in. Nothing was sent.", advice)]
    if account.transport is Transport.TWILIO:
        return (*checks, _news(account)), words
    try:
        checks += _domain(account, resolver)
    except CannotSend as error:
        checks.append(Check("domain", CheckState.BAD, f"{error.what} {error.why}", error.todo))
    return tuple(checks), words


def _knock(account: MailboxAccount, now: Now) -> str:
    """Sign in and leave again; "" or a word of warning. Raises CannotConnect."""
    if account.transport is Transport.TWILIO:
        probe_twilio(ways.twilio_settings(account))
        return ""
    if account.transport in APIS:
        return probe_provider(ways.provider_settings(account))
    ways.open_way(account, now=now).close()
    return ""


def _named(account: MailboxAccount) -> str:
    return account.host or account.transport.value.title()


def _news(account: MailboxAccount) -> Check:
    if ways.text_news_url(account.key):
        return Check("news", CheckState.GOOD, "Twilio tells us what becomes of each message.")
    return Check(
        "news", CheckState.WARN, "Twilio can't tell us what becomes of messages: the house has no public address.",
        "Set FOURFOLD_PUBLIC_URL to the address under which Twilio reaches this house.",
    )  # fmt: skip


def _domain(account: MailboxAccount, resolver: Resolver) -> list[Check]:
    """The records of the sender's domain. Raises CannotSend for what is no domain."""
    domain = account.from_address.rpartition("@")[2].lower()
    keys = queries.signing_keys(domain) if ways.signs(account) else ()
    route = route_of(account, domain, resolver)
    found = list(check_domain(domain, route=route, keys=keys, resolver=resolver))
    if not route.include and not route.addresses:
        found = [_not_named(one, account) for one in found]
    if not keys:
        found.insert(1, _unsigned(account, domain))
    return found


def route_of(account: MailboxAccount, domain: str, resolver: Resolver) -> Route:
    """Through whose servers mail of a domain leaves, as far as that can be told: a server within the domain itself is
    taken to be the one that sends; of others only those known by name.
    """
    if account.transport in APIS or account.transport is Transport.SES:
        return Route(include=INCLUDES[ProviderName(account.transport.value)])
    host = account.host.lower()
    if host in INCLUDES_BY_HOST:
        return Route(include=INCLUDES_BY_HOST[host])
    if host == domain or host.endswith(f".{domain}"):
        return Route(addresses=_addresses(host, resolver))
    return Route()


def _addresses(host: str, resolver: Resolver) -> tuple[str, ...]:
    try:
        return tuple(resolver.addresses(host))
    except NoAnswer:
        return ()


def _not_named(one: Check, account: MailboxAccount) -> Check:
    """Nobody can tell from here which servers a relay sends from: a good record is not called complete, and none is
    proposed that would name no server at all.
    """
    if one.about != "SPF":
        return one
    if one.publish is not None and one.publish.text == NAMES_NOBODY:
        advice = f"Ask whoever runs {account.host} which record to publish; without one much of your mail ends as spam."
        return Check("SPF", one.state, one.finding, advice)
    if one.state is not CheckState.GOOD:
        return one
    finding = "There is an SPF record. Whether it names what this mail server sends from can't be told from here."
    return Check("SPF", CheckState.WARN, finding, f"Ask whoever runs {account.host} what the record should include.")


def _unsigned(account: MailboxAccount, domain: str) -> Check:
    name = account.transport.value.title() if account.transport is not Transport.SES else "Amazon SES"
    if account.transport in APIS or account.transport is Transport.SES or account.transport in SIGN_INS:
        finding = f"{name} signs with a key of its own, which can't be looked at from here."
        return Check("DKIM", CheckState.UNKNOWN, finding, f"Publish the records that {name} shows for {domain}.")
    finding = f"No key of ours signs mail of {domain}."
    return Check("DKIM", CheckState.WARN, finding, "Make one under Mailboxes, unless your mail server signs itself.")


# ------------------------------------------------------------------------------------------ a message to oneself


def _send(account: MailboxAccount, trial: TrialToRun, now: Now) -> tuple[bool | None, str]:
    """One message to whoever asked, to the address they sign in with and to no other. Sent once, never again."""
    if not trial.address:
        return False, "Whoever asked works here no more: nothing was sent."
    try:
        message = _message(account, trial, now())
        way = ways.open_way(account, now=now)
    except (CannotConnect, CannotSend) as error:
        return False, str(error)
    try:
        [handed] = way.send_group([message], lambda keys: None)
    finally:
        way.close()
    good, words = OUTCOMES[handed.state]
    return good, words.format(to=trial.address, words=handed.words or "no reason was given")


def _message(account: MailboxAccount, trial: TrialToRun, at: datetime) -> Outgoing:
    sender = SenderIdentity(name=account.from_name, address=account.from_address)
    subject = SUBJECT.format(house=account.from_name)
    text = WORDS.format(name=trial.name, address=account.from_address)
    skeleton = Skeleton(Letter(sender=sender, subject=(subject,), text=(text,), automatic=True, loop_mark="fourfold"))
    filled = skeleton.fill(Addressed(key=trial.key, to_address=trial.address, to_name=trial.name, at=at))
    keys: tuple[DkimKey, ...] = ()
    if ways.signs(account):
        keys = queries.signing_keys(account.from_address.rpartition("@")[2])
    content = dkim.signed(filled, tuple(dkim.Signer(key) for key in keys), at)
    return Outgoing(trial.key, account.from_address, trial.address, content)
