from __future__ import annotations

from pathlib import Path

import pytest

from fourfold.project.env import (
    BadSetting,
    Env,
    allowed_hosts,
    database,
    is_currency,
    is_zone,
    mail,
    openid_apps,
    sign_in_origins,
)

HOME = Path("house")


@pytest.mark.parametrize(
    ("value", "read", "allowed"),
    [
        ("maybe", lambda env: env.flag("FOURFOLD_X", default=False), "1 or 0"),
        ("ten", lambda env: env.number("FOURFOLD_X", 3, low=1, high=9), "a whole number from 1 to 9"),
        ("10", lambda env: env.number("FOURFOLD_X", 3, low=1, high=9), "a whole number from 1 to 9"),
        ("mysql://x/y", lambda env: database(env, "FOURFOLD_X", HOME), "sqlite:"),
        ("postgresql://host/", lambda env: database(env, "FOURFOLD_X", HOME), "postgresql://"),
        ("http://mail", lambda env: mail(env, "FOURFOLD_X"), "smtp://"),
        ("²", lambda env: env.number("FOURFOLD_X", 3, low=1, high=9), "a whole number from 1 to 9"),
        ("postgresql://host:port/house", lambda env: database(env, "FOURFOLD_X", HOME), "postgresql://"),
        ("postgresql://host:99999/house", lambda env: database(env, "FOURFOLD_X", HOME), "postgresql://"),
        ("postgresql://[::1/house", lambda env: database(env, "FOURFOLD_X", HOME), "postgresql://"),
        ("sqlite://", lambda env: database(env, "FOURFOLD_X", HOME), "sqlite:"),
        ("smtp://mail:smtp", lambda env: mail(env, "FOURFOLD_X"), "smtp://"),
        ("Mars/Base", lambda env: env.checked("FOURFOLD_X", "", is_zone, "a zone"), "a zone"),
        ("../zone", lambda env: env.checked("FOURFOLD_X", "", is_zone, "a zone"), "a zone"),
        ("ZZZ", lambda env: env.checked("FOURFOLD_X", "", is_currency, "a code"), "a code"),
    ],
)
def test_a_bad_value_is_named_with_its_variable_and_what_is_allowed(value: str, read, allowed: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(BadSetting) as refused:
        read(Env({"FOURFOLD_X": value}))
    assert "FOURFOLD_X" in refused.value.why
    assert value in refused.value.why
    assert allowed in refused.value.why


def test_a_secret_in_a_bad_address_is_not_repeated() -> None:
    with pytest.raises(BadSetting) as refused:
        database(Env({"FOURFOLD_X": "mysql://ana:secret@host/db"}), "FOURFOLD_X", HOME)
    assert "secret" not in str(refused.value)


def test_unknown_variables_stop_the_start() -> None:
    env = Env({"FOURFOLD_HOME": "x", "FOURFOLD_HOEM": "y", "PATH": "z"})
    env.text("FOURFOLD_HOME")
    with pytest.raises(BadSetting, match="FOURFOLD_HOEM"):
        env.refuse_unknown()
    env.text("FOURFOLD_HOEM")
    env.refuse_unknown()


def test_empty_means_the_default() -> None:
    env = Env({"FOURFOLD_X": "  "})
    assert env.text("FOURFOLD_X", "default") == "default"
    assert env.flag("FOURFOLD_X", default=True) is True
    assert env.number("FOURFOLD_X", 7, low=1, high=9) == 7
    assert env.words("FOURFOLD_X") == []


def test_postgresql_parts_are_unquoted() -> None:
    found = database(
        Env({"FOURFOLD_X": "postgresql://a%40b:p%2Fw@db.example:5433/house?sslmode=require"}), "FOURFOLD_X", HOME
    )
    wanted = {"NAME": "house", "USER": "a@b", "PASSWORD": "p/w", "HOST": "db.example", "PORT": "5433"}
    assert {key: found[key] for key in wanted} == wanted
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_sqlite_waits_for_other_writers() -> None:
    options = database(Env({}), "FOURFOLD_X", HOME)["OPTIONS"]
    assert isinstance(options, dict)
    assert (options["transaction_mode"], options["timeout"]) == ("IMMEDIATE", 20)


def test_the_house_answers_to_its_public_name_and_to_this_machine_only() -> None:
    env = Env({"FOURFOLD_ALLOWED_HOSTS": "a.example, b.example"})
    hosts = allowed_hosts(env, "https://house.example:8443")
    assert hosts == ["a.example", "b.example", "house.example", "127.0.0.1", "localhost", "[::1]"]
    assert "*" not in hosts


@pytest.mark.parametrize(
    ("tenant", "proven"), [("", False), ("common", False), ("consumers", False), ("0b5e-house", True)]
)
def test_only_a_tenant_of_ones_own_proves_an_address(tenant: str, proven: bool) -> None:
    env = Env({"FOURFOLD_MICROSOFT_CLIENT_ID": "id", "FOURFOLD_MICROSOFT_TENANT": tenant})
    (app,) = openid_apps(env)
    settings = app["settings"]
    assert isinstance(settings, dict)
    assert settings["verified_by_tenant"] is proven
    assert sign_in_origins({"openid_connect": {"APPS": [app]}}) == ["https://login.microsoftonline.com"]


def test_google_and_the_house_s_own_provider_are_never_proven_by_a_tenant() -> None:
    env = Env(
        {
            "FOURFOLD_GOOGLE_CLIENT_ID": "g",
            "FOURFOLD_OPENID_CLIENT_ID": "o",
            "FOURFOLD_OPENID_SERVER": "https://id.house.example",
            "FOURFOLD_MICROSOFT_TENANT": "0b5e-house",
        }
    )
    assert [(app["provider_id"], app["settings"]["verified_by_tenant"]) for app in openid_apps(env)] == [  # type: ignore[index]
        ("google", False),
        ("house", False),
    ]


def test_a_provider_without_its_address_is_refused() -> None:
    with pytest.raises(BadSetting, match="FOURFOLD_OPENID_SERVER"):
        openid_apps(Env({"FOURFOLD_OPENID_CLIENT_ID": "o"}))


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+tls://mail.example", 587, True, False),
        ("smtps://mail.example", 465, False, True),
        ("smtp+tls://ana%40x:p%2Fw@mail.example:2525", 2525, True, False),
    ],
)
def test_mail_goes_by_the_port_of_its_way(url: str, port: int, tls: bool, ssl: bool) -> None:
    found = mail(Env({"FOURFOLD_X": url}), "FOURFOLD_X")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example", port)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (tls, ssl)
    if "@" in url:
        assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("ana@x", "p/w")


def test_a_house_without_mail_writes_files() -> None:
    assert mail(Env({}), "FOURFOLD_X") == {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}


@pytest.mark.parametrize(("text", "value"), [("1", True), ("YES", True), ("on", True), ("0", False), ("Off", False)])
def test_flags(text: str, value: bool) -> None:
    assert Env({"FOURFOLD_X": text}).flag("FOURFOLD_X", default=not value) is value


def test_the_default_database_lies_in_the_house() -> None:
    odd = Path("/srv/house #1 50%")
    assert database(Env({}), "FOURFOLD_X", odd)["NAME"] == odd / "fourfold.sqlite3"
    elsewhere = database(Env({"FOURFOLD_X": "sqlite:////srv/my%20house/db"}), "FOURFOLD_X", HOME)
    assert elsewhere["NAME"] == Path("/srv/my house/db")
