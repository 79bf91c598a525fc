"""Mail templates: set in the brand's kit, bounded, refused where they lack what they must say, the same for ever."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import NewUser, Role, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.base.errors import NotAllowed, NotFound
from fourfold.studio import actions, models, queries, rules, typesetting
from fourfold.studio.types import MAIL_PEOPLE, Kit, MailDraft, MailKind, MailRefused, Missing, Picture, Typeface

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LINKS = '<a href="{{ why_url }}">Why me?</a> <a href="{{ stop_url }}">Stop</a>'
PICTURE = Picture("image/png", b"", 400, 100)
KIT = Kit(
    "north", "North & Gate", "#0f6b63", "#0f6b63", "#ffffff", "#ffffff", Typeface.GEORGIA, Typeface.ARIAL,
    "Northgate Ltd", ("Reg. 1 <b>",), "northgate.example", PICTURE,
)  # fmt: skip


def section(words: str) -> str:
    return f"<mj-section><mj-column><mj-text>{words}</mj-text></mj-column></mj-section>"


def picture(attributes: str) -> str:
    return f"<mj-section><mj-column><mj-image {attributes} /></mj-column></mj-section>"


def draft(*parts: str, links: str = LINKS, **values: Any) -> MailDraft:
    body = "\n".join(parts) + section(f"<p>{links}</p>")
    return MailDraft(**{"subject": "News for {{ first_name }}", "body": body, **values})


def check(one: MailDraft, kind: MailKind = MailKind.NEWSLETTER) -> Any:
    return typesetting.check(one, KIT, kind)


def fill(one: MailDraft, **values: Any) -> Any:
    return typesetting.filled(check(one), typesetting.SAMPLE | values)


# ------------------------------------------------------------------------------------------ what is made


def test_places_alone_make_a_mail_that_is_filled_by_joining() -> None:
    words = "<p>Hello {{first_name}}, it's {{-  sender_name }} &amp; co</p>"
    made = check(draft(section(words), preview="Hi {{ name }}"))
    assert made.plain
    assert made.names == ("first_name", "name", "sender_name", "why_url", "stop_url")
    places = set(re.findall(r"\{\{.*?\}\}", made.html))
    assert places == {f"{{{{ {name} }}}}" for name in made.names}
    assert "{%" not in made.html
    assert "Hello {{ first_name }}, it's {{ sender_name }} & co" in made.text
    assert made.subject == "News for {{ first_name }}"


def test_liquid_between_elements_survives_and_repeats_whole_sections() -> None:
    loop = "{% for job in jobs %}" + section('<h3><a href="{{ job.url }}">{{ job.title }}</a></h3>') + "{% endfor %}"
    one = draft("{% if jobs %}", section("<h2>Open now</h2>"), loop, "{% endif %}", extra=("jobs",))
    made = check(one)
    assert not made.plain
    jobs = [{"title": "A & <b>", "url": "https://x.example/1?a=1&b=2"}, {"title": "B", "url": "https://x.example/2"}]
    filled = fill(one, jobs=jobs)
    assert filled.html.count("<h3") == 2
    assert "A &amp; &lt;b&gt;" in filled.html
    assert 'href="https://x.example/1?a=1&amp;b=2"' in filled.html
    assert "Open now\n\nA & <b>: https://x.example/1?a=1&b=2\n\nB: https://x.example/2\n" in filled.text
    without = fill(one)
    assert "Open now" not in without.html + without.text
    assert not re.search(r"\{[{%]|lq\d|<!--\s*lq", filled.html + filled.text + without.html)


def test_the_brands_kit_is_in_it_in_light_and_dark() -> None:
    made = typesetting.compiled(draft(section("<h1>Hi</h1>")), KIT, logo_url="https://house.example/brand/logo/")
    assert 'src="https://house.example/brand/logo/"' in made.html
    assert 'alt="North &amp; Gate"' in made.html
    assert 'width="176"' in made.html  # 400 × 100 in a box of 200 × 44
    assert re.search(r"<h1 style=\"[^\"]*Georgia[^\"]*font-size: 28px", made.html)
    assert "Reg. 1 &lt;b&gt;" in made.html
    assert "prefers-color-scheme: dark" in made.html
    assert '<meta name="color-scheme" content="light dark">' in made.html
    assert "Northgate Ltd\nReg. 1 <b>\nnorthgate.example" in made.text
    named = typesetting.compiled(draft(), replace(KIT, logo=None))
    assert "North &amp; Gate</div>" in named.html


def test_links_can_be_followed_and_ours_cannot() -> None:
    button = section("").replace("mj-text", "mj-button", 2)
    button = button.replace("<mj-button>", '<mj-button href="https://x.example/?a=1&amp;b=2">Go')
    made = typesetting.compiled(
        draft(button, section('<a href="https://x.example/?a=1&b=2">again</a> <a href="mailto:a@x.example">mail</a>')),
        replace(KIT, website=""), follow=True,
    )  # fmt: skip
    assert made.followed == ("https://x.example/?a=1&b=2",)
    assert made.html.count('href="{{ link_1 }}"') == 2
    assert 'href="{{ why_url }}"' in made.html
    assert "Go: https://x.example/?a=1&b=2" in made.text
    assert made.plain


@given(st.text(max_size=60))
def test_a_value_is_words_whatever_it_holds(value: str) -> None:
    made = MADE
    filled = typesetting.filled(made, typesetting.SAMPLE | {"first_name": value})
    plain = typesetting.filled(made, typesetting.SAMPLE | {"first_name": "x"})
    assert filled.html.count("<") == plain.html.count("<")
    assert filled.html.count('"') == plain.html.count('"')
    assert "\n" not in filled.subject
    assert "\r" not in filled.subject


MADE = typesetting.check(draft(section('<p class="quiet">{{ first_name }}</p>')), KIT, MailKind.LETTER)


# ------------------------------------------------------------------------------------------ what is missing


def test_what_would_be_blank_is_counted_before_anything_is_sent() -> None:
    guarded = section('<p>{{ first_name | default: "there" }} {% if town %}in {{ town }}{% endif %} {{ job_name }}</p>')
    made = check(draft(guarded, extra=("town", "job_name"), subject="A job"))
    full = {**typesetting.SAMPLE, "job_name": "Nurse"}
    people: list[Mapping[str, Any]] = [full, {**full, "first_name": ""}, {**full, "job_name": None}, typesetting.SAMPLE]
    assert typesetting.missing(made, people) == (Missing("job_name", 2),)
    plain = check(draft(section("{{ first_name }}")))
    assert typesetting.missing(plain, [typesetting.SAMPLE, {**typesetting.SAMPLE, "first_name": ""}]) == (
        Missing("first_name", 1),
    )


# ------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (draft(links='<a href="{{ stop_url }}">Stop</a>'), "why somebody hears from us"),
        (draft(links='<a href="{{ why_url }}">Why</a>'), "let its reader stop it"),
        (draft(links="{% if first_name %}" + LINKS + "{% endif %}"), "why somebody hears from us"),
        (draft(section("{{ salary }}")), "asks for salary"),
        (draft(subject="a\nb"), "line break"),
        (draft(subject=" "), "no subject"),
        (draft("<script>alert(1)</script>"), "<script> has no place"),
        (draft("<div>words</div>"), "<div> has no place"),
        (draft("<mj-raw><b>x</b></mj-raw>"), "<mj-raw> has no place"),
        (draft("<mj-include path='/etc/passwd' />"), "<mj-include> has no place"),
        (draft("<mj-section onclick='x()'></mj-section>"), "onclick has no place"),
        (draft("<mj-section css-class='a&quot;b'></mj-section>"), "holds a sign"),
        (draft("loose words"), "stands between elements"),
        (draft("{{ first_name }}"), "stands between elements"),
        (draft("<mj-section>"), "is not closed"),
        (draft("</mj-section>"), "closes nothing"),
        (draft(picture("src='https://x.example/a.png'")), "no words"),
        (draft(picture("src='/a.png' alt=''")), "no address"),
        (draft(section('<a href="https://x.example/{{ first_name }}">x</a>')), "no address"),
        (draft(section('<a href="{{ first_name }}">x</a>')), "no address"),
        (draft(section("{% include 'x' %}")), "Liquid can't be read"),
        (draft(section("{% if first_name %}")), "Liquid can't be read"),
        (draft(section("{{ first_name | safe }}")), "Liquid can't be read|not made"),
        (draft(section("{% for i in (1..2000) %}x{% endfor %}")), "repeats too much"),
        (draft(section("{% for i in (1..99) %}{% for j in (1..99) %}x{% endfor %}{% endfor %}")), "repeats too much"),
        (draft(section("x" * 100_001)), "100,000 are the most"),
        (draft(section("lq0001qz")), "character that no mail may hold"),
    ],
)
def test_a_template_that_cannot_be_sent_is_refused_in_three_parts(one: MailDraft, why: str) -> None:
    with pytest.raises(MailRefused, match=why) as refused:
        check(one)
    assert all((refused.value.what, refused.value.why, refused.value.todo))


def test_a_letter_needs_no_stop_and_always_a_why() -> None:
    assert check(draft(links='<a href="{{ why_url }}">Why</a>'), MailKind.LETTER)
    with pytest.raises(MailRefused, match="why somebody"):
        check(draft(links="nothing"), MailKind.LETTER)


def test_what_people_type_is_cleaned() -> None:
    words = (
        "<p onclick='x()' style='position:fixed'>Hi<script>alert(1)</script><img src=x onerror=y> "
        "<a href='javascript:alert(1)'>a</a><iframe src='https://x.example'></iframe></p>"
    )
    html = fill(draft(section(words))).html
    assert not re.search(r"alert|onclick|onerror|iframe|position:fixed|javascript", html)
    assert ">Hi" in html


@pytest.mark.parametrize("value", ["javascript:alert(1)", "https://x.example/ y", 'https://x.example/"onx=', 7])
def test_an_address_that_is_none_makes_no_mail(value: Any) -> None:
    one = draft(section('{% for job in jobs %}<a href="{{ job.url }}">x</a>{% endfor %}'), extra=("jobs",))
    for values in ({"why_url": value}, {"jobs": [{"url": value}]}):
        with pytest.raises(MailRefused, match="safe to link to"):
            fill(one, **values)


@pytest.mark.parametrize("name", ["newsletter", "invitation", "letter"])
def test_the_shipped_templates_hold_what_they_must(name: str) -> None:
    start = queries.starts()[name]
    made = typesetting.check(start.draft, KIT, start.kind)
    filled = typesetting.filled(made, typesetting.samples(start.draft))
    assert not re.search(r"\{[{%]|lq\d", filled.html + filled.text + filled.subject)
    assert "sample.example/why_url" in filled.text
    assert len(filled.html) < 40_000
    assert rules.plain_text(filled.html).split() != []


# ------------------------------------------------------------------------------------------ what is kept


def colleague(*roles: Role) -> Viewer:
    new = NewUser(email=f"{'-'.join(roles) or 'nobody'}@house.example", name="Ina Kay", roles=frozenset(roles))
    viewer = accounts_queries.viewer_of(accounts.add_users(users=[new], by=COMMAND_LINE, at=NOON)[0])
    assert viewer
    return viewer


def keep(viewer: Viewer, key: UUID | None = None, **values: Any) -> UUID:
    given = {"name": "News", "kind": MailKind.NEWSLETTER, "brand": "", "draft": draft(section("<p>One</p>")), **values}
    return actions.keep_mail(key=key, viewer=viewer, at=NOON, **given)


@pytest.mark.django_db
def test_versions_are_numbered_and_never_changed() -> None:
    mia = colleague(Role.MARKETER)
    key = keep(mia)
    assert keep(mia, key) == key
    assert queries.mail(mia, key).version == 1  # the same words make no version
    keep(mia, key, draft=draft(section("<p>Two</p>")))
    assert [one.version for one in queries.mail_versions(mia, key)] == [2, 1]
    assert "One" in queries.mail(mia, key, 1).draft.body
    assert [(row.name, row.version) for row in queries.mails(mia)] == [("News", 2)]
    for change in ({"subject": "x"}, None):
        rows = models.MailTemplateVersion.objects.filter(template=key, number=1)
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            rows.update(**change) if change else rows.delete()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"name": " "}, "empty"),
        ({"brand": "nobody"}, "no such brand"),
        ({"draft": draft(extra=("Name!",))}, "can't be a value's name"),
        ({"draft": draft(extra=("why_url",))}, "can't be a value's name"),
        ({"draft": draft(subject="x" * 201)}, "200 characters"),
        ({"draft": draft(links="nothing")}, "why somebody"),
    ],
)
def test_what_cannot_be_kept_leaves_nothing(values: dict[str, Any], why: str) -> None:
    with pytest.raises(MailRefused, match=why):
        keep(colleague(Role.MARKETER), **values)
    assert models.MailTemplate.objects.count() == 0


@pytest.mark.django_db
def test_who_keeps_reads_and_puts_away() -> None:
    lena, rex, ada = colleague(Role.LEADER), colleague(Role.RECRUITER), colleague(Role.ADMINISTRATOR)
    key = keep(lena)
    with pytest.raises(MailRefused, match="named News"):
        keep(lena)
    assert queries.mail(rex, key).name == "News"
    with pytest.raises(NotAllowed):
        keep(rex, name="Mine")
    with pytest.raises(NotAllowed):
        actions.archive_mail(key=key, archived=True, viewer=rex, at=NOON)
    with pytest.raises(NotFound):
        queries.mails(ada)
    actions.archive_mail(key=key, archived=True, viewer=lena, at=NOON)
    assert queries.mails(rex) == ()
    assert [row.key for row in queries.mails(rex, archived=True)] == [key]
    assert queries.mail_version(key, 1).archived
    with pytest.raises(NotFound):
        actions.archive_mail(key=uuid4(), archived=True, viewer=lena, at=NOON)


# ------------------------------------------------------------------------------------------ pages


class Known:
    """One person whom a template can be tried with."""

    key = uuid4()

    def find(self, viewer: Viewer, text: str) -> list[tuple[UUID, str]]:
        return [(self.key, "Zoë <Quist>")] if text == "zoë" else []

    def values(self, viewer: Viewer, key: UUID) -> dict[str, str]:
        if key != self.key:
            raise NotFound("This person was not found.", "They are gone.", "Choose another.")
        return {"name": "Zoë <Quist>", "first_name": ""}


@pytest.fixture
def known(plain_house: Any) -> Iterator[Known]:
    before = MAIL_PEOPLE[:]
    MAIL_PEOPLE[:] = [Known()]
    yield MAIL_PEOPLE[0]  # type: ignore[misc]
    MAIL_PEOPLE[:] = before


def test_a_template_is_written_seen_and_kept(known: Known, sign_in: Callable[[Viewer], Client]) -> None:
    browser = sign_in(colleague(Role.MARKETER))
    page = browser.get(reverse("new_mail") + "?from=invitation").content.decode()
    assert "sandbox" in page
    assert "event_day" in page
    said = {"name": "Spring", "kind": "newsletter", "subject": "Hi", "body": section(f"<p>{LINKS}</p>"), "extra": ""}
    drawn = browser.post(reverse("mail_draft"), said)
    assert "sample.example/why_url" in drawn.content.decode()
    policy = drawn["Content-Security-Policy"]
    assert policy.endswith("sandbox")
    assert "script" not in policy
    assert drawn["X-Frame-Options"] == "SAMEORIGIN"
    assert models.MailTemplate.objects.count() == 0
    refused = browser.post(reverse("new_mail"), {**said, "body": section("<p>nothing</p>")})
    assert refused.status_code == 422
    assert "say why somebody hears from us" in refused.content.decode().replace("&#x27;", "'")
    assert "has no place" in browser.post(reverse("mail_draft"), {**said, "body": "<div></div>"}).content.decode()
    answer = browser.post(reverse("new_mail"), said)
    key = models.MailTemplate.objects.get().key
    assert answer["Location"] == reverse("mail", args=[key])
    page = browser.get(answer["Location"])
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert browser.post(answer["Location"], {**said, "subject": "Hello"}).status_code == 302
    shown = browser.get(reverse("mail_shown", args=[key]) + "?version=1")
    assert shown.status_code == 200
    assert browser.get(reverse("mail_shown", args=[key]) + "?version=9").status_code == 404
    assert browser.post(reverse("archive_mail", args=[key])).status_code == 302
    assert "Spring" in browser.get(reverse("mails") + "?archived").content.decode()


def test_a_template_is_tried_with_somebody(known: Known, sign_in: Callable[[Viewer], Client]) -> None:
    key = keep(colleague(Role.MARKETER), draft=draft(section("<p>Dear {{ name }}</p>")))
    browser = sign_in(colleague(Role.RECRUITER))
    url = reverse("try_mail", args=[key])
    assert "Ann Example would get it" in browser.get(url).content.decode()
    page = browser.get(url, {"q": "zoë"}).content.decode()
    assert "Zoë &lt;Quist&gt; would get it" in page
    assert "first_name" in page[page.index("would be blank") :]
    assert "sample.example/stop_url" in page  # looking at it can't stop anybody's mail
    drawn = browser.get(reverse("mail_shown", args=[key]), {"person": str(known.key)}).content.decode()
    assert "Dear Zoë &lt;Quist&gt;" in drawn
    assert "Nobody by that name" in browser.get(url, {"q": "else"}).content.decode()
    for query in ({"person": "x"}, {"person": str(uuid4())}):
        assert browser.get(url, query).status_code == 404
    assert browser.get(reverse("mail", args=[key])).status_code == 403
    assert browser.post(reverse("mail_draft"), {}).status_code == 403


def test_pages_of_templates_ask_little(known: Known, sign_in: Callable[[Viewer], Client]) -> None:
    viewer = colleague(Role.MARKETER)
    keys = [keep(viewer, name=f"News {n}") for n in range(5)]
    browser = sign_in(viewer)
    urls = [reverse("mails"), reverse("mail", args=[keys[0]]), reverse("try_mail", args=[keys[0]])]
    for url in urls:
        browser.get(url)
        with CaptureQueriesContext(connection) as told:
            assert browser.get(url).status_code == 200
        assert len(told) <= 12, url
