"""What a domain's records say, asked of a real name server on loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from fourfold.contact.transports.dkim import new_key, record
from fourfold.contact.transports.preflight import DnsResolver, check_domain
from fourfold.contact.types.transport import CannotSend, Check, CheckState, DkimKey, DnsRecord, KeyKind, Route

GOOD, WARN, BAD, UNKNOWN = CheckState.GOOD, CheckState.WARN, CheckState.BAD, CheckState.UNKNOWN
MAIL = Route(include="_spf.relay.example")
OWN = Route(addresses=("192.0.2.25",))
USUAL = "v=spf1 include:_spf.relay.example ~all"
Zone = dict[tuple[str, str], list[str]]


class NameServer:
    """Answers from ``zone`` over UDP, and over TCP what is too long for that; "silent" names get no answer."""

    def __init__(self) -> None:
        self.zone: Zone = {}
        self.stream = socket.create_server(("127.0.0.1", 0))
        self.port = self.stream.getsockname()[1]
        self.datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.datagrams.bind(("127.0.0.1", self.port))
        for serve in (self._by_datagram, self._by_stream):
            threading.Thread(target=serve, daemon=True).start()

    def _answer(self, wire: bytes) -> dns.message.Message | None:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        if name.startswith("silent."):
            return None
        answer = dns.message.make_response(query)
        kind = question.rdtype.name
        texts = self.zone.get((name, kind), [])
        if texts:
            answer.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", kind, texts))
        elif not any(known == name for known, _ in self.zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer

    def _by_datagram(self) -> None:
        while True:
            try:
                wire, sender = self.datagrams.recvfrom(4096)
            except OSError:
                return
            answer = self._answer(wire)
            if answer:
                packed = answer.to_wire(max_size=65_535)
                if len(packed) > 512:
                    answer.answer.clear()
                    answer.flags |= dns.flags.TC
                self.datagrams.sendto(answer.to_wire(), sender)

    def _by_stream(self) -> None:
        while True:
            try:
                sock, _ = self.stream.accept()
            except OSError:
                return
            with sock:
                length = int.from_bytes(sock.recv(2), "big")
                answer = self._answer(sock.recv(length))
                packed = answer.to_wire() if answer else b""
                sock.sendall(len(packed).to_bytes(2, "big") + packed)

    def close(self) -> None:
        for one in (self.datagrams, self.stream):
            one.shutdown(socket.SHUT_RDWR) if one is self.stream else None
            one.close()


@pytest.fixture(scope="module")
def server() -> Iterator[NameServer]:
    made = NameServer()
    yield made
    made.close()


def txt(*texts: str) -> list[str]:
    """Texts as a zone file has them, the long ones in pieces."""
    return [" ".join(f'"{one[at : at + 255]}"' for at in range(0, len(one), 255)) for one in texts]


KEYS = [new_key(kind, domain="house.example", selector=kind) for kind in KeyKind]
HOUSE: Zone = {
    ("house.example", "TXT"): txt("something=else", "v=spf1 mx include:_spf.relay.example ~all"),
    ("house.example", "MX"): ["10 mail.house.example.", "20 none.house.example."],
    ("mail.house.example", "A"): ["192.0.2.25"],
    ("_spf.relay.example", "TXT"): txt("v=spf1 ip4:198.51.100.0/24 -all"),
    ("_dmarc.house.example", "TXT"): txt("v=DMARC1; p=quarantine; rua=mailto:d@house.example"),
    ("25.2.0.192.in-addr.arpa", "PTR"): ["mail.house.example."],
    **{(record(key).name, "TXT"): txt(record(key).text) for key in KEYS},
}


def checked(
    server: NameServer, change: Zone, route: Route = MAIL, keys: list[DkimKey] = KEYS, domain: str = "house.example"
) -> dict[str, Check]:
    server.zone = HOUSE | change
    resolver = DnsResolver(["127.0.0.1"], port=server.port, timeout=0.4)
    return {one.about: one for one in check_domain(domain, route=route, keys=keys, resolver=resolver)}


@pytest.mark.parametrize("route", [MAIL, OWN, Route(addresses=("198.51.100.7",))])
def test_a_domain_in_order_is_good_throughout(server: NameServer, route: Route) -> None:
    change: Zone = {
        ("7.100.51.198.in-addr.arpa", "PTR"): ["out.relay.example."],
        ("out.relay.example", "A"): ["198.51.100.7"],
    }
    checks = checked(server, change, route)
    assert [(about, one.state, one.publish) for about, one in checks.items() if about != "reverse name"] == [
        ("SPF", GOOD, None),
        ("DKIM", GOOD, None),
        ("DMARC", GOOD, None),
        ("MX", GOOD, None),
    ]
    assert [one.state for about, one in checks.items() if about == "reverse name"] == [GOOD] * len(route.addresses)


@pytest.mark.parametrize(
    ("texts", "route", "state", "finding", "publish"),
    [
        ([], MAIL, BAD, "doesn't say which servers", USUAL),
        (
            ["v=spf1 a:other.example -all"],
            OWN,
            BAD,
            "doesn't name the server",
            "v=spf1 a:other.example ip4:192.0.2.25 -all",
        ),
        (["v=spf1 redirect=_spf.relay.example"], MAIL, GOOD, "names the server", None),
        (["v=spf1 -include:_spf.relay.example ~all"], MAIL, BAD, "doesn't name the server", "*"),
        (["v=spf1 include:_spf.relay.example +all"], MAIL, BAD, "anybody in the world", USUAL),
        (["v=spf1 include:_spf.relay.example all"], MAIL, BAD, "anybody in the world", "*"),
        (["v=spf1 include:_spf.relay.example"], MAIL, WARN, "not that nobody else may", USUAL),
        (
            ["v=spf1 mx ~all", "v=spf1 include:_spf.relay.example ~all"],
            MAIL,
            BAD,
            "has 2 SPF records",
            "v=spf1 include:_spf.relay.example mx ~all",
        ),
        (["v=spf1 include:loop.example ~all"], MAIL, BAD, "takes 11 look-ups", "v=spf1 include:loop.example ~all"),
        (["v=spf1 include:gone.example ~all"], MAIL, BAD, "relies on gone.example", USUAL),
        (["v=spf1 ip4:192.0.2.0/24 ip4:nonsense ~all"], OWN, GOOD, "names the server", None),
    ],
)  # fmt: skip
def test_spf(
    server: NameServer, texts: list[str], route: Route, state: CheckState, finding: str, publish: str | None
) -> None:
    change: Zone = {
        ("house.example", "TXT"): txt(*texts),
        ("loop.example", "TXT"): txt("v=spf1 include:loop.example ~all"),
    }
    check = checked(server, change, route)["SPF"]
    assert (check.state, finding in check.finding) == (state, True), check
    if publish != "*":
        assert check.publish == (DnsRecord("house.example", "TXT", publish) if publish else None)
    assert bool(check.advice) == (state is not GOOD)


def test_dkim(server: NameServer) -> None:
    rsa = KEYS[0]
    name = (record(rsa).name, "TXT")
    for change, state, finding in (
        ({}, GOOD, "is published"),
        ({name: []}, BAD, "isn't published"),
        ({name: txt(record(rsa).text[:200])}, BAD, "holds another key"),
        ({name: txt("v=DKIM1; p=")}, BAD, "a key that was withdrawn"),
        ({name: txt("v=DKIM1; p=", record(rsa).text)}, BAD, "more than one record"),
        ({name: txt(record(rsa).text.replace("k=rsa", "k=ed25519"))}, BAD, "holds another key"),
        ({name: txt(record(rsa).text.replace("k=rsa", "k=rsa; t=s:y"))}, WARN, "as a test only"),
        ({name: txt(record(rsa).text.replace("; ", ";"))}, GOOD, "is published"),
    ):
        check = checked(server, change, keys=[rsa])["DKIM"]
        assert (check.state, finding in check.finding) == (state, True), check
        assert check.publish == (None if state is GOOD else record(rsa))
        assert rsa.private not in repr(check)


@pytest.mark.parametrize(
    ("change", "domain", "state", "finding"),
    [
        ({"_dmarc.house.example": []}, "house.example", BAD, "doesn't say what should happen"),
        ({"_dmarc.house.example": ["v=DMARC1; p=none"]}, "house.example", GOOD, "for now it lets"),
        ({"_dmarc.house.example": ["v=DMARC1; p=whatever"]}, "house.example", BAD, "can't be read"),
        ({"_dmarc.house.example": ["v=DMARC1; p=none", "v=DMARC1; p=reject"]}, "house.example", BAD, "2 DMARC records"),
        ({}, "mail.house.example", GOOD, "house.example has mail that only pretends"),
        ({"_dmarc.house.example": ["v=DMARC1; p=reject; sp=none"]}, "mail.house.example", GOOD, "for now it lets"),
    ],
)
def test_dmarc(server: NameServer, change: dict[str, list[str]], domain: str, state: CheckState, finding: str) -> None:
    check = checked(server, {(name, "TXT"): txt(*texts) for name, texts in change.items()}, domain=domain)["DMARC"]
    assert (check.state, finding in check.finding) == (state, True), check
    if "doesn't say" in finding:
        text = "v=DMARC1; p=none; rua=mailto:dmarc@house.example"
        assert check.publish == DnsRecord("_dmarc.house.example", "TXT", text)


def test_where_answers_go_and_the_name_of_a_server(server: NameServer) -> None:
    for change, finding in (
        ({("house.example", "MX"): []}, "names no server"),
        ({("house.example", "MX"): ["0 ."]}, "takes no mail"),
        ({("mail.house.example", "A"): []}, "has no address"),
    ):
        check = checked(server, change)["MX"]
        assert (check.state, finding in check.finding) == (BAD, True), check
    reverse = ("25.2.0.192.in-addr.arpa", "PTR")
    assert "has no name" in checked(server, {reverse: []}, OWN)["reverse name"].finding
    check = checked(server, {reverse: ["liar.example."]}, OWN)["reverse name"]
    assert check.publish == DnsRecord("liar.example", "A", "192.0.2.25")


def test_silence_is_not_taken_for_an_answer(server: NameServer) -> None:
    key = replace(KEYS[0], domain="silent.example", selector="silent")
    checks = checked(server, {}, keys=[], domain="silent.example")
    assert {one.state for about, one in checks.items() if about != "DMARC"} == {UNKNOWN}
    assert checked(server, {}, keys=[key])["DKIM"].state is UNKNOWN
    with pytest.raises(CannotSend):
        checked(server, {}, domain="no domain")
