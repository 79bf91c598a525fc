"""What is read of a CV, a card, a resume and a page."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourfold.people.rules import cards, cvs
from fourfold.people.types.adding import ReadFrom, Reading

CV = """CURRICULUM VITAE
JANE VAN DER DOE
14 Mill Lane, Leeds LS1 4AB | jane.doe@example.com | 07700 900123 | linkedin.com/in/jane-doe

Profile
Engineer who likes tea.

Employment History
Staff Engineer, Halden Software – Leeds, UK  March 2021 – Present
• Led Python teams, 2019 to 2020 among them
Data Engineer at Oldco  06/2018 - 02/2021
Smallco Ltd
Junior Developer
2015 – 2018

Education
BSc, York 2012 – 2015

Skills
Python, Django; C++ • Public speaking
Languages: German
"""
LINKEDIN = """Contact
www.linkedin.com/in/jane-doe-5 (LinkedIn)
Top Skills
Recruiting
Sourcing
Jane Doe
Head of Talent at Halden | Speaker
Leeds, England, United Kingdom
Summary
I like people.
Experience
Halden Software
Head of Talent
January 2022 - Present (4 years 2 months)
Leeds
Oldco
Recruiter
March 2018 - December 2021 (3 years 10 months)
Page 1 of 2
Education
University of York
BA · (2012 - 2015)
"""


def jobs(reading: Reading) -> list[tuple[str, str, date | None, date | None, bool]]:
    return [(one.title, one.organisation, one.started_on, one.ended_on, one.present) for one in reading.jobs]


def addresses(reading: Reading) -> list[str]:
    return [one.identifier.value for one in reading.addresses]


def test_a_cv() -> None:
    towns = {"Leeds"} & set(cvs.town_candidates(CV))
    found = cards.read_text(CV, country="GB", skills=("Python", "C++", "C", "Tea"), towns=towns)
    assert found.read_from is ReadFrom.CV
    assert found.name
    assert (found.name.value, found.name.line) == ("Jane Van Der Doe", "JANE VAN DER DOE")
    assert found.headline
    assert found.headline.value == "Staff Engineer"
    assert found.city
    assert found.city.value == "Leeds"
    assert addresses(found) == ["jane.doe@example.com", "linkedin.com/in/jane-doe", "+447700900123"]
    assert all("Mill Lane" in one.line for one in found.addresses)
    assert jobs(found) == [
        ("Staff Engineer", "Halden Software", date(2021, 3, 1), None, True),
        ("Data Engineer", "Oldco", date(2018, 6, 1), date(2021, 2, 1), False),
        ("Junior Developer", "Smallco Ltd", date(2015, 1, 1), date(2018, 1, 1), False),
    ]
    assert [(one.name, one.known) for one in found.skills] == [
        ("Python", True), ("C++", True), ("Tea", True), ("Django", False), ("Public speaking", False),
        ("German", False),
    ]  # fmt: skip


def test_what_linkedin_saves() -> None:
    found = cards.read_text(LINKEDIN, country="GB", towns={"Leeds"})
    assert found.read_from is ReadFrom.LINKEDIN
    assert found.name
    assert found.name.value == "Jane Doe"
    assert found.headline
    assert found.headline.value == "Head of Talent at Halden | Speaker"
    assert found.city
    assert found.city.value == "Leeds"
    assert addresses(found) == ["linkedin.com/in/jane-doe-5"]
    assert jobs(found) == [
        ("Head of Talent", "Halden Software", date(2022, 1, 1), None, True),
        ("Recruiter", "Oldco", date(2018, 3, 1), date(2021, 12, 1), False),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "12345", "Curriculum Vitae\nPage 1", "{", "{}", '{"basics": []}'])
def test_nothing_is_read_where_nothing_stands(text: str) -> None:
    found = cards.read_text(text, country="GB")
    assert (found.name, found.jobs, found.addresses) == (None, (), ())


def test_a_card() -> None:
    card = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Doe;Jane;;Dr.;\r\nFN:Dr. Jane Doe\r\nORG:Halden\\, Inc.;Talent\r\n"
        "TITLE:Head of Ta\r\n lent\r\nitem1.EMAIL;TYPE=INTERNET:jane@halden.example\r\nTEL;TYPE=FAX:020 7946 0001\r\n"
        "TEL;TYPE=CELL:020 7946 0000\r\nADR;TYPE=WORK:;;1 Mill Lane;Leeds;;LS1;UK\r\nPHOTO;ENCODING=b:AAAA\r\n"
        "END:VCARD\r\nBEGIN:VCARD\r\nFN:John Roe\r\nEND:VCARD\r\n"
    )
    found = cards.read_text(card, country="GB")
    assert found.name
    assert found.headline
    assert found.city
    assert (found.name.value, found.headline.value, found.city.value) == ("Jane Doe", "Head of Talent", "Leeds")
    assert addresses(found) == ["jane@halden.example", "+442079460000"]
    assert jobs(found) == [("Head of Talent", "Halden, Inc.", None, None, True)]
    assert found.more == 1
    old = "BEGIN:VCARD\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCl=\nler;Zo=C3=AB\nEND:VCARD"
    plain = cards.read_text(old, country="DE")
    assert plain.name
    assert plain.name.value == "Zoë Müller"


def test_a_resume_with_wrong_kinds_of_values_is_read_as_far_as_it_goes() -> None:
    text = (
        '{"basics": {"name": ["x"], "email": 7, "profiles": {"a": 1}, "location": "Leeds"}, "work": [3, {"name": "A"}]}'
    )
    found = cards.read_text(text, country="GB")
    assert (found.read_from, found.name, found.addresses) == (ReadFrom.RESUME, None, ())
    assert jobs(found) == [("", "A", None, None, False)]


def test_a_page_gives_its_address_and_the_words_selected() -> None:
    found = cards.read_page(
        "https://www.linkedin.com/in/jane-doe/?x=1", "Jane Doe\nHead of Talent\njane@x.example", country="GB"
    )
    assert addresses(found) == ["linkedin.com/in/jane-doe", "jane@x.example"]
    assert found.name
    assert found.headline
    assert (found.name.value, found.headline.value) == ("Jane Doe", "Head of Talent")
    assert cards.read_page("", "", country="GB") == Reading(ReadFrom.PAGE)


@given(st.text(max_size=400))
def test_any_text_is_read_without_a_fall(text: str) -> None:
    for prefix in ("", "Experience\n", "BEGIN:VCARD\n", '{"basics": {}, '):
        found = cards.read_text(prefix + text, country="GB")
        assert all(one.title or one.organisation for one in found.jobs)
