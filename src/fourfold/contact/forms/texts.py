from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.contact.types import Draft, MailboxRow

LONGEST = 1_200
"""Letters; the provider takes 1,600, the link at the end included."""


class TextForm(forms.Form):
    """One text message from one person to one person."""

    mailbox = forms.ChoiceField(label=_("From"))
    text = forms.CharField(
        label=_("What you want to say"), max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Use {{ first_name }} for their first name. A link that says why, and stops it, is added."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, mailboxes: Sequence[MailboxRow]) -> None:
        super().__init__(data)
        self.fields["mailbox"].choices = [(str(one.key), f"{one.name} ({one.number})") for one in mailboxes]  # type: ignore[attr-defined]
        if len(mailboxes) == 1:
            self.fields["mailbox"].widget = forms.HiddenInput()
            self.initial["mailbox"] = str(mailboxes[0].key)

    def draft(self) -> Draft:
        return Draft(text=self.cleaned_data["text"])
