from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.accounts.types import Colleague
from fourfold.work.types import LONGEST_NOTE, NewTask, TaskKind

KINDS = {
    TaskKind.TO_DO: _("To do"),
    TaskKind.CALL_BACK: _("Call back"),
    TaskKind.MEETING: _("Meeting"),
    TaskKind.REMINDER: _("Reminder"),
}


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note"),
        help_text=_("Write @ and a colleague’s name to tell them."),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "data-mentions": "colleagues"}),
    )


class TaskForm(forms.Form):
    title = forms.CharField(label=_("What is to be done"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, words) for kind, words in KINDS.items()])
    due_on = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    due_time = forms.TimeField(
        label=_("Time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("On the clock of the colleague’s office."),
    )
    owner = forms.ChoiceField(label=_("Who does it"))

    def __init__(self, *arguments: Any, colleagues: tuple[Colleague, ...], **options: Any) -> None:
        super().__init__(*arguments, **options)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)
        owner.choices = [(str(one.key), one.name) for one in colleagues]

    def task(self, subject: tuple[str, UUID] | None) -> NewTask:
        """What was filled in, as a task."""
        given = self.cleaned_data
        return NewTask(
            title=given["title"],
            owner_key=UUID(given["owner"]),
            kind=TaskKind(given["kind"]),
            subject=subject,
            due_on=given["due_on"],
            due_time=given["due_time"],
        )
