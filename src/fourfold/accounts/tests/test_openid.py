"""Single sign-on against a real OpenID provider that the test starts."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from fourfold.accounts import actions, queries
from fourfold.accounts.adapter import SocialAccountAdapter
from fourfold.accounts.models import AuditEntry, User
from fourfold.accounts.tests.factories import MILO, RHEA
from fourfold.accounts.types import Role
from fourfold.base import clock

LOGIN = "/accounts/oidc/house/login/"


def person(sub: str, email: str, *, verified: object = True) -> dict[str, object]:
    return {"sub": sub, "email": email, "email_verified": verified, "name": "Nell Ruiz"}


SUBJECTS = [
    person("milo", MILO.email.upper()),
    person("nell", "nell@northgate.example"),
    person("stranger", "stranger@x.example"),
    person("unproven", MILO.email, verified=False),
    person("said-false", MILO.email, verified="false"),
    person("elsewhere", "rhea@private.example"),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A provider in a process of its own, as it is in life."""
    port = free_port()
    known = [word for subject in SUBJECTS for word in ("--user-claims", json.dumps(subject))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *known]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            requests.get(f"{address}/.well-known/openid-configuration", timeout=5).raise_for_status()
            break
        except requests.ConnectionError:
            assert server.poll() is None, "the provider did not start"
            time.sleep(0.1)
    yield address
    server.terminate()
    server.wait(10)


@pytest.fixture
def single_sign_on(settings, provider):
    app = {
        "provider_id": "house",
        "name": "Company account",
        "client_id": "us",
        "secret": "s",
        "settings": {"server_url": provider, "verified_by_tenant": False},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def go_round(client: Client, subject: str, start: str = LOGIN):
    """From our button to the provider and back, as a browser would."""
    to_provider = client.post(start)
    assert to_provider.status_code == 302, to_provider.content
    back = requests.post(to_provider["Location"], data={"sub": subject}, allow_redirects=False, timeout=10)
    assert back.status_code == 302, back.text
    parts = urlsplit(back.headers["Location"])
    assert parts.netloc == "testserver"
    return client.get(f"{parts.path}?{parts.query}", follow=True)


def is_in(client: Client) -> bool:
    return client.get("/my-account/").status_code == 200


def test_the_sign_in_page_has_a_button_that_posts(cast, visitor, single_sign_on):
    page = visitor.get("/accounts/login/?next=/my-account/").content.decode()
    form = re.search(r'<form method="post" action="([^"]*oidc[^"]*)">.*?</form>', page, re.DOTALL)
    assert "Sign in with Company account" in form[0]
    assert "csrfmiddlewaretoken" in form[0]
    assert form[1].startswith(f"{LOGIN}?process=login")
    assert "next=%2Fmy-account%2F" in form[1]
    assert "Company account" not in Client().get("/accounts/password/reset/").content.decode()


def test_a_known_colleague_signs_in(cast, visitor, single_sign_on):
    go_round(visitor, "milo")
    assert MILO.email in visitor.get("/my-account/").content.decode()
    assert SocialAccount.objects.get().user_id == cast.milo.user_key
    assert User.objects.count() == 5
    again = Client()
    go_round(again, "milo")
    assert is_in(again)
    assert SocialAccount.objects.count() == 1
    deeds = list(AuditEntry.objects.filter(user_key=cast.milo.user_key).values_list("deed", flat=True))
    assert deeds.count("sign_in") == 2


def test_an_invited_address_joins_with_its_roles(cast, visitor, single_sign_on):
    actions.invite(
        email="nell@northgate.example",
        roles=frozenset({Role.RECRUITER}),
        viewer=cast.ada,
        at=clock.now(),
        team="sales",
    )
    go_round(visitor, "nell")
    assert is_in(visitor)
    viewer = queries.viewer_by_email("nell@northgate.example")
    assert (viewer.name, viewer.roles, viewer.team) == ("Nell Ruiz", {Role.RECRUITER}, "sales")
    assert queries.open_invitation_for("nell@northgate.example", at=clock.now()) is None
    assert not User.objects.get(pk=viewer.user_key).has_usable_password()


def test_an_invitation_that_ran_out_brings_nobody_in(cast, visitor, single_sign_on):
    at = clock.now() - timedelta(days=7)
    actions.invite(email="nell@northgate.example", roles=frozenset({Role.RECRUITER}), viewer=cast.ada, at=at)
    go_round(visitor, "nell")
    assert not is_in(visitor)
    assert queries.viewer_by_email("nell@northgate.example") is None


@pytest.mark.parametrize(
    ("subject", "why"),
    [
        ("stranger", "Nobody here has the address your provider gave"),
        ("unproven", "Your provider did not say that your e-mail address is really yours"),
        ("said-false", "Your provider did not say that your e-mail address is really yours"),
    ],
)
def test_others_are_turned_away_in_words(cast, visitor, single_sign_on, subject, why):
    answer = go_round(visitor, subject)
    assert answer.status_code == 403
    assert why in answer.content.decode()
    assert "What you can do" in answer.content.decode()
    assert not is_in(visitor)
    assert User.objects.count() == 5
    assert not SocialAccount.objects.exists()


def test_a_closed_colleague_is_turned_away(cast, visitor, single_sign_on):
    go_round(visitor, "milo")
    User.objects.filter(email=MILO.email).update(is_active=False)
    again = Client()
    go_round(again, "milo")
    assert not is_in(again)


def test_a_colleague_links_an_account_with_another_address_to_themselves(cast, signed_in, single_sign_on):
    rhea = signed_in(cast.rhea)
    go_round(rhea, "elsewhere", f"{LOGIN}?process=connect")
    assert SocialAccount.objects.get().user_id == cast.rhea.user_key
    assert "1 other account signs you in" in rhea.get("/accounts/3rdparty/").content.decode()
    assert "Company account" in rhea.get("/my-account/").content.decode()
    later = Client()
    go_round(later, "elsewhere")
    assert RHEA.email in later.get("/my-account/").content.decode()


def test_linking_a_colleagues_account_takes_nobody_over(cast, signed_in, single_sign_on):
    rhea = signed_in(cast.rhea)
    go_round(rhea, "milo", f"{LOGIN}?process=connect")
    assert RHEA.email in rhea.get("/my-account/").content.decode()
    assert [one.user_id for one in SocialAccount.objects.all()] == [cast.rhea.user_key]


def test_a_cancelled_or_forged_return_is_told_in_words(cast, visitor, single_sign_on):
    answer = visitor.get(f"{LOGIN}callback/?code=made-up&state=made-up")
    assert "You were not signed in" in answer.content.decode()
    assert not is_in(visitor)


def test_a_provider_that_is_not_set_up_is_not_there(cast, visitor):
    assert visitor.post(LOGIN).status_code == 404


@pytest.mark.parametrize(("own_tenant", "proven"), [(False, []), (True, ["milo@northgate.example"])])
def test_microsoft_proves_an_address_only_by_the_houses_own_tenant(own_tenant, proven):
    sociallogin = SimpleNamespace(
        provider=SimpleNamespace(app=SimpleNamespace(settings={"verified_by_tenant": own_tenant})),
        email_addresses=[EmailAddress(email="Milo@Northgate.example", verified=False)],
    )
    assert SocialAccountAdapter().proven_addresses(sociallogin) == proven
