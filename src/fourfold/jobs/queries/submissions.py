"""What stands between a person and a client, what went to clients, and what they said."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.files import queries as files
from fourfold.jobs import access, models, rules
from fourfold.jobs.types import (
    Feedback,
    IntroductionRow,
    Item,
    Looked,
    ResponseTime,
    SentProfile,
    Stage,
    Stripped,
    SubmissionFacts,
    SubmissionRow,
    SubmissionState,
)
from fourfold.people import queries as people

UNANSWERED = Q(application=None) | Q(application__ended="", application__stage=Stage.SUBMITTED)
"""A CV that waits for the client's word: an interview or an offer was one."""
STOP_WORDS = {
    Item.AGREED: "They have not said yes to this job and this client.",
    Item.NOT_EMPLOYER: "This client is their own employer.",
    Item.ALLOWED: "They said that this client must not get their CV.",
    Item.NOT_INTRODUCED: "They were introduced there before.",
    Item.TERMS: "There are no accepted terms.",
}
ITEM_WORDS = {
    Item.AGREED: _("They said yes to this job and this client"),
    Item.NOT_EMPLOYER: _("The client is not their own employer"),
    Item.ALLOWED: _("The client is not on their “do not send to” list"),
    Item.NOT_INTRODUCED: _("Nobody introduced them there before"),
    Item.TERMS: _("Terms are accepted"),
}


def checked(
    person: UUID, organisation: UUID, job: UUID | None, *, at: datetime
) -> tuple[tuple[Looked, ...], UUID | None]:
    """The check list of a submission, and the agreement that it rests on."""
    family = people.family_of(person)
    agreed = models.Agreement.objects.filter(
        Q(job_id=job) if job else Q(job=None), person_key__in=family, organisation_key=organisation,
        withdrawn_at=None,
    ).order_by("-agreed_at").first()  # fmt: skip
    before = models.Introduction.objects.filter(person_key__in=family, organisation_key=organisation)
    first = before.order_by("introduced_at").first()
    employers = people.employers_of(family)
    facts = SubmissionFacts(
        agreed_at=agreed.agreed_at if agreed else None,
        agreed_how=agreed.how if agreed else "",
        is_employer=organisation in employers,
        on_their_list=organisation not in employers
        and not people.may_send_cv_to(person_key=family[0], organisation=organisation),
        introduced_at=first.introduced_at if first else None,
        introduced_by=first.by if first else "",
        terms=people.terms_standing(organisation, at=at).value,
    )
    return rules.check_list(facts), agreed.key if agreed else None


def profile_from_cv(viewer: Viewer, person: UUID, *, anonymous: bool) -> Stripped:
    """What a client could be shown of a person's newest CV, without ways to reach them. Raises PersonNotFound."""
    page = people.person(viewer, person)
    if not page.sees_candidate_side:
        return Stripped("", 0)
    found = files.newest_cv(people.family_of(person))
    return rules.strip_contacts(found[1] if found else "", name=page.card.name, anonymous=anonymous)


def submissions(
    viewer: Viewer, *, application: UUID | None = None, job: UUID | None = None, organisation: UUID | None = None,
    limit: int = 100,
) -> tuple[SubmissionRow, ...]:  # fmt: skip
    """CVs that went out, the latest first."""
    rows = access.submissions_of(viewer)
    for column, value in (("application_id", application), ("job_id", job), ("organisation_key", organisation)):
        rows = rows.filter(**{column: value}) if value else rows
    return rows_of(viewer, list(rows.select_related("job", "profile").order_by("-sent_at")[:limit]))


def any_on_their_way() -> bool:
    """Whether a CV waits for its mail to leave."""
    return models.Submission.objects.filter(state=SubmissionState.DRAFT, delivery_key__isnull=False).exists()


def submission(viewer: Viewer, key: UUID) -> SubmissionRow:
    """One CV that went out. Raises NotFound."""
    return rows_of(viewer, [access.get_submission_for(viewer, key)])[0]


def sent_profile(viewer: Viewer, key: UUID) -> SentProfile:
    """The profile that a client was sent, word for word. Raises NotFound, also where it was erased since."""
    row = access.get_submission_for(viewer, key)
    if row.profile is None:
        raise NotFound("This profile was not found.", "It was erased with the person’s record.", "Go back to the job.")
    shown = rows_of(viewer, [row])[0]
    return SentProfile(
        submission=shown, person="" if row.profile.anonymous else shown.person, brand=row.job.brand if row.job else "",
        headline=row.profile.headline, text=row.profile.text, text_hash=row.profile.text_hash,
        version=row.profile.version,
    )  # fmt: skip


def owed_by_clients(viewer: Viewer, *, at: datetime, mine: bool = True) -> tuple[SubmissionRow, ...]:
    """CVs whose feedback is late, the longest waiting first; the viewer's own, or everybody's."""
    rows = access.submissions_of(viewer).filter(state=SubmissionState.SENT, feedback_due_at__lt=at)
    rows = rows.filter(Q(feedback="") | Q(feedback=Feedback.LATER)).filter(UNANSWERED)
    if mine:
        rows = rows.filter(Q(by_key=viewer.user_key) | Q(job__owner_key=viewer.user_key))
    return rows_of(viewer, list(rows.select_related("job", "profile").order_by("feedback_due_at")[:100]))


def rows_of(viewer: Viewer, held: Sequence[models.Submission]) -> tuple[SubmissionRow, ...]:
    names = people.names({row.person_key for row in held}, viewer=viewer, candidates=True)
    contacts = people.names({row.contact_key for row in held}, viewer=viewer)
    organisations = people.organisation_names({row.organisation_key for row in held})
    return tuple(
        SubmissionRow(
            key=row.key, application_key=row.application_id, job_key=row.job_id, job=row.job.title if row.job else "",
            person_key=row.person_key, person=names[row.person_key], organisation_key=row.organisation_key,
            organisation=organisations[row.organisation_key], contact_key=row.contact_key,
            contact=contacts[row.contact_key], state=SubmissionState(row.state),
            profile_version=row.profile.version if row.profile else None,
            anonymous=bool(row.profile and row.profile.anonymous), sent_at=row.sent_at,
            feedback_due_at=row.feedback_due_at, feedback=Feedback(row.feedback) if row.feedback else None,
            feedback_words=row.feedback_words, feedback_at=row.feedback_at, chases=row.chases, by=row.by,
            terms=row.terms,
        )
        for row in held
    )  # fmt: skip


def introductions(viewer: Viewer, person: UUID) -> tuple[IntroductionRow, ...]:
    """Where somebody was introduced, with the proof of each, the latest first. Raises PersonNotFound."""
    key = people.person_key_for(viewer, person)
    if not people.may_see_candidate_side(viewer, key):
        return ()
    held = list(
        models.Introduction.objects.filter(person_key__in=people.family_of(key)).order_by("-introduced_at", "key")[:100]
    )
    jobs = models.Job.objects.in_bulk({row.job_key for row in held if row.job_key})
    organisations = people.organisation_names({row.organisation_key for row in held})
    contacts = people.names({row.contact_key for row in held if row.contact_key}, viewer=viewer)
    return tuple(
        IntroductionRow(
            key=row.key, organisation_key=row.organisation_key, organisation=organisations[row.organisation_key],
            contact=contacts.get(row.contact_key, "") if row.contact_key else "",
            job=jobs[row.job_key].title if row.job_key in jobs else "", profile_version=row.profile_version,
            profile_hash=row.profile_hash, terms=row.terms_standing, how=row.how, by=row.by,
            introduced_at=row.introduced_at, recorded_at=row.recorded_at,
        )
        for row in held
    )  # fmt: skip


def response_time(organisation: UUID, *, at: datetime) -> ResponseTime:
    """How fast a client has answered CVs of the last year, in working days: the median, never the mean alone."""
    rows = models.Submission.objects.filter(
        organisation_key=organisation, state=SubmissionState.SENT, sent_at__gte=at - timedelta(days=365)
    )
    days = [
        _working_days(sent, said)
        for sent, said in rows.filter(feedback_at__isnull=False).values_list("sent_at", "feedback_at")
        if said is not None
    ]
    waiting = rows.filter(feedback="")
    late = waiting.filter(feedback_due_at__lt=at).count()
    return ResponseTime(statistics.median(days) if days else None, len(days), waiting.count(), late)


def _working_days(since: datetime, until: datetime) -> float:
    days, moment = 0, since
    while (moment := moment + timedelta(days=1)) <= until:
        days += moment.weekday() < 5
    return float(days)
