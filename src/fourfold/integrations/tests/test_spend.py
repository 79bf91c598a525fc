"""Spend: tables of suppliers and months, what advertising systems export, currencies, doubles and overlaps."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fourfold.base.actor import COMMAND_LINE
from fourfold.integrations import actions, queries, rules
from fourfold.integrations.rules.dates import month_of
from fourfold.integrations.rules.spend import layout_of
from fourfold.integrations.tests.factories import NOON, applied, checked, confirm, lines, spent, take_in
from fourfold.integrations.tests.workbooks import workbook
from fourfold.integrations.types import FileKind, FileRefused, ImportRow, Sample, Settings, State

JAN, FEB = (date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 28))


def reasons(found: ImportRow) -> list[str]:
    return [row[1] for row in queries.rejected_table(found.key)][1:]


@pytest.mark.parametrize(
    "text", ["Jan 26", "Jan-26", "Jan 2026", "January 2026", "jan '26", "2026-01", "01/2026", "2026-01-01", "Jan. 2026"]
)
def test_months_as_headers_write_them(text: str) -> None:
    assert month_of(text) == date(2026, 1, 1)


@pytest.mark.parametrize("text", ["", "Total", "Jantar 26", "13/2026", "2026-13", "Indeed 26", "2026", "2026-01-15"])
def test_what_is_no_month(text: str) -> None:
    assert month_of(text) is None


@pytest.mark.parametrize(
    ("headers", "rows", "layout"),
    [
        (("Supplier", "Jan 26", "Feb 26", "Total"), (("Indeed", "100", "", "100"),), "months_across"),
        (("Month", "Indeed", "LinkedIn"), (("Jan 26", "100", "£200"), ("Feb 26", "", "300")), "suppliers_across"),
        (("Month", "Indeed", "LinkedIn"), (("Jan 26", "a lot", "x"),), "long"),
        (("Who", "Indeed", "LinkedIn"), (("Milo", "100", "200"),), "long"),
    ],
)
def test_how_a_file_of_spend_lies(headers: Any, rows: Any, layout: str) -> None:
    assert layout_of(Sample(headers, rows, "utf-8", ","), has_columns=False) == layout


MONTHS = (
    ["Marketing spend", None, None, None],
    ["Supplier", date(2026, 1, 1), date(2026, 2, 1), "Total"],
    ["Indeed", 1500.5, None, 1500.5],
    ["LinkedIn Recruiter", "£2,000", 2100, 4100],
    ["Pigeon Post Ltd", "-", 50, 50],
    ["Nothing here", None, 0, 0],
    ["Grand total", 3500.5, 2150, 5650.5],
)


@pytest.mark.django_db
def test_a_table_of_suppliers_and_months() -> None:
    found = checked(workbook(Spend=MONTHS), FileKind.SPEND, layout="months_across")
    assert (found.rows_ready, found.rows_rejected) == (3, 0)
    assert found.summary == ("4 amounts", "£5,650 of spend", "1 unknown channel")
    assert found.warnings == (
        "Channels we don't know are kept as “other”, with their name: Pigeon Post Ltd (1).",
        "2 rows of totals or without anything left out: 6, 7.",
    )
    applied(workbook(Spend=MONTHS), FileKind.SPEND, layout="months_across")
    assert spent() == [
        (*JAN, "job_board", 150_050, "GBP"), (*JAN, "linkedin", 200_000, "GBP"), (*FEB, "linkedin", 210_000, "GBP"),
        (*FEB, "other", 5_000, "GBP"),
    ]  # fmt: skip
    assert sorted(filter(None, lines())) == ["Indeed", "LinkedIn Recruiter", "LinkedIn Recruiter", "Pigeon Post Ltd"]


@pytest.mark.django_db
def test_a_table_is_recognised_and_next_months_adds_only_what_is_new() -> None:
    key = take_in(workbook(Spend=MONTHS), FileKind.SPEND)
    read = actions.read_columns(key=key)
    assert (read.settings.layout, read.mapping) == ("months_across", {"supplier": "Supplier"})
    applied(workbook(Spend=MONTHS), FileKind.SPEND, layout="months_across")
    before = spent()
    header, indeed = [*MONTHS[1][:3], date(2026, 3, 1), "Total"], ["Indeed", 1500.5, None, 900, 2400.5]
    more = applied(workbook(Spend=[header, indeed]), FileKind.SPEND, layout="months_across")
    assert (more.rows_posted, more.rows_rejected) == (1, 0)
    assert [row for row in spent() if row not in before] == [
        (date(2026, 3, 1), date(2026, 3, 31), "job_board", 90_000, "GBP")
    ]
    changed = applied(workbook(Spend=[header, ["Indeed", 1, None, 900, 901]]), FileKind.SPEND, layout="months_across")
    assert (changed.rows_posted, changed.rows_rejected) == (0, 1)


@pytest.mark.django_db
def test_a_table_of_months_and_suppliers() -> None:
    text = "Month,Indeed,Reed,Total\nJan 26,100,200,300\nFeb 26,,50.5,50.5\nTotal,100,250.5,350.5\n"
    key = take_in(text, FileKind.SPEND)
    assert actions.read_columns(key=key).settings.layout == "suppliers_across"
    confirm(key)
    actions.check_rows(key=key, at=NOON)
    actions.apply(key=key, viewer=None, by=COMMAND_LINE, at=NOON)
    actions.apply_rows(key=key, at=NOON)
    assert spent() == [
        (*JAN, "job_board", 10_000, "GBP"), (*JAN, "job_board", 20_000, "GBP"), (*FEB, "job_board", 5_050, "GBP"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_cell_that_is_no_amount_rejects_its_row_by_name() -> None:
    text = "Supplier,Jan 26,Feb 26\nIndeed,100,lots\nReed,5,#REF!\n"
    found = checked(text, FileKind.SPEND, layout="months_across")
    assert found.rows_ready == 0
    first, second = reasons(found)
    assert first.startswith("Feb 26: “lots” was not read as an amount.")
    assert second == "Feb 26 holds #REF!: the spreadsheet could not work it out."


GOOGLE = """Campaign report
1 February 2026 - 28 February 2026
Day,Campaign,Currency code,Cost,Impr.,Clicks
2026-02-01,Nurses Leeds,GBP,"1,234.56","10,000",12
2026-02-02,Nurses Leeds,GBP,0.00,5,0
2026-02-03,Nurses Leeds,GBP, --,0,0
Total: Account, --,GBP,"1,234.56","10,005",12
"""
META = """Reporting starts,Reporting ends,Campaign name,Amount spent (GBP),Impressions
2026-02-01,2026-02-28,Spring drive,300.10,4000
2026-02-01,2026-02-28,Nurses,99.90,100
"""
LINKEDIN = 'Start Date (in UTC),Campaign Name,Total Spent,Currency\n2/1/2026,Engineers,"$1,000.00",USD\n'


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "given", "rows"),
    [
        (GOOGLE, {"channel": "web"}, [(date(2026, 2, 1), date(2026, 2, 1), "web", 123_456, "GBP"),
                                      (date(2026, 2, 2), date(2026, 2, 2), "web", 0, "GBP")]),
        (META, {"channel": "social"}, [(*FEB, "social", 9_990, "GBP"), (*FEB, "social", 30_010, "GBP")]),
        (LINKEDIN, {"channel": "linkedin", "dates": "mdy"},
         [(date(2026, 2, 1), date(2026, 2, 1), "linkedin", 100_000, "USD")]),
        (LINKEDIN, {"channel": "linkedin", "dates": "mdy", "rates": {"USD": "0.79"}},
         [(date(2026, 2, 1), date(2026, 2, 1), "linkedin", 79_000, "GBP")]),
    ],
)  # fmt: skip
def test_what_advertising_systems_export(content: str, given: dict[str, Any], rows: list[Any]) -> None:
    done = applied(content, FileKind.ADVERTS, **given)
    assert done.rows_rejected == 0
    assert spent() == rows


@pytest.mark.django_db
def test_the_channel_of_adverts_is_told_by_the_files_name_or_must_be_chosen() -> None:
    key = take_in(META, FileKind.ADVERTS, name="Meta-ads-February.csv")
    assert actions.read_columns(key=key).settings.channel == "social"
    other = take_in(META, FileKind.ADVERTS, name="own.csv")
    assert actions.read_columns(key=other).settings.channel == ""
    with pytest.raises(FileRefused, match="No column was chosen for channel"):
        confirm(other)


@pytest.mark.django_db
def test_a_restated_cost_is_a_change_not_more() -> None:
    applied(META, FileKind.ADVERTS, channel="social")
    again = applied(META.replace("300.10", "310.10"), FileKind.ADVERTS, channel="social")
    assert (again.rows_posted, again.rows_unchanged, again.rows_rejected) == (0, 1, 1)
    better = applied(META.replace("300.10", "310.10"), FileKind.ADVERTS, channel="social", correct=True)
    assert (better.rows_posted, better.rows_rejected) == (1, 0)
    assert sorted(row[3] for row in spent()) == [9_990, 31_010]


# Doubles, overlaps, currencies

LIST = "invoice,month,channel,amount,supplier\n"


@pytest.mark.django_db
def test_the_same_again_under_another_id_is_rejected() -> None:
    found = checked(LIST + "I1,2026-01,indeed,100,Indeed\nI2,2026-01,indeed,100,Indeed\n", FileKind.SPEND)
    assert reasons(found) == [
        "the same amount for the same days is there under another id: row 2 (Indeed, 1 Jan – 31 Jan 2026)."
    ]
    applied(LIST + "I1,2026-01,indeed,100,Indeed\n", FileKind.SPEND)
    later = checked(LIST + "I9,2026-01,indeed,100,Indeed\n", FileKind.SPEND)
    assert reasons(later) == [
        "the same amount for the same days is there under another id: the ledger's 1 Jan – 31 Jan 2026."
    ]


@pytest.mark.django_db
def test_two_equal_rows_without_ids_are_two_and_again_none() -> None:
    text = "month,channel,amount\n2026-01,indeed,100\n2026-01,indeed,100\n"
    first = applied(text, FileKind.SPEND)
    assert (first.rows_posted, first.rows_rejected) == (2, 0)
    assert len(first.warnings) == 1
    again = applied(text, FileKind.SPEND)
    assert (again.rows_posted, again.rows_unchanged, again.rows_rejected) == (0, 2, 0)
    assert len(spent()) == 2


@pytest.mark.django_db
def test_overlapping_spend_is_listed_with_its_rows() -> None:
    applied(LIST + "I1,2026-01,indeed,100,Indeed\n", FileKind.SPEND)
    text = (
        LIST + "I2,2026-01-20,indeed,70,Indeed\nI3,2026-02,indeed,100,Indeed\nI4,2026-02-10,indeed,5,Indeed\n"
        "I5,2026-02,indeed,5,Reed\nI6,2026-02,linkedin,5,Indeed\n"
    )
    found = checked(text, FileKind.SPEND)
    assert (found.rows_ready, found.rows_rejected) == (5, 0)
    (said,) = found.warnings
    assert said == (
        "Spend that overlaps, and may count twice: row 2 (Indeed, 20 Jan – 31 Jan 2026) with the ledger's "
        "1 Jan – 31 Jan 2026; row 4 (Indeed, 10 Feb – 28 Feb 2026) with row 3 (Indeed, 1 Feb – 28 Feb 2026)."
    )


@pytest.mark.django_db
def test_currencies_are_kept_apart_and_said_or_converted_and_the_rate_shown() -> None:
    text = "month,channel,amount,currency\n2026-01,indeed,100,GBP\n2026-01,events,100,EUR\n2026-01,google,1000,JPY\n"
    apart = checked(text, FileKind.SPEND)
    assert apart.summary == ("3 amounts", "€100 of spend", "£100 of spend", "JP¥1,000 of spend")
    (said,) = apart.warnings
    assert said == (
        "Not in GBP: EUR (1 rows), JPY (1 rows). Two currencies are never added, so reports leave these out; to have "
        "them converted, give a rate."
    )
    done = applied(text, FileKind.SPEND, rates={"EUR": "0.86", "JPY": "0.005"})
    assert done.summary == ("3 amounts", "£191 of spend")
    assert done.warnings == ("Converted into GBP: EUR at 0.86 (1 rows), JPY at 0.005 (1 rows).",)
    assert sorted(row[3:] for row in spent()) == [(500, "GBP"), (8_600, "GBP"), (10_000, "GBP")]


@pytest.mark.parametrize("text", ["EUR", "EUR=", "EUR=x", "XXY=1", "EUR=-1", "EUR=0", "GBP=1", "EUR=NaN", "=1"])
def test_rates_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(FileRefused, match="The rates were not taken"):
        rules.rates_of(text, "GBP")


def test_rates() -> None:
    assert rules.rates_of("eur=0.86, USD = 0.79;JPY=0.005", "GBP") == {"EUR": "0.86", "USD": "0.79", "JPY": "0.005"}


@pytest.mark.django_db
def test_a_file_of_spend_can_be_read_as_a_list_after_all() -> None:
    key = take_in("Month,Channel,Amount\nJan 26,indeed,5\n", FileKind.SPEND)
    assert actions.read_columns(key=key).settings.layout == "long"
    actions.read_again(key=key, sheet="", layout="suppliers_across", viewer=None, by=COMMAND_LINE, at=NOON)
    read = actions.read_columns(key=key)
    assert (read.state, read.mapping, read.settings.layout) == (State.MAPPING, {"month": "Month"}, "suppliers_across")
    assert read.settings == Settings(layout="suppliers_across")
