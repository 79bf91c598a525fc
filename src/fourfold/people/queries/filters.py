"""The filter tree answered: what people can be filtered by, and which people fit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Viewer
from fourfold.ledger import queries as ledger
from fourfold.people import access, models, rules
from fourfold.people.queries.persons import holders
from fourfold.people.queries.words import OPENNESS_WORDS, ORIGIN_WORDS, ROLE_WORDS, STAGE_WORDS
from fourfold.people.types import (
    CANDIDATE_SIDE,
    REGISTRY,
    Condition,
    FieldKind,
    FilterField,
    Group,
    Match,
    Op,
    PersonRole,
    Scheme,
)

IS, CHOICES, TEXTS = (Op.IS, Op.IS_NOT), (Op.IS, Op.IS_NOT), (Op.HAS, Op.HAS_NOT)
DAYS, THERE = (Op.WITHIN, Op.NOT_WITHIN), (Op.KNOWN, Op.UNKNOWN)
NEGATIVE = frozenset({Op.IS_NOT, Op.HAS_NOT, Op.NOT_WITHIN, Op.UNKNOWN})
"""Each is answered as “not” of its opposite, so that nobody falls between the two."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One condition with who asks and when, and whether the field is the house's own."""

    one: Condition
    viewer: Viewer
    at: datetime

    @property
    def value(self) -> str:
        return self.one.value

    @property
    def since(self) -> datetime:
        return self.at - timedelta(days=int(self.one.value))


def fields(viewer: Viewer, names: Collection[str] | None = None) -> dict[str, FilterField]:
    """What people can be filtered by, by name, in the order of the form.

    With ``names`` only these are complete, and what their choices need is all that is read; without it everything is.
    """
    found = [
        *_about_people(viewer, names),
        *_about_candidates(names),
        *_about_clients(),
        *_what_happened(),
        *(_our_fields() if names is None or any(name.startswith("field:") for name in names) else ()),
    ]
    return {one.name: one for one in found}


def _options(words: Mapping[Any, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), str(label)) for value, label in words.items())


def _about_people(viewer: Viewer, names: Collection[str] | None) -> list[FilterField]:
    section = _("The person")
    wanted = {"owner", "list", "tag"} if names is None else set(names)
    colleagues = accounts.active_names() if "owner" in wanted else {}
    owners = {"me": _("me"), "nobody": _("nobody")} | {str(key): name for key, name in colleagues.items()}
    lists = access.lists_of(viewer)[:200] if "list" in wanted else ()
    return [
        FilterField("name", _("Name"), section, TEXTS),
        FilterField("role", _("Role"), section, CHOICES, _options(ROLE_WORDS)),
        FilterField("place", _("Town"), section, TEXTS),
        FilterField("country", _("Country"), section, IS, help_text=_("Two letters, such as GB")),
        FilterField("tag", _("Tag"), section, IS, suggestions=tag_names() if names is None else ()),
        FilterField("owner", _("Owner"), section, CHOICES, _options(owners)),
        FilterField("list", _("On the list"), section, CHOICES, tuple((str(row.key), row.name) for row in lists)),
        FilterField("email", _("E-mail address"), section, THERE),
        FilterField("phone", _("Phone number"), section, THERE),
        FilterField("origin", _("Came to us"), section, CHOICES, _options(ORIGIN_WORDS)),
        FilterField("added", _("Added (days ago)"), section, DAYS, kind="days"),
    ]


def _about_candidates(names: Collection[str] | None) -> list[FilterField]:
    section = _("As a candidate")
    skills = skill_names() if names is None else ()
    return [
        FilterField("skill", _("Skill"), section, IS, suggestions=skills, candidate_side=True),
        FilterField("title", _("Job title, now or before"), section, TEXTS, candidate_side=True),
        FilterField("worked_at", _("Worked at"), section, TEXTS, candidate_side=True),
        FilterField("openness", _("Open to move"), section, CHOICES, _options(OPENNESS_WORDS), candidate_side=True),
        FilterField("available", _("Available"), section, (Op.BY, Op.AFTER), kind="date", candidate_side=True),
    ]


def tag_names() -> tuple[str, ...]:
    """The first 200 tags, by name: to choose from."""
    return tuple(models.Tag.objects.order_by("sort_name").values_list("name", flat=True)[:200])


def skill_names() -> tuple[str, ...]:
    """The first 300 skills that somebody has, by name: to choose from."""
    return tuple(models.Skill.objects.filter(used=True).order_by("sort_name").values_list("name", flat=True)[:300])


def known_skills(names: Collection[str]) -> tuple[str, ...]:
    """Those of these that are skills which somebody has, as the house writes them."""
    plain = {rules.plain(name) for name in names}
    return tuple(models.Skill.objects.filter(used=True, sort_name__in=plain).values_list("name", flat=True))


def skills_like(text: str, *, most: int = 20) -> tuple[str, ...]:
    """Skills whose name has these words, those that somebody has first: to choose from when one is written."""
    rows = models.Skill.objects.all()
    for word in rules.plain(text).split()[:6]:
        rows = rows.filter(sort_name__contains=word)
    return tuple(rows.order_by("-used", "sort_name").values_list("name", flat=True)[:most]) if text.strip() else ()


def _about_clients() -> list[FilterField]:
    section = _("Their organisation")
    return [
        FilterField("organisation", _("Organisation"), section, TEXTS),
        FilterField("stage", _("Client stage"), section, CHOICES, _options(STAGE_WORDS)),
        FilterField("organisation_owner", _("Client owner"), section, (Op.IS, Op.IS_NOT), (("me", _("me")),)),
    ]


def _what_happened() -> list[FilterField]:
    section = _("What happened")
    times = {1: _("Clicked (days ago)"), 2: _("Clicked twice (days ago)"), 3: _("Clicked three times (days ago)")}
    return [
        FilterField("contacted", _("Last contacted by us (days ago)"), section, DAYS, kind="days"),
        FilterField("signal", _("Last signal of theirs (days ago)"), section, DAYS, kind="days", candidate_side=True),
        *(
            FilterField(f"clicks_{n}", words, section, DAYS, kind="days", candidate_side=True)
            for n, words in times.items()
        ),
        *(
            FilterField(f"that:{one.name}", one.words.capitalize(), section, THERE, candidate_side=one.candidate_side)
            for one in REGISTRY.predicates.values()
        ),
    ]


KIND_OPS: dict[FieldKind, tuple[Op, ...]] = {
    FieldKind.TEXT: (*TEXTS, *THERE),
    FieldKind.LINK: THERE,
    FieldKind.NUMBER: (Op.AT_LEAST, Op.AT_MOST, *THERE),
    FieldKind.DATE: (Op.BY, Op.AFTER, *THERE),
    FieldKind.CHOICE: (*CHOICES, *THERE),
    FieldKind.YES_NO: (*CHOICES, *THERE),
}


def _our_fields() -> list[FilterField]:
    rows = models.CustomField.objects.filter(retired_at=None).exclude(side="organisation")
    return [
        FilterField(
            f"field:{row.slug}",
            row.label,
            _("Our own fields"),
            KIND_OPS[FieldKind(row.kind)],
            tuple((option, option) for option in (["yes", "no"] if row.kind == FieldKind.YES_NO else row.options)),
            kind=row.kind,
            candidate_side=row.side == PersonRole.CANDIDATE,
        )
        for row in rows
    ]


def fitting(viewer: Viewer, tree: Group, *, at: datetime) -> models.PersonQuerySet:
    """The listed people who fit a tree, as far as the viewer may see. Raises BadFilter.

    Where any condition is of the candidate side, people whose candidate side is hidden from the viewer are left out
    altogether: a “not” must not tell what an “is” would hide.
    """
    known = fields(viewer, {one.field for one in tree.conditions()}) if tree.parts else {}
    rules.check_filter(tree, known)
    rows = models.Person.objects.visible_to(viewer).listed()
    if any(tells_of_candidates(one, known[one.field]) for one in tree.conditions()):
        rows = rows.candidate_side_visible_to(viewer)
    return rows.filter(_group(tree, viewer, at)) if tree.parts else rows


def tells_of_candidates(one: Condition, known: FilterField) -> bool:
    return known.candidate_side or (one.field == "role" and one.value in CANDIDATE_SIDE)


def _group(tree: Group, viewer: Viewer, at: datetime) -> Q:
    parts = [
        _group(part, viewer, at) if isinstance(part, Group) else _condition(Asked(part, viewer, at))
        for part in tree.parts
    ]
    found = Q()
    for part in parts:
        found = found & part if tree.match is Match.ALL else found | part
    return ~found if tree.match is Match.NONE and parts else found


def _condition(asked: Asked) -> Q:
    name, _sep, rest = asked.one.field.partition(":")
    answer = _that(rest, asked) if name == "that" else _field(rest, asked) if name == "field" else ANSWERS[name](asked)
    return ~answer if asked.one.op in NEGATIVE else answer


def _that(name: str, asked: Asked) -> Q:
    return Q(REGISTRY.predicates[name].keys(at=asked.at))


def _held_by(rows: Any) -> Q:
    return Q(key__in=holders(rows))


def _held_by_many(rows: Any) -> Q:
    """The same for what most people have: asked person by person, so that a page's first rows end the search."""
    joined = models.Person.objects.filter(merged_into__isnull=False).values("key")
    merged = set(rows.filter(person_id__in=joined).values_list("person__merged_into_id", flat=True))
    asked = Q(Exists(rows.filter(person_id=OuterRef("key"))))
    return asked | Q(key__in=ledger.among(merged)) if merged else asked


def _words(column: str, text: str) -> Q:
    found = Q()
    for word in rules.plain(text).split():
        found &= Q(**{f"{column}__contains": word})
    return found


def _title(asked: Asked) -> Q:
    jobs = models.Employment.objects.filter(title__icontains=asked.value)
    return Q(headline__icontains=asked.value) | _held_by(jobs)


def _worked_at(asked: Asked) -> Q:
    jobs = models.Employment.objects.filter(organisation_name__icontains=asked.value)
    return _words("organisation__sort_name", asked.value) | _held_by(jobs)


def _owner(asked: Asked) -> Q:
    if asked.value == "nobody":
        return Q(owner_key=None)
    return Q(owner_key=asked.viewer.user_key if asked.value == "me" else UUID(asked.value))


def _list(asked: Asked) -> Q:
    found = access.lists_of(asked.viewer).filter(pk=asked.value).first()
    if found is None:
        return Q(pk__in=[])
    if found.kind == "hot":
        return _held_by(models.ListMember.objects.filter(saved_list=found))
    inner = rules.filter_from_data(found.tree)
    if any(one.field == "list" for one in inner.conditions()):  # lists of lists of lists would never end
        return Q(pk__in=[])
    return Q(key__in=fitting(asked.viewer, inner, at=asked.at).values("key"))


def _address(scheme: Scheme) -> Callable[[Asked], Q]:
    def answer(asked: Asked) -> Q:
        return _held_by_many(models.PersonIdentifier.objects.filter(scheme=scheme, bouncing_at=None))

    return answer


def _available(asked: Asked) -> Q:
    day = date.fromisoformat(asked.value)
    return Q(available_from__lte=day) if asked.one.op is Op.BY else Q(available_from__gt=day)


def _active(column: str) -> Callable[[Asked], Q]:
    def answer(asked: Asked) -> Q:
        return Q(Exists(ledger.active_since(column, asked.since).filter(person_key=OuterRef("key"))))

    return answer


def _field(slug: str, asked: Asked) -> Q:
    rows = models.CustomValue.objects.filter(field__slug=slug, person__isnull=False)
    op, value = asked.one.op, asked.value
    if op in {Op.IS, Op.IS_NOT}:
        rows = rows.filter(text=value)
    elif op in {Op.HAS, Op.HAS_NOT}:
        rows = rows.filter(text__icontains=value)
    elif op is Op.AT_LEAST:
        rows = rows.filter(number__gte=float(value))
    elif op is Op.AT_MOST:
        rows = rows.filter(number__lte=float(value))
    elif op in {Op.BY, Op.AFTER}:
        day = datetime.combine(date.fromisoformat(value), time.min, tzinfo=UTC).date()
        rows = rows.filter(day__lte=day) if op is Op.BY else rows.filter(day__gt=day)
    return _held_by(rows)


ANSWERS: dict[str, Callable[[Asked], Q]] = {
    "name": lambda asked: _words("sort_name", asked.value),
    "role": lambda asked: _held_by_many(models.PersonInRole.objects.filter(role=asked.value, ended_at=None)),
    "place": lambda asked: Q(city__icontains=asked.value),
    "country": lambda asked: Q(country=asked.value.upper()),
    "tag": lambda asked: _held_by(models.PersonTag.objects.filter(tag__sort_name=rules.plain(asked.value))),
    "owner": _owner,
    "list": _list,
    "email": _address(Scheme.EMAIL),
    "phone": _address(Scheme.PHONE),
    "origin": lambda asked: Q(origin=asked.value),
    "added": lambda asked: Q(added_at__gte=asked.since),
    "skill": lambda asked: _held_by(models.PersonSkill.objects.filter(skill__sort_name=rules.plain(asked.value))),
    "title": _title,
    "worked_at": _worked_at,
    "openness": lambda asked: Q(openness=asked.value),
    "available": _available,
    "organisation": lambda asked: _words("organisation__sort_name", asked.value),
    "stage": lambda asked: Q(organisation__stage=asked.value),
    "organisation_owner": lambda asked: Q(organisation__owner_key=asked.viewer.user_key),
    "contacted": _active("last_contacted_at"),
    "signal": _active("last_inbound_at"),
    "clicks_1": _active("click_1_at"),
    "clicks_2": _active("click_2_at"),
    "clicks_3": _active("click_3_at"),
}
