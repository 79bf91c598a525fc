from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.contact.rules import EXCEPTABLE
from fourfold.contact.types import Channel, Draft, MailboxRow, Rule
from fourfold.contact.words import CHANNEL_WORDS, RULE_WORDS

BY_HAND = (Channel.PHONE, Channel.LINKEDIN, Channel.WHATSAPP, Channel.SOCIAL, Channel.POST)


class WriteForm(forms.Form):
    """One mail from one person to one person."""

    to = forms.ChoiceField(label=_("To"))
    mailbox = forms.ChoiceField(label=_("From"))
    subject = forms.CharField(label=_("Subject"), max_length=200, required=False)
    text = forms.CharField(
        label=_("What you want to say"), max_length=100_000, required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Use {{ first_name }} for their first name. Why they hear from you, and how to stop it, is added."),
    )  # fmt: skip
    names_job = forms.BooleanField(
        label=_("The subject names the job"), required=False,
        help_text=_("At a work address a colleague of theirs may read it."),
    )  # fmt: skip

    def __init__(self, *args: Any, addresses: Sequence[str], mailboxes: Sequence[MailboxRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(one, one) for one in addresses]  # type: ignore[attr-defined]
        self.fields["mailbox"].choices = [  # type: ignore[attr-defined]
            (str(one.key), f"{one.from_name} <{one.from_address}>") for one in mailboxes
        ]
        if len(mailboxes) == 1:
            self.fields["mailbox"].widget = forms.HiddenInput()
            self.initial.setdefault("mailbox", str(mailboxes[0].key))

    def draft(self) -> Draft:
        return Draft(subject=self.cleaned_data["subject"], text=self.cleaned_data["text"])


class LogForm(forms.Form):
    """A call or a message made by hand."""

    channel = forms.ChoiceField(label=_("How"), choices=[(one.value, CHANNEL_WORDS[one]) for one in BY_HAND])
    occurred = forms.DateTimeField(
        label=_("When"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    unanswered = forms.BooleanField(label=_("Nobody answered"), required=False)
    words = forms.CharField(label=_("In a line, what came of it"), max_length=250, required=False)

    def moment(self, zone: str) -> datetime:
        """When it was, on the clock of whoever logs it."""
        given: datetime = self.cleaned_data["occurred"]
        return given.replace(tzinfo=ZoneInfo(zone))


class ExceptionForm(forms.Form):
    """A leader's exception for one person."""

    rules = forms.MultipleChoiceField(
        label=_("Which rules it lifts"), choices=[(one.value, RULE_WORDS[one]) for one in Rule if one in EXCEPTABLE],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=30, initial=7)
    why = forms.CharField(label=_("Why"), max_length=250, help_text=_("It stands in each receipt it frees."))
