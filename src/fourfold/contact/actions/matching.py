"""Whose mail is this: by the message it answers, by the thread it stands in, by the address it came from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import NAMESPACE_OID, UUID, uuid5

from fourfold.accounts import queries as accounts
from fourfold.base.ids import new_key
from fourfold.contact import models, queries
from fourfold.contact.types.inbound import Party, ReadMail
from fourfold.people import queries as people
from fourfold.people.types import Identifier, Scheme

LONGEST_ID = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a mail belongs to. ``other_address``: it came from an address that no record has.

    ``delivery`` is the message of ours that it answers, ``for_key`` the colleague it is an answer to.
    """

    person: UUID | None
    address: Identifier | None
    thread: UUID
    delivery: models.Delivery | None = None
    for_key: UUID | None = None
    other_address: bool = False
    from_us: bool = False
    erased: bool = False


def id_of(message_id: str) -> str:
    """A Message-ID as it is kept: a longer one by its hash."""
    return message_id if len(message_id) <= LONGEST_ID else sha256(message_id.encode()).hexdigest()


def delivery_of(message_ids: Collection[str]) -> models.Delivery | None:
    """The delivery whose Message-ID is among these: the last one sent."""
    keys = [key for key in map(_as_key, message_ids) if key]
    rows = models.Delivery.objects.filter(pk__in=keys).select_related("message") if keys else ()
    return max(rows, key=lambda row: row.at, default=None)


def _as_key(message_id: str) -> UUID | None:
    try:
        return UUID(message_id.partition("@")[0])
    except ValueError:
        return None


def identifier_of(address: str) -> Identifier | None:
    """An e-mail address as records hold it, None for what is none."""
    return people.recognise_as(Scheme.EMAIL, address, source="", country="")


def is_ours(address: str) -> bool:
    """Whether an address is a colleague's, or of a mailbox of the house."""
    if models.Mailbox.objects.filter(from_address__iexact=address).exists():
        return True
    return accounts.viewer_by_email(address) is not None


def persons_of(parties: Sequence[Party]) -> tuple[dict[UUID, Identifier], int]:
    """The people we know among these recipients, with the address of each, and how many we don't know.

    Colleagues are neither.
    """
    found = {one: party for party in parties if (one := identifier_of(party.address))}
    known = people.resolve(list(found))
    kept: dict[UUID, Identifier] = {}
    strangers = 0
    for one, party in found.items():
        if is_ours(party.address):
            continue
        if one in known:
            kept.setdefault(queries.canonical([known[one]])[0], one)
        else:
            strangers += 1
    return kept, strangers


def match(read: ReadMail, *, box: models.Mailbox, parties: Sequence[Party] | None = None) -> Match:
    """Whose mail this is. ``parties``: those whose addresses are asked, else the sender."""
    asked = (read.sender,) if parties is None and read.sender else tuple(parties or ())
    ids = [id_of(one) for one in (*read.in_reply_to, *reversed(read.references))]
    delivery = delivery_of(ids)
    earlier = _earlier(ids)
    first = asked[0] if asked else None
    address = identifier_of(first.address) if first else None
    if first and is_ours(first.address):
        return Match(person=None, address=address, thread=_thread(delivery, earlier), delivery=delivery, from_us=True)
    known = people.resolve([address]) if address else {}
    by_address = queries.canonical([known[address]])[0] if address and address in known else None
    by_thread = _standing(delivery.person_key if delivery else earlier.person_key if earlier else None)
    same = by_address is None or by_thread is None or by_address == by_thread
    return Match(
        person=by_address or by_thread,
        address=address,
        thread=_thread(delivery, earlier) if same else new_key(),
        delivery=delivery if same else None,
        for_key=_colleague(delivery, earlier, box),
        other_address=by_address is None and by_thread is not None and address is not None,
        erased=bool(address and people.erased([address])),
    )


def _earlier(ids: Sequence[str]) -> models.InboundMail | None:
    if not ids:
        return None
    rows = models.InboundMail.objects.filter(message_id__in=ids, thread__isnull=False).exclude(message_id="")
    return rows.order_by("-at", "key").first()


def _standing(key: UUID | None) -> UUID | None:
    """The key of a person who is still here: a delivery outlives an erasure."""
    if key is None:
        return None
    family = people.families_of([key]).get(key)
    return family[0] if family else None


def _thread(delivery: models.Delivery | None, earlier: models.InboundMail | None) -> UUID:
    """The thread a mail stands in: of a message to many, each person's answer has one of its own."""
    if delivery is not None and delivery.message is not None and delivery.message.thread:
        message = delivery.message
        return uuid5(NAMESPACE_OID, f"{message.key}:{delivery.person_key}") if message.campaign else message.thread  # type: ignore[return-value]
    return earlier.thread if earlier is not None and earlier.thread else new_key()


def _colleague(
    delivery: models.Delivery | None, earlier: models.InboundMail | None, box: models.Mailbox
) -> UUID | None:
    for key in (box.owner_key, delivery.by_key if delivery else None, earlier.for_key if earlier else None):
        if key is not None:
            return key
    return None
