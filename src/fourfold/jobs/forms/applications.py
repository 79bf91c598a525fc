"""Forms of applications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.jobs.queries.words import ENDED_WORDS, ORIGIN_WORDS
from fourfold.jobs.types import Ended, Origin

Choices = Sequence[tuple[Any, Any]]
BY_HAND = (Origin.SOURCED, Origin.APPROACHED, Origin.REFERRED, Origin.APPLIED)
ENDED_BY_HAND = (Ended.NOT_SUBMITTED, Ended.CLIENT_SAID_NO, Ended.WITHDREW, Ended.NOT_NOW, Ended.IN_ERROR)


class PutOnJobForm(forms.Form):
    """A person is put on a job."""

    job = forms.ChoiceField(label=_("Job"))
    origin = forms.ChoiceField(label=_("How they come to it"), choices=[(o.value, ORIGIN_WORDS[o]) for o in BY_HAND])

    def __init__(self, *args: Any, jobs: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["job"].choices = [(str(key), words) for key, words in jobs]  # type: ignore[attr-defined]

    def asked(self) -> tuple[UUID, Origin]:
        return UUID(self.cleaned_data["job"]), Origin(self.cleaned_data["origin"])


class EndForm(forms.Form):
    """An application ends."""

    ended = forms.ChoiceField(
        label=_("What happened"), choices=[(one.value, ENDED_WORDS[one]) for one in ENDED_BY_HAND]
    )
    why = forms.CharField(
        label=_("The real reason"), max_length=250, required=False,
        help_text=_("A few words that could be said to them."),
    )  # fmt: skip

    def asked(self) -> Ended:
        return Ended(self.cleaned_data["ended"])
