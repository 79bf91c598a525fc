"""The page of a survey. A GET keeps nothing, whoever follows the link: one button gives the number."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from fourfold.base import clock
from fourfold.careers import actions, links
from fourfold.careers.forms.surveys import MoreForm, NumberForm
from fourfold.careers.pages import surveys as pages
from fourfold.careers.types import Link, LinkKind, LinkRefused, Standpoint
from fourfold.careers.views import _by, _page, _to, public
from fourfold.surveys import queries as surveys
from fourfold.surveys.types import OpenSurvey


@public
@require_http_methods(["GET", "HEAD", "POST"])
def show_survey(request: HttpRequest, token: str) -> HttpResponse:
    """The question; its button gives the number."""
    if request.method != "POST":
        link = links.read(token, kind=LinkKind.SCORE, at=clock.now())
        return _page("survey", pages.survey(link, _open(link), did=request.GET.get("did", "")))
    by = _by(request, token, LinkKind.SCORE)
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _page("survey", pages.survey(by.link, _open(by.link), number=form), 422)
    actions.give_number(score=form.cleaned_data["score"], by=by)
    return _to(by.link, "number")


@public
@require_POST
def say_more(request: HttpRequest, token: str) -> HttpResponse:
    """Words to the number, and whether one of us may answer."""
    by = _by(request, token, LinkKind.SCORE)
    form = MoreForm(request.POST)
    if not form.is_valid():
        return _page("survey", pages.survey(by.link, _open(by.link), did="number", more=form), 422)
    return _to(by.link, _said(form, by))


def _said(form: MoreForm, by: Standpoint) -> str:
    held = form.cleaned_data
    return "told" if actions.say_more(words=held["words"], may_answer=held["may_answer"], by=by) else "words"


def _open(link: Link) -> OpenSurvey:
    if link.delivery is None:
        raise LinkRefused("This link doesn't open anything.", "It names no mail.", "Copy it whole from the mail.")
    return surveys.open_survey(delivery=link.delivery, person_key=link.person_key, at=clock.now())
