"""Before a domain sends: do its records let the mail through? Each answer with what to do, and the record to publish.

SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489), MX (RFC 5321, RFC 7505) and the reverse name of one's own
server. Large receivers ask bulk senders for all of the first three.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver
import dns.reversename

from fourfold.contact.transports.dkim import record
from fourfold.contact.transports.headers import envelope_address
from fourfold.contact.types.transport import Check, CheckState, DkimKey, DnsRecord, ProviderName, Route

SPF_LOOKUPS = 10  # RFC 7208, 4.6.4
SPF_LOOKS_UP = {"include", "a", "mx", "ptr", "exists", "redirect"}
INCLUDES = {
    ProviderName.SES: "amazonses.com",
    ProviderName.MAILGUN: "mailgun.org",
    ProviderName.POSTMARK: "spf.mtasv.net",
    ProviderName.SENDGRID: "sendgrid.net",
    ProviderName.BREVO: "spf.brevo.com",
}
INCLUDES_BY_HOST = {
    "smtp.office365.com": "spf.protection.outlook.com",
    "smtp.gmail.com": "_spf.google.com",
    "smtp-relay.gmail.com": "_spf.google.com",
}
TERM = re.compile(r"([+?~-]?)([a-z0-9_.-]+)(?:[:=]([^/\s]*))?(?:/[0-9/]+)?", re.IGNORECASE)
TAG = re.compile(r"\s*([A-Za-z]+)\s*=\s*([^;]*?)\s*(?:;|$)")


class NoAnswer(Exception):
    """The name servers did not answer, so nothing is known."""


class Resolver(Protocol):
    """Asks name servers. An empty list means that there is no such record. Raises NoAnswer."""

    def txt(self, name: str) -> list[str]: ...
    def mx(self, name: str) -> list[tuple[int, str]]: ...
    def addresses(self, name: str) -> list[str]: ...
    def names(self, address: str) -> list[str]: ...


class DnsResolver:
    """A ``Resolver`` by dnspython: the machine's own name servers, or those given. ``timeout`` in seconds."""

    def __init__(self, servers: Sequence[str] = (), *, port: int = 53, timeout: float = 5.0) -> None:
        self._resolver = dns.resolver.Resolver(configure=not servers)
        if servers:
            self._resolver.nameservers = list(servers)
            self._resolver.port = port
        self._resolver.lifetime = timeout

    def txt(self, name: str) -> list[str]:
        return [b"".join(one.strings).decode("utf-8", "replace") for one in self._ask(name, "TXT")]

    def mx(self, name: str) -> list[tuple[int, str]]:
        return sorted((one.preference, one.exchange.to_text(omit_final_dot=True)) for one in self._ask(name, "MX"))

    def addresses(self, name: str) -> list[str]:
        return [one.address for kind in ("A", "AAAA") for one in self._ask(name, kind)]

    def names(self, address: str) -> list[str]:
        reverse = dns.reversename.from_address(address).to_text()
        return [one.target.to_text(omit_final_dot=True) for one in self._ask(reverse, "PTR")]

    def _ask(self, name: str, kind: str):  # type: ignore[no-untyped-def]
        try:
            return list(self._resolver.resolve(name, kind, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.LabelTooLong, dns.name.EmptyLabel):
            return []
        except dns.exception.DNSException as error:
            raise NoAnswer(type(error).__name__) from None


def check_domain(domain: str, *, route: Route, keys: Sequence[DkimKey], resolver: Resolver) -> tuple[Check, ...]:
    """Everything a sender's domain needs, in the order in which it is worth mending.

    ``keys`` are those that sign in this house; where a provider signs, it says itself which record to publish. Raises
    CannotSend for what is no domain.
    """
    domain = envelope_address(f"x@{domain}").removeprefix("x@")
    checks = [_asked("SPF", partial(_spf, domain, route, resolver))]
    checks += [_asked("DKIM", partial(_dkim, key, resolver)) for key in keys]
    checks.append(_asked("DMARC", partial(_dmarc, domain, resolver)))
    checks.append(_asked("MX", partial(_mx, domain, resolver)))
    checks += [_asked("reverse name", partial(_reverse, one, resolver)) for one in route.addresses]
    return tuple(checks)


def _asked(about: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except NoAnswer:
        return Check(
            about,
            CheckState.UNKNOWN,
            "The name servers did not answer, so nothing is known.",
            "Check again in some minutes.",
        )


def _spf(domain: str, route: Route, resolver: Resolver) -> Check:
    needed = [f"include:{route.include}"] if route.include else []
    needed += [f"ip{ipaddress.ip_address(one).version}:{one}" for one in route.addresses]
    records = sorted(one for one in resolver.txt(domain) if _is_spf(one))

    def bad(finding: str, advice: str, text: str, state: CheckState = CheckState.BAD) -> Check:
        return Check("SPF", state, finding, advice, DnsRecord(domain, "TXT", text))

    if not records:
        return bad(
            f"{domain} doesn't say which servers may send its mail.",
            "Ask whoever looks after your domain to publish this record; without it much of your mail ends as spam.",
            " ".join(["v=spf1", *needed, "~all"]),
        )
    terms = records[0].split()[1:]
    mended = _mended(terms, needed)
    if len(records) > 1:
        every = [term for one in records for term in one.split()[1:] if not _is_all(term)]
        return bad(
            f"{domain} has {len(records)} SPF records; receivers then take none of them.",
            "Ask whoever looks after your domain to delete all of them and publish this one.",
            _mended([*dict.fromkeys(every), "~all"], needed),
        )
    if any(_is_all(term) and term[0] not in "~-?" for term in terms):
        return bad(
            f"The SPF record of {domain} lets anybody in the world send in its name.",
            "Replace the record by this one.",
            mended,
        )
    found = _Spf(resolver)
    found.read(domain, records[0])
    if found.lookups > SPF_LOOKUPS:
        return bad(
            f"Reading the SPF record of {domain} takes {found.lookups} look-ups; receivers stop at {SPF_LOOKUPS}.",
            "Take out the services that you no longer send through. What stands there now is shown below.",
            records[0],
        )
    if found.dead:
        return bad(
            f"The SPF record of {domain} relies on {found.dead}, which has none: that breaks all of it.",
            "Replace the record by this one, which leaves that out.",
            _mended([term for term in terms if not term.lower().endswith(f":{found.dead}")], needed),
        )
    missing = [term for term in needed if not found.covers(term)]
    if missing:
        return bad(
            f"The SPF record of {domain} doesn't name the server that this mailbox sends through.",
            "Replace the record by this one: it adds what is missing and keeps the rest.",
            mended,
        )
    if not found.has_all:
        return bad(
            f"The SPF record of {domain} says who may send, but not that nobody else may.",
            "Replace the record by this one, which ends in “~all”.",
            mended,
            CheckState.WARN,
        )
    return Check("SPF", CheckState.GOOD, f"{domain} names the server that this mailbox sends through.")


class _Spf:
    """An SPF record read with all it includes: who is covered, and how many look-ups it takes."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._includes: set[str] = set()
        self._networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = []
        self.lookups = 0
        self.has_all = False
        self.dead = ""

    def read(self, domain: str, text: str, top: bool = True) -> None:
        for term in text.split()[1:]:
            found = TERM.fullmatch(term)
            if not found or found.group(1) in ("-", "~", "?"):
                self.has_all |= top and _is_all(term)
                continue
            name, value = found.group(2).lower(), (found.group(3) or "").lower().rstrip(".")
            if name in ("ip4", "ip6"):
                self._add(term.partition(":")[2])
            if name not in SPF_LOOKS_UP or self.lookups > SPF_LOOKUPS:
                continue
            self.lookups += 1
            if name in ("include", "redirect"):
                self._includes.add(value)
                inner = next((one for one in self._resolver.txt(value) if _is_spf(one)), "") if value else ""
                self.dead = self.dead or ("" if inner else value)
                self.read(value, inner, top and name == "redirect")
            elif name == "a":
                self._add(*self._resolver.addresses(value or domain))
            elif name == "mx":
                hosts = [host for _, host in self._resolver.mx(value or domain)[:10]]
                self._add(*(one for host in hosts for one in self._resolver.addresses(host)))

    def covers(self, term: str) -> bool:
        kind, _, value = term.partition(":")
        if kind == "include":
            return value in self._includes
        address = ipaddress.ip_address(value)
        return any(address in network for network in self._networks if network.version == address.version)

    def _add(self, *texts: str) -> None:
        for text in texts:
            try:
                self._networks.append(ipaddress.ip_network(text, strict=False))
            except ValueError:  # somebody's typing error: it covers nobody
                continue


def _mended(terms: Sequence[str], needed: Sequence[str]) -> str:
    """The record with what is needed, before the term that ends it."""
    kept = [term for term in terms if not _is_all(term) and not term.lower().startswith("redirect=")]
    kept += [term for term in needed if term not in kept]
    last = next((term for term in terms if _is_all(term) and term[0] in "~-"), "~all")
    redirect = [term for term in terms if term.lower().startswith("redirect=")]
    return " ".join(["v=spf1", *kept, *(redirect or [last])])


def _is_spf(text: str) -> bool:
    return text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")


def _is_all(term: str) -> bool:
    return term.lower().lstrip("+?~-") == "all"


def _dkim(key: DkimKey, resolver: Resolver) -> Check:
    publish = record(key)
    texts = resolver.txt(publish.name)
    if not texts:
        return Check(
            "DKIM",
            CheckState.BAD,
            f"The key that signs this mailbox's mail isn't published for {key.domain}.",
            "Ask whoever looks after your domain to publish this record: without it nobody can check the signature.",
            publish,
        )
    tags = {name.lower(): "".join(value.split()) for name, value in TAG.findall(texts[0])}
    if len(texts) > 1 or tags.get("p") != key.public or tags.get("k", "rsa") != key.kind:
        why = "another key" if tags.get("p") else "a key that was withdrawn"
        return Check(
            "DKIM",
            CheckState.BAD,
            f"{publish.name} holds {'more than one record' if len(texts) > 1 else why}, so every signature fails.",
            "Delete what stands there and publish this record, all of it: long ones are often cut when pasted.",
            publish,
        )
    if "y" in tags.get("t", "").split(":"):
        finding = "The key is published as a test only, so receivers ignore its signatures."
        return Check("DKIM", CheckState.WARN, finding, "Replace the record by this one, without “t=y”.", publish)
    return Check("DKIM", CheckState.GOOD, f"The key that signs this mailbox's mail is published for {key.domain}.")


def _dmarc(domain: str, resolver: Resolver) -> Check:
    labels = domain.split(".")
    start = DnsRecord(f"_dmarc.{domain}", "TXT", f"v=DMARC1; p=none; rua=mailto:dmarc@{domain}")
    found, holder = [], domain
    for count in range(len(labels) - 1):  # the domain, then what it lies under
        holder = ".".join(labels[count:])
        found = [one for one in resolver.txt(f"_dmarc.{holder}") if one.replace(" ", "").lower().startswith("v=dmarc1")]
        if found:
            break
    if not found:
        return Check(
            "DMARC",
            CheckState.BAD,
            f"{domain} doesn't say what should happen to mail that only pretends to come from it.",
            "Ask whoever looks after your domain to publish this record, with an address of yours that takes reports. "
            "Gmail, Yahoo and Outlook want one from everybody who writes to many.",
            start,
        )
    if len(found) > 1:
        finding = f"{holder} has {len(found)} DMARC records; receivers then take none of them."
        return Check(
            "DMARC",
            CheckState.BAD,
            finding,
            "Delete all but the right one.",
            DnsRecord(f"_dmarc.{holder}", "TXT", found[0]),
        )
    tags = {name.lower(): value for name, value in TAG.findall(found[0])}
    wanted = tags.get("p", "").lower() if holder == domain else tags.get("sp", tags.get("p", "")).lower()
    if wanted not in ("none", "quarantine", "reject"):
        finding = f"The DMARC record of {holder} can't be read: it has no “p=none”, “p=quarantine” or “p=reject”."
        return Check("DMARC", CheckState.BAD, finding, "Replace the record by this one.", start)
    if wanted == "none":
        stricter = re.sub(r"(?i)\bp\s*=\s*none", "p=quarantine", found[0], count=1)
        return Check(
            "DMARC",
            CheckState.GOOD,
            f"{holder} has a DMARC record; for now it lets pretended mail through.",
            "When the reports show only mail of yours for a month, publish this record instead.",
            DnsRecord(f"_dmarc.{holder}", "TXT", stricter),
        )
    return Check(
        "DMARC", CheckState.GOOD, f"{holder} has mail that only pretends to come from it set aside ({wanted})."
    )


def _mx(domain: str, resolver: Resolver) -> Check:
    hosts = resolver.mx(domain)
    advice = "Ask whoever looks after your domain to name its mail server, or send from a domain that can take answers."
    if not hosts:
        return Check(
            "MX", CheckState.BAD, f"{domain} names no server for its mail: answers and bounces get lost.", advice
        )
    if hosts[0][1] in (".", ""):
        return Check("MX", CheckState.BAD, f"{domain} says that it takes no mail: nobody can answer.", advice)
    dead = [host for _, host in hosts if not resolver.addresses(host)]
    if len(dead) == len(hosts):
        return Check(
            "MX", CheckState.BAD, f"The mail server {dead[0]} of {domain} has no address: answers get lost.", advice
        )
    return Check("MX", CheckState.GOOD, f"Answers to {domain} go to {hosts[0][1]}.")


def _reverse(address: str, resolver: Resolver) -> Check:
    names = resolver.names(address)
    if not names:
        return Check(
            "reverse name",
            CheckState.BAD,
            f"The mail server's address {address} has no name.",
            "Ask whoever rents you the server to set its reverse name (PTR) to the name by which it greets.",
        )
    if address not in (one for name in names for one in resolver.addresses(name)):
        return Check(
            "reverse name",
            CheckState.BAD,
            f"{address} is called {names[0]}, but {names[0]} doesn't lead back to it.",
            "Publish this record, or have the reverse name set to one that does.",
            DnsRecord(names[0], "AAAA" if ":" in address else "A", address),
        )
    return Check("reverse name", CheckState.GOOD, f"{address} is called {names[0]}, and that leads back to it.")
