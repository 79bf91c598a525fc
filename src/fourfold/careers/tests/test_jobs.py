"""The pages of jobs: what they show, what the form takes and refuses, what search engines read, times to pick."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import NewUser, Role, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.careers import links, rules
from fourfold.careers.types import FormTooFast, Link, LinkKind
from fourfold.files import queries as files
from fourfold.jobs import actions as jobs
from fourfold.jobs import queries as job_queries
from fourfold.jobs.types import (
    Gained,
    JobChange,
    JobKind,
    MeetingKind,
    NewApplication,
    NewSlots,
    Origin,
    PayPer,
    Wanted,
    Workplace,
)
from fourfold.jobs.types.words import CloseReason, JobStatus, Need
from fourfold.people import actions as people
from fourfold.people import queries as people_queries
from fourfold.people.types import (
    ConsentEvent,
    Identifier,
    NewOrganisation,
    NewPerson,
    PersonRole,
    Purpose,
    Scheme,
    WordingRow,
)
from fourfold.work import queries as work

pytestmark = pytest.mark.django_db
NOW = timezone.now()
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
numbers = count(1)


@pytest.fixture(autouse=True)
def no_counts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


class House:
    """A recruiter with a published job of a client who isn't named."""

    def __init__(self) -> None:
        new = NewUser(email=f"t{next(numbers)}@northgate.example", name="Tom Ridley", roles=frozenset({Role.RECRUITER}))
        viewer = accounts_queries.viewer_of(accounts.add_users(users=[new], by=COMMAND_LINE, at=NOW)[0])
        assert viewer
        self.tom: Viewer = viewer
        [self.client] = people.add_organisations(
            organisations=[NewOrganisation(name="Harbour Systems")], by=COMMAND_LINE, at=NOW
        )
        self.cleo = self.person("Cleo Hart", roles=(PersonRole.CLIENT_CONTACT,), organisation=self.client)
        self.job = self.opens()

    def person(self, name: str, **values: Any) -> UUID:
        address = Identifier(Scheme.EMAIL, f"{name.split(maxsplit=1)[0].lower()}{next(numbers)}@home.example")
        given = {"roles": (PersonRole.CANDIDATE,), **values}
        new = NewPerson(name=name, identifiers=(address,), **given)
        return people.add_people(people=[new], by=COMMAND_LINE, at=NOW)[0]

    def opens(self, *, until: Any = None, named: bool = False, **values: Any) -> UUID:
        given: dict[str, Any] = {
            "title": "Platform engineer", "organisation": self.client, "kind": JobKind.PERMANENT, "city": "Leeds",
            "country": "GB", "in_short": "Run what others build on.",
            "description": "You keep it up.\n\nWith four others.",
            "gains": (Gained("Fridays off", "I see my children."),), "owner_key": self.tom.user_key,
            "wanted": (Wanted(Need.MUST, "Kubernetes"), Wanted(Need.WISH, "Terraform </script><b>")),
            "pay_from_minor": 6_000_000, "pay_to_minor": 7_500_000, "pay_per": PayPer.YEAR, **values,
        }  # fmt: skip
        key = jobs.open_job(to=JobChange(**given), viewer=self.tom, at=NOW, hiring_manager=self.cleo)
        jobs.note_authority(job=key, by_person=self.cleo, how="by phone", viewer=self.tom, at=NOW)
        jobs.publish_job(key=key, apply_until=until, client_named=named, viewer=self.tom, at=NOW)
        return key

    def slug(self, job: UUID | None = None) -> str:
        return job_queries.publishing(self.tom, job or self.job).slug

    def closes(self) -> None:
        jobs.set_status(
            key=self.job, status=JobStatus.CLOSED, reason=CloseReason.CANCELLED, why="frozen", viewer=self.tom,
            at=NOW,
        )  # fmt: skip

    def applied(self) -> list[Any]:
        return list(job_queries.applications(self.tom, job=self.job).rows)


@pytest.fixture
def shop() -> House:
    return House()


def mark(job: UUID, *, age: float = 60) -> str:
    return rules.form_mark(job, keys=links.settings.LINK_KEYS, at=timezone.now() - timedelta(seconds=age))


def sends(browser: Client, shop: House, **values: Any) -> Any:
    given = {"name": "Jo Bloggs", "email": "jo@home.example", "words": "I run such things.", "mark": mark(shop.job)}
    return browser.post(reverse("apply", args=[shop.slug()]), {**given, **values})


# What everybody sees


def test_the_list_and_a_job_say_what_one_gains_first_and_keep_the_client_to_themselves(
    browser: Client, shop: House
) -> None:
    listed = browser.get(reverse("public_jobs"))
    shown = browser.get(reverse("public_job", args=[shop.slug()]))
    text = unescape(shown.content.decode())
    assert (listed.status_code, shown.status_code) == (200, 200)
    assert "Platform engineer" in listed.content.decode()
    assert text.index("Fridays off") < text.index("You keep it up.") < text.index("You need") < text.index("no must")
    assert "£60,000 to £75,000 a year" in text
    assert "within 10 working days" in text
    assert "Harbour" not in text + listed.content.decode()
    for response in (listed, shown):
        assert (response.cookies, "X-Robots-Tag" in response.headers) == ({}, False)
        assert "noindex" not in response.content.decode()
        assert len(response.content) < 30_000
        assert not re.findall(r"<script(?! type=.application/ld\+json)", response.content.decode())
    assert "by Harbour Systems" not in text
    named = browser.get(reverse("public_job", args=[shop.slug(shop.opens(named=True))])).content.decode()
    assert "Harbour Systems" in named


def posting(browser: Client, slug: str) -> dict[str, Any]:
    text = browser.get(reverse("public_job", args=[slug])).content.decode()
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return json.loads(found)


def test_search_engines_read_a_posting_that_has_what_they_require(browser: Client, shop: House) -> None:
    until = (NOW + timedelta(days=30)).date()
    found = posting(browser, shop.slug(shop.opens(until=until)))
    assert found["@context"] == "https://schema.org/"
    assert found["@type"] == "JobPosting"
    assert found["title"] == "Platform engineer"
    assert found["hiringOrganization"]["name"] != "Harbour Systems"
    assert "Harbour" not in json.dumps(found)
    assert found["datePosted"] == NOW.date().isoformat()
    assert datetime.fromisoformat(found["validThrough"]).date() == until
    assert datetime.fromisoformat(found["validThrough"]).tzinfo is not None
    assert found["employmentType"] == "FULL_TIME"
    assert found["identifier"]["value"].startswith("J")
    assert found["directApply"] is True
    assert found["jobLocation"]["address"] == {
        "@type": "PostalAddress", "addressLocality": "Leeds", "addressCountry": "GB",
    }  # fmt: skip
    assert found["baseSalary"] == {
        "@type": "MonetaryAmount", "currency": "GBP",
        "value": {"@type": "QuantitativeValue", "unitText": "YEAR", "minValue": 60_000, "maxValue": 75_000},
    }  # fmt: skip
    assert "<ul><li>Kubernetes</li></ul>" in found["description"]
    assert "Terraform &lt;/script&gt;&lt;b&gt;" in found["description"]


def test_a_job_from_home_names_where_one_may_live_and_hidden_pay_stays_hidden(browser: Client, shop: House) -> None:
    values = {"workplace": Workplace.REMOTE, "city": "", "pay_shown": False, "kind": JobKind.CONTRACT}
    slug = shop.slug(shop.opens(named=True, **values))
    found = posting(browser, slug)
    assert found["jobLocationType"] == "TELECOMMUTE"
    assert found["applicantLocationRequirements"] == {"@type": "Country", "name": "GB"}
    assert not {"jobLocation", "baseSalary", "validThrough"} & set(found)
    assert (found["employmentType"], found["hiringOrganization"]["name"]) == ("CONTRACTOR", "Harbour Systems")
    assert "£" not in browser.get(reverse("public_job", args=[slug])).content.decode()


def test_a_job_that_is_over_is_gone_and_offers_others(browser: Client, shop: House) -> None:
    other = shop.opens(title="Data engineer")
    slug = shop.slug()
    shop.closes()
    for name in ("public_job", "apply"):
        response = browser.get(reverse(name, args=[slug]))
        text = response.content.decode()
        assert response.status_code == 410
        assert reverse("public_job", args=[shop.slug(other)]) in text
        assert "ld+json" not in text
    assert browser.post(reverse("apply", args=[slug]), {"name": "Jo"}).status_code == 410
    assert slug not in browser.get(reverse("public_jobs")).content.decode()
    sitemap = browser.get(reverse("careers_sitemap"))
    assert (sitemap["Content-Type"], slug in sitemap.content.decode()) == ("application/xml", False)
    assert shop.slug(other) in sitemap.content.decode()
    assert browser.get(reverse("public_job", args=["no-such-job"])).status_code == 404


# The form


def test_two_minutes_on_a_phone_become_an_application(browser: Client, shop: House) -> None:
    text = WordingRow("keep 1", ConsentEvent.CONSENTED, Purpose.APPROACH, "Tell me of others.", NOW.date(), None)
    people.seed_wordings(wordings=[text], by="Lena")
    form = browser.get(reverse("apply", args=[shop.slug()]))
    assert "Tell me of others." in form.content.decode()
    assert form["X-Robots-Tag"] == "noindex, nofollow"
    response = sends(browser, shop, keep="on", phone="07700 900123")
    assert (response.status_code, response["Location"]) == (303, reverse("applied", args=[shop.slug()]))
    assert "You hear from us by" in browser.get(response["Location"]).content.decode()
    [row] = shop.applied()
    assert (row.person, row.origin) == ("Jo Bloggs", Origin.APPLIED)
    wishes = {(one.event, one.wording) for one in people_queries.wishes_of([row.person_key])}
    assert wishes == {(ConsentEvent.TOLD, "apply 1"), (ConsentEvent.CONSENTED, "keep 1")}


def test_a_cv_is_kept_and_a_known_person_gets_the_same_answer(browser: Client, shop: House) -> None:
    first = sends(browser, shop, words="", cv=SimpleUploadedFile("cv.pdf", PDF))
    again = sends(browser, shop, name="J Bloggs")
    assert (first.status_code, first["Location"]) == (again.status_code, again["Location"])
    [row] = shop.applied()
    [(name, _)] = files.paths_about(["candidate"], [row.person_key])
    assert name == "cv.pdf"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": ""}, "Tell us your name"),
        ({"email": "", "phone": ""}, "an e-mail address or a phone number"),
        ({"email": "jo at home"}, "no e-mail address"),
        ({"email": "", "phone": "12"}, "no phone number"),
        ({"words": "Hi"}, "write two lines"),
        ({"website": "http://spam.example"}, "trap for machines"),
        ({"mark": "forged"}, "open for very long"),
        ({"cv": SimpleUploadedFile("cv.pdf", b"MZ\x00\x01")}, "of no kind we know"),
    ],
)
def test_what_is_not_right_comes_back_as_it_was_typed(
    browser: Client, shop: House, values: dict[str, Any], words: str
) -> None:
    response = sends(browser, shop, **{"phone": "07700 900777", **values})
    text = unescape(response.content.decode())
    assert response.status_code == 422
    assert words in text
    assert values.get("phone", "07700 900777") in text
    assert shop.applied() == []
    assert people_queries.count() == 1  # Cleo


def test_the_file_of_a_form_that_is_not_right_is_kept_for_the_next_try(browser: Client, shop: House) -> None:
    response = sends(browser, shop, name="", words="", cv=SimpleUploadedFile("My CV.pdf", PDF))
    text = unescape(response.content.decode())
    assert "“My CV.pdf” is kept" in text
    [upload] = re.findall(r'name="upload" value="([^"]+)"', text)
    assert sends(browser, shop, words="", upload=upload, upload_name="My CV.pdf").status_code == 303
    [row] = shop.applied()
    [(name, path)] = files.paths_about(["candidate"], [row.person_key])
    assert (name, path.read_bytes()) == ("My CV.pdf", PDF)
    other = shop.opens(title="Data engineer")
    given = {"name": "Eve", "email": "eve@home.example", "mark": mark(other), "upload": upload}
    assert (
        browser.post(reverse("apply", args=[shop.slug(other)]), {**given, "words": "Not my own file."}).status_code
        == 303
    )
    [eve] = job_queries.applications(shop.tom, job=other).rows
    assert files.paths_about(["candidate"], [eve.person_key]) == ()  # a file's mark holds for its own job only


def test_a_form_that_comes_back_at_once_is_a_machines_and_too_many_are_too_many(
    browser: Client, shop: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(rules.MOST_APPLYING, "apply", (3, 300))
    fast = sends(browser, shop, mark=mark(shop.job, age=1))
    assert (fast.status_code, "faster than anybody reads" in fast.content.decode()) == (422, True)
    for number in range(2):
        sends(browser, shop, email=f"jo{number}@home.example", mark=mark(shop.job))
    held = len(shop.applied())
    more = sends(browser, shop, email="last@home.example")
    assert (more.status_code, "too often" in more.content.decode()) == (422, True)
    assert len(shop.applied()) == held


def test_marks_are_of_one_job_and_of_one_moment() -> None:
    job, other, keys = UUID(int=1), UUID(int=2), [b"k" * 32]
    made = rules.form_mark(job, keys=keys, at=NOW)
    rules.check_form(made, job, keys=[b"new" * 9, *keys], at=NOW + timedelta(seconds=5))
    for about, at, with_keys in (
        (other, NOW + timedelta(seconds=5), keys), (job, NOW + timedelta(seconds=2), keys),
        (job, NOW + timedelta(days=3), keys), (job, NOW + timedelta(seconds=5), [b"other" * 6]),
    ):  # fmt: skip
        with pytest.raises(FormTooFast):
            rules.check_form(made, about, keys=with_keys, at=at)
    file = rules.upload_mark(UUID(int=9), job, keys=keys)
    assert rules.upload_of(file, job, keys=keys) == UUID(int=9)
    assert rules.upload_of(file, other, keys=keys) is None
    assert rules.upload_of("", job, keys=keys) is None


# Times to pick


class Picking:
    def __init__(self, shop: House) -> None:
        self.house, self.jane = shop, shop.person("Jane Moor")
        new = NewApplication(job=shop.job, person_key=self.jane, origin=Origin.APPLIED)
        self.application = jobs.begin_application(application=new, by=COMMAND_LINE, at=NOW).key
        start = (NOW + timedelta(days=3)).replace(hour=9, minute=0, second=0, microsecond=0)
        slots = NewSlots(
            kind=MeetingKind.VIDEO, minutes=30, zone="Europe/London", starts=(start, start + timedelta(hours=1)),
            closes_at=start - timedelta(hours=1), place="https://meet.example/x",
        )  # fmt: skip
        jobs.offer_slots(job=shop.job, slots=slots, applications=[self.application], viewer=shop.tom, at=NOW)
        [shown] = job_queries.slot_sets(shop.tom, shop.job)
        self.slots = [one.key for one in shown.slots]
        self.path = self.link(self.jane)

    def link(self, person: UUID) -> str:
        return links.path(Link(kind=LinkKind.SLOT, person_key=person, text=self.invite().hex))

    def invite(self) -> UUID:
        [shown] = job_queries.slot_sets(self.house.tom, self.house.job)
        return shown.invited[0].key

    def booked(self) -> list[Any]:
        return list(job_queries.interviews_of(self.house.tom, self.application))


@pytest.fixture
def picking(shop: House) -> Picking:
    return Picking(shop)


def test_a_get_books_nothing_and_a_post_takes_one_time(browser: Client, picking: Picking) -> None:
    page = browser.get(picking.path)
    text = page.content.decode()
    assert (page.status_code, picking.booked(), page["Cache-Control"]) == (200, [], "no-store")
    assert "Europe/London" in text
    assert "Jane" not in text
    done = browser.post(picking.path, {"slot": picking.slots[0], "zone": "Europe/London"})
    assert done.status_code == 303
    [made] = picking.booked()
    assert (made.picked_themselves, made.kind) == (True, MeetingKind.VIDEO)
    after = browser.get(done["Location"]).content.decode()
    assert "Your time is booked" in after
    assert "No mail goes out just now" in after  # this house has no mailbox
    assert f'value="{picking.slots[0]}"' not in after
    moved = browser.post(picking.path, {"slot": picking.slots[1], "zone": "Asia/Tokyo"})
    [again] = picking.booked()
    assert (moved.status_code, again.key, again.sequence, again.zone) == (303, made.key, 1, "Asia/Tokyo")


def test_times_are_told_in_their_own_zone(browser: Client, picking: Picking) -> None:
    text = browser.get(f"{picking.path}?zone=Asia/Tokyo").content.decode()
    assert "Asia/Tokyo (JST)" in text
    [london] = re.findall(r"Europe/London \((\w+)\)", browser.get(f"{picking.path}?zone=Mars/Base").content.decode())
    assert london in ("GMT", "BST")


def test_a_time_that_went_shows_what_is_left_and_no_choice_says_so(browser: Client, picking: Picking) -> None:
    gone = browser.post(picking.path, {"slot": 999_999})
    assert (gone.status_code, "just gone" in gone.content.decode()) == (409, True)
    assert f'value="{picking.slots[1]}"' in gone.content.decode()
    none = browser.post(picking.path, {})
    assert (none.status_code, "Choose one of the times" in none.content.decode()) == (422, True)
    assert picking.booked() == []


def test_none_fits_reaches_a_colleague(browser: Client, picking: Picking) -> None:
    done = browser.post(f"{picking.path}none/", {"words": "After six"})
    assert done.status_code == 303
    assert "one of us rings" in browser.get(done["Location"]).content.decode()
    [task] = work.held_about(["candidate"], [picking.jane])["tasks"]
    assert "After six" in task["title"]


def test_a_link_of_somebody_else_or_cut_opens_nothing(browser: Client, picking: Picking, shop: House) -> None:
    stranger = picking.link(shop.person("Eve Lund"))
    assert browser.get(stranger).status_code == 404
    assert browser.post(stranger, {"slot": picking.slots[0]}).status_code == 404
    assert browser.get(picking.path[:-9] + "/").status_code == 404
    assert picking.booked() == []
