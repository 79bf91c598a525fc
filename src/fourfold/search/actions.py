"""Deeds of search: mark what changed, bring documents up to date, erase them, check everything."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from fourfold.ledger.queries import among
from fourfold.search import index, models, rules
from fourfold.search.types import DOCUMENTS, AnyOf, Document, Documents, Field, Leaf

AT_ONCE = 100
MOST_LETTERS = 60_000
"""Letters of a document's text that are indexed: some ten CVs."""
SHORTEST_WORD = 3
PLACES_AT_ONCE = 2_000


def mark_stale(*, kind: str, keys: Collection[UUID]) -> None:
    """Say that documents are behind; the worker mends them within a minute. In the caller's transaction.

    Kinds that nobody makes documents of are passed over.
    """
    if kind in DOCUMENTS:
        kind = DOCUMENTS[kind].kinds[0]
        rows = [models.StaleDocument(kind=kind, key=key) for key in sorted(set(keys))]
        models.StaleDocument.objects.bulk_create(rows, ignore_conflicts=True, batch_size=400)


def refresh(*, most: int = AT_ONCE) -> int:
    """Bring documents that are behind up to date, some in one transaction. Returns how many were behind."""
    with transaction.atomic():
        rows = list(models.StaleDocument.objects.order_by("pk")[:most])
        models.StaleDocument.objects.filter(pk__in=[row.pk for row in rows]).delete()
        for maker in _makers():
            keys = {row.key for row in rows if row.kind in maker.kinds}
            if keys:
                _bring_up_to_date(maker, keys)
    return len(rows)


def _makers() -> list[Documents]:
    return list({id(maker): maker for maker in DOCUMENTS.values()}.values())


def _bring_up_to_date(maker: Documents, keys: Collection[UUID]) -> int:
    """Write the documents of these things that differ from those held; returns how many."""
    made = maker.build(keys)
    wanted = {(one.kind, one.key): one for some in made.values() for one in some}
    held = models.IndexedDocument.objects.filter(kind__in=maker.kinds, key__in=among({*keys, *made}))
    digests = {thing: _digest(one) for thing, one in wanted.items()}
    old, same = [], set()
    for pk, kind, key, digest in held.values_list("pk", "kind", "key", "digest"):
        if digests.get((kind, key)) == digest:
            same.add((kind, key))
        else:
            old.append(pk)
    _take(old)
    _put([one for thing, one in wanted.items() if thing not in same], digests)
    return len(wanted) - len(same)


def _digest(one: Document) -> str:
    parts = (
        one.kind, one.key, one.name, one.sort_name, one.titles, one.skills, one.places, one.body, one.facets,
        one.last_contact, one.available_from, one.latitude, one.longitude,
        None if one.readers is None else sorted(one.readers),
        None if one.fuller_for is None else sorted(one.fuller_for),
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _take(documents: Collection[int]) -> None:
    index.take(documents)
    models.IndexedDocument.objects.filter(pk__in=list(documents)).delete()


def _put(documents: Sequence[Document], digests: Mapping[tuple[str, UUID], str]) -> None:
    rows = [
        models.IndexedDocument(
            kind=one.kind, key=one.key, name=one.name[:160], sort_name=one.sort_name[:160],
            titles="\n".join(one.titles), skills="\n".join(one.skills), places="\n".join(one.places),
            body=_text(one), last_contact=one.last_contact, available_from=one.available_from,
            latitude=one.latitude, longitude=one.longitude, restricted=one.readers is not None,
            shadowed=one.fuller_for is not None, digest=digests[one.kind, one.key],
        )
        for one in documents
    ]  # fmt: skip
    models.IndexedDocument.objects.bulk_create(rows, batch_size=100)
    models.DocumentReader.objects.bulk_create(
        models.DocumentReader(document=row, user_key=key, instead=instead)
        for row, one in zip(rows, documents, strict=True)
        for instead, keys in ((False, one.readers), (True, one.fuller_for))
        for key in sorted(keys or ())
    )
    words = [_words(row, one) for row, one in zip(rows, documents, strict=True)]
    index.put(words)
    _learn({word for one in words for field, found in one.fields.items() if field != Field.BODY for word in found})


def _text(one: Document) -> str:
    return "\n".join(one.body).replace("\0", "")[:MOST_LETTERS]


def _words(row: models.IndexedDocument, one: Document) -> index.Words:
    texts = {
        Field.NAME: one.name, Field.TITLE: row.titles, Field.SKILL: row.skills, Field.PLACE: row.places,
        Field.BODY: row.body,
    }  # fmt: skip
    fields = {field: rules.tokens(text) for field, text in texts.items()}
    facets = dict.fromkeys(rules.facet(name, value) for name, value in one.facets)
    return index.Words(row.pk, fields, list(facets))


def _learn(words: Iterable[str]) -> None:
    """Keep words, to know what a mistyped one may mean."""
    wanted = {word for word in words if len(word) >= SHORTEST_WORD and not word.isdigit()}
    known = set(models.KnownWord.objects.filter(word__in=among(wanted)).values_list("word", flat=True))
    new = sorted(wanted - known)
    models.KnownWord.objects.bulk_create((models.KnownWord(word=word) for word in new), ignore_conflicts=True)
    rows = dict(models.KnownWord.objects.filter(word__in=among(new)).values_list("word", "pk"))
    models.WordForm.objects.bulk_create(
        (models.WordForm(word_id=pk, form=form) for word, pk in rows.items() for form in sorted(rules.forms(word))),
        batch_size=400,
    )


@transaction.atomic
def forget(*, kinds: Collection[str], keys: Collection[UUID]) -> int:
    """Take the documents of these things away at once, and words that only their names had. Returns how many."""
    found = models.IndexedDocument.objects.filter(kind__in=list(kinds), key__in=list(keys))
    words = {word for name in found.values_list("name", flat=True) for word in rules.tokens(name)}
    documents = list(found.values_list("pk", flat=True))
    _take(documents)
    models.StaleDocument.objects.filter(kind__in=list(kinds), key__in=list(keys)).delete()
    named = (Field.NAME, Field.TITLE, Field.SKILL, Field.PLACE)
    lost = [
        word
        for word in words
        if not index.documents_of(
            index.expression(AnyOf(tuple(Leaf((word,), field=field) for field in named)), ()), limit=1
        )
    ]
    models.KnownWord.objects.filter(word__in=lost).delete()
    return len(documents)


def check_everything() -> int:
    """Compare every document with what it should be, and mend those that differ; returns how many did.

    Some hundreds in one transaction, so that others can write meanwhile.
    """
    mended = 0
    for maker in _makers():
        after: UUID | None = None
        while True:
            keys = list(maker.keys_after(after, AT_ONCE))
            span = Q(kind__in=maker.kinds)
            span &= Q(key__gt=after) if after else Q()
            span &= Q(key__lte=keys[-1]) if len(keys) == AT_ONCE else Q()
            held = set(models.IndexedDocument.objects.filter(span).values_list("key", flat=True))
            with transaction.atomic():
                mended += _bring_up_to_date(maker, {*keys, *held})
            if len(keys) < AT_ONCE:
                break
            after = keys[-1]
    return mended


def learn_places(*, rows: Sequence[tuple[str, str, float, float, int]]) -> int:
    """Keep towns (name, country, latitude, longitude, inhabitants) in place of those held. Returns how many.

    Some thousand in one transaction, so that others can write meanwhile.
    """
    models.Place.objects.all().delete()
    for start in range(0, len(rows), PLACES_AT_ONCE):
        models.Place.objects.bulk_create(
            models.Place(
                name=name[:80], plain=rules.plain_place(name)[:80], country=country, latitude=lat, longitude=lon,
                population=people,
            )
            for name, country, lat, lon, people in rows[start : start + PLACES_AT_ONCE]
        )  # fmt: skip
    return len(rows)
