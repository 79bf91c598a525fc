from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ListForm(forms.Form):
    """A list's name and who may use it."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("So that a colleague understands it."))
    sharing = forms.ChoiceField(label=_("Who may use it"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sharing"].choices = choices  # type: ignore[attr-defined]
