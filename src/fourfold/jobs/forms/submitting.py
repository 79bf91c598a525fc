"""Forms of submissions, clients' feedback, and answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from fourfold.jobs.actions import Submitting
from fourfold.jobs.forms.jobs import day
from fourfold.jobs.queries.words import ENDED_WORDS, FEEDBACK_WORDS
from fourfold.jobs.types import Ended, Feedback

Choices = Sequence[tuple[Any, Any]]
LONG = forms.Textarea(attrs={"rows": 14})
OURS = (Ended.NOT_SUBMITTED, Ended.CLIENT_SAID_NO, Ended.JOB_CLOSED)
SHORT = forms.Textarea(attrs={"rows": 5})


class AgreementForm(forms.Form):
    """They said yes to this job and this client."""

    how = forms.CharField(label=_("How they said yes"), max_length=160, help_text=_("Such as: on the phone."))
    agreed_on = day(_("When"), required=True)

    def agreed_at(self) -> datetime:
        return datetime.combine(self.cleaned_data["agreed_on"], time(0), tzinfo=UTC)


class SubmitForm(forms.Form):
    """What goes to the client, word for word."""

    contact = forms.ChoiceField(label=_("To whom"))
    headline = forms.CharField(label=_("Headline"), max_length=160)
    words = forms.CharField(
        label=_("Why them, in your words"), widget=SHORT, max_length=4_000,
        help_text=_("Three sentences the hiring manager would thank you for."),
    )  # fmt: skip
    profile = forms.CharField(label=_("The profile"), widget=LONG, max_length=60_000)
    subject = forms.CharField(label=_("Subject"), max_length=160)
    mailbox = forms.ChoiceField(label=_("From"), required=False)
    by_hand = forms.CharField(
        label=_("Or: I sent it myself, by"), max_length=20, required=False,
        help_text=_("Such as: their portal. Then nothing is mailed, and the introduction is proved now."),
    )  # fmt: skip
    anonymous = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Choices, mailboxes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].choices = list(people)  # type: ignore[attr-defined]
        self.fields["mailbox"].choices = [*mailboxes, ("", _now("I send it myself"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        held = super().clean() or {}
        if not held.get("mailbox") and not held.get("by_hand"):
            self.add_error("by_hand", _now("Choose a mailbox, or say how you sent it."))
        return held

    def submitting(self) -> Submitting:
        held = dict(self.cleaned_data)
        mailbox, contact, by_hand = held.pop("mailbox"), UUID(held.pop("contact")), held.pop("by_hand").strip()
        return Submitting(
            **held, contact=contact, mailbox=None if by_hand or not mailbox else UUID(mailbox), by_hand=by_hand
        )


class FeedbackForm(forms.Form):
    """What the client said to a CV."""

    feedback = forms.ChoiceField(
        label=_("What they said"), choices=[(one.value, text) for one, text in FEEDBACK_WORDS.items()]
    )
    words = forms.CharField(
        label=_("In their words"), widget=SHORT, max_length=4_000, required=False,
        help_text=_("A no needs their reason: the person will ask."),
    )  # fmt: skip
    how = forms.CharField(label=_("How"), max_length=80, required=False, help_text=_("Such as: on the phone."))
    said_on = day(_("When"), required=True)

    def asked(self) -> Feedback:
        return Feedback(self.cleaned_data["feedback"])

    def said_at(self, at: datetime) -> datetime:
        on = self.cleaned_data["said_on"]
        return at if on == at.date() else datetime.combine(on, time(12), tzinfo=UTC)


class MailForm(forms.Form):
    """A mail that somebody reads before it goes."""

    subject = forms.CharField(label=_("Subject"), max_length=160)
    words = forms.CharField(label=_("Words"), widget=LONG, max_length=20_000)
    mailbox = forms.ChoiceField(label=_("From"))

    def __init__(self, *args: Any, mailboxes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mailbox"].choices = list(mailboxes)  # type: ignore[attr-defined]


class AnswerForm(MailForm):
    """An answer to one person, with the reason it gives."""

    text = forms.ChoiceField(label=_("The reason"), widget=forms.HiddenInput)

    def __init__(self, *args: Any, texts: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].choices = list(texts)  # type: ignore[attr-defined]


class AnswerManyForm(forms.Form):
    """One answer to many whom the client never saw; each can be unticked."""

    text = forms.ChoiceField(label=_("What they read"), widget=forms.RadioSelect)
    mailbox = forms.ChoiceField(label=_("From"))
    who = forms.MultipleChoiceField(label=_("To whom"), required=False)

    def __init__(self, *args: Any, texts: Choices, mailboxes: Choices, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].choices = list(texts)  # type: ignore[attr-defined]
        self.fields["mailbox"].choices = list(mailboxes)  # type: ignore[attr-defined]
        self.fields["who"].choices = list(people)  # type: ignore[attr-defined]


class LaterForm(forms.Form):
    """Not now, but on a day."""

    on = day(_("When may we come back?"), required=True)
    words = forms.CharField(label=_("What did you promise?"), max_length=120, required=False)


class AnswerTextForm(forms.Form):
    """An answer of the house."""

    reason = forms.CharField(label=_("The reason, in a line"), max_length=120)
    ended = forms.ChoiceField(
        label=_("What it means for the application"),
        choices=[(one.value, ENDED_WORDS[one]) for one in OURS],
    )  # fmt: skip
    for_seen = forms.BooleanField(label=_("For people the client has seen"), required=False)
    subject = forms.CharField(label=_("Subject"), max_length=160)
    text = forms.CharField(
        label=_("Words"), widget=LONG, max_length=8_000,
        help_text=_("{name}, {job} and {client} are filled in."),
    )  # fmt: skip
