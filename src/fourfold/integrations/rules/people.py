"""Files of people: names, addresses, where they work."""

from __future__ import annotations

from typing import Any

from fourfold.integrations.rules.cells import BadRowError, Cells
from fourfold.people.types import Scheme

ADDRESS_COLUMNS = {
    "email": Scheme.EMAIL, "email_2": Scheme.EMAIL, "email_3": Scheme.EMAIL, "phone": Scheme.PHONE,
    "phone_2": Scheme.PHONE, "phone_3": Scheme.PHONE, "profile_url": Scheme.PROFILE, "person_id": Scheme.ID,
}  # fmt: skip


def read(reader: Cells, cells: dict[str, str]) -> dict[str, Any]:
    """One person. Raises BadRowError for one whom nothing could recognise again."""
    texts = reader.texts(cells, "name first_name last_name organisation headline city")
    parts = " ".join(filter(None, (texts.pop("first_name"), texts.pop("last_name"))))
    ids = reader.addresses(cells, ADDRESS_COLUMNS)
    extra = reader.addresses({name: text for name, text in cells.items() if name.startswith("id:")})
    first = next((cells[name] for name in ADDRESS_COLUMNS if cells.get(name)), None)
    if not ids and not extra and (reader.recognise or not first):
        raise BadRowError("nothing in it could recognise this person again: no e-mail address, phone, profile or id.")
    return {**texts, "name": texts["name"] or parts or None, "person": first, "ids": [*ids, *extra] or None}
