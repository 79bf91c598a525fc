from __future__ import annotations

from pathlib import Path

import pytest

from fourfold.project.env import BadSetting, Env, allowed_hosts, database, mail, openid_apps, sign_in_origins

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
