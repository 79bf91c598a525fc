from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from fourfold.contact.actions import MailboxSettings
from fourfold.contact.types import Encryption, KeyKind, Transport
from fourfold.contact.types.mailboxes import SERVERS
from fourfold.contact.types.transport import OAuthProvider

SECURITY_WORDS = {
    Encryption.STARTTLS: "STARTTLS",
    Encryption.TLS: "TLS",
    Encryption.NONE: _("none (this machine only)"),
}
SECURITIES = [(one.value, words) for one, words in SECURITY_WORDS.items()]
SES_REGIONS = (
    "eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-north-1", "eu-south-1", "us-east-1", "us-east-2",
    "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
    "ap-northeast-1", "ap-northeast-2", "il-central-1", "me-south-1", "af-south-1",
)  # fmt: skip
SES_HOST = "email-smtp.{}.amazonaws.com"
MAILGUN_REGIONS = (("https://api.mailgun.net/v3", _("United States")), ("https://api.eu.mailgun.net/v3", _("Europe")))
STAYS = _("Kept encrypted and never shown. Empty: the one that is kept stays.")
KEPT = _("Kept encrypted and never shown.")


GROUPS = (
    (_("Who it is from"), ("name", "from_name", "from_address", "number")),
    (
        _("How it sends"),
        ("host", "port", "security", "region", "domain", "api_url", "stream", "username", "secret", "notice_secret"),
    ),
    (_("How its answers are read"), ("imap_host", "imap_port", "imap_security", "sent_folder")),
    (_("How fast, and for whom"), ("per_minute", "per_domain_minute", "mine")),
)


def _number(label: Any, low: int, high: int, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=low, max_value=high, **more)


def _secret(label: Any, *, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, max_length=4_000, required=False, widget=widget, help_text=help_text)


class MailboxForm(forms.Form):
    """What every way has: who it is from, how fast it leaves, whose it is. Each way adds its own."""

    way: Transport
    needs_secret = True
    NOT_KEPT: tuple[str, ...] = ()

    name = forms.CharField(label=_("Name within the house"), max_length=80)
    from_name = forms.CharField(label=_("Sender’s name"), max_length=120)
    from_address = forms.EmailField(label=_("Sender’s address"), max_length=254)
    per_minute = _number(_("Messages a minute at most"), 1, 100_000, initial=60)
    per_domain_minute = _number(_("of these to one domain"), 1, 100_000, initial=20)
    mine = forms.BooleanField(label=_("It is mine: nobody else sends through it"), required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any], user_key: UUID) -> None:
        self.held, self.user_key = initial, user_key
        super().__init__(data, initial={**self.first(), **initial})
        for name in ("secret", "notice_secret"):
            if name in self.fields:
                words = str(self.fields[name].help_text)
                self.fields[name].help_text = f"{words} {STAYS if initial.get(f'has_{name}') else KEPT}".strip()
        if "secret" in self.fields and self.needs_secret:
            self.fields["secret"].required = not initial.get("has_secret")
        if initial.get("owner_key") not in (None, user_key):
            del self.fields["mine"]  # a colleague's own stays theirs

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields as they belong together, each group with its heading."""
        held = [(title, [self[name] for name in names if name in self.fields]) for title, names in GROUPS]
        return [(title, fields) for title, fields in held if fields]

    def first(self) -> dict[str, Any]:
        """What a new one of this way begins with."""
        return {}

    def more(self) -> dict[str, Any]:
        """What this way settles by itself."""
        return {}

    def settings(self) -> MailboxSettings:
        """The mailbox as it was asked for. An owner who is a colleague stays the owner."""
        held = dict(self.cleaned_data)
        owner = self.held.get("owner_key")
        if "mine" in held:
            owner = self.user_key if held.pop("mine") else None
        for name in ("secret", "notice_secret"):
            if name in held:
                held[name] = held[name].strip() or None
        for name in self.NOT_KEPT:
            del held[name]
        kept = {name: self.held[name] for name in ("connections", "brand") if name in self.held}
        return MailboxSettings(transport=self.way, owner_key=owner, **(kept | held | self.more()))


class ServerForm(MailboxForm):
    """A mail server of one's own, or of whoever keeps the mailbox."""

    way = Transport.SMTP
    needs_secret = False

    host = forms.CharField(label=_("Mail server"), max_length=250, help_text=_("Such as smtp.example.com"))
    port = _number(_("Port"), 1, 65_535, initial=587)
    security = forms.ChoiceField(label=_("Protection"), choices=SECURITIES)
    username = forms.CharField(label=_("User name"), max_length=254, required=False)
    secret = _secret(_("Password"))
    imap_host = forms.CharField(label=_("Server of the inbox (IMAP)"), max_length=250, required=False)
    imap_port = _number(_("Its port"), 1, 65_535, required=False)
    imap_security = forms.ChoiceField(label=_("Its protection"), choices=SECURITIES, initial=Encryption.TLS)
    sent_folder = forms.CharField(
        label=_("Folder of sent mail"), max_length=120, required=False, help_text=_("Found by itself where empty.")
    )


class SignInForm(MailboxForm):
    """A mailbox that a person signs in: no password is typed here."""

    username = forms.CharField(
        label=_("Account that signs in"), max_length=254, required=False,
        help_text=_("Only for a shared mailbox or an alias; else the sender’s address."),
    )  # fmt: skip
    sent_folder = ServerForm.base_fields["sent_folder"]

    def first(self) -> dict[str, Any]:
        return {"per_minute": 25}  # Microsoft takes 30 a minute

    def more(self) -> dict[str, Any]:
        out, into = SERVERS[self.way]
        return {
            "host": out, "port": 587, "security": "starttls", "imap_host": into, "imap_port": 993,
            "imap_security": "tls",
        }  # fmt: skip


class MicrosoftForm(SignInForm):
    way = Transport.MICROSOFT


class GoogleForm(SignInForm):
    way = Transport.GOOGLE


class SesForm(MailboxForm):
    """Amazon SES by its SMTP interface."""

    way = Transport.SES
    NOT_KEPT = ("region",)

    region = forms.ChoiceField(label=_("Region"), choices=[(one, one) for one in SES_REGIONS])
    username = forms.CharField(
        label=_("SMTP user name"), max_length=254, help_text=_("From “Create SMTP credentials”, not an access key.")
    )
    secret = _secret(_("SMTP password"))
    notice_secret = _secret(_("Topic of its notices (ARN)"), help_text=_("The SNS topic that bounces are sent to."))

    def first(self) -> dict[str, Any]:
        host = str(self.held.get("host", ""))
        return {"region": host.split(".")[1] if host.count(".") > 1 else SES_REGIONS[0]}

    def more(self) -> dict[str, Any]:
        return {"host": SES_HOST.format(self.cleaned_data["region"]), "port": 587, "security": "starttls"}


class MailgunForm(MailboxForm):
    """Mailgun by its API."""

    way = Transport.MAILGUN

    domain = forms.CharField(label=_("Sending domain"), max_length=250, help_text=_("As it stands at Mailgun."))
    api_url = forms.ChoiceField(label=_("Region"), choices=MAILGUN_REGIONS)
    secret = _secret(_("API key"))
    notice_secret = _secret(_("Signing key of its webhooks"))


class PostmarkForm(MailboxForm):
    """Postmark by its API."""

    way = Transport.POSTMARK

    stream = forms.CharField(
        label=_("Message stream"), max_length=80, required=False, help_text=_("Empty: its usual one, “outbound”.")
    )
    secret = _secret(_("Server API token"))
    notice_secret = _secret(_("Name and password of its webhooks"), help_text=_("Made up by you, as name:password."))


class SendGridForm(MailboxForm):
    """SendGrid by its API."""

    way = Transport.SENDGRID

    secret = _secret(_("API key"), help_text=_("With the permission “Mail Send”."))
    notice_secret = _secret(_("Verification key of its webhooks"))


class BrevoForm(MailboxForm):
    """Brevo by its API."""

    way = Transport.BREVO

    secret = _secret(_("API key"))
    notice_secret = _secret(_("Name and password of its webhooks"), help_text=_("Made up by you, as name:password."))


class TwilioForm(MailboxForm):
    """Text messages by Twilio."""

    way = Transport.TWILIO

    from_address = None  # type: ignore[assignment]
    number = forms.CharField(
        label=_("Number or name it is from"), max_length=40,
        help_text=_("A number such as +447700900123, a name of up to 11 letters, or a messaging service (MG…)."),
    )  # fmt: skip
    username = forms.RegexField(
        r"^AC[0-9a-f]{32}$", label=_("Account SID"), max_length=254,
        error_messages={"invalid": _("An account SID is AC and 32 digits and letters.")},
    )  # fmt: skip
    secret = _secret(_("Auth token"))

    def more(self) -> dict[str, Any]:
        return {"from_address": ""}


FORMS: dict[Transport, type[MailboxForm]] = {
    form.way: form
    for form in (
        ServerForm, MicrosoftForm, GoogleForm, SesForm, MailgunForm, PostmarkForm, SendGridForm, BrevoForm, TwilioForm,
    )
}  # fmt: skip


class SignInAppForm(forms.Form):
    """The house's registration with Microsoft or Google."""

    client_id = forms.CharField(label=_("Client id"), max_length=250)
    client_secret = _secret(_("Client secret"))
    tenant = forms.RegexField(
        r"^[A-Za-z0-9.-]{1,120}$", label=_("Tenant"), initial="common",
        help_text=_("The id of your organisation; “common” for any."),
    )  # fmt: skip

    def __init__(self, data: Any, *, initial: dict[str, Any], provider: OAuthProvider, known: bool) -> None:
        super().__init__(data, initial=initial, prefix=provider.value)
        self.provider = provider
        self.fields["client_secret"].required = not known
        self.fields["client_secret"].help_text = STAYS if known else KEPT
        if provider is not OAuthProvider.MICROSOFT:
            del self.fields["tenant"]


class DomainKeyForm(forms.Form):
    """A key that signs mail of a domain."""

    domain = forms.RegexField(
        r"^(?=.{1,250}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.[a-z]{2,}$", label=_("Domain"),
        error_messages={"invalid": _("Give a domain such as example.com, in small letters.")},
    )  # fmt: skip
    selector = forms.RegexField(
        r"^[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?$", label=_("Selector"), initial="fourfold1",
        help_text=_("A name for this key, such as fourfold1."),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(KeyKind.RSA, _("RSA 2048 (every receiver knows it)")), (KeyKind.ED25519, "Ed25519")]
    )
