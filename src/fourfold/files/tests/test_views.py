"""Pages of files, as a browser gets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fourfold.accounts.types import Viewer
from fourfold.files import actions, models
from fourfold.files.tests.factories import THING, Cast, docx, pdf, store

pytestmark = pytest.mark.django_db
SignIn = Callable[[Viewer], Client]
BOTH = f"person:{THING},candidate:{THING}"


def upload(client: Client, data: bytes, purpose: str = "cv", about: str = BOTH) -> Any:
    file = SimpleUploadedFile("CV.pdf", data)
    return client.post(reverse("bring_file"), {"about": about, "purpose": purpose, "file": file})


def test_who_is_not_signed_in_is_asked_to(cast: Cast) -> None:
    key = store(pdf())
    for name, arguments in (("file", [key]), ("download_file", [key]), ("file_page", [key, 1])):
        assert Client().get(reverse(name, args=arguments)).status_code == 302


def test_a_cv_goes_to_the_candidate_side_all_else_to_the_open_one(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(cast.rhea)
    assert upload(client, pdf("one")).status_code == 302
    assert upload(client, pdf("two"), "document").status_code == 302
    assert sorted(models.StoredFile.objects.values_list("subject_kind", "purpose")) == [
        ("candidate", "cv"), ("person", "document"),
    ]  # fmt: skip


def test_who_may_not_see_the_candidate_side_brings_no_cv(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(cast.milo)
    assert upload(client, pdf()).status_code == 422
    assert upload(client, pdf(), about=f"candidate:{THING}").status_code == 404
    assert upload(client, pdf(), "document").status_code == 302
    assert upload(sign_in(cast.nico), pdf(), "document").status_code == 404
    assert [one.subject_kind for one in models.StoredFile.objects.all()] == ["person"]


def test_a_refused_file_says_why_on_the_same_form(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(cast.rhea)
    page = upload(client, docx(**{"word/vbaProject.bin": b"x"}))
    assert page.status_code == 422
    assert "It holds macros" in page.content.decode()
    nothing = client.post(reverse("bring_file"), {"about": BOTH, "purpose": "cv"})
    assert nothing.status_code == 422
    assert models.StoredFile.objects.count() == 0


def test_a_download_is_never_shown_in_our_name(sign_in: SignIn, cast: Cast) -> None:
    key = store(b"<script>alert(1)</script>", name='x";evil.html')
    response = sign_in(cast.rhea).get(reverse("download_file", args=[key]))
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Type"] == "text/plain"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"


def test_a_page_of_a_file_before_and_after_it_was_read(sign_in: SignIn, cast: Cast) -> None:
    client, key = sign_in(cast.rhea), store(pdf("Jane &lt;b&gt; Doe", pages=2))
    assert "It is being read." in client.get(reverse("file", args=[key])).content.decode()
    assert client.get(reverse("file_page", args=[key, 1])).status_code == 404
    actions.read_waiting()
    page = client.get(reverse("file", args=[key])).content.decode()
    assert page.count("<img src=") == 2
    assert "Jane" in page
    drawn = client.get(reverse("file_page", args=[key, 2]))
    assert (drawn.status_code, drawn["Content-Type"]) == (200, "image/png")
    assert client.get(reverse("file_page", args=[key, 3])).status_code == 404
    for viewer in (cast.milo, cast.nico):
        for name, more in (("file", []), ("download_file", []), ("file_page", [1])):
            assert sign_in(viewer).get(reverse(name, args=[key, *more])).status_code == 404


def test_remove_and_bring_back(sign_in: SignIn, cast: Cast) -> None:
    client, key = sign_in(cast.lena), store(pdf())
    assert client.post(reverse("remove_file", args=[key])).status_code == 302
    assert client.get(reverse("file", args=[key])).status_code == 404
    client.post(reverse("bring_file_back", args=[key]))
    assert client.get(reverse("file", args=[key])).status_code == 200
    assert sign_in(cast.rhea).post(reverse("remove_file", args=[key])).status_code == 403
    assert client.get(reverse("remove_file", args=[key])).status_code == 405
