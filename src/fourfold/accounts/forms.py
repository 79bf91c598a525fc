"""Forms of accounts. Choices come from the house's places."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from moneyed import CURRENCIES

from fourfold.accounts.models import User
from fourfold.accounts.sign_in_forms import PASSWORD_RULES
from fourfold.accounts.types import Choices, Engagement, Role, TeamKind

ROLES = [
    (Role.RECRUITER, _("Recruiter: people, jobs and answers")),
    (Role.MARKETER, _("Marketer: campaigns, channels and what they brought")),
    (Role.LEADER, _("Leader: all of it, the 4Cs and the audit")),
    (Role.ADMINISTRATOR, _("Administrator: colleagues, teams and settings")),
]
TEAM_KINDS = [
    (TeamKind.BUSINESS, _("Business")),
    (TeamKind.SALES, _("Sales")),
    (TeamKind.MARKETING, _("Marketing")),
    (TeamKind.HR, _("HR")),
]
ENGAGEMENTS = [(Engagement.PERMANENT, _("Permanent")), (Engagement.CONTRACT, _("Contract"))]
LAW_PACKS = [("uk", _("United Kingdom")), ("eu", _("European Union")), ("us", _("United States"))]


class NewPassword(forms.CharField):
    """A password to choose, with what it must be."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        super().__init__(label=_("Password"), help_text=PASSWORD_RULES, widget=widget, strip=False, **kwargs)


class PersonForm(forms.Form):
    """Someone's name and new password; the password is held against the name and address."""

    invited_email = ""

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("password"):
            like = User(email=found.get("email", self.invited_email), name=found.get("name", ""))
            try:
                validate_password(found["password"], like)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return found


def name_field(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))


def address_field(help_text: Any = "") -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": "username"})
    return forms.EmailField(label=_("E-mail"), max_length=254, help_text=help_text, widget=widget)


class WelcomeForm(PersonForm):
    house = forms.CharField(label=_("Your house"), max_length=80, help_text=_("The name your business is known by."))
    name = name_field(_("Your name"))
    email = address_field(_("You will sign in with it."))
    password = NewPassword()


class AcceptForm(PersonForm):
    name = name_field(_("Your name"))
    password = NewPassword()


class MyAccountForm(forms.Form):
    name = name_field(_("Your name"))
    job_title = forms.CharField(label=_("What you do"), max_length=80, required=False)


class PlacedForm(forms.Form):
    """Roles, team and office of a colleague."""

    roles = forms.MultipleChoiceField(label=_("Roles"), choices=ROLES, widget=forms.CheckboxSelectMultiple)
    team = forms.ChoiceField(label=_("Team"), required=False)
    office = forms.ChoiceField(label=_("Office"), required=False)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [("", _("No team")), *choices.teams]  # type: ignore[attr-defined]
        self.fields["office"].choices = [("", _("No office")), *choices.offices]  # type: ignore[attr-defined]

    def clean_roles(self) -> frozenset[Role]:
        return frozenset(Role(role) for role in self.cleaned_data["roles"])


class InviteForm(PlacedForm):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("The invitation goes there; they sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("email", "roles", "team", "office")


class ColleagueForm(PlacedForm):
    desks = forms.MultipleChoiceField(label=_("Desks"), required=False, widget=forms.CheckboxSelectMultiple)
    dotted_teams = forms.MultipleChoiceField(
        label=_("Also answers to"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Dotted lines: teams whose lists and tasks they share."),
    )
    active = forms.BooleanField(
        label=_("May sign in"), required=False, help_text=_("Without it they are signed out at once. Nothing is lost.")
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, choices=choices, **kwargs)
        self.fields["desks"].choices = choices.desks  # type: ignore[attr-defined]
        if not choices.desks:
            del self.fields["desks"]
        self.fields["dotted_teams"].choices = choices.teams  # type: ignore[attr-defined]
        if not choices.teams:
            del self.fields["dotted_teams"]

    def clean_desks(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["desks"])

    def clean_dotted_teams(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["dotted_teams"])


def place_name() -> forms.CharField:
    return forms.CharField(label=_("Name"), max_length=80)


class OfficeForm(forms.Form):
    name = place_name()
    zone = forms.CharField(label=_("Time zone"), initial=settings.TIME_ZONE, help_text=_("Such as Europe/London."))
    currency = forms.CharField(
        label=_("Currency"), initial=settings.CURRENCY, max_length=3, help_text=_("Three letters, such as GBP.")
    )
    country = forms.CharField(
        label=_("Country"), initial="GB", max_length=2, help_text=_("Two letters, such as GB or DE.")
    )
    law_pack = forms.ChoiceField(
        label=_("Law"), choices=LAW_PACKS, help_text=_("Whose rules for writing to people hold here.")
    )

    def clean_zone(self) -> str:
        zone = str(self.cleaned_data["zone"])
        if zone not in available_timezones():
            raise forms.ValidationError(_("There is no such zone. Write it like Europe/London or America/New_York."))
        return zone

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        if currency not in CURRENCIES:
            raise forms.ValidationError(_("There is no such currency. Write its three letters, such as GBP or EUR."))
        return currency

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).upper()
        if len(country) != 2 or not country.isascii() or not country.isalpha():
            raise forms.ValidationError(_("Write the country's two letters, such as GB or DE."))
        return country


class BrandForm(forms.Form):
    name = place_name()
    legal_name = forms.CharField(
        label=_("Legal name"), max_length=120, required=False, help_text=_("As it is registered; consent names it.")
    )


class TeamForm(forms.Form):
    name = place_name()
    kind = forms.ChoiceField(label=_("Kind"), choices=TEAM_KINDS)

    def clean_kind(self) -> TeamKind:
        return TeamKind(self.cleaned_data["kind"])


class DeskForm(forms.Form):
    discipline = forms.CharField(label=_("Discipline"), max_length=40, help_text=_("Such as Software engineering."))
    place = forms.CharField(label=_("Place"), max_length=40, help_text=_("Such as Leeds."))
    engagement = forms.ChoiceField(label=_("Permanent or contract"), choices=ENGAGEMENTS)

    def clean_engagement(self) -> Engagement:
        return Engagement(self.cleaned_data["engagement"])
