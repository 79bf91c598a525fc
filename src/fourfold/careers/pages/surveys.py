"""The page of a survey: one question, and nothing of whom it asks or what they answered."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from fourfold.accounts import queries as accounts
from fourfold.careers import links
from fourfold.careers.forms.surveys import MoreForm, NumberForm
from fourfold.careers.pages import shell
from fourfold.careers.types import Link
from fourfold.studio import queries as studio
from fourfold.surveys.types import OpenSurvey

DID = ("number", "words", "told")


def survey(
    link: Link,
    survey: OpenSurvey,
    *,
    did: str = "",
    number: NumberForm | None = None,
    more: MoreForm | None = None,
) -> dict[str, Any]:
    """The question with the link's number chosen, or after an answer what else one might say."""
    did = did if did in DID and survey.answered else ""
    more = more or MoreForm(initial={"may_answer": survey.may_answer})
    more.fields["words"].label = survey.follow_up
    return {
        **shell(studio.kit_of(survey.brand), link),
        "survey": survey,
        "did": did,
        "heading": heading(did, survey),
        "number": number or NumberForm(initial={"score": link.text}),
        "more": more,
        "until": survey.until.astimezone(ZoneInfo(accounts.house_zone())),
        "here": links.path(link),
    }


def heading(did: str, survey: OpenSurvey) -> str:
    if did == "number":
        return _("Thank you. Is there more to say?")
    if did:
        return _("Thank you for telling us")
    return survey.question
