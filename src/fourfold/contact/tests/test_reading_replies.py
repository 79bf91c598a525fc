"""What people answer: their own words, what they want, until when, and that doubt about a stop suppresses."""

from __future__ import annotations

from datetime import date

import pytest

from fourfold.contact.reading import Model, author_text, classify, without_signature
from fourfold.contact.reading.dates import back_on, easter, welcome_from
from fourfold.contact.reading.model import examples, shipped
from fourfold.contact.types.inbound import Anger, Correction, ReplyClass

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(("text", "words"), [
    ("Yes.\n\nOn Tue, 3 Nov 2026 at 09:00, Ana Roe <ana@house.example>\nwrote:\n\n> Would you?", "Yes."),
    ("Ja.\n\nAm 03.11.2026 um 09:00 schrieb Ana Roe:\n> Hallo", "Ja."),
    ("Oui.\n\nLe mar. 3 nov. 2026 à 09:00, Ana <ana@house.example> a écrit :\n\n> Bonjour", "Oui."),
    ("Sí.\n\nEl mar, 3 nov 2026 a las 9:00, Ana (<ana@house.example>) escribió:\n\n> Hola", "Sí."),
    ("Ja.\n\nOp di 3 nov 2026 om 09:00 schreef Ana <ana@house.example>:\n\n> Hoi", "Ja."),
    ("Sim.\n\nEm ter., 3 de nov. de 2026 às 09:00, Ana <ana@house.example> escreveu:\n\n> Oi", "Sim."),
    ("Ja.\n\nDen tis 3 nov. 2026 kl 09:00 skrev Ana <ana@house.example>:\n\n> Hej", "Ja."),
    ("Nein.\n\nVon: Ana\nGesendet: Dienstag, 3. November 2026\nAn: Zoe\nBetreff: Stelle\n\nText", "Nein."),
    ("No.\n\n-----Original Message-----\nFrom: Ana\nReply STOP to stop", "No."),
    ("No.\n________________________________\nFrom: Ana\nSent: today\nTo: Zoe\nSubject: x\n\nText", "No."),
    ("> Are you free?\nYes, on Monday.\n> And who pays?\nYou do.", "Yes, on Monday.\nYou do."),
    ("On Monday I wrote: never again.\nThat stands.", "On Monday I wrote: never again.\nThat stands."),
    ("Fine.\n-- \nZoe Roth\nDirector", "Fine."), ("Fine.\n\nSent from my iPhone", "Fine."),
    ("Fine.\n\nVon meinem iPhone gesendet", "Fine."),
    ("Sent from my desk, which is cold.", "Sent from my desk, which is cold."),
    ("Fine.\n\nThis e-mail is confidential and intended for the addressee only. Reply REMOVE to unsubscribe.", "Fine."),
    ("-- \nStop writing to me", "-- \nStop writing to me"),
])  # fmt: skip
def test_only_the_author_s_own_words_stay(text: str, words: str) -> None:
    assert without_signature(author_text(text)) == words.replace("-- \n", "--\n")


@pytest.mark.parametrize(("text", "month"), [
    ("Try me in March.", "2027-03"), ("Not before the end of February please", "2027-03"), ("after Easter", "2027-04"),
    ("Ask again in six months.", "2027-05"), ("Q2 would be better", "2027-04"), ("in a fortnight", "2026-12"),
    ("Maybe in the new year", "2027-01"), ("after the summer", "2027-09"), ("Back to me next month?", "2026-12"),
    ("nothing before January 2028", "2028-01"), ("Ab Oktober bin ich frei", "2027-10"), ("nach Ostern gern", "2027-04"),
    ("Recontactez-moi en janvier", "2027-01"), ("después del verano", "2027-09"), ("bel me in mei", "2027-05"),
    ("Fale comigo em fevereiro", "2027-02"), ("Hör av dig i augusti", "2027-08"), ("this time next year", "2027-11"),
    ("I started here in October, so not until April", "2027-04"), ("You may call me", None), ("I left in 2019", None),
    ("We spoke two months ago", None), ("until the year 9999", None), ("in 99 years", None),
])  # fmt: skip
def test_the_first_month_that_is_welcome(text: str, month: str | None) -> None:
    found = welcome_from(text, TODAY)
    assert (f"{found:%Y-%m}" if found else None) == month


def test_when_somebody_is_back() -> None:
    assert back_on("I am away until 7 December 2026.", TODAY) == date(2026, 12, 7)
    assert back_on("Out 11/20/2026 through 12/01/2026, back 12/02.", TODAY) == date(2026, 12, 2)
    assert back_on("Away until 07/12/2026", TODAY) == date(2026, 12, 7)
    assert back_on("Ich bin ab 4.1. wieder da", TODAY) == date(2027, 1, 4)
    assert back_on("Away until 31.02.2027", TODAY) is None
    assert [easter(year) for year in (2024, 2027, 2038)] == [date(2024, 3, 31), date(2027, 3, 28), date(2038, 4, 25)]


@pytest.mark.parametrize("text", [
    "STOP", "unsubscribe", "Please remove me from your list", "Do not contact me again.", "Delete my data.",
    "Bitte löschen Sie meine Daten.", "Schreiben Sie mir bitte nicht mehr.", "Merci de me désinscrire.",
    "Ne me contactez plus.", "Denme de baja.", "No me escriban más.", "Schrijf me uit.", "Mail me niet meer.",
    "Não me contactem mais.", "Ta bort mig från listan.", "Kontakta mig inte igen.",
])  # fmt: skip
def test_a_plain_stop_is_sure_in_each_language(text: str) -> None:
    found = classify(text, "Re: A job", today=TODAY)
    assert (found.label, found.suppress, found.sure, found.anger) == (ReplyClass.STOP, True, True, Anger.OBJECTION)


def test_a_stop_in_the_subject_alone_counts_and_a_quoted_one_does_not() -> None:
    assert classify("", "unsubscribe", today=TODAY).suppress
    assert classify("", "Re: A job", today=TODAY).suppress  # nothing was said: a person looks
    quoted = "Yes please, send me the details.\n\nOn 3 Nov 2026, Ana <a@b.example> wrote:\n> Reply STOP to unsubscribe."
    found = classify(quoted, "Re: A job", today=TODAY)
    assert (found.label, found.suppress) == (ReplyClass.INTERESTED, False)


@pytest.mark.parametrize("text", [
    "I'll stop by your office on Monday, I'd love to hear more.",
    "Please don't ring me at work, but yes, tell me more.",
    "Do not call me until April, then I'm happy to talk.",
])  # fmt: skip
def test_a_stop_of_a_time_or_a_place_is_not_a_sure_stop(text: str) -> None:
    found = classify(text, today=TODAY)
    assert not (found.label is ReplyClass.STOP and found.sure)


def test_doubt_suppresses_and_asks() -> None:
    found = classify("I'd be obliged if this were the last we hear of one another.", today=TODAY)
    assert found.suppress
    assert not found.sure
    assert {found.label, *found.may_be} >= {ReplyClass.STOP, ReplyClass.COMPLAINT}
    both = classify("Remove me from your list. I asked you twice and I am reporting you to the ICO.", today=TODAY)
    assert both.suppress
    assert both.anger is Anger.COMPLAINT
    assert both.label is ReplyClass.COMPLAINT


def test_an_absence_waits_and_one_who_left_is_the_wrong_person() -> None:
    away = classify(
        "I am out of the office until 7 December 2026.", "Automatic reply: job", today=TODAY, automatic=True
    )
    assert (away.label, away.until, away.suppress) == (ReplyClass.OUT_OF_OFFICE, date(2026, 12, 7), False)
    gone = classify("Zoe Roth has left the company.", "Automatic reply: job", today=TODAY, automatic=True)
    assert gone.label is ReplyClass.WRONG_PERSON


def test_not_now_carries_its_month() -> None:
    found = classify("Not now, try me in March.", "Re: A job", today=TODAY)
    assert (found.label, found.until, found.suppress, found.anger) == (
        ReplyClass.NOT_NOW, date(2027, 3, 1), False, Anger.NONE)  # fmt: skip
    assert abs(sum(chance for _, chance in found.chances) - 1) < 1e-9


def test_colleagues_teach_a_word_of_their_house() -> None:
    text = "Zwiebelkuchen für alle, hurra"
    before = classify(text, today=TODAY)
    taught = [Correction("Zwiebelkuchen für alle", ReplyClass.INTERESTED)]
    after = classify(text, today=TODAY, corrections=taught)
    assert after.chance(ReplyClass.INTERESTED) > before.chance(ReplyClass.INTERESTED) + 0.1
    same = classify(taught[0].text, today=TODAY, corrections=taught)
    assert (same.label, same.why) == (ReplyClass.INTERESTED, "A colleague corrected a reply with the same words.")
    model = shipped().copy()
    model.learn(text, ReplyClass.REFERRAL)
    assert classify(text, today=TODAY, model=model).chance(ReplyClass.REFERRAL) > before.chance(ReplyClass.REFERRAL)
    assert shipped().texts == len(examples())


def test_corrections_raise_recall_and_never_lower_it() -> None:
    bad = [(text, label) for text, label in examples() if label in (ReplyClass.STOP, ReplyClass.COMPLAINT)]
    wrong = shipped().copy()
    for text, _ in bad:
        for _ in range(20):
            wrong.learn(text, ReplyClass.INTERESTED)
    for text, _ in bad:
        plain = classify(text, today=TODAY)
        assert not plain.suppress or classify(text, today=TODAY, model=wrong).suppress, text
    same = classify("Stop.", today=TODAY, corrections=[Correction("Stop.", ReplyClass.INTERESTED)])
    assert same.suppress
    assert not same.sure
    asked = "Zwiebelkuchen zwölf"
    assert not classify(asked, today=TODAY, model=Model()).suppress
    assert classify(asked, today=TODAY, corrections=[Correction(asked, ReplyClass.STOP)]).suppress


@pytest.mark.parametrize(("text", "anger"), [
    ("No thanks, not for me.", Anger.NONE), ("Seriously? Read my profile, this is ridiculous!!", Anger.CRANKY),
    ("I object to the processing of my data.", Anger.OBJECTION),
    ("I want to make a formal complaint about your company.", Anger.COMPLAINT),
])  # fmt: skip
def test_anger_has_three_grades(text: str, anger: Anger) -> None:
    assert classify(text, today=TODAY).anger is anger
