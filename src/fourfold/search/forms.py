from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.search.types import Order

ROLES = [
    ("", _("Anyone")), ("candidate", _("Candidates")), ("client_contact", _("Client contacts")),
    ("colleague", _("Colleagues")), ("referrer", _("Referrers")),
]  # fmt: skip
ORDERS = [
    (Order.WORDS, _("words found")), (Order.CONTACT, _("last contact")), (Order.NAME, _("name")),
    (Order.AVAILABLE, _("day they can begin")), (Order.DISTANCE, _("distance")),
]  # fmt: skip


class SearchForm(forms.Form):
    """What to look for, and what to narrow it by. It is read leniently: an address is never wrong."""

    q = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=600,
        widget=forms.TextInput(attrs={"placeholder": _("(python OR django) AND leeds NOT junior")}),
    )
    role = forms.ChoiceField(label=_("Role"), required=False, choices=ROLES)
    place = forms.CharField(label=_("Place"), required=False, max_length=120)
    organisation = forms.CharField(label=_("Organisation"), required=False, max_length=120)
    tag = forms.CharField(label=_("Tag"), required=False, max_length=60)
    near = forms.CharField(label=_("Distance from"), required=False, max_length=80)
    order = forms.ChoiceField(
        label=_("Order by"), required=False, choices=[(order.value, words) for order, words in ORDERS]
    )
    open = forms.BooleanField(
        label=_("Open to move"), required=False, widget=forms.CheckboxInput(attrs={"value": "yes"})
    )
