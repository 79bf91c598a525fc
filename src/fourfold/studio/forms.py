from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.studio.types import VALUES, KitChange, MailDraft, MailKind, Typeface

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


KIND_WORDS = {
    MailKind.NEWSLETTER: _("Newsletter"), MailKind.INVITATION: _("Invitation"), MailKind.LETTER: _("Letter"),
}  # fmt: skip


class MailForm(forms.Form):
    """A mail template."""

    name = forms.CharField(label=_("Name within the house"), max_length=80)
    kind = forms.ChoiceField(label=_("What it is"), choices=[(kind.value, words) for kind, words in KIND_WORDS.items()])
    brand = forms.ChoiceField(label=_("Brand"), required=False)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    preview = forms.CharField(
        label=_("The line after it"), max_length=200, required=False,
        help_text=_("Inboxes show it beside the subject. Empty: the first words of the mail."),
    )  # fmt: skip
    extra = forms.CharField(
        label=_("Values that whoever sends it fills in"), max_length=1000, required=False,
        help_text=_("Names with commas between, such as event_day, event_url. Always there: {names}.").format(
            names=", ".join(VALUES)
        ),
    )  # fmt: skip
    body = forms.CharField(
        label=_("The mail"), max_length=100_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "true", "class": "ff-mail-source"}),
        help_text=_("MJML: sections with columns of mj-text, mj-button and mj-image. Values and choices are Liquid."),
    )  # fmt: skip

    def __init__(self, *args: Any, brands: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["brand"].choices = [("", _("The first one")), *brands]  # type: ignore[attr-defined]

    def draft(self) -> MailDraft:
        held = self.cleaned_data
        extra = tuple(one.strip() for one in held["extra"].split(",") if one.strip())
        body = held["body"].replace("\r\n", "\n")
        return MailDraft(subject=held["subject"], preview=held["preview"], body=body, extra=extra)
