"""What the pages of jobs show: every published job, one of them, the form, and the times of an interview."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.defaultfilters import date as day_words
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fourfold.accounts import queries as accounts
from fourfold.base.money import Money
from fourfold.careers.forms.jobs import ZONES, ApplyForm, NoneFitsForm
from fourfold.careers.pages import shell
from fourfold.careers.types import Link
from fourfold.jobs import queries as jobs
from fourfold.jobs.types import JobKind, MeetingKind, OwnSlots, PayPer, PublicJob, PublicJobs, Workplace
from fourfold.people import queries as people
from fourfold.people.types import ConsentEvent, Purpose, WordingRow
from fourfold.studio import queries as studio

FEWEST_FOR_A_RATE = 20
RATE_DAYS = 180
NOTICE = "apply 1"
"""The version of what the form says about data; a change of its words is a new version."""
KIND_WORDS = {
    JobKind.PERMANENT: gettext_lazy("Permanent"),
    JobKind.CONTRACT: gettext_lazy("Contract"),
    JobKind.TEMPORARY: gettext_lazy("Temporary"),
}
WORKPLACE_WORDS = {
    Workplace.ON_SITE: gettext_lazy("On site"),
    Workplace.HYBRID: gettext_lazy("Partly from home"),
    Workplace.REMOTE: gettext_lazy("From home"),
}
PER_WORDS = {
    PayPer.YEAR: gettext_lazy("a year"), PayPer.DAY: gettext_lazy("a day"), PayPer.HOUR: gettext_lazy("an hour")
}  # fmt: skip
MEETING_WORDS = {
    MeetingKind.PHONE: gettext_lazy("by phone"),
    MeetingKind.VIDEO: gettext_lazy("by video"),
    MeetingKind.IN_PERSON: gettext_lazy("in person"),
}


def pay_words(job: PublicJob) -> str:
    """“£45,000 to £55,000 a year”; "" where it isn't shown."""
    pence = job.pay_per is PayPer.HOUR
    held = [one for one in (job.pay_from_minor, job.pay_to_minor) if one is not None]
    amounts = list(dict.fromkeys(Money(one, job.currency).text(pence=pence) for one in held))
    if not amounts:
        return ""
    return f"{_(' to ').join(amounts)} {PER_WORDS[job.pay_per]}"


def place_words(job: PublicJob) -> str:
    where = ", ".join(one for one in (job.city, job.region) if one)
    how = str(WORKPLACE_WORDS[job.workplace])
    return f"{where} · {how}" if where and job.workplace is not Workplace.ON_SITE else where or how


def facts(job: PublicJob) -> list[str]:
    """Where, what kind, what pay: a line each."""
    return [one for one in (place_words(job), str(KIND_WORDS[job.kind]), pay_words(job)) if one]


def job_line(job: PublicJob) -> dict[str, Any]:
    return {"job": job, "facts": facts(job), "url": reverse("public_job", args=[job.slug])}


def job_list(found: PublicJobs) -> dict[str, Any]:
    """Every published job."""
    kit = studio.kit_of()
    n = len(found.rows)
    more = found.older is not None
    heading = _("Our open jobs") if more else ngettext("%(n)s open job", "%(n)s open jobs", n) % {"n": n}
    return {
        **shell(kit),
        "heading": heading if n else _("No job is open just now"),
        "jobs": [job_line(one) for one in found.rows],
        "older": found.older,
        "promise": promise_words(),
    }


def promise_words() -> str:
    return ngettext(
        "Everybody who applies has an answer from one of us within %(n)s working day, also when it is a no.",
        "Everybody who applies has an answer from one of us within %(n)s working days, also when it is a no.",
        settings.ANSWER_DAYS,
    ) % {"n": settings.ANSWER_DAYS}


def rate_words(today: date, at: datetime) -> str:
    """How the promise was kept, in counts; "" while too few have applied to say."""
    before = at - timedelta(days=settings.ANSWER_DAYS * 7 // 5 + 1)
    done, n = jobs.closure_rate(since=today - timedelta(days=RATE_DAYS), before=before)
    if n < FEWEST_FOR_A_RATE:
        return ""
    said = _("How we keep it: of %(n)s people whose time was up in the last six months, %(done)s have their answer.")
    return said % {"n": f"{n:,}", "done": f"{done:,}"}


def job_page(job: PublicJob, *, base: str, at: datetime) -> dict[str, Any]:
    """One job, with its posting for search engines while it is open."""
    kit = studio.kit_of()
    today = at.astimezone(ZoneInfo(accounts.house_zone())).date()
    shown = {**shell(kit), "job": job, "facts": facts(job), "promise": promise_words(), "house": kit.name}
    if not job.open:
        others = jobs.public_jobs(today=today, size=6).rows
        return {**shown, "jobs": [job_line(one) for one in others]}
    url = base + reverse("public_job", args=[job.slug])
    posting = jobs.posting(job, house=kit.name, website=shown["website"], url=url)
    return {
        **shown,
        "canonical": url,
        "posting": as_data(posting),
        "paragraphs": [one.strip() for one in job.description.replace("\r\n", "\n").split("\n\n") if one.strip()],
        "apply_url": reverse("apply", args=[job.slug]),
        "until": day_words(job.apply_until, "l j F Y") if job.apply_until else "",
        "rate": rate_words(today, at),
    }


def as_data(posting: dict[str, Any]) -> SafeString:
    """JSON that may stand inside a script element: nothing in it can end the element or begin another."""
    text = json.dumps(posting, ensure_ascii=False, indent=1)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return mark_safe(text)  # noqa: S308 (every sign that HTML reads is written as an escape)


def keep_wording() -> WordingRow | None:
    """The text under which somebody wants to be told of other jobs; None where the house has none in use."""
    used = [one for one in people.wordings(used=True) if one.event is ConsentEvent.CONSENTED]
    for purpose in (Purpose.APPROACH, Purpose.JOB_ALERTS):
        found = next((one for one in used if one.purpose is purpose), None)
        if found is not None:
            return found
    return None


def apply_page(job: PublicJob, form: ApplyForm, *, error: str = "", mark: str = "") -> dict[str, Any]:
    """The form of an application; ``mark`` shows when it was fetched."""
    kit = studio.kit_of()
    return {
        **shell(kit),
        "job": job,
        "facts": facts(job),
        "form": form,
        "error": error,
        "mark": mark,
        "keep": keep_wording(),
        "house": kit.legal_name or kit.name,
        "megabytes": settings.FILE_MEGABYTES,
        "here": reverse("apply", args=[job.slug]),
        "job_url": reverse("public_job", args=[job.slug]),
        "promise": promise_words(),
        "trapped": "website" in form.errors,
    }


def applied_page(job: PublicJob, until: date) -> dict[str, Any]:
    return {
        **shell(studio.kit_of()),
        "job": job,
        "until": day_words(until, "l j F"),
        "jobs_url": reverse("public_jobs"),
    }


def sitemap(rows: Sequence[PublicJob], *, base: str) -> dict[str, Any]:
    """The addresses that search engines may look at."""
    found: list[dict[str, Any]] = [{"url": base + reverse("public_jobs"), "at": None}]
    found += [{"url": base + reverse("public_job", args=[one.slug]), "at": one.published_at} for one in rows]
    return {"rows": found}


def slots_page(
    link: Link, own: OwnSlots, *, zone: str, here: str, did: str = "", error: str = "",
    words: NoneFitsForm | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The times that are left, on the wall clock of ``zone``, day by day."""
    there = ZoneInfo(zone)
    rows: list[dict[str, Any]] = [{"key": one.key, "at": one.starts_at.astimezone(there)} for one in own.left]
    days = [
        {
            "day": day_words(day, "l j F"),
            "rows": [{"key": row["key"], "time": row["at"].strftime("%H:%M")} for row in held],
        }
        for day, held in groupby(rows, key=lambda row: row["at"].date())
    ]
    picked = own.picked.astimezone(there) if own.picked else None
    name = datetime.now(there).tzname() if not rows else rows[0]["at"].tzname()
    return {
        **shell(studio.kit_of(), link),
        "own": own,
        "kind": MEETING_WORDS[own.kind],
        "days": days,
        "picked": day_words(picked, "l j F, H:i") if picked else "",
        "zone": zone,
        "zone_words": f"{zone.replace('_', ' ')} ({name})",
        "zones": [(one, one.replace("_", " ")) for one in dict.fromkeys((own.zone, *ZONES))],
        "closes": day_words(own.closes_at.astimezone(there), "l j F, H:i"),
        "here": here,
        "did": did,
        "error": error,
        "words": words or NoneFitsForm(),
    }
