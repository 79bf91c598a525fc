"""Read settings from the environment: typed, and an error names the variable, its value and what is allowed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fourfold.base.errors import FourfoldError
from fourfold.base.money import BadMoney, minor_digits

PREFIX = "FOURFOLD_"
TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


class BadSetting(FourfoldError):
    """An environment variable that can't be used."""


def bad(name: str, value: str, allowed: str) -> BadSetting:
    return BadSetting(
        "Fourfold was not started.",
        f"The setting {name} is “{value}”, but it must be {allowed}.",
        "Correct it or unset it; docs/operations.md lists every setting.",
    )


@dataclass
class Env:
    """The environment, and which of its variables were asked for."""

    values: Mapping[str, str] = field(default_factory=lambda: os.environ)
    known: set[str] = field(default_factory=set)

    def text(self, name: str, default: str = "") -> str:
        self.known.add(name)
        return self.values.get(name, "").strip() or default

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name).lower()
        if not value:
            return default
        if value not in TRUE | FALSE:
            raise bad(name, value, "1 or 0")
        return value in TRUE

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        value = self.text(name)
        if not value:
            return default
        if not value.isdecimal() or not low <= int(value) <= high:
            raise bad(name, value, f"a whole number from {low} to {high}")
        return int(value)

    def words(self, name: str) -> list[str]:
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def path(self, name: str, default: str) -> Path:
        return Path(self.text(name, default)).expanduser().resolve()

    def checked(self, name: str, default: str, check: Callable[[str], bool], allowed: str) -> str:
        value = self.text(name, default)
        if value and not check(value):
            raise bad(name, value, allowed)
        return value

    def refuse_unknown(self) -> None:
        """Stop the start at a ``FOURFOLD_*`` variable that nothing reads: it is a typing error."""
        unknown = sorted(name for name in self.values if name.startswith(PREFIX) and name not in self.known)
        if unknown:
            raise BadSetting(
                "Fourfold was not started.",
                f"Nothing reads {', '.join(unknown)}.",
                f"Unset it or correct its name. Known are: {', '.join(sorted(self.known))}.",
            )


def address(url: str) -> tuple[SplitResult, int | None]:
    """The parts of an address, and its port: 0 where it names none, None where it names no number."""
    try:
        parts = urlsplit(url)
        return parts, parts.port or 0
    except ValueError:
        return urlsplit(""), None


def is_zone(name: str) -> bool:
    """Whether the system or the package tzdata knows this time zone."""
    try:
        return bool(ZoneInfo(name))
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return False


def is_currency(code: str) -> bool:
    """Whether this is a code of ISO 4217."""
    try:
        return minor_digits(code) >= 0
    except BadMoney:
        return False


def database(env: Env, name: str, home: Path) -> dict[str, object]:
    """Django's database settings from ``sqlite:///path`` or ``postgresql://user:pass@host:port/name``."""
    url = env.text(name)
    if not url:
        return sqlite(home / "fourfold.sqlite3")
    parts, port = address(url)
    if parts.scheme == "sqlite" and parts.path.strip("/"):
        return sqlite(Path("/" + unquote(parts.path).lstrip("/")))
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/") or port is None:
        raise bad(name, url.split("@")[-1], "sqlite:////path/to/file or postgresql://user:password@host:port/name")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # Deferred transactions fail with "database is locked" when two writers meet; immediate ones wait.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                "PRAGMA recursive_triggers=ON; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


def mail(env: Env, name: str) -> dict[str, object]:
    """Django's mail settings from ``smtp://user:pass@host:port`` (``smtps``, ``smtp+tls``); files when unset."""
    url = env.text(name)
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}
    parts, port = address(url)
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname or port is None:
        raise bad(name, url.split("@")[-1], "smtp://host:25, smtp+tls://user:password@host:587 or smtps://…:465")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 20,
    }


def allowed_hosts(env: Env, public_url: str) -> list[str]:
    """The host names the house answers to: those named, its public one, and this machine."""
    public = [urlsplit(public_url).hostname or ""] if public_url else []
    return [*env.words("FOURFOLD_ALLOWED_HOSTS"), *public, "127.0.0.1", "localhost", "[::1]"]


def openid_apps(env: Env) -> list[dict[str, object]]:
    """Single sign-on by OpenID Connect: Microsoft, Google, and one provider of the house's own."""
    tenant = env.text("FOURFOLD_MICROSOFT_TENANT", "organizations")
    own_name = env.text("FOURFOLD_OPENID_NAME", "Company account")
    providers = [
        ("microsoft", "Microsoft", "FOURFOLD_MICROSOFT", f"https://login.microsoftonline.com/{tenant}/v2.0"),
        ("google", "Google", "FOURFOLD_GOOGLE", "https://accounts.google.com"),
        ("house", own_name, "FOURFOLD_OPENID", env.text("FOURFOLD_OPENID_SERVER")),
    ]  # fmt: skip
    own_tenant = tenant not in {"common", "organizations", "consumers"}
    apps: list[dict[str, object]] = []
    for provider_id, name, prefix, server in providers:
        client, secret = env.text(f"{prefix}_CLIENT_ID"), env.text(f"{prefix}_CLIENT_SECRET")
        if client and not server:
            raise bad(f"{prefix}_SERVER", server, f"the provider's address when {prefix}_CLIENT_ID is set")
        if client:
            settings = {"server_url": server, "verified_by_tenant": provider_id == "microsoft" and own_tenant}
            apps.append(
                {"provider_id": provider_id, "name": name, "client_id": client, "secret": secret, "settings": settings}
            )
    return apps


def sign_in_origins(providers: dict[str, dict[str, Any]]) -> list[str]:
    """The origins that a sign-in may be sent on to."""
    servers = [str(app["settings"]["server_url"]) for app in providers["openid_connect"]["APPS"]]
    return [f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, servers)]
