"""A house's first week with its old system's files, as a new user would go about it, on a desk and on a phone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import DATABASE
from playwright.sync_api import Page, expect

from tests import houses
from tests.browser.conftest import SignIn, Visit
from tests.browser.steps import add_a_person, take_a_client

SOON = 60_000  # milliseconds: the worker runs each job in a process of its own


@dataclass(frozen=True)
class Cast:
    """Invented people, other ones for each width: both run in one house."""

    objector: str
    twin: str
    twin_short: str
    director: str
    applicant: str
    client: str


CASTS = {
    1440: Cast("Ottoline Quarmby", "Peregrine Vosburgh", "Peregrin Vosburgh", "Hedwig Tranter", "Ysolde Bickerstaffe",
               "Quillfeather Optics"),
    390: Cast("Thessaly Wimpole", "Barnaby Okonjo-Lund", "Barnabi Okonjo-Lund", "Ingeborg Fenwick", "Caspian Underhill",
              "Marrowby Turbines"),
}  # fmt: skip


def address(name: str) -> str:
    return f"{re.sub(r'[^a-z]+', '.', name.lower())}@post.example"


def write_files(cast: Cast, folder: Path) -> list[Path]:
    """What the old system and LinkedIn export: two candidates, one of whom opted out, and a connection."""
    candidates = folder / "Candidate.csv"
    mark, objector, twin = cast.client[0], cast.objector.replace(" ", ",", 1), cast.twin.replace(" ", ",", 1)
    rows = [
        "externalID,firstName,lastName,email,mobile,occupation,companyName,massMailOptOut,ssn",
        f"{mark}-1,{objector},{address(cast.objector)},,Lead Nurse,Acme,TRUE,123-45-6789",
        f"{mark}-2,{twin},{address(cast.twin)},,Data Engineer,Acme,FALSE,",
    ]
    candidates.write_text("\n".join(rows) + "\n")
    connections = folder / "Connections.csv"
    connections.write_text(
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        f"{cast.twin_short.replace(' ', ',', 1)},https://www.linkedin.com/in/{address(cast.twin_short)[:-13]},,"
        "Acme,Data Engineer,12 Mar 2025\n"
    )
    return [candidates, connections]


def bring_over(found: Visit, file: Path) -> None:
    page = found.page
    found.go("/imports/over/")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Recognise the files").click()
    page.get_by_role("button", name="Check every row").click(timeout=SOON)
    bring = page.get_by_role("button", name=re.compile("^Bring"))
    done = page.get_by_role("link", name="See your people")
    expect(bring.or_(done).or_(page.get_by_text("nothing", exact=False)).first).to_be_visible(timeout=SOON)
    if bring.count():
        bring.click()
        done.wait_for(timeout=SOON)


def open_person(found: Visit, name: str) -> str:
    """Open the record of somebody by name; returns its address."""
    found.go(f"/people/?q={name.replace(' ', '+')}")
    found.page.get_by_role("link", name=re.compile(re.escape(name))).first.click()
    expect(found.page.get_by_role("heading", level=1)).to_have_text(name)
    return found.page.url.removeprefix(found.address).split("?")[0]


def find(found: Visit, text: str, name: str) -> None:
    """Find somebody by the box on top; the index is a minute behind at most."""
    for _ in range(60):
        found.go("/")
        found.page.locator("[data-search]").fill(text)
        found.page.locator("[data-search]").press("Enter")
        found.page.wait_for_load_state("networkidle")
        if found.page.get_by_role("link", name=re.compile(re.escape(name))).count():
            return
        found.page.wait_for_timeout(1_500)
    raise AssertionError(f"“{text}” did not find {name}")


# Each width on one of the databases: how a page looks on a phone hangs on none of them, and a week takes a minute.
WIDTHS = [390] if DATABASE == "postgresql" else [1440]


@pytest.fixture(params=WIDTHS)
def week(request: pytest.FixtureRequest, visit: SignIn) -> tuple[Visit, Cast, int]:
    return visit(width=request.param), CASTS[request.param], request.param


def test_a_houses_first_week(week: tuple[Visit, Cast, int], visit: SignIn, tmp_path: Path) -> None:
    found, cast, width = week
    page = found.page
    bullhorn, linkedin = write_files(cast, tmp_path)
    bring_over(found, bullhorn)
    assert "ssn" in page.content().lower()  # it says what was left behind
    bring_over(found, linkedin)
    declare(found)
    merge_and_undo(found, cast)
    find(found, f"{cast.twin[:4]}{cast.twin[5:]}", cast.twin)  # a letter is missing
    find(found, f"({cast.twin.split()[1]} OR nobody) AND NOT nurse", cast.twin)
    add_from_cv(found, cast, tmp_path)
    take_a_client(found, cast.client)
    hide_what_a_director_looks_for(found, visit, cast, width)
    export_erase_and_bring_again(found, cast, bullhorn)
    assert [text for text in found.complaints if "404" not in text] == []


def declare(found: Visit) -> None:
    page = found.page
    found.go("/privacy/")
    page.get_by_role("row", name=re.compile("Imported")).first.get_by_role("link").first.click()
    page.get_by_label(re.compile("told", re.IGNORECASE)).last.fill("Our privacy notice, by mail.")
    for box in page.locator("main textarea").all():
        box.fill("Our privacy notice of 2025, by mail.")
    page.get_by_role("button", name="See whom it covers").click()
    page.get_by_role("button", name=re.compile("^Declare it for")).click()
    expect(page.locator("main")).to_contain_text("privacy notice")


def merge_and_undo(found: Visit, cast: Cast) -> None:
    page = found.page
    other = open_person(found, cast.twin_short)
    stays = open_person(found, cast.twin)
    page.get_by_text("Merge a second record of the same human").click()
    page.get_by_label("The other record").fill(found.address + other)
    page.get_by_role("button", name="Merge into this record").click()
    expect(page.locator("main")).to_contain_text(cast.twin_short)
    found.go(other)
    assert page.url.removeprefix(found.address) == stays  # one record now
    page.get_by_role("button", name="Undo the merge").click()
    page.wait_for_load_state("networkidle")
    found.go(other)
    expect(page.get_by_role("heading", level=1)).to_have_text(cast.twin_short)


def add_from_cv(found: Visit, cast: Cast, folder: Path) -> None:
    page = found.page
    paper = folder / "cv.txt"
    paper.write_text(
        f"{cast.applicant}\n{address(cast.applicant)}\n\nExperience\n"
        "Data Engineer, Acme, March 2021 - present\n\nSkills\nPython, SQL, Spark\n"
    )
    found.go("/people/add/")
    page.set_input_files("input[type=file]", paper)
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("button", name="Add this person").click(timeout=SOON)
    expect(page.get_by_role("heading", level=1)).to_have_text(cast.applicant)
    expect(page.locator("main")).to_contain_text(address(cast.applicant))


def hide_what_a_director_looks_for(found: Visit, visit: SignIn, cast: Cast, width: int) -> None:
    page = found.page
    where = add_a_person(found, cast.director, address(cast.director))
    found.go(f"{where}change/")
    page.get_by_label("Works at").fill(cast.client)
    page.get_by_label("Open to move").select_option("open")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("main")).to_contain_text("Open to move")
    other = visit(houses.RECRUITER, width=width)
    other.go(where)
    expect(other.page.get_by_role("heading", level=1)).to_have_text(cast.director)
    assert "Open to move" not in other.page.content()
    other.go(f"/people/?role=candidate&q={cast.director.replace(' ', '+')}")
    expect(other.page.get_by_role("heading", level=1)).to_contain_text("0 people")


def export_erase_and_bring_again(found: Visit, cast: Cast, file: Path) -> None:
    page = found.page
    where = open_person(found, cast.objector)
    expect(page.locator("main")).to_contain_text("What they wish")
    taken = page.context.request.get(f"{found.address}{where}export.json").text()
    assert "massMailOptOut" in taken
    assert "123-45-6789" not in taken
    found.go(f"{where}erase/")
    erase(page)
    bring_over(found, file)
    found.go(f"/people/?q={address(cast.objector)}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("0 people")
    found.go(f"/people/?q={address(cast.twin)}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 person")


def erase(page: Page) -> None:
    page.locator("main input[name=confirm]").check()
    page.get_by_role("button", name="Erase this person").click()
    page.wait_for_load_state("networkidle")
