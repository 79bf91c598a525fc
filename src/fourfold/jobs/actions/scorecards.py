"""Deeds on scorecards: what one interviewer saw, requirement by requirement. Nothing adds them up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.base.ids import new_key
from fourfold.jobs import access, models
from fourfold.jobs.types import SHOWN_WORDS, InterviewRefused, Shown

NOTHING = "Nothing was kept."


@transaction.atomic
def keep_scorecard(
    *, application: UUID, lines: Sequence[Shown], in_short: str, interview: UUID | None = None, client: str = "",
    viewer: Viewer, at: datetime,
) -> UUID:  # fmt: skip
    """Keep what the viewer saw, or what somebody of the client's (``client``, their name) told them; returns its key.

    One a person and interview: kept again it is replaced. Raises InterviewRefused (nothing in short, a requirement that
    the job doesn't have), NotFound, NotAllowed.
    """
    row = access.get_application_to_work(viewer, application)
    if not in_short.strip():
        raise InterviewRefused(NOTHING, "It says nothing in short.", "Write one or two sentences of what you saw.")
    known = set(row.job.requirements.values_list("text", flat=True))
    strange = next((one for one in lines if one.requirement not in known or one.shown not in SHOWN_WORDS), None)
    if strange is not None:
        raise InterviewRefused(NOTHING, f"The job doesn't ask for “{strange.requirement[:60]}”.", "Reload the page.")
    met = models.Interview.objects.filter(application=row, pk=interview).first() if interview else None
    who = (client.strip() or viewer.name)[:80]
    held = models.Scorecard.objects.filter(
        application=row, interview=met, of_client=bool(client.strip()), who=who, by_key=viewer.user_key
    ).first()
    card = held or models.Scorecard(
        key=new_key(), application=row, interview=met, of_client=bool(client.strip()), who=who, by_key=viewer.user_key
    )
    card.in_short, card.at = in_short.strip()[:5_000], at
    card.save()
    card.lines.all().delete()
    models.ScorecardLine.objects.bulk_create(
        [
            models.ScorecardLine(
                scorecard=card,
                place=place,
                requirement=one.requirement,
                shown=one.shown,
                words=one.words.strip()[:2_000],
            )
            for place, one in enumerate(lines)
        ]
    )
    accounts.audit(by=viewer.actor(), deed="keep_scorecard", at=at, subject=("application", row.key))
    return card.key
