"""Pages about wishes, notices and who is kept out: what they show, what they change, who may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fourfold.accounts.types import Role, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.people import actions, models, queries
from fourfold.people.tests.factories import colleague, email, leader, person
from fourfold.people.types import (
    ConsentEvent,
    NewConsent,
    NoticeState,
    Origin,
    PersonRole,
    Purpose,
    WishKind,
    WordingRow,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = NOW.date()


def post(client: Client, name: str, *args: Any, **values: Any) -> Any:
    return client.post(reverse(name, args=args), values)


def say(client: Client, key: UUID, kind: WishKind, **values: Any) -> Any:
    given = {"kind": kind, "purpose": "all", "channel": "", "said_on": TODAY, "how": "on the phone", **values}
    return post(client, "wishes", key, **given)


def sourced(name: str, source: str = "LinkedIn", days: int = 0) -> UUID:
    address = f"{name.split(maxsplit=1)[0].lower()}@fjord.example"
    return person(name, address, origin=Origin.SOURCED, origin_detail=source, added_at=NOW - timedelta(days=days))


# Wishes


def test_an_objection_is_logged_shown_and_lifted_only_with_a_reason(sign_in: Any) -> None:
    viewer = colleague(Role.RECRUITER)
    client = sign_in(viewer)
    key = person("Ana Kovac", "ana@fjord.example")
    answer = say(client, key, WishKind.OBJECTED, purpose="approach", evidence="“Please don't ring me again.”")
    assert answer.status_code == 302
    row = models.ConsentEntry.objects.get()
    assert (row.event, row.purpose, row.source, row.by) == ("objected", "approach", "on the phone", viewer.name)
    assert queries.suppressed([email("ana@fjord.example")])
    shown = client.get(reverse("wishes", args=[key])).content.decode()
    assert "No approaches about a job" in shown
    assert "Please don&#x27;t ring me again." in shown
    assert "No approaches about a job" in client.get(reverse("person_panel", args=[key, 1])).content.decode()

    ending = {"purpose": "approach", "channel": "", "clear": ""}
    assert "No approaches" in client.get(reverse("end_wish", args=[key]), ending).content.decode()
    assert post(client, "end_wish", key, **ending, why="").status_code == 422
    assert queries.suppressed([email("ana@fjord.example")])
    assert post(client, "end_wish", key, **ending, why="Wrote on 3 May that she looks now").status_code == 302
    assert queries.suppressed([email("ana@fjord.example")]) == {}
    assert models.ConsentEntry.objects.filter(event="lifted").get().evidence == "Wrote on 3 May that she looks now"
    assert client.get(reverse("end_wish", args=[key]), ending).status_code == 404


def test_how_to_be_reached_is_logged_and_cleared(sign_in: Any) -> None:
    client = sign_in(leader())
    key = person("Ana Kovac")
    assert say(client, key, WishKind.NOT_NOW).status_code == 422
    assert say(client, key, WishKind.NOT_NOW, until=TODAY).status_code == 422
    assert models.ConsentEntry.objects.count() == 0
    until = TODAY + timedelta(days=90)
    for kind, values in ((WishKind.NOT_NOW, {"until": until}), (WishKind.NOT_AT_WORK, {}), (WishKind.NO_CALLS, {})):
        assert say(client, key, kind, **values).status_code == 302
    found = queries.standing(key, at=NOW)
    assert (found.paused_until, found.not_at_work, found.no_calls) == (until, True, True)
    for kind in (WishKind.NOT_NOW, WishKind.NOT_AT_WORK):
        assert post(client, "end_wish", key, clear=kind, why="said so in her mail").status_code == 302
    found = queries.standing(key, at=NOW)
    assert (found.paused_until, found.not_at_work, found.no_calls) == (None, False, True)
    assert models.ConsentEntry.objects.filter(event=ConsentEvent.ASKED).count() == 5


def test_a_consent_needs_words_that_are_in_use(sign_in: Any) -> None:
    viewer = leader()
    client = sign_in(viewer)
    key = person("Ana Kovac")
    text = {"version": "news 1", "event": "consented", "purpose": "marketing", "since": TODAY, "text": "Send me news."}
    assert post(client, "wordings", **text).status_code == 302
    assert post(client, "wordings", **{**text, "text": "Other words"}).status_code == 422
    assert say(client, key, WishKind.CONSENTED, purpose="marketing").status_code == 422
    assert say(client, key, WishKind.CONSENTED, purpose="all", wording="news 1").status_code == 422
    assert say(client, key, WishKind.CONSENTED, purpose="marketing", wording="news 1").status_code == 302
    assert [one.wording for one in queries.standing(key, at=timezone.now()).consents] == ["news 1"]
    assert post(client, "retire_wording", version="news 1").status_code == 302
    assert say(client, key, WishKind.CONSENTED, purpose="marketing", wording="news 1").status_code == 422
    assert [one.wording for one in queries.standing(key, at=timezone.now()).consents] == ["news 1"]
    assert models.Wording.objects.get().text == "Send me news."
    assert post(sign_in(colleague(Role.MARKETER)), "wordings", **{**text, "version": "2"}).status_code in (403, 422)
    assert models.Wording.objects.count() == 1


def test_what_a_clients_employee_looks_for_is_not_for_every_eye(sign_in: Any) -> None:
    client_house = actions.add_organisations(organisations=[organisation("Northgate Energy")], by=COMMAND_LINE, at=NOW)[
        0
    ]
    key = person("Ana Kovac", organisation=client_house, roles=(PersonRole.CANDIDATE,))
    other, boss = sign_in(colleague(Role.RECRUITER)), sign_in(leader())
    assert say(boss, key, WishKind.NOT_AT_WORK, evidence="her boss must not know").status_code == 302
    record(key, ConsentEvent.CONSENTED, Purpose.JOB_ALERTS, "alerts please")
    record(key, ConsentEvent.OBJECTED, Purpose.APPROACH, "no more calls")
    for address in (reverse("wishes", args=[key]), reverse("person_panel", args=[key, 1])):
        shown = other.get(address).content.decode()
        assert "No approaches about a job" in shown
        for secret in ("Not at work", "her boss", "job alerts since", "alerts please"):
            assert secret not in shown.replace('<option value="job_alerts">job alerts</option>', "").replace(
                "Not at work: no work address", ""
            ), (address, secret)
    assert "her boss must not know" in boss.get(reverse("wishes", args=[key])).content.decode()


def organisation(name: str) -> Any:
    from fourfold.people.types import NewOrganisation

    return NewOrganisation(name=name, is_client=True)


def record(key: UUID, event: ConsentEvent, purpose: Purpose, evidence: str = "") -> None:
    new = NewConsent(person_key=key, event=event, purpose=purpose, at=NOW, source="test", evidence=evidence)
    actions.record_consents(entries=[new], by=COMMAND_LINE, at=NOW)


def test_wishes_of_a_confidential_record_are_not_found(sign_in: Any) -> None:
    key = person("Ana Kovac", confidential=True)
    client = sign_in(colleague(Role.RECRUITER))
    for name in ("wishes", "end_wish", "tell_person"):
        assert client.get(reverse(name, args=[key])).status_code == 404
        assert client.post(reverse(name, args=[key]), {"why": "x", "clear": "no_calls"}).status_code == 404


def test_what_they_asked_to_be_sent_is_shown(sign_in: Any) -> None:
    key = person("Ana Kovac")
    models.Subscription.objects.create(
        person_id=key, topic="job alerts: welders", rhythm="weekly", since=NOW, source="x"
    )
    models.Subscription.objects.create(
        person_id=key, topic="salary letter", rhythm="monthly", since=NOW, ended_at=NOW, source="x"
    )
    shown = sign_in(leader()).get(reverse("wishes", args=[key])).content.decode()
    assert "Asked for job alerts: welders, weekly" in shown
    assert "salary letter" not in shown


# Notices


def test_sourced_people_are_owed_the_notice_for_a_month_and_others_are_not() -> None:
    key = person("Ana Kovac", origin=Origin.IMPORTED, added_at=NOW.replace(year=2024, month=1, day=31))
    for origin in (None, Origin.THEMSELVES, Origin.CLIENT):
        person("Ben Marlow", origin=origin)
    row = models.NoticeDue.objects.get()
    assert (row.person_id, row.due_at.date(), row.state) == (key, date(2024, 2, 29), NoticeState.OWED)


def test_a_notice_owed_to_a_merged_record_is_still_owed_to_the_human(sign_in: Any) -> None:
    boss = leader()
    stays, joins = person("Ana Kovac", "ana@halden.example"), sourced("Anna Kovac", days=60)
    actions.merge_people(person_key=joins, into_key=stays, viewer=boss, at=NOW)
    client = sign_in(boss)
    shown = client.get(reverse("notices")).content.decode()
    assert "1 person must still be told, 1 of them overdue" in shown
    assert reverse("tell_person", args=[stays]) in shown
    assert post(client, "tell_person", stays, wording="", evidence="In my mail of today").status_code == 302
    assert "Everybody was told" in client.get(reverse("notices")).content.decode()


def test_the_page_shows_the_clock_and_a_declaration_settles_and_is_withdrawn(sign_in: Any) -> None:
    client = sign_in(leader())
    old = [sourced(name, "Bullhorn", 400) for name in ("Ana Kovac", "Ben Marlow")]
    new = sourced("Cleo Ward", "LinkedIn", 2)
    shown = client.get(reverse("notices")).content.decode()
    assert "3 people must still be told, 2 of them overdue" in shown
    told = {
        "origin": "sourced", "source": "Bullhorn", "from_day": TODAY - timedelta(days=401),
        "to_day": TODAY - timedelta(days=399), "told": "Our mail of March", "told_on": TODAY - timedelta(days=380),
        "basis": "legitimate interest", "evidence": "campaign 12",
    }  # fmt: skip
    preview = post(client, "declare_told", **told, step="preview")
    assert "This covers 2 people." in preview.content.decode()
    assert models.Declaration.objects.count() == 0
    future = {**told, "told_on": TODAY + timedelta(days=1)}
    assert post(client, "declare_told", **future, step="declare").status_code == 422
    nobody = {**told, "to_day": TODAY - timedelta(days=400), "from_day": TODAY - timedelta(days=401), "source": "X"}
    assert post(client, "declare_told", **nobody, step="declare").status_code == 422
    assert post(client, "declare_told", **told, step="declare").status_code == 302
    states = dict(models.NoticeDue.objects.values_list("person_id", "state"))
    assert states == {old[0]: "declared", old[1]: "declared", new: "owed"}
    declared = models.Declaration.objects.get()
    assert declared.people == 2
    assert "Our mail of March" in client.get(reverse("wishes", args=[old[0]])).content.decode()
    assert "campaign 12" in client.get(reverse("declared", args=[declared.key])).content.decode()
    assert post(client, "withdraw_declaration", declared.key).status_code == 302
    assert set(models.NoticeDue.objects.values_list("state", flat=True)) == {"owed"}
    assert post(client, "withdraw_declaration", declared.key).status_code == 404


def test_the_rest_becomes_a_plan_whose_batches_are_told(sign_in: Any) -> None:
    client = sign_in(leader())
    keys = [
        sourced(f"{name} Ward", "LinkedIn", days) for days, name in enumerate(("Ana", "Ben", "Cleo", "Dora", "Eve"))
    ]
    assert post(client, "plan_notices", size=0, every_days=7, first=TODAY).status_code == 422
    assert post(client, "plan_notices", size=2, every_days=7, first=TODAY).status_code == 302
    batches = queries.batches()
    assert [(one.people, one.told, (one.due_on - TODAY).days) for one in batches] == [(2, 0, 0), (2, 0, 7), (1, 0, 14)]
    first = set(models.NoticeDue.objects.filter(batch_id=batches[0].key).values_list("person_id", flat=True))
    assert first == {keys[4], keys[3]}  # the most pressing
    assert post(client, "tell_batch", batches[0].key, wording="", evidence="Mail of today").status_code == 302
    assert queries.batches()[0].told == 2
    assert models.ConsentEntry.objects.filter(event="told").count() == 2
    assert post(client, "tell_batch", batches[0].key, wording="", evidence="again").status_code == 422
    assert post(client, "tell_person", keys[0], wording="", evidence="In my first message").status_code == 302
    assert post(client, "drop_plan").status_code == 302
    assert len(queries.batches()) == 2  # of the last batch somebody was told, so it stays
    left = models.NoticeDue.objects.filter(state="owed", batch=None).count()
    assert left == 2


def test_only_keepers_declare_and_plan_and_nobody_sees_who_is_confidential(sign_in: Any) -> None:
    sourced("Ana Kovac", days=60)
    person("Secret Person", confidential=True, origin=Origin.SOURCED, added_at=NOW - timedelta(days=60))
    client = sign_in(colleague(Role.RECRUITER))
    shown = client.get(reverse("notices")).content.decode()
    assert "1 person must still be told" in shown
    assert "Secret" not in shown
    for name, args in (("declare_told", ()), ("plan_notices", ()), ("drop_plan", ()), ("tell_batch", (1,))):
        assert post(client, name, *args, size=1, every_days=1, first=TODAY).status_code in (403, 422), name
    assert models.NoticeBatch.objects.count() == 0


def test_overdue_notices_are_on_a_leaders_today(sign_in: Any) -> None:
    sourced("Ana Kovac", days=60)
    words = "1 person should have been told by now"
    assert words in sign_in(leader()).get("/").content.decode()
    assert words not in sign_in(colleague(Role.RECRUITER)).get("/").content.decode()


# Kept out


def test_only_a_leader_lets_somebody_back_in_with_a_reason(sign_in: Any) -> None:
    boss = leader()
    key = person("Ana Kovac", "ana@fjord.example")
    again = person("Anna Kovac", "anna@halden.example")
    actions.merge_people(person_key=again, into_key=key, viewer=boss, at=NOW)
    actions.erase_person(person_key=key, viewer=boss, at=NOW)
    asked = {"address": "Anna@Halden.example", "why": "applied on our site on 3 May"}
    administrator = sign_in(colleague(Role.ADMINISTRATOR))
    assert post(administrator, "kept_out", **asked).status_code == 422
    client = sign_in(boss)
    shown = client.get(reverse("kept_out")).content.decode()
    assert "1 erased person can&#x27;t come back by a file" in shown or "1 erased person can't" in shown
    assert "Kovac" not in shown
    assert post(client, "kept_out", address="nobody@x.example", why="x").status_code == 422
    assert post(client, "kept_out", **{**asked, "why": ""}).status_code == 422
    assert queries.erased([email("ana@fjord.example")])
    assert post(client, "kept_out", **asked).status_code == 302
    assert queries.erased([email("ana@fjord.example"), email("anna@halden.example")]) == frozenset()
    assert person("Ana Kovac", "ana@fjord.example")


def row(version: str) -> WordingRow:
    return WordingRow(version, ConsentEvent.TOLD, Purpose.ALL, "We are …", TODAY, None)


def test_pages_open_for_every_role_and_for_nobody_else(sign_in: Any, client: Client) -> None:
    for name in ("notices", "kept_out", "wordings"):
        for role in Role:
            viewer: Viewer = colleague(role)
            assert sign_in(viewer).get(reverse(name)).status_code == 200, (name, role)
        assert client.get(reverse(name)).status_code == 302
