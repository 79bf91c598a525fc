"""The queue of likely duplicates: one pair at a time, decided with a key or a button, undone at once."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fourfold.base import clock
from fourfold.base.errors import NotFound
from fourfold.people import actions, pages
from fourfold.people.types import PairState
from fourfold.ui.messages import say_done


@require_safe
def show_pairs(request: HttpRequest) -> HttpResponse:
    """The likeliest pair that waits, or the one asked for."""
    asked = request.GET.get("pair", "")
    key = int(asked) if asked.isdecimal() and len(asked) < 18 else None
    return render(request, "people/pairs.html", pages.pairs_context(request.viewer, clock.now(), key))


@require_POST
def decide_pair(request: HttpRequest, pair: int) -> HttpResponse:
    """Merge into one side, different people, or later. The next page offers to undo it."""
    answer, at = request.POST.get("answer", ""), clock.now()
    if answer in (PairState.DIFFERENT, PairState.LATER):
        actions.decide_pair(pair=pair, state=PairState(answer), viewer=request.viewer, at=at)
        words = _("Left for later: it comes back when one of the two changes.")
        if answer == PairState.DIFFERENT:
            words = _("Different people: they won't be shown again.")
    else:
        actions.merge_pair(pair=pair, into_key=_key(answer), viewer=request.viewer, at=at)
        words = _("The two records are one now.")
    say_done(request, words, undo=reverse("undo_pair", args=[pair]))
    return redirect("pairs")


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(_("Nothing was decided."), _("That is no answer."), _("Choose one of those shown.")) from None


@require_POST
def undo_pair(request: HttpRequest, pair: int) -> HttpResponse:
    """The pair waits again; records made one stand by themselves."""
    actions.undo_pair(pair=pair, viewer=request.viewer, at=clock.now())
    say_done(request, _("It is as it was before."))
    return redirect(f"{reverse('pairs')}?pair={pair}")


@require_POST
def look_for_pairs(request: HttpRequest) -> HttpResponse:
    """Have the worker look for records of one human: at what changed, or at everybody."""
    whole = request.POST.get("whole") == "yes"
    actions.look_for_pairs(whole=whole, by=request.viewer.actor(), at=clock.now())
    say_done(request, _("The look has begun; what it finds is shown here."))
    return redirect("pairs")
