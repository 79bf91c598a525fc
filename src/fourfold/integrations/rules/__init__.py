"""Pure decisions about files: which header is which column, and what a row says."""

from __future__ import annotations

from fourfold.integrations.rules.cells import BadRowError, LeftOutError, Recognise, id_source, one_of
from fourfold.integrations.rules.deals import CashRow, cash_rows, end_of, is_first_job
from fourfold.integrations.rules.headers import fit, guess_mapping, header_row, missing_columns, remembered
from fourfold.integrations.rules.identity import Whose, whose
from fourfold.integrations.rules.leaving import (
    JOB_HEADERS,
    LIST_HEADERS,
    NOTE_HEADERS,
    ORGANISATION_HEADERS,
    PEOPLE_HEADERS,
    PERSON_HEADERS,
    in_order,
    key_safe,
    organisation_cells,
    person_cells,
    plain_cell,
    plain_person,
    staged_cells,
    us_day,
)
from fourfold.integrations.rules.names import CHANNEL_NAMES, ENGAGEMENT_NAMES, plain_name
from fourfold.integrations.rules.overlaps import Amount, Known
from fourfold.integrations.rules.reader import Reader, as_cells, digest
from fourfold.integrations.rules.records import day_order, ids_named, references_of, same_person
from fourfold.integrations.rules.sample import sample_tables, sample_zip
from fourfold.integrations.rules.spend import advert_channel, amounts_of, is_total_row, layout_of
from fourfold.integrations.rules.systems import (
    custom_columns,
    dropped_columns,
    is_custom,
    is_sensitive,
    recognise_tables,
    table_header_row,
)
from fourfold.integrations.rules.words import Tally, rates_of, summary_of, warnings_of

__all__ = [
    "CHANNEL_NAMES",
    "ENGAGEMENT_NAMES",
    "JOB_HEADERS",
    "LIST_HEADERS",
    "NOTE_HEADERS",
    "ORGANISATION_HEADERS",
    "PEOPLE_HEADERS",
    "PERSON_HEADERS",
    "Amount",
    "BadRowError",
    "CashRow",
    "Known",
    "LeftOutError",
    "Reader",
    "Recognise",
    "Tally",
    "Whose",
    "advert_channel",
    "amounts_of",
    "as_cells",
    "cash_rows",
    "custom_columns",
    "day_order",
    "digest",
    "dropped_columns",
    "end_of",
    "fit",
    "guess_mapping",
    "header_row",
    "id_source",
    "ids_named",
    "in_order",
    "is_custom",
    "is_first_job",
    "is_sensitive",
    "is_total_row",
    "key_safe",
    "layout_of",
    "missing_columns",
    "one_of",
    "organisation_cells",
    "person_cells",
    "plain_cell",
    "plain_name",
    "plain_person",
    "rates_of",
    "recognise_tables",
    "references_of",
    "remembered",
    "same_person",
    "sample_tables",
    "sample_zip",
    "staged_cells",
    "summary_of",
    "table_header_row",
    "us_day",
    "warnings_of",
    "whose",
]
