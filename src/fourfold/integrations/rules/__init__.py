"""Pure decisions about files: which header is which column, and what a row says."""

from __future__ import annotations

from fourfold.integrations.rules.cells import BadRowError, LeftOutError, Recognise, id_source, one_of
from fourfold.integrations.rules.deals import CashRow, cash_rows, end_of, is_first_job
from fourfold.integrations.rules.headers import fit, guess_mapping, header_row, missing_columns, remembered
from fourfold.integrations.rules.names import CHANNEL_NAMES, ENGAGEMENT_NAMES, plain_name
from fourfold.integrations.rules.overlaps import Amount, Known
from fourfold.integrations.rules.reader import Reader, as_cells, digest
from fourfold.integrations.rules.spend import advert_channel, amounts_of, is_total_row, layout_of
from fourfold.integrations.rules.words import Tally, rates_of, summary_of, warnings_of

__all__ = [
    "CHANNEL_NAMES",
    "ENGAGEMENT_NAMES",
    "Amount",
    "BadRowError",
    "CashRow",
    "Known",
    "LeftOutError",
    "Reader",
    "Recognise",
    "Tally",
    "advert_channel",
    "amounts_of",
    "as_cells",
    "cash_rows",
    "digest",
    "end_of",
    "fit",
    "guess_mapping",
    "header_row",
    "id_source",
    "is_first_job",
    "is_total_row",
    "layout_of",
    "missing_columns",
    "one_of",
    "plain_name",
    "rates_of",
    "remembered",
    "summary_of",
    "warnings_of",
]
