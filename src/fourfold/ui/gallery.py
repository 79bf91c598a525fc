"""What the gallery shows: a made-up agency's numbers, so that components are judged on lifelike content."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from fourfold.base.errors import FourfoldError
from fourfold.base.money import Money
from fourfold.ui.charts import (
    Dot,
    Interval,
    Series,
    Share,
    Strip,
    interval_plot,
    share_bar,
    sparkline,
    strips,
    trend,
)
from fourfold.ui.timelines import Lane, Point, lanes

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FEES = (118, 96, 143, 131, 164, 152, 139, 171, 188, 182, 203)
FEES_BEFORE = (92, 101, 120, 118, 127, 139, 110, 128, 151, 149, 160, 144)


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(help_text="As it stands on the CV.")
    email = forms.EmailField(label="E-mail")
    desk = forms.ChoiceField(choices=[("", "Choose a desk"), ("it", "Software, Leeds, permanent")])
    day_rate = forms.DecimalField(label="Day rate", min_value=0, required=False, help_text="Pounds a day, before tax.")
    basis = forms.ChoiceField(
        label="Why may we write?",
        choices=[("asked", "They asked us to"), ("client", "A live process"), ("interest", "Legitimate interest")],
        widget=forms.RadioSelect,
        help_text="It is kept with the person and shown to them.",
    )
    topics = forms.MultipleChoiceField(
        choices=[("jobs", "Jobs that fit"), ("events", "Events"), ("news", "Newsletter")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agreed = forms.BooleanField(label="They know that we keep their CV")


class FileForm(forms.Form):
    """A file to import."""

    file = forms.FileField(label="Your file of touches")


class PeriodForm(forms.Form):
    """A period of one's own."""

    from_date = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    to_date = forms.DateField(label="To", widget=forms.DateInput(attrs={"type": "date"}), required=False)


def gallery_context() -> dict[str, Any]:
    """Everything that ``ui/gallery.html`` shows."""
    now = timezone.now()
    return {
        "now": now,
        "forms": sample_forms(),
        "choice": sample_choice(),
        "refusal": FourfoldError(
            "Not sent.",
            "2 messages in 30 days is the most we send to one person, and 2 went out (3 Nov by Ana, 12 Nov mail).",
            "You can send from Wed 3 Dec 09:00, or ask for an exception with a reason.",
        ),
        "charts": sample_charts(),
        "fee": Money(1_240_000, "GBP"),
        "ago": {
            "minutes": now - timedelta(minutes=12),
            "days": now - timedelta(days=3),
            "weeks": now - timedelta(days=40),
        },
        **sample_ways(),
        "facts": [
            {"label": "Job", "text": "Platform engineer at Northgate Energy", "url": "#lists"},
            {"label": "Fee", "text": "22% of first-year pay, £12,400"},
            {"label": "Guarantee", "text": "Until 2 Mar 2026, then none"},
        ],
        "people": [
            {
                "name": "Maya Osei",
                "note": "Platform engineer, Leeds",
                "why": "Opened the Northgate advert twice",
                "days": 2,
            },
            {
                "name": "Tomasz Łukaszewicz",
                "note": "Data engineer, York",
                "why": "Replied “not before spring” in March",
                "days": 5,
            },
            {
                "name": "Priya Raman",
                "note": "Head of delivery, Sheffield",
                "why": "Asked about pay at our meet-up",
                "days": 6,
            },
        ],
    }


class ChoiceForm(forms.Form):
    kind = forms.ChoiceField(
        label="What is in the file?", choices=[("deals", "Deals"), ("spend", "Spend")], widget=forms.RadioSelect
    )


def sample_choice() -> dict[str, Any]:
    """A choice among cards, the first taken."""
    field = ChoiceForm(initial={"kind": "deals"}, prefix="choice")["kind"]
    abouts = [("briefcase", "One row a deal: its fee, and who shares it."), ("wallet", "What marketing cost.")]
    cards = [
        {"option": option, "title": option.choice_label, "icon": icon, "about": about}
        for option, (icon, about) in zip(field, abouts, strict=True)
    ]
    return {"field": field, "cards": cards}


def sample_ways() -> dict[str, Any]:
    """Tabs, steps and presets: the ways through a page."""
    return {
        "tabs": [
            {"label": "All", "url": "#tabs", "active": True, "count": 128},
            {"label": "Waiting for an answer", "url": "#tabs", "count": 3},
            {"label": "Placed", "url": "#tabs", "count": 14},
            {"label": "Not now", "url": "#tabs"},
        ],
        "steps": [
            {"label": "Choose the file", "state": "done", "url": "#steps"},
            {"label": "Match the columns", "state": "current"},
            {"label": "Look before it counts", "state": "next"},
            {"label": "Done", "state": "next"},
        ],
        "presets": [
            {"label": "This month", "url": "#filter"},
            {"label": "This quarter", "url": "#filter", "active": True},
            {"label": "This year", "url": "#filter"},
            {"label": "Last 12 months", "url": "#filter"},
        ],
    }


def sample_forms() -> dict[str, forms.Form]:
    """Forms fresh, and as they come back after a failed save."""
    failed = SampleForm(
        {
            f"failed-{key}": value
            for key, value in {"name": "Maya Osei", "email": "maya.osei", "day_rate": "-3"}.items()
        },
        prefix="failed",
    )
    failed.is_valid()
    return {
        "fresh": SampleForm(prefix="fresh", initial={"name": "Maya Osei", "basis": "asked", "topics": ["jobs"]}),
        "failed": failed,
        "file": FileForm(),
        "period": PeriodForm(),
        "single": PeriodForm(prefix="single"),
    }


def sample_charts() -> dict[str, Any]:
    """One of each chart, with a refusal and an interval that leaves the plot."""
    return {
        "roi": interval_plot(
            [
                Interval(label="Referral", value=6.1, lower=3.2, upper=9.6, n="14 placements", href="#charts"),
                Interval(label="LinkedIn", value=2.4, lower=0.8, upper=4.3, n="31 placements", href="#charts"),
                Interval(label="Email", value=1.7, lower=-0.2, upper=3.9, n="26 placements", href="#charts"),
                Interval(label="Job boards", value=-0.3, lower=-0.6, upper=0.1, n="22 placements", href="#charts"),
                Interval(label="Events", value=3.0, lower=-0.7, upper=48.0, n="6 placements", href="#charts"),
                Interval(label="Podcast", n="2 placements", refusal="2 placements; it takes 5"),
            ],
            title="What each pound brought back, by channel",
            desc="Pounds of net fee income gained for each pound spent; Shapley value, 180 days, 95% intervals.",
            value_label="ROI",
            reference=0.0,
            reference_text="0: got back what it cost",
            read=lambda value: f"{value:.1f}".replace("-", "−"),
        ),
        "lift": interval_plot(
            [
                Interval(label="Replied", value=1.42, lower=1.18, upper=1.71, n="1,204 of 9,553", tone="candidates"),
                Interval(label="Met a client", value=1.05, lower=0.81, upper=1.36, n="212 of 9,553", tone="clients"),
            ],
            title="Nurture against its holdout",
            desc="How many times as often people did this when they were written to.",
            value_label="Ratio",
            reference=1.0,
            reference_text="1: made no difference",
            read=lambda value: f"{value:.2f}×",
        ),
        "nothing": interval_plot(
            [Interval(label="Careers site", refusal="no spend is recorded")],
            title="Cost for each candidate",
            desc="Nothing can be said yet.",
            value_label="Pounds",
        ),
        "spark": sparkline([3, 5, 4, 6, 8, 7, 9, 11], title="Candidates by month: from 3 to 11"),
        "spark_cash": sparkline(FEES, title="Cash by month: from £118k to £203k"),
        "trend": trend(
            MONTHS,
            Series(label="2025", values=FEES),
            Series(label="2024", values=FEES_BEFORE),
            title="Net fee income by month",
            desc="Thousand pounds, accepted offers; this year is not over.",
            read=lambda value: f"£{value:,.0f}k",
        ),
        **sample_parts(),
        "lanes": sample_lanes(),
    }


def sample_parts() -> dict[str, Any]:
    """Parts of a whole, and several answers to one question."""
    return {
        "share": share_bar(
            [
                Share(label="Permanent", value=912_000, text="£912k", tone="cash"),
                Share(label="Contract", value=534_000, text="£534k", tone="candidates"),
                Share(label="Retained", value=241_000, text="£241k", tone="clients"),
            ],
            title="Net fee income by kind of work",
            desc="Accepted this year, by kind of work.",
        ),
        "strips": strips(
            [
                Strip(
                    label=label,
                    dots=tuple(Dot(value=value, text=name, main=name == "House") for name, value in shares),
                )
                for label, shares in (
                    ("Referral", (("House", 0.31), ("Last touch", 0.38), ("First touch", 0.12))),
                    ("Email", (("House", 0.22), ("Last touch", 0.24), ("First touch", 0.21))),
                )
            ],
            title="Share credited, by method",
            desc="Referral hangs on the method, e-mail does not.",
            read=lambda value: f"{value:.0%}",
        ),
    }


def sample_lanes() -> Any:
    """One placement's two journeys; two touches of one week share the lane's height."""
    start = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=150)

    def points(*days: int) -> tuple[Point, ...]:
        found = enumerate(days, start=1)
        return tuple(Point(at=start + timedelta(days=day), number=number, text="E-mail") for number, day in found)

    submitted, opened = start + timedelta(days=120), start + timedelta(days=95)
    return lanes(
        [
            Lane(label="Candidate", about="Ada King", points=points(0, 40, 42, 110), end=submitted,
                 end_text="first submitted", tone="candidates"),
            Lane(label="Client", about="Northgate", points=points(60, 94), end=opened,
                 end_text="the job was opened", tone="clients"),
        ],
        finish=start + timedelta(days=148),
        finish_text="£12,400",
        title="Both journeys",
        desc="Numbers are touches; the bar ends a journey.",
    )  # fmt: skip
