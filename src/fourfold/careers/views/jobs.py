"""Pages of jobs that everybody may open: the list, one job, the form, and the times of an interview by a link."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fourfold.accounts import queries as accounts
from fourfold.base import clock
from fourfold.base.errors import FourfoldError
from fourfold.careers import links, rules
from fourfold.careers.actions import jobs as actions
from fourfold.careers.forms.jobs import ApplyForm, NoneFitsForm, PickForm, zone_or
from fourfold.careers.pages import jobs as pages
from fourfold.careers.types import FormTooFast, Link, LinkKind, Standpoint, TooOften, Visit
from fourfold.careers.views import _by, _page, _see, _to, public
from fourfold.files.types import FileRefused
from fourfold.jobs import actions as job_actions
from fourfold.jobs import queries as jobs
from fourfold.jobs.types import ApplicationRefused, IntakeRefused, OwnSlots, PublicJob, SlotTaken
from fourfold.people import queries as people

View = Callable[..., HttpResponse]
FIVE_MINUTES = "public, max-age=300"
MOST_OFFSET = 2_000
MOST_LISTED = 5_000


def shop_window(view: View) -> View:
    """A page that search engines may keep: the same for everybody, no cookie, no script."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        response = view(request, *args, **values)
        response.headers.setdefault("Cache-Control", FIVE_MINUTES)
        return response

    return csrf_exempt(login_not_required(shown))


def _today(at: Any) -> Any:
    return at.astimezone(ZoneInfo(accounts.house_zone())).date()


def _base(request: HttpRequest) -> str:
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"


def _job(slug: str) -> PublicJob:
    found = jobs.public_job(slug, today=_today(clock.now()))
    if found is None:
        raise Http404
    return found


@shop_window
@require_safe
def show_jobs(request: HttpRequest) -> HttpResponse:
    """Every job that takes applications."""
    after = request.GET.get("after", "")
    offset = int(after) if after.isdecimal() and len(after) < 6 else 0
    if offset > MOST_OFFSET:
        raise Http404
    return _page("jobs", pages.job_list(jobs.public_jobs(today=_today(clock.now()), offset=offset)))


@shop_window
@require_safe
def show_job(request: HttpRequest, slug: str) -> HttpResponse:
    """One job; 410 with other jobs once it is over."""
    job = _job(slug)
    values = pages.job_page(job, base=_base(request), at=clock.now())
    return _page("job" if job.open else "job_over", values, 200 if job.open else 410)


@shop_window
@require_safe
def show_sitemap(request: HttpRequest) -> HttpResponse:
    found = jobs.public_jobs(today=_today(clock.now()), size=MOST_LISTED)
    text = render_to_string("careers/sitemap.xml", pages.sitemap(found.rows, base=_base(request)))
    return HttpResponse(text, content_type="application/xml")


def _visit(request: HttpRequest) -> Visit:
    at = clock.now()
    return Visit(place=str(get_client_ip_address(request) or ""), today=_today(at), at=at)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of an application. What isn't right comes back as it was typed, its file too."""
    job = _job(slug)
    visit = _visit(request)
    if not job.open:
        return _page("job_over", pages.job_page(job, base=_base(request), at=visit.at), 410)
    country = accounts.house_country()
    if request.method != "POST":
        return _page("apply", pages.apply_page(job, ApplyForm(country=country), mark=_mark(job, visit)))
    if int(request.headers.get("Content-Length") or 0) > (settings.FILE_MEGABYTES + 1) * 1024 * 1024:
        error = f"The file is larger than {settings.FILE_MEGABYTES} MB. Choose a smaller one, or write two lines."
        return _again(job, ApplyForm(country=country), visit, error, status=413)
    form = ApplyForm(request.POST, request.FILES, country=country)
    return _sent(request, job, form, visit)


def _mark(job: PublicJob, visit: Visit) -> str:
    return rules.form_mark(job.key, keys=settings.LINK_KEYS, at=visit.at)


def _sent(request: HttpRequest, job: PublicJob, form: ApplyForm, visit: Visit) -> HttpResponse:
    right = form.is_valid()
    file = form.cleaned_data.get("cv")
    cv = (file.name, file.read(settings.FILE_MEGABYTES * 1024 * 1024 + 1)) if file else None
    upload = rules.upload_of(form.cleaned_data.get("upload", ""), job.key, keys=settings.LINK_KEYS)
    error = ""
    if right:
        try:
            actions.count_visit("apply", job=job.key, visit=visit)
            rules.check_form(form.cleaned_data["mark"], job.key, keys=settings.LINK_KEYS, at=visit.at)
            wording = pages.keep_wording()
            given = form.given(
                job_words=f"{job.reference} {job.title}", notice=pages.NOTICE,
                keep_wording=wording.version if wording else "", cv=cv, upload=upload,
            )  # fmt: skip
            actions.apply(job=job.key, given=given, visit=visit)
        except (FormTooFast, TooOften, IntakeRefused, ApplicationRefused) as refused:
            error = str(refused)
        else:
            return _see(reverse("applied", args=[job.slug]))
    return _again(job, form, visit, error, cv=cv)


def _again(
    job: PublicJob, form: ApplyForm, visit: Visit, error: str, *, cv: tuple[str, bytes] | None = None, status: int = 422
) -> HttpResponse:
    """The same form with what was typed, and with its file, which nobody has to choose twice."""
    values = form.data.copy() if form.is_bound else {}
    fresh = form
    if form.is_bound and cv is not None:
        try:
            actions.count_visit("upload", job=job.key, visit=visit)
            key = actions.keep_file(name=cv[0], data=cv[1], visit=visit)
        except FileRefused as refused:
            form.add_error("cv", f"{refused.why} {refused.todo}")
        except TooOften as refused:
            error = error or str(refused)
        else:
            values["upload"] = rules.upload_mark(key, job.key, keys=settings.LINK_KEYS)
            values["upload_name"] = cv[0][:200]
    form.data = values
    mark = str(values.get("mark", "")) or _mark(job, visit)
    if error.startswith("Not sent yet. This page"):
        mark = _mark(job, visit)
    return _page("apply", pages.apply_page(job, fresh, error=error, mark=mark), status)


@public
@require_safe
def show_applied(request: HttpRequest, slug: str) -> HttpResponse:
    """Thank you: what happens next, and until when they hear."""
    return _page("applied", pages.applied_page(_job(slug), job_actions.answer_by(clock.now())))


# The times of an interview


def _own(link: Link, at: Any) -> OwnSlots:
    return jobs.own_slots(rules.invite_of(link), person_keys=people.family_of(link.person_key), at=at)


def _slots(by: Standpoint, zone: str, status: int = 200, **values: Any) -> HttpResponse:
    own = _own(by.link, by.at)
    here = links.path(by.link)
    shown = pages.slots_page(by.link, own, zone=zone_or(zone, own.zone), here=here, **values)
    return _page("slots", shown, status)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def slots(request: HttpRequest, token: str) -> HttpResponse:
    """Times to pick from. A GET books nothing, for scanners follow links; a POST takes one."""
    by = _by(request, token, LinkKind.SLOT)
    if request.method != "POST":
        return _slots(by, request.GET.get("zone", ""), did=request.GET.get("did", ""))
    form = PickForm(request.POST)
    zone = request.POST.get("zone", "")
    if not form.is_valid():
        return _slots(by, zone, 422, error=" ".join(str(one) for several in form.errors.values() for one in several))
    own = _own(by.link, by.at)
    try:
        done = actions.pick(slot=form.cleaned_data["slot"], zone=zone_or(zone, own.zone), by=by)
    except SlotTaken as taken:
        return _slots(by, zone, 409, error=str(taken))
    except FourfoldError as error:
        return _slots(by, zone, 422, error=str(error))
    did = "picked" if done.told and not done.told[0].why_not else "booked"
    return _to(by.link, did, zone=zone_or(zone, own.zone))


@public
@require_POST
def say_none_fits(request: HttpRequest, token: str) -> HttpResponse:
    """None of the times fits."""
    by = _by(request, token, LinkKind.SLOT)
    form = NoneFitsForm(request.POST)
    if not form.is_valid():
        return _slots(by, request.POST.get("zone", ""), 422, words=form)
    actions.none_fits(words=form.cleaned_data["words"], by=by)
    return _to(by.link, "none")
