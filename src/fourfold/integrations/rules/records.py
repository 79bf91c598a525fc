"""What a row of another system says, cleaned: names, flags, days, lists, states, and whom it is about."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from babel import Locale

from fourfold.integrations.rules import dates
from fourfold.integrations.rules.cells import NO, YES, BadRowError, Cells, LeftOutError
from fourfold.integrations.rules.names import plain_name
from fourfold.integrations.rules.systems import is_sensitive
from fourfold.integrations.types import ENTITIES, Entity, System, Target
from fourfold.people.types import AddressUse, ClientStage, Purpose, Scheme

ADDRESSES: dict[str, tuple[Scheme, AddressUse | None]] = {
    "email": (Scheme.EMAIL, None), "email_2": (Scheme.EMAIL, None), "email_3": (Scheme.EMAIL, None),
    "mobile": (Scheme.PHONE, None), "phone": (Scheme.PHONE, None), "phone_2": (Scheme.PHONE, None),
    "phone_3": (Scheme.PHONE, None), "work_phone": (Scheme.PHONE, AddressUse.WORK),
    "home_phone": (Scheme.PHONE, AddressUse.PERSONAL), "profile_url": (Scheme.PROFILE, None),
}  # fmt: skip
KEY_COLUMNS = ("source_id", "external_id", *ADDRESSES, "name", "first_name", "last_name", "website")
"""What is kept as it came, so that it goes out again byte for byte."""
ID_NAMES = {
    "person": "candidate", "contact": "clientcontact", "lead": "lead", "organisation": "clientcorporation",
    "job": "joborder", "opportunity": "opportunity",
}  # fmt: skip
DO_NOT_CONTACT = frozenset(
    [
        "do_not_contact",
        "dnc",
        "do_not_call",
        "do_not_email",
        "do_not_use",
        "blacklist",
        "blacklisted",
        "black_listed",
        "do_not_place",
        "no_contact",
        "unsubscribed",
        "opted_out",
        "opt_out",
        "do_not_mail",
        "not_to_be_contacted",
        "gdpr_opt_out",
    ]
)
STAGES = {
    ClientStage.TARGET: "prospect target lead new passive_account passive suspect opportunity salesqualifiedlead "
    "marketingqualifiedlead sales_qualified_lead marketing_qualified_lead",
    ClientStage.MET: "met contacted warm",
    ClientStage.TERMS_SENT: "terms_sent terms_out",
    ClientStage.ACCEPTED: "active active_account client customer current current_client key_account preferred "
    "terms_agreed",
    ClientStage.DORMANT: "dormant inactive archive archived lapsed past_client former_client past former",
}  # fmt: skip
_STAGES = {word: stage for stage, words in STAGES.items() for word in words.split()}
_LIST = re.compile(r"\s*(?:;|\s:::\s|\n)\s*")
_COMMA_LIST = re.compile(r"\s*(?:;|,|\s:::\s|\n)\s*")
_EPOCH = re.compile(r"-?\d{12,13}")
_US_TIME = re.compile(
    r"(?P<day>\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4})(?:\s+\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]m)?)?", re.IGNORECASE
)
_DATED = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}\b")
_TAGS = re.compile(r"<[^>]{0,2000}>")
_BREAKS = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/h\d)\b[^>]*>", re.IGNORECASE)
NOTE_LIMIT, LIST_LIMIT = 20_000, 60


def entity_of(reader: Cells) -> Entity:
    return ENTITIES[reader.settings.layout]


def read(reader: Cells, cells: dict[str, str], row: Mapping[str, str]) -> dict[str, Any]:
    """What one row says, as JSON can hold it. Raises BadRowError, and LeftOutError for a row deleted there."""
    entity = entity_of(reader)
    if flag(cells.get("deleted", "")):
        raise LeftOutError("deleted")
    found = _READERS[entity.target](reader, cells, entity)
    own = own_ids(entity, cells)
    found["own"] = own
    if entity.target in {Target.PEOPLE, Target.STAGED, Target.ORGANISATIONS, Target.LISTS, Target.CVS}:
        headers = {name: reader.mapping.get(name, "") for name in KEY_COLUMNS}
        found["keys"] = {name: row[header] for name, header in headers.items() if header and row.get(header)}
    if entity.target is Target.STAGED or entity.staged_too:
        found["payload"] = {
            header: text for header, text in row.items() if text and text.strip() and not is_sensitive(header)
        }
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def own_ids(entity: Entity, cells: Mapping[str, str]) -> list[str]:
    """The row's ids, each with its system and table in front."""
    head = f"{entity.system}:{entity.id_kind}"
    found = [f"{head}:{cells['source_id']}"] if cells.get("source_id") else []
    return found + ([f"{head}.external:{cells['external_id']}"] if cells.get("external_id") else [])


def references(entity: Entity, cells: Mapping[str, str], *kinds: str) -> list[list[str]]:
    """Whom a row is about, each by the ids any of which is theirs: ``bullhorn:candidate:4711``."""
    found: list[list[str]] = []
    for kind in kinds:
        if not (cells.get(f"{kind}_ref") or cells.get(f"{kind}_id")):
            continue
        name = (
            ID_NAMES[kind]
            if entity.system is System.BULLHORN
            else {"organisation": "company"}.get(kind, "candidate" if entity.system is System.GREENHOUSE else "contact")
        )
        for column, head in ((f"{kind}_ref", f"{name}.external"), (f"{kind}_id", name)):
            found += [[f"{entity.system}:{head}:{one}"] for one in several(cells.get(column, ""))]
    found += [
        [f"{entity.system}:{name}:{one}" for name in ("candidate", "clientcontact", "lead")]
        for one in several(cells.get("about_id", ""))
        if one.isdecimal()
    ]
    unique = {tuple(one): one for one in found}
    return list(unique.values())


def references_of(entity: Entity, cells: Mapping[str, str], kind: str) -> list[str]:
    """Whom or what of one kind a row names, by any of its ids."""
    return [ref for several_ in references(entity, {**cells, "about_id": ""}, kind) for ref in several_]


def _read_person(reader: Cells, cells: dict[str, str], entity: Entity) -> dict[str, Any]:
    ids, uses, unread = _addresses(reader, cells)
    own = own_ids(entity, cells)
    name = whole_name(cells)
    organisation = short(cells.get("organisation", ""), 120)
    if not own and not ids and not name:
        raise BadRowError("nothing in it says who it is: no name, no address, no id.")
    notes = [[column, text] for column in ("comments", "about") if (text := plain_text(cells.get(column, "")))]
    return {
        "name": name or None,
        "ids": [*ids, *([Scheme.ID.value, one] for one in own)],
        "uses": uses,
        "unread": unread,
        "organisation": organisation,
        "organisation_refs": [one for several_ in references(entity, cells, "organisation") for one in several_],
        "headline": short(cells.get("headline", ""), 160),
        "city": short(cells.get("city", ""), 80),
        "country": country_code(cells.get("country", "")),
        "added": moment(reader, cells.get("added_at", "")),
        "source": short(cells.get("source", ""), 120),
        "owner": cells.get("owner") and reader.colleague(cells["owner"]),
        "skills": texts_of(cells, "skills", "skills_2", "skills_3", limit=120),
        "tags": [one for one in texts_of(cells, "tags", "tags_2", "tags_3") if not one.startswith("*")],
        "wishes": wishes(cells),
        "notes": notes,
        "available": day(reader, cells.get("available_from", "")),
        "custom": {
            header: cells[f"added:{header}"] for header in reader.settings.added if cells.get(f"added:{header}")
        },
    }


def _addresses(reader: Cells, cells: Mapping[str, str]) -> tuple[list[list[str]], dict[str, str], list[str]]:
    """Addresses as [scheme, value], what each is used for, and those that can't be read: they are kept as text only."""
    found: dict[tuple[str, str], None] = {}
    uses: dict[str, str] = {}
    unread: list[str] = []
    country = country_code(cells.get("country", ""))
    for column, (scheme, use) in ADDRESSES.items():
        held = cells.get(column)
        for text in several(held) if held else ():
            where = country if scheme is Scheme.PHONE else reader.settings.source
            one = reader.recognise(text, scheme, where) if reader.recognise else None
            if one is None:
                unread.append(f"{column} “{text[:60]}”")
                continue
            found[one.scheme.value, one.value] = None
            if use:
                uses[one.value] = use.value
    return [list(one) for one in found], uses, unread


def _read_organisation(reader: Cells, cells: dict[str, str], entity: Entity) -> dict[str, Any]:
    name = short(cells.get("name", ""), 120)
    if not name:
        raise BadRowError("it has no name.")
    status = plain_name(cells.get("status", ""))
    return {
        "name": name,
        "website": short(cells.get("website", ""), 250),
        "industry": short("; ".join(several(cells.get("industry", ""))), 80),
        "phone": short(cells.get("phone", ""), 32),
        "city": short(cells.get("city", ""), 80),
        "country": country_code(cells.get("country", "")),
        "about": plain_text(cells.get("about", "")),
        "stage": _STAGES[status].value if status in _STAGES else None,
        "owner": cells.get("owner") and reader.colleague(cells["owner"]),
        "added": moment(reader, cells.get("added_at", "")),
    }


def _read_work(reader: Cells, cells: dict[str, str], entity: Entity) -> dict[str, Any]:
    about = _somebody(entity, cells)
    organisation, title = short(cells.get("organisation", ""), 120), short(cells.get("headline", ""), 160)
    if not organisation and not title:
        raise BadRowError("it names neither an employer nor a title.")
    first, last = day(reader, cells.get("started_on", "")), day(reader, cells.get("ended_on", ""))
    if first and last and last < first:
        first, last = last, first
    return {
        "about": about,
        "organisation": organisation,
        "organisation_refs": [one for several_ in references(entity, cells, "organisation") for one in several_],
        "headline": title,
        "started": first,
        "ended": last,
        "present": True if not last and (flag(cells.get("present", "")) or first) else None,
        "text": plain_text(cells.get("comments", "")),
    }


def _read_note(reader: Cells, cells: dict[str, str], entity: Entity) -> dict[str, Any]:
    text = plain_text(cells.get("text", ""))
    if not text:
        raise BadRowError("it says nothing.")
    action = short(cells.get("action", ""), 60)
    return {
        "about": _somebody(entity, cells),
        "text": f"{action}: {text}" if action else text,
        "author": cells.get("author") or None,
        "author_key": cells.get("author") and reader.colleagues.get(" ".join(cells["author"].lower().split())),
        "added": moment(reader, cells.get("added_at", "")),
    }


def _somebody(entity: Entity, cells: Mapping[str, str]) -> list[list[str]]:
    """Whom it is about. Raises BadRowError for nobody."""
    found = references(entity, cells, "person", "contact", "lead")
    if not found:
        raise BadRowError("it says of nobody: no id of a person is in it.")
    return found


def _read_list(reader: Cells, cells: dict[str, str], entity: Entity) -> dict[str, Any]:
    name = short(cells.get("name", ""), 80)
    if not name:
        raise BadRowError("the list has no name.")
    return {
        "name": name,
        "about": references(entity, cells, "person", "contact"),
        "owner": cells.get("owner") and reader.colleague(cells["owner"]),
    }


def _read_staged(reader: Cells, cells: dict[str, str], entity: Entity) -> dict[str, Any]:
    return {
        "about": references(entity, cells, "person", "contact", "lead"),
        "organisation_refs": [one for several_ in references(entity, cells, "organisation") for one in several_],
        "added": moment(reader, cells.get("added_at", "")),
    }


def _read_cv(reader: Cells, cells: dict[str, str], entity: Entity) -> dict[str, Any]:
    if not cells.get("file"):
        raise BadRowError("it names no file.")
    return {**_read_person(reader, cells, entity), "file": cells["file"]}


_READERS = {
    Target.PEOPLE: _read_person, Target.ORGANISATIONS: _read_organisation, Target.WORK_HISTORY: _read_work,
    Target.NOTES: _read_note, Target.LISTS: _read_list, Target.STAGED: _read_staged, Target.CVS: _read_cv,
}  # fmt: skip


# Cells


def several(text: str, *, commas: bool = False) -> list[str]:
    """The parts of a cell that holds several: ``a;b``, ``a ::: b``; none twice."""
    if not text:
        return []
    parts = (_COMMA_LIST if commas else _LIST).split(text.strip())
    return list(dict.fromkeys(part for part in (one.strip() for one in parts) if part))


def texts_of(cells: Mapping[str, str], *columns: str, limit: int = LIST_LIMIT) -> list[str]:
    """All parts of these cells, each once whatever its case, those too long cut."""
    found: dict[str, str] = {}
    for column in columns:
        for part in several(cells.get(column, ""), commas=True):
            found.setdefault(part.lower(), part[:limit])
    return list(found.values())[:80]


def whole_name(cells: Mapping[str, str]) -> str:
    """First, middle and last name; else the whole, turned round where it is “Last, First”."""
    first, last = cells.get("first_name", ""), cells.get("last_name", "")
    if first or last:
        return short(" ".join(filter(None, (first, cells.get("middle_name", ""), last))), 120)
    return short(turned(cells.get("name", "")), 120)


def turned(name: str) -> str:
    """“Smith, Jane” → “Jane Smith”. “Smith, Jane, PhD” and “Jane Smith, MCIPS” stay."""
    parts = [part.strip() for part in name.split(",")]
    titles = {
        "phd",
        "mba",
        "acca",
        "cpa",
        "md",
        "jr",
        "sr",
        "ii",
        "iii",
        "mcips",
        "cfa",
        "esq",
        "bsc",
        "msc",
        "ma",
        "ba",
    }
    if (
        len(parts) == 2
        and all(parts)
        and parts[1].lower().replace(".", "") not in titles
        and len(parts[1].split()) <= 3
    ):
        return f"{parts[1]} {parts[0]}"
    return name.strip()


def short(text: str, limit: int) -> str:
    """A text in one line, cut at ``limit``."""
    return " ".join(text.split())[:limit]


def flag(text: str) -> bool | None:
    """Whether a cell says yes; None where it says neither."""
    plain = text.strip().lower().removesuffix(".0")
    if not plain:
        return None
    return True if plain in YES else False if plain in NO else None


def plain_text(text: str) -> str:
    """A text without its markup, at most 20,000 characters: systems keep notes and descriptions as HTML."""
    if not text.strip():
        return ""
    if "<" in text and _TAGS.search(text):
        text = _TAGS.sub("", _BREAKS.sub("\n", text))
    lines = [" ".join(line.split()) for line in html.unescape(text).replace("\xa0", " ").splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:NOTE_LIMIT]


def wishes(cells: Mapping[str, str]) -> list[list[str]]:
    """What the row says they don't wish, as [purpose, channel, column].

    Only a “no” is carried over: a “yes” of another system comes without the words they agreed to.
    """
    found: list[list[str]] = []

    def add(purpose: Purpose, channel: str, column: str) -> None:
        found.append([purpose.value, channel, column])

    if _says(cells, "mail_opt_out"):
        add(Purpose.MARKETING, "email", "mail_opt_out")
    if _says(cells, "unsubscribed"):
        add(Purpose.MARKETING, "email", "unsubscribed")
    if flag(cells.get("can_email", "")) is False:
        add(Purpose.ALL, "email", "can_email")
    if flag(cells.get("sms_opt_in", "")) is False:
        add(Purpose.MARKETING, "sms", "sms_opt_in")
    if plain_name(cells.get("status", "")) in DO_NOT_CONTACT:
        add(Purpose.ALL, "", "status")
    return found


def _says(cells: Mapping[str, str], column: str) -> bool:
    """Whether an opt-out is set: anything but a plain no counts as one, so that no wish is lost by its spelling."""
    text = cells.get(column, "").strip()
    return bool(text) and flag(text) is not False


def day(reader: Cells, text: str) -> str | None:
    """A day as 2026-03-31, or None where it can't be told: a wrong day is worse than none."""
    written = moment_text(text, reader.settings.dates)
    return written[:10] if written else None


def moment(reader: Cells, text: str) -> str | None:
    """A moment in UTC, or None. One in the future is none: nobody was added there tomorrow."""
    written = moment_text(text, reader.settings.dates)
    if not written:
        return None
    try:
        return reader.moment("added_at", written)
    except BadRowError:
        return None


def moment_text(text: str, order: str) -> str | None:
    """A day or moment in the ISO form: also milliseconds since 1970, and days in numbers with times."""
    text = text.strip()
    if not text:
        return None
    if _EPOCH.fullmatch(text):
        return epoch(int(text))
    written = dates.as_iso(text, order)
    if not dates.ISO.fullmatch(written):
        timed = _US_TIME.fullmatch(text)
        written = dates.as_iso(timed["day"], order) if timed else text
    if not dates.ISO.fullmatch(written):
        written = written.split(".")[0] if dates.ISO.fullmatch(written.split(".")[0]) else ""
    return written if written and dates.moment_of(written) else None


def epoch(milliseconds: int) -> str | None:
    """The day of a moment in milliseconds since 1970, as backups hold them."""
    days = milliseconds // 86_400_000
    try:
        return dates.EPOCH_DAY.fromordinal(dates.EPOCH_DAY.toordinal() + days).isoformat()
    except (ValueError, OverflowError):
        return None


def day_order(texts: Iterable[str]) -> str:
    """Whether these write the day or the month first: dmy, mdy, or "" where none tells."""
    firsts, seconds = 0, 0
    for text in texts:
        found = _DATED.match(text)
        if found:
            firsts, seconds = max(firsts, int(found[1])), max(seconds, int(found[2]))
    if firsts > 12 >= seconds:
        return "dmy"
    return "mdy" if seconds > 12 >= firsts else ""


@lru_cache(maxsize=4096)
def country_code(text: str) -> str:
    """ISO 3166 alpha-2 of a country by its name or code, or ""."""
    plain = plain_name(text)
    if len(plain) == 2 and plain.upper() in _territories().values():
        return plain.upper()
    return _territories().get(plain, "")


@lru_cache(maxsize=1)
def _territories() -> dict[str, str]:
    found = {
        plain_name(name): code for code, name in Locale("en").territories.items() if len(code) == 2 and code.isalpha()
    }
    extra = {"uk": "GB", "great_britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
             "northern_ireland": "GB",
             "usa": "US", "united_states_of_america": "US", "us_a": "US", "holland": "NL", "the_netherlands": "NL",
             "republic_of_ireland": "IE", "uae": "AE", "czech_republic": "CZ", "russian_federation": "RU",
             "hong_kong": "HK", "deutschland": "DE", "espana": "ES"}  # fmt: skip
    return found | extra


def same_person(one: str, other: str) -> bool:
    """Whether two names could be one human's: a word of one is in the other, or one of them is empty."""
    return not one or not other or bool(set(one.casefold().split()) & set(other.casefold().split()))


def ids_named(layout: str, mapping: Mapping[str, str], cells: Mapping[str, str]) -> set[str]:
    """The ids of people that a row of a table names, its own among them: ``bullhorn:candidate:4711``."""
    entity = ENTITIES[layout]
    texts = {name: (cells.get(header) or "").strip() for name, header in mapping.items()}
    about = references(entity, texts, "person", "contact", "lead")
    return {*own_ids(entity, texts), *(one for several_ in about for one in several_)}
