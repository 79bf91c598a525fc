"""The settings pages: who may, what they keep, and that a wrong number is said."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from fourfold.accounts.types import Role
from fourfold.surveys import models, queries, rules
from fourfold.surveys.tests import factories as make
from fourfold.surveys.types import Moment

pytestmark = pytest.mark.django_db


def given(**changes: str) -> dict[str, str]:
    held = {"fewest": "5", "rest_days": "90"}
    for one in Moment:
        held |= {f"on_{one}": "on", f"delay_{one}": "2"}
    return {name: value for name, value in (held | changes).items() if value}


def test_a_leader_sees_what_is_asked_and_changes_when(sign_in: Any) -> None:
    browser = sign_in(make.leader())
    make.invite(make.person())
    page = browser.get("/surveys/").content.decode()
    assert "1 person will be asked how it was" in page
    for wording in rules.SHIPPED.values():
        assert wording.subject in page
    assert "Surveys" in page
    done = browser.post("/surveys/", given(fewest="8", on_offer="", delay_job="9"))
    assert done.status_code == 302
    held = queries.house_rules()
    assert (held.fewest, held.of(Moment.OFFER).on, held.of(Moment.JOB).delay_days) == (8, False, 9)
    for wrong in ({"fewest": "4"}, {"rest_days": "0"}, {"delay_start": "61"}):
        page = browser.post("/surveys/", given(**wrong))
        assert page.status_code == 422
    assert queries.house_rules() == held


def test_a_text_is_kept_as_a_version_and_shown_as_a_mail(sign_in: Any) -> None:
    browser = sign_in(make.colleague(Role.MARKETER))
    assert "The words that Fourfold ships" in browser.get("/surveys/offer/").content.decode()
    mail = browser.get("/surveys/offer/mail/")
    assert "Data engineer at Harbour Systems" in mail.content.decode()
    assert "sample.example/10" in mail.content.decode()
    assert "sandbox" in mail["Content-Security-Policy"]
    words = asdict(rules.SHIPPED[Moment.OFFER]) | {"brand": "", "subject": "Well?"}
    assert browser.post("/surveys/offer/", words).status_code == 302
    assert queries.text_for(Moment.OFFER, "").wording.subject == "Well?"
    page = browser.post("/surveys/offer/", words | {"intro": "Dear {{ surname }}"})
    assert page.status_code == 422
    assert "can’t stand there" in page.content.decode() or "can&#x27;t stand there" in page.content.decode()
    assert models.SurveyText.objects.count() == 1
    assert browser.get("/surveys/nothing/").status_code == 404


def test_recruiters_and_administrators_change_nothing(sign_in: Any) -> None:
    for role in (Role.RECRUITER, Role.ADMINISTRATOR):
        browser = sign_in(make.colleague(role))
        for path in ("/surveys/", "/surveys/offer/", "/surveys/offer/mail/"):
            assert browser.get(path).status_code == 403
        assert browser.post("/surveys/", given()).status_code == 403
        assert "/surveys/" not in browser.get("/").content.decode()
    assert not models.SurveyMoment.objects.exists()
