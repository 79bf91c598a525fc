"""Forms of a person's record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fourfold.people.actions import AddressChange, Job
from fourfold.people.queries.words import OPENNESS_WORDS, ORIGIN_WORDS, ROLE_WORDS, USE_WORDS
from fourfold.people.types import (
    AddressUse,
    CustomFieldRow,
    FieldKind,
    Openness,
    Origin,
    PersonChange,
    PersonRole,
    Scheme,
)

Choices = Sequence[tuple[str, Any]]


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def names_of(text: str) -> tuple[str, ...]:
    """Names that people part by commas or lines."""
    return tuple(name for part in text.replace("\n", ",").split(",") if (name := part.strip()))


class PersonForm(forms.Form):
    """A person's record; the candidate side is left out where the viewer doesn't see it."""

    name = forms.CharField(label=_("Name"), max_length=120)
    headline = forms.CharField(label=_("Job title"), max_length=160, required=False)
    organisation = forms.CharField(
        label=_("Works at"), max_length=120, required=False, help_text=_("A new name becomes an organisation.")
    )
    city = forms.CharField(label=_("Town"), max_length=80, required=False)
    country = forms.CharField(
        label=_("Country"), max_length=2, min_length=2, required=False, help_text=_("Two letters, such as GB.")
    )
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    tags = forms.CharField(label=_("Tags"), max_length=1000, required=False, help_text=_("Parted by commas."))
    skills = forms.CharField(
        label=_("Skills"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Parted by commas."),
    )  # fmt: skip
    add_skill = forms.CharField(
        label=_("One more skill"), max_length=120, required=False, help_text=_("Suggestions come while you write."),
        widget=forms.TextInput(attrs={"list": "skill-options", "autocomplete": "off"}),
    )  # fmt: skip
    openness = forms.ChoiceField(label=_("Open to move"), required=False)
    not_before = day_field(_("Not before"), _("They said: ask me again then."))
    available_from = day_field(_("Available from"))
    notice_weeks = forms.IntegerField(label=_("Notice, in weeks"), required=False, min_value=0, max_value=104)
    origin = forms.ChoiceField(label=_("Came to us"), required=False)
    origin_detail = forms.CharField(
        label=_("Where their details are from"), max_length=160, required=False, help_text=_("We have to tell them.")
    )

    CANDIDATE = (
        "skills",
        "add_skill",
        "openness",
        "not_before",
        "available_from",
        "notice_weeks",
        "origin",
        "origin_detail",
    )

    def __init__(
        self, *args: Any, colleagues: Choices, custom: Sequence[CustomFieldRow], sees: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        blank = [("", "–")]
        self._choose("owner", [*blank, *colleagues])
        self.fields["add_skill"].widget.attrs |= {
            "hx-get": reverse("suggest_skills"), "hx-trigger": "input changed delay:200ms",
            "hx-target": "#skill-options",
        }  # fmt: skip
        self._choose("openness", [*blank, *((one.value, words) for one, words in OPENNESS_WORDS.items())])
        self._choose("origin", [*blank, *((one.value, words) for one, words in ORIGIN_WORDS.items())])
        if not sees:
            for name in self.CANDIDATE:
                del self.fields[name]
        self.custom = [one for one in custom if sees or one.side != PersonRole.CANDIDATE]
        for one in self.custom:
            self.fields[f"field-{one.slug}"] = custom_field(one)

    def _choose(self, name: str, choices: Choices) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def change(self) -> PersonChange:
        """What the form says."""
        held = self.cleaned_data
        return PersonChange(
            name=held["name"],
            headline=held["headline"],
            organisation=held["organisation"],
            city=held["city"],
            country=held["country"],
            owner_key=UUID(held["owner"]) if held["owner"] else None,
            tags=names_of(held["tags"]),
            skills=(*names_of(held.get("skills", "")), *names_of(held.get("add_skill", ""))),
            openness=Openness(held["openness"]) if held.get("openness") else None,
            not_before=held.get("not_before"),
            available_from=held.get("available_from"),
            notice_weeks=held.get("notice_weeks"),
            origin=Origin(held["origin"]) if held.get("origin") else None,
            origin_detail=held.get("origin_detail", ""),
            custom=tuple((one.slug, str(held[f"field-{one.slug}"] or "")) for one in self.custom),
        )


def custom_field(one: CustomFieldRow) -> forms.Field:
    """The control of an added field."""
    given: dict[str, Any] = {"label": one.label, "required": False, "help_text": one.help_text}
    if one.kind is FieldKind.DATE:
        return day_field(one.label, one.help_text)
    if one.kind in {FieldKind.CHOICE, FieldKind.YES_NO}:
        options = ("yes", "no") if one.kind is FieldKind.YES_NO else one.options
        return forms.ChoiceField(choices=[("", "–"), *((option, option) for option in options)], **given)
    return forms.CharField(max_length=2000, **given)


class AddressForm(forms.Form):
    """An address to add."""

    scheme = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            (Scheme.EMAIL.value, _("E-mail address")),
            (Scheme.PHONE.value, _("Phone number")),
            (Scheme.PROFILE.value, _("Profile address")),
        ],
    )
    text = forms.CharField(label=_("Address"), max_length=250)
    use = forms.ChoiceField(
        label=_("Use"), required=False, choices=[("", "–"), *((one.value, words) for one, words in USE_WORDS.items())]
    )


class AddressChangeForm(forms.Form):
    """What is known of an address."""

    use = forms.ChoiceField(
        label=_("Use"), required=False, choices=[("", "–"), *((one.value, words) for one, words in USE_WORDS.items())]
    )
    main = forms.BooleanField(label=_("Main one"), required=False)
    verified = forms.BooleanField(label=_("Verified"), required=False)
    bouncing = forms.BooleanField(label=_("Bounces"), required=False)

    def change(self) -> AddressChange:
        held = self.cleaned_data
        use = AddressUse(held["use"]) if held["use"] else None
        return AddressChange(use, held["main"], held["verified"], held["bouncing"])


class JobForm(forms.Form):
    """One job of a working life."""

    organisation = forms.CharField(label=_("Employer"), max_length=120, required=False)
    title = forms.CharField(label=_("Job title"), max_length=160, required=False)
    started_on = day_field(_("From"))
    ended_on = day_field(_("To"))
    present = forms.BooleanField(label=_("They work there now"), required=False)

    def job(self) -> Job:
        return Job(**self.cleaned_data)


class RolesForm(forms.Form):
    """What a person is to the house, and who owns each side."""

    def __init__(self, *args: Any, colleagues: Choices, roles: Sequence[PersonRole], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles = roles
        for role in roles:
            self.fields[f"is-{role.value}"] = forms.BooleanField(label=ROLE_WORDS[role], required=False)
            self.fields[f"owner-{role.value}"] = forms.ChoiceField(
                label=_("Owner of this side"), required=False, choices=[("", "–"), *colleagues]
            )

    def owners(self) -> dict[PersonRole, UUID | None]:
        held = self.cleaned_data
        return {
            role: UUID(held[f"owner-{role.value}"]) if held[f"owner-{role.value}"] else None
            for role in self.roles
            if held[f"is-{role.value}"]
        }


class WhoSeesForm(forms.Form):
    """Whether a record is confidential, and who is let in."""

    confidential = forms.BooleanField(
        label=_("Confidential"), required=False, help_text=_("Only its owner, leaders and those ticked below see it.")
    )
    let_in = forms.MultipleChoiceField(label=_("Let in"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, colleagues: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["let_in"].choices = colleagues  # type: ignore[attr-defined]

    def clean_let_in(self) -> list[UUID]:
        return [UUID(key) for key in self.cleaned_data["let_in"]]


class NotToForm(forms.Form):
    """An organisation that a CV must not go to."""

    organisation = forms.CharField(label=_("Organisation"), max_length=120)
    reason = forms.CharField(label=_("Reason"), max_length=160, required=False)


class CustomFieldForm(forms.Form):
    """A field that the house adds."""

    label = forms.CharField(label=_("Name of the field"), max_length=60)
    kind = forms.ChoiceField(
        label=_("Holds"),
        choices=[
            ("text", _("Text")),
            ("number", _("A number")),
            ("date", _("A day")),
            ("choice", _("One of several")),
            ("yes_no", _("Yes or no")),
            ("link", _("A link")),
        ],
    )
    side = forms.ChoiceField(
        label=_("Kept of"),
        choices=[
            ("candidate", _("Candidates (hidden with their candidate side)")),
            ("person", _("Everybody")),
            ("organisation", _("Organisations")),
        ],
    )
    options = forms.CharField(
        label=_("Choices"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For “one of several”: parted by commas or lines."),
    )  # fmt: skip
    help_text = forms.CharField(label=_("Hint"), required=False, max_length=160)

    def clean(self) -> dict[str, Any]:
        held = super().clean() or {}
        held["options"] = names_of(held.get("options", ""))
        if held.get("kind") == "choice" and len(held["options"]) < 2:
            self.add_error("options", _("Give at least two choices."))
        return held
