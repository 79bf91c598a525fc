from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.studio.types import KitChange, Typeface

FACES = [(face.value, face.value) for face in Typeface]


class KitForm(forms.Form):
    """How a brand looks and what it must say."""

    colour = forms.CharField(
        label=_("Main colour"), max_length=7, widget=forms.TextInput(attrs={"type": "color"}),
        help_text=_("Headers and buttons. The text on it is black or white, whichever reads better."),
    )  # fmt: skip
    accent = forms.CharField(
        label=_("Accent"), max_length=7, widget=forms.TextInput(attrs={"type": "color"}),
        help_text=_("Links. One too light for text is darkened until it can be read."),
    )  # fmt: skip
    heading_face = forms.ChoiceField(label=_("Typeface of headings"), choices=FACES)
    text_face = forms.ChoiceField(label=_("Typeface of text"), choices=FACES)
    logo = forms.FileField(label=_("Logo"), required=False, help_text=_("PNG or JPEG, up to 256 kB."))
    drop_logo = forms.BooleanField(label=_("Go without a logo"), required=False)
    legal_name = forms.CharField(label=_("Legal name"), max_length=120, required=False)
    legal_lines = forms.CharField(
        label=_("Legal lines"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Under each mail and document: registered office, company number, VAT number, regulator."),
    )  # fmt: skip
    website = forms.CharField(label=_("Website"), max_length=250, required=False)

    def change(self) -> KitChange:
        held: dict[str, Any] = dict(self.cleaned_data)
        logo = held.pop("logo")
        held |= {name: Typeface(held[name]) for name in ("heading_face", "text_face")}
        return KitChange(**held, logo=logo.read() if logo else None)
