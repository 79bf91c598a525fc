"""Deeds with clients: how far we are, terms, job leads, what they offer to people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.actor import HOUSE, Actor
from fourfold.base.ids import new_key
from fourfold.files import actions as files
from fourfold.files.types import FilePurpose
from fourfold.ledger import queries as ledger
from fourfold.people import access, models, rules
from fourfold.people.actions.fields import CustomValues, replace_fields
from fourfold.people.actions.organisations import add_organisations, tell_of_people_at
from fourfold.people.types import (
    DORMANT_MONTHS,
    ClientRefused,
    ClientStage,
    Gain,
    JobLeadState,
    NewJobLead,
    NewOrganisation,
    OrganisationChange,
    TermsDraft,
    TermsState,
)

NOTHING = "Nothing was changed."
CLIENT_FROM = (ClientStage.FIRST_JOB, ClientStage.REPEAT, ClientStage.DORMANT)


@transaction.atomic
def change_organisation(*, to: OrganisationChange, viewer: Viewer, at: datetime, key: UUID | None = None) -> UUID:
    """Change an organisation, or add one (no ``key``).

    Raises NotFound, NotAllowed, ClientRefused (its name is taken).
    """
    access.require_client_keeper(viewer)
    if not to.name.strip():
        raise ClientRefused(NOTHING, "An organisation needs a name.", "Write one.")
    sort = rules.sort_name(to.name)
    same = models.Organisation.objects.filter(sort_name=sort)
    if (same.exclude(pk=key) if key else same).exists():
        raise ClientRefused(
            NOTHING, f"“{to.name.strip()}” is there already.", "Open that one, or add its town to the name."
        )
    if key is None:
        new = NewOrganisation(name=to.name.strip(), source="colleague")
        key = add_organisations(organisations=[new], by=viewer.actor(), at=at)[0]
    row = access.get_organisation_for(viewer, key)
    row.name, row.sort_name, row.own = to.name.strip()[:120], sort, to.own
    row.city, row.country, row.industry = to.city.strip()[:80], to.country.strip().upper()[:2], to.industry.strip()[:80]
    row.website, row.phone, row.about = to.website.strip()[:250], to.phone.strip()[:32], to.about.strip()
    row.owner_key = to.owner_key
    row.save()
    _tag(row, to.tags)
    replace_fields(CustomValues(row.custom_values, organisation=row), to.custom)
    _tell(row.key)
    accounts.audit(
        by=viewer.actor(), deed="change_organisation", at=at, subject=("organisation", key), summary=row.name
    )
    return row.key


def _tell(key: UUID) -> None:
    accounts.tell_watchers(kind="organisation", keys=[key])
    tell_of_people_at([key])


def _tag(row: models.Organisation, names: Sequence[str]) -> None:
    wanted = {rules.plain(name)[:60]: name.strip()[:60] for name in names if name.strip()}
    row.tags.exclude(tag__sort_name__in=list(wanted)).delete()
    for plain, name in wanted.items():
        tag, _made = models.Tag.objects.get_or_create(sort_name=plain, defaults={"name": name})
        models.OrganisationTag.objects.get_or_create(organisation=row, tag=tag)


@transaction.atomic
def move_stage(*, organisation: UUID, stage: ClientStage, why: str, viewer: Viewer, at: datetime) -> None:
    """Say how far we are with an organisation. Its history is kept. Raises NotFound, NotAllowed."""
    access.require_client_keeper(viewer)
    row = access.get_organisation_for(viewer, organisation)
    if row.stage != stage:
        _put_stage(row, stage, by=viewer.actor(), at=at, why=why)


def _put_stage(row: models.Organisation, stage: ClientStage, *, by: Actor, at: datetime, why: str) -> None:
    models.StageChange.objects.create(organisation=row, stage=stage, at=at, by=by.name, why=why.strip()[:160])
    is_client = row.is_client or stage in CLIENT_FROM
    models.Organisation.objects.filter(pk=row.pk).update(stage=stage, stage_at=at, is_client=is_client)
    row.stage, row.is_client = stage, is_client
    _tell(row.key)
    accounts.audit(by=by, deed="move_stage", at=at, subject=("organisation", row.pk), summary=f"{row.name}: {stage}")


def _at_least(row: models.Organisation, stage: ClientStage, *, viewer: Viewer, at: datetime, why: str) -> None:
    """Move on to a stage, never back."""
    order = list(ClientStage)
    if not row.stage or order.index(ClientStage(row.stage)) < order.index(stage):
        _put_stage(row, stage, by=viewer.actor(), at=at, why=why)


@transaction.atomic
def note_job_opened(*, organisation: UUID, first: bool, by: Actor, at: datetime) -> None:
    """A client gave a job: its first, or repeat business; a dormant one is a client again."""
    row = models.Organisation.objects.select_for_update().get(pk=organisation)
    to = ClientStage.FIRST_JOB if first else ClientStage.REPEAT
    if row.stage not in {to, ClientStage.REPEAT}:
        _put_stage(row, to, by=by, at=at, why="gave a job")


@transaction.atomic
def draft_terms(*, organisation: UUID, draft: TermsDraft, viewer: Viewer, at: datetime) -> UUID:
    """Write a new version of an organisation's terms; earlier versions stay as they are.

    Commercial client and the one invoiced may be other organisations; new names are added. Raises ClientRefused,
    NotFound, NotAllowed.
    """
    access.require_client_keeper(viewer)
    row = access.get_organisation_for(viewer, organisation)
    rules.check_draft(draft)
    last = models.Terms.objects.filter(organisation=row).aggregate(last=Max("version"))["last"] or 0
    made = models.Terms.objects.create(
        key=new_key(), organisation=row, version=last + 1, state=TermsState.DRAFT, currency=draft.currency,
        payment_days=draft.payment_days, introduction_months=draft.introduction_months, psl=draft.psl[:80],
        guarantee_condition=draft.guarantee_condition[:250], off_limits=draft.off_limits, notes=draft.notes,
        off_limits_months=draft.off_limits_months, off_limits_clause=draft.off_limits_clause, brand=draft.brand,
        exclusive=draft.exclusive, ends_on=draft.ends_on, made_by=viewer.name, made_at=at,
        commercial_client_id=_named(draft.commercial_client, viewer, at),
        invoice_to_id=_named(draft.invoice_to, viewer, at),
    )  # fmt: skip
    models.FeeBand.objects.bulk_create(
        [
            models.FeeBand(
                terms=made, basis=band.basis, from_minor=band.from_minor, to_minor=band.to_minor,
                percent_hundredths=band.percent_hundredths, amount_minor=band.amount_minor,
            )
            for band in draft.bands
        ]
    )  # fmt: skip
    models.RebateStep.objects.bulk_create(
        [
            models.RebateStep(terms=made, within_weeks=step.within_weeks, percent_hundredths=step.percent_hundredths)
            for step in draft.rebates
        ]
    )
    _noted(made, "draft_terms", viewer, at)
    return made.key


def _named(name: str, viewer: Viewer, at: datetime) -> UUID | None:
    if not name.strip():
        return None
    return add_organisations(organisations=[NewOrganisation(name=name.strip())], by=viewer.actor(), at=at)[0]


def _noted(row: models.Terms, deed: str, viewer: Viewer, at: datetime) -> None:
    subject = ("organisation", row.organisation_id)
    accounts.audit(by=viewer.actor(), deed=deed, at=at, subject=subject, summary=f"version {row.version}")


@transaction.atomic
def note_terms_sent(*, key: UUID, to: UUID | None, sent_at: datetime, viewer: Viewer, at: datetime) -> None:
    """Note that a draft went to the client, when and to whom. Raises ClientRefused, NotFound, NotAllowed."""
    row = _open_terms(key, viewer, {TermsState.DRAFT}, "It was sent before, or replaced.")
    row.state, row.sent_at, row.sent_to_id = TermsState.SENT, sent_at, _person(to, viewer)
    row.save(update_fields=["state", "sent_at", "sent_to"])
    _at_least(row.organisation, ClientStage.TERMS_SENT, viewer=viewer, at=at, why=f"terms version {row.version}")
    _noted(row, "note_terms_sent", viewer, at)


@transaction.atomic
def accept_terms(
    *,
    key: UUID,
    how: str,
    by_person: UUID | None,
    accepted_at: datetime,
    document: tuple[str, bytes] | None,
    viewer: Viewer,
    at: datetime,
) -> None:
    """Note that the client accepted terms: when, how, who, and the document (name, bytes) that shows it. Earlier
    accepted versions are replaced. Raises FileRefused, ClientRefused (nothing says how), NotFound, NotAllowed.
    """
    row = _open_terms(key, viewer, {TermsState.DRAFT, TermsState.SENT}, "It was accepted before, declined or replaced.")
    if not how.strip():
        raise ClientRefused(NOTHING, "Nothing says how they accepted.", "Write it: signed, by e-mail, by sending CVs …")
    models.Terms.objects.filter(organisation=row.organisation, state=TermsState.ACCEPTED).update(
        state=TermsState.REPLACED
    )
    row.state, row.accepted_at, row.accepted_how = TermsState.ACCEPTED, accepted_at, how.strip()[:160]
    row.accepted_by_id = _person(by_person, viewer)
    if document:
        row.document = files.store_file(
            subject=("organisation", row.organisation_id), name=document[0], data=document[1],
            purpose=FilePurpose.TERMS, by=viewer.actor(), at=at,
        )  # fmt: skip
    row.save(update_fields=["state", "accepted_at", "accepted_how", "accepted_by", "document"])
    _at_least(row.organisation, ClientStage.ACCEPTED, viewer=viewer, at=at, why=f"terms version {row.version}")
    _noted(row, "accept_terms", viewer, at)


@transaction.atomic
def decline_terms(*, key: UUID, why: str, viewer: Viewer, at: datetime) -> None:
    """Note that the client said no to these terms. Raises ClientRefused, NotFound, NotAllowed."""
    row = _open_terms(key, viewer, {TermsState.SENT}, "Only terms that were sent can be declined.")
    row.state, row.notes = TermsState.DECLINED, f"{row.notes}\n{why.strip()}".strip()
    row.save(update_fields=["state", "notes"])
    _noted(row, "decline_terms", viewer, at)


@transaction.atomic
def hire_under(*, terms: UUID, organisation: str, viewer: Viewer, at: datetime) -> None:
    """Let another organisation hire under these terms: a subsidiary, a site, a buyer's client. Raises ClientRefused."""
    access.require_client_keeper(viewer)
    row = access.get_terms_for(viewer, terms)
    other = _named(organisation, viewer, at)
    if other is None or other == row.organisation_id:
        raise ClientRefused(NOTHING, "That is no other organisation.", "Write the name of the one that hires.")
    models.TermsScope.objects.get_or_create(terms=row, organisation_id=other)
    _noted(row, "hire_under", viewer, at)


def _open_terms(key: UUID, viewer: Viewer, states: set[TermsState], why: str) -> models.Terms:
    access.require_client_keeper(viewer)
    row = access.get_terms_for(viewer, key)
    if row.state not in states:
        raise ClientRefused(NOTHING, why, "Draft a new version.")
    return row


def _person(key: UUID | None, viewer: Viewer) -> UUID | None:
    return access.get_person_for(viewer, key).pk if key else None


@transaction.atomic
def note_job_lead(*, lead: NewJobLead, viewer: Viewer, at: datetime) -> UUID:
    """Keep a vacancy heard of: a title is enough. Raises ClientRefused, NotFound, PersonNotFound."""
    if not lead.title.strip():
        raise ClientRefused("The lead was not kept.", "It has no title.", "Write what they look for.")
    organisation = access.get_organisation_for(viewer, lead.organisation).pk if lead.organisation else None
    row = models.JobLead.objects.create(
        key=new_key(), organisation_id=organisation, heard_from_id=_person(lead.heard_from, viewer),
        title=lead.title.strip()[:160], note=lead.note.strip(), url=lead.url.strip()[:500],
        owner_key=lead.owner_key or viewer.user_key, source=lead.source[:80], at=lead.at or at, by=viewer.name,
    )  # fmt: skip
    accounts.audit(by=viewer.actor(), deed="note_job_lead", at=at, subject=("job_lead", row.key), summary=row.title)
    return row.key


@transaction.atomic
def settle_job_lead(*, key: UUID, state: JobLeadState, why: str, viewer: Viewer, at: datetime) -> None:
    """Say what became of a lead: pursued, dropped (with a reason), a job; or open it again.

    Raises ClientRefused, NotFound.
    """
    row = access.get_lead_for(viewer, key)
    if state is JobLeadState.DROPPED and not why.strip():
        raise ClientRefused(NOTHING, "A lead is dropped for a reason.", "Write it in a word or two.")
    ended = state in {JobLeadState.DROPPED, JobLeadState.BECAME_JOB}
    row.state, row.state_why, row.closed_at = state, why.strip()[:160], at if ended else None
    row.save(update_fields=["state", "state_why", "closed_at"])
    accounts.audit(by=viewer.actor(), deed="settle_job_lead", at=at, subject=("job_lead", row.key), summary=state.value)


@transaction.atomic
def write_value(
    *, organisation: UUID, in_short: str, gains: Sequence[Gain], not_to_promise: str, viewer: Viewer, at: datetime
) -> int:
    """Write a new version of what a client offers to a happily employed person; returns its number.

    Each gain stands in their words or with evidence: what nobody said and nothing shows is not promised.
    Raises ClientRefused, NotFound, NotAllowed.
    """
    access.require_client_keeper(viewer)
    row = access.get_organisation_for(viewer, organisation)
    kept = [gain for gain in gains if gain.gain.strip()]
    if not in_short.strip() or not kept:
        raise ClientRefused(
            "It was not kept.", "It names no gain.", "Say in a sentence what people would gain, and why."
        )
    bare = next((gain.gain for gain in kept if not (gain.their_words.strip() or gain.evidence.strip())), None)
    if bare:
        raise ClientRefused(
            "It was not kept.", f"Nothing stands behind “{bare[:60]}”.", "Add what they said, or what shows it."
        )
    last = models.ValueProposition.objects.filter(organisation=row).aggregate(last=Max("version"))["last"] or 0
    made = models.ValueProposition.objects.create(
        key=new_key(), organisation=row, version=last + 1, in_short=in_short.strip()[:250],
        not_to_promise=not_to_promise.strip(), by=viewer.name, at=at,
    )  # fmt: skip
    models.ValuePoint.objects.bulk_create(
        [
            models.ValuePoint(
                proposition=made, place=place, gain=gain.gain.strip()[:160], their_words=gain.their_words.strip(),
                evidence=gain.evidence.strip(), evidence_url=gain.evidence_url.strip()[:500],
            )
            for place, gain in enumerate(kept)
        ]
    )  # fmt: skip
    accounts.audit(by=viewer.actor(), deed="write_value", at=at, subject=("organisation", row.pk), summary=row.name)
    return made.version


@transaction.atomic
def settle_stages(*, at: datetime) -> int:
    """Bring stages in line with the work the ledger knows: first job, repeat, dormant. Returns how many moved."""
    rows = list(models.Organisation.objects.filter(is_client=True, own=False))
    days = ledger.organisation_days([row.key for row in rows])
    moved = 0
    for row in rows:
        deals = [moment for moments in days.get(row.key, {}).values() for moment in moments]
        now = ClientStage(row.stage) if row.stage else None
        to = rules.settled_stage(now, is_client=row.is_client, deals=deals, at=at, months=DORMANT_MONTHS)
        if to and to != now:
            _put_stage(row, to, by=HOUSE, at=at, why="as the work with them shows")
            moved += 1
    return moved
