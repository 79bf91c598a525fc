"""What search knows of jobs: open to every colleague."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from fourfold.files import queries as files
from fourfold.jobs import models, rules
from fourfold.ledger.queries import among
from fourfold.people import queries as people
from fourfold.search import queries as search
from fourfold.search.types import Document
from fourfold.work import queries as work


class JobDocuments:
    """One document a job: its title, its client, where it is, what it asks for and offers, notes and files."""

    kinds: tuple[str, ...] = ("job",)

    def keys_after(self, key: UUID | None, limit: int) -> Sequence[UUID]:
        rows = models.Job.objects.order_by("key")
        return list((rows.filter(key__gt=key) if key else rows).values_list("key", flat=True)[:limit])

    def build(self, keys: Collection[UUID]) -> Mapping[UUID, Sequence[Document]]:
        rows = list(models.Job.objects.filter(pk__in=among(set(keys))).prefetch_related("requirements", "gains"))
        found = [row.key for row in rows]
        notes, kept = work.texts_about("job", found), files.texts_about("job", found)
        names = people.organisation_names({row.organisation_key for row in rows})
        towns = search.places_of({(row.city, row.country) for row in rows if row.city})
        return {
            row.key: [_document(row, names[row.organisation_key], notes, kept, towns.get((row.city, row.country)))]
            for row in rows
        }


def _document(
    row: models.Job, organisation: str, notes: Mapping[UUID, Sequence[str]], kept: Mapping[UUID, Sequence[str]],
    town: tuple[float, float] | None,
) -> Document:  # fmt: skip
    return Document(
        kind="job",
        key=row.key,
        name=row.title,
        sort_name=rules.plain_title(row.title),
        titles=(row.reference, organisation),
        places=tuple(filter(None, (row.city, row.region))),
        body=(
            *filter(None, (row.in_short, row.description, row.vms_reference, row.next_step)),
            *(one.text for one in row.requirements.all()), *(one.gain for one in row.gains.all()),
            *notes.get(row.key, ()), *kept.get(row.key, ()),
        ),
        facets=(("organisation", organisation),),
        latitude=town[0] if town else None,
        longitude=town[1] if town else None,
    )  # fmt: skip
