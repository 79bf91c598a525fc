"""Forms of publishing, and of the inbox of job boards' mails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _


class PublishForm(forms.Form):
    apply_until = forms.DateField(
        label=_("Applications until"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("That day included. Search engines need it to take the job off in time."),
    )  # fmt: skip
    client_named = forms.BooleanField(
        label=_("The page says whose job it is"), required=False,
        help_text=_("Else it says that we look for a client of ours."),
    )  # fmt: skip


class MapForm(forms.Form):
    """On which line of a mail each value stands. -1: the sender's name; empty: nowhere."""

    name = forms.ChoiceField(label=_("Their name"), required=False)
    email = forms.ChoiceField(label=_("E-mail"), required=False)
    phone = forms.ChoiceField(label=_("Phone"), required=False)
    reference = forms.ChoiceField(label=_("The job's reference"), required=False)
    board = forms.CharField(label=_("What this board is called"), max_length=60, required=False)
    remember = forms.BooleanField(label=_("Read this sender's next mails the same way"), required=False)

    def __init__(self, *args: Any, lines: Sequence[str], sender_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Nowhere"))] + ([("-1", _("The sender: %s") % sender_name)] if sender_name else [])
        choices += [(str(at), one[:110]) for at, one in enumerate(lines)]
        for what in ("name", "email", "phone", "reference"):
            self.fields[what].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, int]:
        held = self.cleaned_data
        return {what: int(held[what]) for what in ("name", "email", "phone", "reference") if held[what]}


class JobChoiceForm(forms.Form):
    job = forms.ChoiceField(label=_("Which job"), error_messages={"required": _("Choose the job.")})

    def __init__(self, *args: Any, jobs: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["job"].choices = [(str(key), words) for key, words in jobs]  # type: ignore[attr-defined]

    def chosen(self) -> UUID:
        return UUID(self.cleaned_data["job"])
