"""Every page: both widths, light and dark, nothing for axe, no complaint of the console, light over the wire."""

from __future__ import annotations

from typing import Any

import pytest

from tests import houses
from tests.browser.conftest import SignIn, Visit

PAGES = {
    "today": "/",
    "fourcs": "/4cs/",
    "cash": "/4cs/figure/cash/",
    "spend": "/4cs/figure/spend/",
    "return on spend": "/4cs/roi/",
    "methods": "/4cs/roi/compare/",
    "monday": "/4cs/monday/",
    "calls of last week": "/4cs/monday/calls/",
    "pipeline": "/4cs/pipeline/",
    "turn-up": "/4cs/pipeline/turn_up/",
    "goals": "/4cs/goals/",
    "new goal": "/4cs/goals/new/",
    "experiments": "/4cs/experiments/",
    "new experiment": "/4cs/experiments/new/",
    "sizing": "/4cs/experiments/size/?base=5&lift=20&share=10&power=80&have=1200",
    "key": "/4cs/credit/?key=email",
    "tasks": "/work/",
    "new task": "/work/tasks/new/",
    "notifications": "/work/notifications/",
    "search": "/search/",
    "search that finds": "/search/?q=engineer",
    "add a person": "/people/add/",
    "people": "/people/",
    "people who fit": "/people/?g=0&f=skill&o=is&v=Python&g=1&f=openness&o=is&v=open&m1=any",
    "which people": "/people/filter/?g=0&f=skill&o=is&v=Python&change=add:0",
    "lists": "/people/lists/",
    "new list": "/people/lists/new/",
    "own fields": "/people/fields/",
    "clients": "/organisations/",
    "no client": "/organisations/?q=nothing+is+called+this",
    "new organisation": "/organisations/new/",
    "job leads": "/leads/",
    "new job lead": "/leads/new/",
    "brands": "/studio/brands/",
    "brand kit": "/studio/brands/fourfold-partners/",
    "nobody": "/people/?q=nobody+has+this+name",
    "imports": "/imports/",
    "new import": "/imports/new/",
    "coming over": "/imports/over/",
    "what waits": "/imports/waiting/",
    "leaving": "/imports/leaving/",
    "likely duplicates": "/people/pairs/",
    "messages": "/contact/messages/",
    "verdicts": "/contact/receipts/",
    "questions": "/contact/asks/",
    "inbox": "/contact/inbox/",
    "contact policy": "/contact/policy/",
    "mailboxes": "/contact/mailboxes/",
    "new mailbox": "/contact/mailboxes/new/",
    "to be told": "/privacy/",
    "declare": "/privacy/declare/?origin=imported&source=the+old+system&from_day=2025-08-01&to_day=2026-01-01",
    "retention": "/privacy/retention/",
    "kept out": "/privacy/kept-out/",
    "our texts": "/privacy/texts/",
    "jobs": "/jobs/",
    "new job": "/jobs/new/",
    "applications": "/jobs/applications/",
    "interviews": "/jobs/interviews/?of=all",
    "placements": "/jobs/placements/",
    "billings": "/jobs/billings/",
    "weekly margins": "/jobs/margins/",
    "applications by mail": "/jobs/incoming/",
    "stages": "/jobs/stages/",
    "papers": "/jobs/papers/",
    "answers of the house": "/jobs/answers/",
    "tables of pay": "/jobs/pay/",
    "surveys": "/surveys/",
    "how it was": "/4cs/nps/",
    "my account": "/my-account/",
    "gallery": "/gallery/",
}
LOOKS = [(1440, "light"), (390, "dark")]
"""Every page in both widths and both schemes: what runs over hangs on the width, what can't be read on the scheme."""
ADMINISTRATOR_PAGES = {"colleagues": "/colleagues/", "house": "/house/", "audit": "/audit/"}


def looks_right(found: Visit, axe: Any, name: str) -> None:
    """No violation, no complaint, no sideways scrolling."""
    report = axe.run(found.page)
    assert report.violations_count == 0, f"{name}: {report.generate_report()}"
    assert found.complaints == [], f"{name}: {found.complaints}"
    over = found.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert over <= 0, f"{name} scrolls {over} px sideways"


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_page_is_clean(visit: SignIn, axe: Any, width: int, scheme: str) -> None:
    found = visit(width=width, scheme=scheme)
    found.settle_fourcs()
    found.settle_fourcs("/4cs/roi/compare/")
    for name, path in PAGES.items():
        found.go(path)
        looks_right(found, axe, name)
    found.go("/4cs/credit/?key=email")
    found.page.locator("tbody a").first.click()
    found.settle()
    looks_right(found, axe, "journey")
    found.page.locator(".ff-header-text p a").first.click()
    found.settle()
    looks_right(found, axe, "person")
    person = found.page.url.removeprefix(found.address)
    for name in ("wishes", "change", "addresses", "jobs", "roles", "who-sees", "not-to", "write", "ring", "exception"):
        found.go(f"{person}{name}/")
        looks_right(found, axe, name)
    found.go("/organisations/?stage=repeat")
    found.page.locator("tbody a").first.click()
    found.settle()
    looks_right(found, axe, "organisation")
    organisation = found.page.url.removeprefix(found.address)
    for name in ("change/", "terms/new/", "leads/new/", "value/", "people/"):
        found.go(organisation + name)
        looks_right(found, axe, f"organisation, {name}")
    jobs_look_right(found, axe)
    found.go("/organisations/?stage=repeat")
    for row in found.page.locator("tbody tr", has_text="Terms accepted").all()[:1]:
        row.locator("a").first.click()
        found.settle()
        found.page.locator("a[href^='/terms/']").first.click()
        found.settle()
        looks_right(found, axe, "terms")


def jobs_look_right(found: Visit, axe: Any) -> None:
    """A job, its board, who waits; an application with its parts and steps; a placement; what the public sees."""
    found.go("/jobs/?q=platform+engineer")
    found.page.locator("tbody a[href^='/jobs/']").first.click()
    found.settle()
    looks_right(found, axe, "job")
    job = found.page.url.removeprefix(found.address)
    for name in ("board/", "people/", "answers/", "change/", "close/", "times/"):
        found.go(job + name)
        looks_right(found, axe, f"job, {name}")
    found.go(f"{job}people/?stage=submitted")
    found.page.locator("tbody a[href^='/jobs/applications/']").first.click()
    found.settle()
    looks_right(found, axe, "application")
    application = found.page.url.removeprefix(found.address)
    for name in ("submit/", "answer/", "later/", "end/", "interviews/new/", "offer/new/", "scorecards/"):
        found.go(application + name)
        looks_right(found, axe, f"application, {name}")
    found.go("/jobs/placements/")
    found.page.locator("tbody a[href^='/jobs/placements/']").first.click()
    found.settle()
    looks_right(found, axe, "placement")
    found.go("/careers/")
    looks_right(found, axe, "public jobs")
    found.page.locator("main a[href^='/careers/']").first.click()
    found.settle()
    looks_right(found, axe, "public job")


@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_of_an_administrator_is_clean(visit: SignIn, axe: Any, width: int) -> None:
    found = visit(houses.ADMINISTRATOR, width=width)
    for name, path in ADMINISTRATOR_PAGES.items():
        found.go(path)
        looks_right(found, axe, name)


def test_after_the_first_page_little_goes_over_the_wire(visit: SignIn) -> None:
    found = visit()
    found.settle_fourcs()
    for path in ("/4cs/", "/people/", "/4cs/figure/cash/"):
        session = found.context.new_cdp_session(found.page)
        session.send("Network.enable")
        sizes: list[float] = []
        session.on("Network.loadingFinished", lambda event, sizes=sizes: sizes.append(event["encodedDataLength"]))
        found.go(path)
        assert 0 < sum(sizes) < 200_000, f"{path}: {sum(sizes)} bytes"
        session.detach()
