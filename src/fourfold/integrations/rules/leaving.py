"""The house on its way out: rows in the form that Bullhorn's Data Loader reads, and plain ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from fourfold.base.cells import formula_safe
from fourfold.people.types import Leaving, Scheme

_HARMLESS = re.compile(r"\s*[+-]?[\d ()./-]+(?:\s*(?:x|ext\.?)\s*\d+)?\s*", re.IGNORECASE)
"""Numbers as people write them: a spreadsheet runs none of these."""

_ADDRESS_HEADERS = {
    "email": "email", "email_2": "email2", "email_3": "email3", "mobile": "mobile", "phone": "phone",
    "phone_2": "phone2", "phone_3": "phone3", "work_phone": "workPhone", "home_phone": "phone3",
}  # fmt: skip
PERSON_HEADERS = {
    "Candidate": (
        "id", "externalID", "firstName", "lastName", "name", "email", "email2", "email3", "mobile", "phone", "phone2",
        "phone3", "workPhone", "occupation", "companyName", "address.city", "address.countryName", "primarySkills.name",
        "categories.name", "dateAvailable", "dateAdded", "source", "owner.name", "massMailOptOut", "status",
    ),
    "ClientContact": (
        "id", "externalID", "firstName", "lastName", "name", "email", "email2", "email3", "mobile", "phone", "phone2",
        "phone3", "workPhone", "occupation", "clientCorporation.externalID", "address.city", "address.countryName",
        "dateAdded", "source", "owner.name", "massMailOptOut", "status",
    ),
    "Lead": (
        "id", "customText1", "firstName", "lastName", "name", "email", "email2", "email3", "mobile", "phone", "phone2",
        "phone3", "workPhone", "occupation", "companyName", "clientCorporation.externalID", "address.city",
        "address.countryName", "primarySkills.name", "dateAdded", "leadSource", "owner.name", "massMailOptOut",
        "status",
    ),
}  # fmt: skip
ORGANISATION_HEADERS = (
    "id", "externalID", "name", "companyURL", "industryList", "phone", "address.city", "address.countryName",
    "companyDescription", "status", "dateAdded", "owner.name",
)  # fmt: skip
JOB_HEADERS = (
    "candidate.externalID", "companyName", "clientCorporation.externalID", "title", "startDate", "endDate", "isLastJob",
    "comments",
)  # fmt: skip
NOTE_HEADERS = (
    "externalID", "comments", "action", "commentingPerson.name", "candidates.externalID", "clientContacts.externalID",
    "dateAdded",
)  # fmt: skip
LIST_HEADERS = ("name", "candidates.externalID", "clientContacts.externalID", "owner.name", "isPrivate")
PEOPLE_HEADERS = (
    "key", "name", "job_title", "organisation", "city", "country", "roles", "emails", "phones", "profiles", "ids",
    "skills",
    "tags", "available_from", "source", "owner", "added_at", "merged_into",
)  # fmt: skip
STATUS = {"target": "Prospect", "met": "Prospect", "terms_sent": "Prospect", "accepted": "Active Account",
          "first_job": "Active Account", "repeat": "Active Account", "dormant": "Archive"}  # fmt: skip


def key_safe(text: str) -> str:
    """An id, e-mail address or phone number as it came; one that a spreadsheet could run is made text."""
    return text if _HARMLESS.fullmatch(text) else formula_safe(text)


def person_cells(
    entity: str,
    one: Leaving,
    keys: Mapping[str, str],
    *,
    own: str,
    employer: str = "",
    owner: str = "",
    refuses: bool = False,
) -> dict[str, str]:
    """A person as a row of a loader file. ``keys`` are the cells they came with: those go out as they were.

    ``own`` is their id where they came from nowhere, ``employer`` the external id of their organisation, ``refuses``
    whether they want no mailings.
    """
    first, _, last = one.name.rpartition(" ")
    cells = {
        "firstName": first or one.name, "lastName": last if first else "", "name": one.name,
        "occupation": one.headline, "companyName": one.organisation, "clientCorporation.externalID": employer,
        "address.city": one.city, "address.countryName": one.country, "primarySkills.name": ";".join(one.skills),
        "categories.name": ";".join(one.tags), "dateAvailable": us_day(one.available_from),
        "dateAdded": us_day(one.added_at), "source": one.origin_detail, "leadSource": one.origin_detail,
        "owner.name": owner, "massMailOptOut": "TRUE" if refuses else "FALSE", "status": "Active",
    }  # fmt: skip
    cells = {name: formula_safe(text) for name, text in cells.items()}
    external = "customText1" if entity == "Lead" else "externalID"
    if not keys:
        cells |= {external: own, **_addresses(one)}
    named = {**_ADDRESS_HEADERS, "source_id": "id", "external_id": external}
    cells |= {named[column]: key_safe(text) for column, text in keys.items() if column in named}
    texts = {"first_name": "firstName", "last_name": "lastName", "name": "name"}
    return cells | {texts[column]: formula_safe(text) for column, text in keys.items() if column in texts}


def _addresses(one: Leaving) -> dict[str, str]:
    """The addresses of a person who came from nowhere, in the order of the columns."""
    emails = [value for scheme, value in one.identifiers if scheme is Scheme.EMAIL]
    phones = [value for scheme, value in one.identifiers if scheme is Scheme.PHONE]
    found = dict(zip(("email", "email2", "email3"), emails, strict=False))
    return {**found, **dict(zip(("mobile", "phone", "phone2", "phone3"), phones, strict=False))}


def plain_person(one: Leaving, owner: str) -> list[str]:
    """A person as a row of the plain table."""
    held: dict[Scheme, list[str]] = {}
    for scheme, value in one.identifiers:
        held.setdefault(scheme, []).append(value)
    texts = (one.name, one.headline, one.organisation, one.city, one.country, "; ".join(one.roles))
    addresses = [key_safe("; ".join(held.get(scheme, ()))) for scheme in
                 (Scheme.EMAIL, Scheme.PHONE, Scheme.PROFILE, Scheme.ID)]  # fmt: skip
    rest = ("; ".join(one.skills), "; ".join(one.tags), str(one.available_from or ""), one.origin_detail, owner)
    return [
        str(one.key), *map(formula_safe, texts), *addresses, *map(formula_safe, rest), one.added_at.isoformat(),
        str(one.merged_into or ""),
    ]  # fmt: skip


def organisation_cells(one: Mapping[str, Any], keys: Mapping[str, str], *, own: str, owner: str) -> dict[str, str]:
    """An organisation as a row of a loader file."""
    cells = {
        "name": one["name"], "companyURL": one["website"], "industryList": one["industry"], "phone": one["phone"],
        "address.city": one["city"], "address.countryName": one["country"], "companyDescription": one["about"],
        "status": STATUS.get(one["stage"], "Prospect"), "dateAdded": us_day(one["added_at"]), "owner.name": owner,
    }  # fmt: skip
    cells = {name: formula_safe(text) for name, text in cells.items()}
    named = {"source_id": "id", "external_id": "externalID", "phone": "phone"}
    cells |= {named[column]: key_safe(text) for column, text in keys.items() if column in named}
    if not keys:
        cells["externalID"] = own
    return cells | ({"name": formula_safe(keys["name"])} if keys.get("name") else {})


def staged_cells(payload: Mapping[str, str]) -> dict[str, str]:
    """A record that waited, as it came."""
    return {name: key_safe(text) for name, text in payload.items()}


def plain_cell(value: Any) -> str:
    """A value of a plain table: moments as ISO, nothing as nothing, texts that a spreadsheet could run made safe."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return formula_safe("" if value is None else str(value))


def us_day(when: date | datetime | None) -> str:
    """A day as the loader reads it by default: 12/31/2026."""
    return f"{when.month}/{when.day}/{when.year}" if when else ""


def in_order(headers: Sequence[str], cells: Mapping[str, str]) -> list[str]:
    return [cells.get(header, "") for header in headers]
