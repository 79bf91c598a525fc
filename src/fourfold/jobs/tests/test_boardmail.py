"""Job boards' mails, a sample for each form; which are documented, sampled or assumed stands in rules/boardmail.py."""

from __future__ import annotations

import pytest

from fourfold.jobs.rules import boardmail, calendar
from fourfold.jobs.rules.boardmail import read_mail
from fourfold.jobs.types import BoardRead, LearntRule, MailText

INDEED = MailText(
    sender="jobloggs8_wcm@indeedemail.com", sender_name="Jo Bloggs (Indeed)",
    subject="Office Associate candidate - Jo Bloggs applied on Indeed",
    text="Jo Bloggs applied to the Office Associate position posted on Indeed. You will find more below.\n\n"
    "Name: Jo Bloggs\nEmail:jobloggs8_wcm@indeedemail.com\nPhone: +44 7700 900123\n\nDo you drive?\nYes, a van\n",
)  # fmt: skip
TOTALJOBS = MailText(
    sender="totaljobs@totaljobsmail.com", sender_name="Totaljobs.com",
    subject="jo@home.example - Totaljobs - Suitable application for KDB Developer tw398",
    text="A candidate has applied.",
    files=("Jo (Josephine) Bloggs (0168c899-bf00-4fc7-8259-bfac0312bdb7 - Totaljobs).pdf",),
)  # fmt: skip
BROADBEAN = MailText(
    sender="jo@home.example", sender_name="Jo Bloggs", subject="Application", text="Dear all, here is my CV.",
    fields={
        "reply-to": '"Jo Bloggs" <jo@home.example>', "x-aplitrak-responding-board-name": "CWJobs",
        "x-aplitrak-original-ref": "J00012", "x-aplitrak-original-jobtitle": "Tester",
    },
)  # fmt: skip
LINES = (
    "Candidate name: Jo Bloggs\nE-mail address: Jo <jo@home.example>\nMobile: 07700 900123 (evenings)\n"
    "Job ref: J00012\n"
)


@pytest.mark.parametrize(
    ("mail", "read"),
    [
        (INDEED, BoardRead(
            board="Indeed", name="Jo Bloggs", email="jobloggs8_wcm@indeedemail.com", phone="+44 7700 900123",
            title="Office Associate", answers=(("Do you drive?", "Yes, a van"),),
        )),
        (TOTALJOBS, BoardRead(
            board="Totaljobs", name="Jo Bloggs", email="jo@home.example", reference="tw398", title="KDB Developer",
        )),
        (BROADBEAN, BoardRead(
            board="Broadbean: CWJobs", name="Jo Bloggs", email="jo@home.example", reference="J00012", title="Tester",
        )),
        (MailText(sender="a@mail.reed.co.uk", subject="Application from Jo Bloggs for Tester (Ref: J12)", text=LINES),
         BoardRead(
            board="Reed", name="Jo Bloggs", email="jo@home.example", phone="07700 900123", reference="J00012",
            title="Tester",
        )),
        (MailText(sender="jobs@cv-library.co.uk", subject="CV-Library: application for Tester (Ref: X-9)", text=LINES),
         BoardRead(
            board="CV-Library", name="Jo Bloggs", email="jo@home.example", phone="07700 900123", reference="J00012",
            title="Tester",
        )),
    ],
)  # fmt: skip
def test_each_board_is_read_in_its_own_form(mail: MailText, read: BoardRead) -> None:
    assert read_mail(mail) == read


@pytest.mark.parametrize(
    "mail",
    [
        MailText(sender="jo@home.example", subject="Application", text=LINES),
        MailText(sender="billing@indeed.com", subject="Your invoice", text="You owe £20"),
        MailText(sender="x@notreed.co.uk", subject="Application from Jo for Tester", text=LINES),
    ],
)
def test_other_mails_are_nobodys(mail: MailText) -> None:
    assert read_mail(mail) is None


def test_what_was_learnt_goes_before_the_boards_rule_and_holds_for_its_domain() -> None:
    places = {"name": ("below", "Who"), "email": ("label", "write to"), "reference": ("label", "job")}
    rule = LearntRule(board="Mine", domain="reed.co.uk", places=places)
    text = "Who\nIda Lund\nWrite to: ida@home.example\nJob: K7\n"
    read = read_mail(MailText(sender="a@reed.co.uk", subject="x", text=text), [rule])
    assert read is not None
    assert (read.board, read.name, read.email, read.reference) == ("Mine", "Ida Lund", "ida@home.example", "K7")
    other = read_mail(MailText(sender="a@other.example", subject="x", text=text), [rule])
    assert other is None
    alone = LearntRule(board="Mine", domain="a@gmail.com", places=places)
    assert read_mail(MailText(sender="a@gmail.com", subject="x", text=text), [alone]) is not None
    assert read_mail(MailText(sender="b@gmail.com", subject="x", text=text), [alone]) is None


def test_a_place_that_was_chosen_is_found_again() -> None:
    lines = ("New", "Who", "Ida Lund", "Write to:", "ida@home.example", "Tel: 07700 900123")
    assert boardmail.place_of(lines, 2) == ("below", "Who")
    assert boardmail.place_of(lines, 4) == ("label", "write to")
    assert boardmail.place_of(lines, 5) == ("label", "tel")
    assert boardmail.place_of(lines, -1) == ("sender", "")
    assert boardmail.value_at("phone", lines[5]) == "07700 900123"
    assert boardmail.guess(lines, "Niche Jobs") == {"email": 4, "phone": 5, "name": -1}


def test_the_cv_is_the_file_that_is_called_so() -> None:
    assert boardmail.cv_of(["logo.png", "cover letter.docx", "Jo_CV.pdf"]) == "Jo_CV.pdf"
    assert boardmail.cv_of(["logo.png", "letter.docx"]) == "letter.docx"
    assert boardmail.cv_of(["logo.png"]) == ""


def test_working_days_leave_weekends_out() -> None:
    friday = calendar.date(2026, 11, 20)
    assert calendar.working_days_after(friday, 1) == calendar.date(2026, 11, 23)
    assert calendar.working_days_after(friday, 10) == calendar.date(2026, 12, 4)
