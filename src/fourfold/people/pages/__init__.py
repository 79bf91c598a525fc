"""What people's pages show."""

from fourfold.people.pages.asking import (
    asked_from,
    builder,
)
from fourfold.people.pages.dossier import person_sheet
from fourfold.people.pages.listing import (
    csv_rows,
    list_context,
    lists_context,
    sharing_choices,
)
from fourfold.people.pages.notices import (
    batch_context,
    declaration_context,
    declared_context,
    notices_context,
    privacy_tabs,
    told_from,
)
from fourfold.people.pages.pairs import pairs_context, reason_words
from fourfold.people.pages.persons import (
    CHANNEL_WORDS,
    person_context,
    role_badges,
    tell,
    told,
)
from fourfold.people.pages.profile import (
    address_forms,
    candidate_page,
    colleague_choices,
    job_values,
    record_values,
    role_values,
    roles_shown,
    who_sees,
)
from fourfold.people.pages.wishes import (
    wishes_context,
    wishes_values,
)

__all__ = [
    "CHANNEL_WORDS",
    "address_forms",
    "asked_from",
    "batch_context",
    "builder",
    "candidate_page",
    "colleague_choices",
    "csv_rows",
    "declaration_context",
    "declared_context",
    "job_values",
    "list_context",
    "lists_context",
    "notices_context",
    "pairs_context",
    "person_context",
    "person_sheet",
    "privacy_tabs",
    "reason_words",
    "record_values",
    "role_badges",
    "role_values",
    "roles_shown",
    "sharing_choices",
    "tell",
    "told",
    "told_from",
    "who_sees",
    "wishes_context",
    "wishes_values",
]
