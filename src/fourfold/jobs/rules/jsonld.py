"""A job as schema.org's JobPosting, with what Google's job search requires and recommends.

Source: schema.org/JobPosting; developers.google.com/search/docs/appearance/structured-data/job-posting.
"""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from fourfold.base.money import minor_digits
from fourfold.jobs.types.intake import PublicJob
from fourfold.jobs.types.words import JobKind, PayPer, Workplace

EMPLOYMENT = {JobKind.PERMANENT: "FULL_TIME", JobKind.CONTRACT: "CONTRACTOR", JobKind.TEMPORARY: "TEMPORARY"}
UNIT = {PayPer.YEAR: "YEAR", PayPer.DAY: "DAY", PayPer.HOUR: "HOUR"}


def job_posting(job: PublicJob, *, house: str, website: str, home: str, zone: str, url: str) -> dict[str, Any]:
    """The posting of an open job. ``home`` is the house's country, for a job that names none; ``website`` may be "".

    A client who isn't named is never in it: then the house is the hiring organisation, as Google asks of agencies.
    Raises ValueError for a job that is not published.
    """
    if job.published_at is None or not job.open:
        raise ValueError(f"{job.reference} is not published")
    posting: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": job.title,
        "description": description(job),
        "datePosted": job.published_at.astimezone(ZoneInfo(zone)).date().isoformat(),
        "employmentType": EMPLOYMENT[job.kind],
        "hiringOrganization": _organisation(job.client or house, "" if job.client else website),
        "identifier": {"@type": "PropertyValue", "name": house, "value": job.reference},
        "directApply": True,
        "url": url,
    }
    if job.apply_until is not None:
        last = datetime.combine(job.apply_until, time(23, 59, 59), tzinfo=ZoneInfo(zone))
        posting["validThrough"] = last.isoformat()
    country = job.country or home
    if job.workplace is Workplace.REMOTE:
        posting["jobLocationType"] = "TELECOMMUTE"
        posting["applicantLocationRequirements"] = {"@type": "Country", "name": country}
    if job.workplace is not Workplace.REMOTE or job.city:
        posting["jobLocation"] = _place(job, country)
    salary = _salary(job)
    if salary:
        posting["baseSalary"] = salary
    if job.benefits:
        posting["jobBenefits"] = job.benefits
    if job.start_wanted_on:
        posting["jobStartDate"] = job.start_wanted_on.isoformat()
    return posting


def _organisation(name: str, website: str) -> dict[str, str]:
    found = {"@type": "Organization", "name": name}
    return {**found, "sameAs": website} if website else found


def _place(job: PublicJob, country: str) -> dict[str, Any]:
    named = {"addressLocality": job.city, "addressRegion": job.region, "postalCode": job.postcode}
    address = {"@type": "PostalAddress", **{key: value for key, value in named.items() if value}}
    return {"@type": "Place", "address": {**address, "addressCountry": country}}


def _salary(job: PublicJob) -> dict[str, Any] | None:
    if job.pay_from_minor is None and job.pay_to_minor is None:
        return None
    low, high = job.pay_from_minor, job.pay_to_minor
    value: dict[str, Any] = {"@type": "QuantitativeValue", "unitText": UNIT[job.pay_per]}
    if low is not None and high is not None and low != high:
        value |= {"minValue": _major(low, job.currency), "maxValue": _major(high, job.currency)}
    else:
        only = low if low is not None else high
        assert only is not None
        value["value"] = _major(only, job.currency)
    return {"@type": "MonetaryAmount", "currency": job.currency, "value": value}


def _major(minor: int, currency: str) -> float | int:
    amount = Decimal(minor).scaleb(-minor_digits(currency))
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def description(job: PublicJob) -> str:
    """The whole of what the page says, as the few tags that Google reads: p, ul, li, br."""
    parts = [_paragraphs(job.in_short), _list("What you gain", [one.gain for one in job.gains])]
    parts += [_paragraphs(job.description), _list("You bring", job.musts), _list("Nice to have", job.wishes)]
    return "".join(parts) or _paragraphs(job.title)


def _paragraphs(text: str) -> str:
    blocks = [block.strip() for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    return "".join(f"<p>{escape(block).replace(chr(10), '<br>')}</p>" for block in blocks)


def _list(heading: str, rows: list[str] | tuple[str, ...]) -> str:
    if not rows:
        return ""
    return f"<p>{escape(heading)}</p><ul>{''.join(f'<li>{escape(one)}</li>' for one in rows)}</ul>"
