"""What becomes of this room's rows when somebody is erased: counts and proofs stay, words and papers go."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from fourfold.contact import actions as contact
from fourfold.files import actions as files
from fourfold.jobs import models
from fourfold.jobs.actions.assigning import forget_assignments


@transaction.atomic
def forget(*, keys: Collection[UUID]) -> int:
    """Blank what was said and written about these keys of one person. Returns how many things.

    Introductions, steps, placements and their money stay as rows about a key that means nobody any more.
    """
    held = list(keys)
    mine = models.Application.objects.filter(person_key__in=held)
    keys_of = list(mine.values_list("key", flat=True))
    count = mine.update(words="", cv_file=None, ended_why="", pay_wanted_minor=None, owed_since=None)
    models.StageMove.objects.filter(application__in=keys_of).exclude(why="").update(why="")
    models.Interview.objects.filter(application__in=keys_of).update(
        feedback_of_candidate="", feedback_of_client="", settled_why=""
    )
    models.ScorecardLine.objects.filter(scorecard__application__in=keys_of).update(words="")
    models.Scorecard.objects.filter(application__in=keys_of).update(in_short="")
    models.Offer.objects.filter(application__in=keys_of).update(why="", counter_words="")
    models.Answer.objects.filter(application__in=keys_of).update(reason="")
    models.Check.objects.filter(application__in=keys_of).update(words="", document=None)
    models.Placement.objects.filter(person_key__in=held).update(left_why="")
    forget_assignments(held)
    models.Agreement.objects.filter(person_key__in=held).exclude(how="").update(how="")
    sent = models.Submission.objects.filter(person_key__in=held)
    delivered = [key for key in sent.values_list("delivery_key", flat=True) if key]
    count += contact.blank_messages(deliveries=delivered)
    count += sent.update(feedback_words="")
    count += models.Profile.objects.filter(person_key__in=held).update(headline="", text="")
    count += models.HiringTeam.objects.filter(person_key__in=held).delete()[0]
    count += _mails(held)
    return count


def _mails(held: list[UUID]) -> int:
    """Job boards' mails about them, and the CVs that came with those."""
    mails = models.BoardMail.objects.filter(person_key__in=held)
    files.forget(kinds=["board_mail"], keys=list(mails.values_list("key", flat=True)))
    return mails.delete()[0]
