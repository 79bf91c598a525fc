"""The gallery, the error pages and the shell around them."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client


def test_the_gallery_is_served_under_the_strict_policy(visitor: Client):
    answer = visitor.get("/gallery/")
    assert answer.status_code == 200
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy


def test_every_id_stands_once_and_every_reference_has_its_target(visitor: Client):
    html = visitor.get("/gallery/?said=1").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(set(ids)) == sorted(ids)
    references = re.findall(r'(?:aria-labelledby|aria-describedby|popovertarget|for)="([^"]+)"', html)
    wanted = {name for reference in references for name in reference.split()}
    assert wanted - set(ids) == set()


def test_navigation_says_where_we_are_and_gives_its_shortcuts(visitor: Client):
    html = visitor.get("/gallery/").content.decode()
    assert html.count('aria-current="page" data-go="t"') == 1
    assert {"t", "4", "p"} <= set(re.findall(r'data-go="(.)"', html))


def test_a_message_offers_its_undo(visitor: Client):
    html = visitor.get("/gallery/?said=1").content.decode()
    said = html[html.index('id="messages"') :]
    assert "Maya Osei is on your list for today." in said
    assert said.count('<form method="post" action="/gallery/">') == 1
    assert said.count("csrfmiddlewaretoken") == 1


def test_a_part_of_a_page_is_answered_alone(visitor: Client):
    html = visitor.get("/gallery/progress/").content.decode()
    assert html.strip().startswith('<div class="ff-progress"')
    assert "<html" not in html


@pytest.mark.parametrize("status", [403, 404, 422, 500])
def test_an_error_page_says_what_why_and_what_to_do(visitor: Client, status: int):
    answer = visitor.get(f"/gallery/errors/{status}/")
    html = answer.content.decode()
    assert answer.status_code == status
    assert "What you can do" in html
    what, why, todo = re.search(r"<h1>(.+?)</h1>.*?<p>(.+?)</p>.*?<br>(.+?)</p>", html, re.DOTALL).groups()
    assert all(len(part.strip()) > 15 for part in (what, why, todo))


def test_the_page_for_our_own_faults_needs_nothing():
    html = render_to_string("ui/errors/500.html", {"incident": "7F3A"})
    assert "7F3A" in html
    assert "That went wrong on our side." in html


def test_a_page_without_subtitle_and_crumbs_has_no_empty_parts(visitor: Client):
    html = render_to_string("ui/base.html", {"heading": "3 people wait for an answer"})
    assert "<h1>3 people wait for an answer</h1>" in html
    assert "<title>3 people wait for an answer · Fourfold</title>" in html
    assert '<ol class="ff-crumbs"></ol>' in html
    assert "<p></p>" in html
