from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.files.types import FilePurpose

PURPOSES = {
    FilePurpose.CV: _("CV"),
    FilePurpose.TERMS: _("Terms of business"),
    FilePurpose.DOCUMENT: _("Document"),
    FilePurpose.PICTURE: _("Picture"),
}
ACCEPTED = ".pdf,.docx,.odt,.rtf,.txt,.png,.jpg,.jpeg"


class FileForm(forms.Form):
    file = forms.FileField(label=_("File"), max_length=300, widget=forms.FileInput(attrs={"accept": ACCEPTED}))
    purpose = forms.ChoiceField(label=_("What it is"))

    def __init__(self, *arguments: Any, purposes: tuple[FilePurpose, ...], **options: Any) -> None:
        super().__init__(*arguments, **options)
        purpose = self.fields["purpose"]
        assert isinstance(purpose, forms.ChoiceField)
        purpose.choices = [(one.value, PURPOSES[one]) for one in purposes]
