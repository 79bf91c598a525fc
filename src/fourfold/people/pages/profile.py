"""What the pages show that change a person's record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import Role, Viewer
from fourfold.people import queries
from fourfold.people.forms.profile import AddressChangeForm
from fourfold.people.queries.words import ROLE_WORDS, USE_WORDS
from fourfold.people.types import CANDIDATE_SIDE, JobRow, PersonNotFound, PersonPage, PersonRole, Scheme

SCHEME_ICONS = {Scheme.EMAIL: "mail", Scheme.PHONE: "phone", Scheme.PROFILE: "link", Scheme.ID: "id-badge-2"}


def candidate_page(viewer: Viewer, key: UUID) -> PersonPage:
    """A person's page for one who sees the candidate side. Raises PersonNotFound."""
    page = queries.person(viewer, key)
    if not page.sees_candidate_side:
        raise PersonNotFound("This was not found.", "It is gone, or not open to you.", "Ask the owner or a leader.")
    return page


def colleague_choices() -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in accounts.active_names().items()]


def record_values(page: PersonPage) -> dict[str, Any]:
    """A record as its form shows it."""
    card, held = page.card, page.profile
    return {
        "name": card.name,
        "headline": card.headline,
        "organisation": card.organisation,
        "city": card.city,
        "country": page.country,
        "owner": str(card.owner_key or ""),
        "tags": ", ".join(held.tags),
        "skills": ", ".join(held.skills),
        "openness": card.openness or "",
        "not_before": page.not_before,
        "available_from": page.available_from,
        "notice_weeks": page.notice_weeks,
        "origin": page.origin or "",
        "origin_detail": page.origin_detail,
        **{f"field-{one.slug}": one.text for one in held.fields},
    }


def address_forms(page: PersonPage) -> list[dict[str, Any]]:
    """Each address with the form of what is known of it."""
    return [
        {
            "row": one,
            "icon": SCHEME_ICONS[one.scheme],
            "form": AddressChangeForm(
                initial={
                    "use": one.use or "", "main": one.main, "verified": one.verified_on, "bouncing": one.bouncing_since,
                },
                prefix=None,
                auto_id=f"id_%s_{one.key}",
            ),
        }
        for one in page.profile.addresses
    ]  # fmt: skip


def address_words(page: PersonPage) -> list[dict[str, Any]]:
    """Addresses as the person's page shows them; ids of other systems come last."""
    rows = sorted(page.profile.addresses, key=lambda one: one.scheme is Scheme.ID)
    links = {Scheme.EMAIL: "mailto:", Scheme.PHONE: "tel:", Scheme.PROFILE: "https://", Scheme.ID: ""}
    return [
        {
            "row": one,
            "icon": SCHEME_ICONS[one.scheme],
            "href": f"{links[one.scheme]}{one.value}" if links[one.scheme] else "",
            "use": USE_WORDS[one.use] if one.use else "",
        }
        for one in rows
    ]


def job_values(job: JobRow) -> dict[str, Any]:
    return {
        "organisation": job.organisation, "title": job.title, "started_on": job.started_on, "ended_on": job.ended_on,
        "present": job.present,
    }  # fmt: skip


def roles_shown(page: PersonPage) -> list[PersonRole]:
    return [role for role in PersonRole if page.sees_candidate_side or role not in CANDIDATE_SIDE]


def role_values(page: PersonPage) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for one in page.profile.roles:
        values[f"is-{one.role.value}"] = one.ended_on is None
        values[f"owner-{one.role.value}"] = str(one.owner_key or "")
    return values


def role_rows(page: PersonPage, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Roles with their owners by name, those that ended too."""
    return [
        {"words": ROLE_WORDS[one.role], "owner": labels.get(str(one.owner_key), ""), "row": one}
        for one in page.profile.roles
    ]


def who_sees(page: PersonPage) -> dict[str, Any]:
    """In words, who sees this record now."""
    leaders = accounts.names_in_role(Role.LEADER)
    keys = [one for one in (page.card.owner_key, *page.profile.let_in) if one]
    names = accounts.names(keys)
    return {"leaders": list(leaders.values()), "others": [names[key] for key in keys if key in names]}
