"""Reads of organisations, their terms, leads and value propositions."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import CharField, Count, DateTimeField, Q, QuerySet, Value
from django.db.models.functions import Cast

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.people import access, models, rules
from fourfold.people.queries.persons import cards_of
from fourfold.people.types import (
    Band,
    ClientStage,
    FeeBasis,
    FieldRow,
    Gain,
    JobLeadRow,
    JobLeadState,
    OrganisationList,
    OrganisationPage,
    OrganisationRow,
    PersonCard,
    Rebate,
    StageRow,
    TermsDraft,
    TermsRow,
    TermsStanding,
    TermsState,
    ValueRow,
)

PAGE = 50


def organisations(
    viewer: Viewer, *, text: str = "", stage: str = "", mine: bool = False, cursor: str | None = None, at: datetime
) -> OrganisationList:
    """A page of organisations by name, and how many there are of each stage. Raises NotFound for a broken cursor."""
    rows = access.organisations_of(viewer)
    for word in rules.plain(text).split():
        rows = rows.filter(sort_name__contains=word)
    rows = rows.filter(owner_key=viewer.user_key) if mine else rows
    by_stage = dict(rows.order_by().values_list("stage").annotate(n=Count("pk")))
    rows = rows.filter(stage=stage) if stage else rows
    if cursor:
        name = _read_cursor(cursor)
        rows = rows.filter(sort_name__gt=name)
    found = list(rows.order_by("sort_name")[: PAGE + 1])
    older = _cursor(found[PAGE - 1].sort_name) if len(found) > PAGE else None
    count = by_stage.get(stage, 0) if stage else sum(by_stage.values())
    return OrganisationList(tuple(_rows(viewer, found[:PAGE], at)), older, count, by_stage)


def _cursor(name: str) -> str:
    return base64.urlsafe_b64encode(json.dumps(name).encode()).decode().rstrip("=")


def _read_cursor(text: str) -> str:
    try:
        return str(json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))).replace("\0", "")
    except ValueError:
        raise NotFound("This page was not found.", "Its address was cut or changed.", "Go to the first page.") from None


def _rows(viewer: Viewer, found: Sequence[models.Organisation], at: datetime) -> list[OrganisationRow]:
    keys = [row.key for row in found]
    names = accounts.names([row.owner_key for row in found if row.owner_key])
    seen = models.Person.objects.visible_to(viewer).listed().filter(organisation_id__in=keys)
    people = dict(seen.order_by().values_list("organisation_id").annotate(n=Count("pk")))
    terms: dict[UUID, list[TermsRow]] = {}
    for one in _terms(models.Terms.objects.filter(organisation_id__in=keys)):
        terms.setdefault(one.organisation_key, []).append(one)
    return [
        OrganisationRow(
            row.key, row.name, row.city, row.industry, ClientStage(row.stage) if row.stage else None, row.is_client,
            row.own, names.get(row.owner_key, "") if row.owner_key else "", people.get(row.key, 0),
            rules.terms_standing(terms.get(row.key, []), on=at.date()),
        )
        for row in found
    ]  # fmt: skip


def organisation(viewer: Viewer, key: UUID, *, at: datetime) -> OrganisationPage:
    """An organisation's own page. Nine statements. Raises NotFound."""
    found = access.get_organisation_for(viewer, key)
    under = Q(organisation=found) | Q(scopes__organisation=found)
    terms = _terms(models.Terms.objects.filter(under).distinct().order_by("-version"))
    own = [row for row in terms if row.organisation_key == key]
    leads = list(models.JobLead.objects.filter(organisation=found).select_related("heard_from").order_by("-at")[:50])
    names = accounts.names([one for one in (found.owner_key, *(row.owner_key for row in leads)) if one])
    stages, tags, fields = _stages_tags_and_fields(found)
    row = OrganisationRow(
        found.key, found.name, found.city, found.industry, ClientStage(found.stage) if found.stage else None,
        found.is_client, found.own, names.get(found.owner_key, "") if found.owner_key else "", None,
        rules.terms_standing(terms, on=at.date()),
    )  # fmt: skip
    return OrganisationPage(
        row=row,
        website=found.website,
        phone=found.phone,
        country=found.country,
        about=found.about,
        owner_key=found.owner_key,
        stages=stages,
        terms=tuple(own),
        leads=tuple(_lead_row(one, names, _seen(viewer, leads), found.name) for one in leads),
        value=value_proposition(key),
        tags=tags,
        fields=fields,
        added_at=found.added_at,
        hires_under=tuple(one for one in terms if one.organisation_key != key),
    )


def _stages_tags_and_fields(
    found: models.Organisation,
) -> tuple[tuple[StageRow, ...], tuple[str, ...], tuple[FieldRow, ...]]:
    """The stages an organisation went through, the latest first, its tags, its added fields. One statement."""
    stages = (
        found.stages.order_by().annotate(place=Cast("pk", CharField())).values_list("place", "stage", "by", "why", "at")
    )
    none = Cast(Value(None), DateTimeField())
    tags = found.tags.order_by().annotate(place=Value("tag"), one=Value(""), two=Value(""), none=none)
    held = found.custom_values.order_by().annotate(place=Value("field"), none=none)
    fields = held.values_list("place", "field__slug", "field__label", "text", "none")
    rows = list(stages.union(tags.values_list("place", "tag__name", "one", "two", "none"), fields, all=True))
    history = sorted((row for row in rows if row[4]), key=lambda row: (row[4], int(row[0])), reverse=True)
    return (
        tuple(StageRow(ClientStage(stage), at, by, why) for _, stage, by, why, at in history),
        tuple(sorted((row[1] for row in rows if row[0] == "tag"), key=str.casefold)),
        tuple(FieldRow(row[1], row[2], row[3], is_link=False) for row in rows if row[0] == "field"),
    )


def people_at(viewer: Viewer, key: UUID, *, limit: int = 30) -> tuple[PersonCard, ...]:
    """The people who work at an organisation now, by name, as far as the viewer may see them."""
    jobs = models.Employment.objects.filter(organisation_id=key, present=True).values("person_id")
    rows = models.Person.objects.visible_to(viewer).listed().filter(Q(organisation_id=key) | Q(pk__in=jobs))
    return tuple(cards_of(viewer, list(rows.select_related("organisation").order_by("sort_name", "key")[:limit])))


def _terms(rows: Iterable[models.Terms]) -> list[TermsRow]:
    wanted = rows.select_related(  # type: ignore[attr-defined]
        "organisation", "commercial_client", "invoice_to", "sent_to", "accepted_by"
    ).prefetch_related("bands", "rebates")
    return [_terms_row(row) for row in wanted]


def _terms_row(row: models.Terms) -> TermsRow:
    draft = TermsDraft(
        currency=row.currency,
        bands=tuple(
            Band(FeeBasis(band.basis), band.from_minor, band.to_minor, band.percent_hundredths, band.amount_minor)
            for band in row.bands.all()
        ),
        rebates=tuple(Rebate(step.within_weeks, step.percent_hundredths) for step in row.rebates.all()),
        payment_days=row.payment_days,
        introduction_months=row.introduction_months,
        guarantee_condition=row.guarantee_condition,
        off_limits=row.off_limits,
        off_limits_months=row.off_limits_months,
        off_limits_clause=row.off_limits_clause,
        psl=row.psl,
        exclusive=row.exclusive,
        notes=row.notes,
        brand=row.brand,
        commercial_client=row.commercial_client.name if row.commercial_client else "",
        invoice_to=row.invoice_to.name if row.invoice_to else "",
        ends_on=row.ends_on,
    )
    return TermsRow(
        row.key, row.organisation.key, row.organisation.name, row.version, TermsState(row.state), draft, row.document,
        row.sent_at, row.sent_to.name if row.sent_to else "", row.accepted_at,
        row.accepted_by.name if row.accepted_by else "", row.accepted_how, row.made_by, row.made_at,
    )  # fmt: skip


def terms(viewer: Viewer, key: UUID) -> TermsRow:
    """One version of terms. Raises NotFound."""
    found = access.get_terms_for(viewer, key)
    return _terms(models.Terms.objects.filter(pk=found.pk))[0]


def terms_for(organisation: UUID, *, at: datetime) -> TermsRow | None:
    """The terms a job of this organisation inherits: its own accepted ones, else those it hires under; the newest."""
    rows = models.Terms.objects.filter(state=TermsState.ACCEPTED)
    rows = rows.filter(Q(organisation_id=organisation) | Q(scopes__organisation_id=organisation)).distinct()
    found = [row for row in _terms(rows) if row.draft.ends_on is None or row.draft.ends_on >= at.date()]
    found.sort(key=lambda row: (row.organisation_key == organisation, row.accepted_at or row.made_at))
    return found[-1] if found else None


def terms_version(key: UUID) -> TermsRow | None:
    """One version of terms, whatever its state, for a job that inherited it; None where there is none."""
    found = _terms(models.Terms.objects.filter(pk=key))
    return found[0] if found else None


def organisation_owner(key: UUID) -> UUID | None:
    """The colleague who owns an organisation, None where nobody does."""
    return models.Organisation.objects.filter(pk=key).values_list("owner_key", flat=True).first()


def terms_standing(organisation: UUID, *, at: datetime) -> TermsStanding:
    """How we stand with an organisation now, terms it hires under included. It warns; it never blocks."""
    rows = models.Terms.objects.filter(Q(organisation_id=organisation) | Q(scopes__organisation_id=organisation))
    return rules.terms_standing(_terms(rows.distinct()), on=at.date())


def job_leads(viewer: Viewer, *, state: JobLeadState = JobLeadState.OPEN, mine: bool = False) -> tuple[JobLeadRow, ...]:
    """Vacancies heard of, the newest first; 200 at the most."""
    rows = access.leads_of(viewer).filter(state=state)
    rows = rows.filter(owner_key=viewer.user_key) if mine else rows
    return tuple(_leads(viewer, rows.order_by("-at")[:200]))


def _leads(viewer: Viewer, rows: QuerySet[models.JobLead]) -> list[JobLeadRow]:
    held = list(rows.select_related("organisation", "heard_from"))
    names = accounts.names([row.owner_key for row in held if row.owner_key])
    seen = _seen(viewer, held)
    return [_lead_row(row, names, seen, row.organisation.name if row.organisation else "") for row in held]


def _lead_row(row: models.JobLead, names: Mapping[UUID, str], seen: Collection[UUID], organisation: str) -> JobLeadRow:
    heard = row.heard_from.name if row.heard_from and row.heard_from_id in seen else ""
    return JobLeadRow(
        row.key, row.organisation_id, organisation, row.title, row.note, row.url, heard, JobLeadState(row.state),
        row.state_why, names.get(row.owner_key, "") if row.owner_key else "", row.at, row.by,
    )  # fmt: skip


def _seen(viewer: Viewer, leads: Iterable[models.JobLead]) -> set[UUID]:
    """Of those whom leads were heard from, the ones the viewer may see."""
    keys = [row.heard_from_id for row in leads if row.heard_from_id]
    if not keys:
        return set()
    return set(models.Person.objects.visible_to(viewer).filter(pk__in=keys).values_list("key", flat=True))


def value_proposition(organisation: UUID) -> ValueRow | None:
    """The newest version of what a client offers to people. One statement."""
    points = models.ValuePoint.objects.filter(proposition__organisation_id=organisation)
    rows = list(points.select_related("proposition").order_by("-proposition__version", "place")[:20])
    if not rows:
        return None
    row = rows[0].proposition
    gains = [Gain(one.gain, one.their_words, one.evidence, one.evidence_url) for one in rows if one.proposition == row]
    return ValueRow(row.version, row.in_short, tuple(gains), row.not_to_promise, row.by, row.at)


def organisation_name(viewer: Viewer, key: UUID) -> str:
    """What an organisation is called. Raises NotFound."""
    return access.get_organisation_for(viewer, key).name
