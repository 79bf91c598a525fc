"""Reads of accounts: frozen rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models import CharField, Subquery, Value
from django.db.models.functions import Cast

from fourfold.accounts import access, models, rules
from fourfold.accounts.types import (
    SUBJECTS,
    AuditRow,
    Choices,
    Colleague,
    Colleagues,
    FirstRun,
    InvitationRow,
    MyAccount,
    PlaceRow,
    Places,
    Role,
    Subject,
    UserRow,
    Viewer,
)


def has_users() -> bool:
    return models.User.objects.exists()


def first_run(code: str) -> FirstRun:
    """What the first-run page may do for one who brings this code."""
    needed = not has_users()
    return FirstRun(needed=needed, code_is_right=needed and rules.same_code(code, _first_run_code()))


def _first_run_code() -> str:
    """The code that the terminal shows, from its file among the house's keys; nothing where there is none."""
    path = Path(settings.HOME) / "keys" / "first-run"
    return path.read_text().strip() if path.is_file() else ""


def viewer_of(user_key: UUID) -> Viewer | None:
    """The viewer behind a user's key, or None for one who may not sign in. Two statements."""
    user = models.User.objects.filter(pk=user_key, is_active=True).first()
    return viewer_for(user) if user else None


def viewer_for(user: models.User) -> Viewer:
    """The viewer behind a signed-in user. One statement."""
    office = models.Office.objects.filter(pk=user.office_id or 0)
    first_brand = models.Brand.objects.order_by("pk").values("pk")[:1]
    parts = {
        "role": user.grants.values_list("role"),
        "desk": user.desks.values_list("slug"),
        "dotted": user.dotted_teams.values_list("slug"),
        "team": models.Team.objects.filter(pk=user.team_id or 0).values_list("slug"),
        "office": office.values_list("slug"),
        "zone": office.values_list("zone"),
        "house": models.Brand.objects.filter(pk=Subquery(first_brand)).values_list("name"),
    }
    first, *others = (
        rows.order_by().annotate(what=Value(what)).values_list("what", rows.query.values_select[0])
        for what, rows in parts.items()
    )
    held: dict[str, list[str]] = {what: [] for what in parts}
    for what, text in first.union(*others, all=True):
        held[what].append(text)
    return Viewer(
        user_key=user.key,
        name=user.name,
        email=user.email,
        roles=frozenset(map(Role, held["role"])),
        team=next(iter(held["team"]), None),
        teams=frozenset(held["team"] + held["dotted"]),
        office=next(iter(held["office"]), None),
        desks=frozenset(held["desk"]),
        zone=next(iter(held["zone"]), "Europe/London"),
        house=next(iter(held["house"]), ""),
    )


def viewer_by_email(email: str) -> Viewer | None:
    """The viewer who signs in with this address, for commands run in someone's name."""
    user = models.User.objects.filter(email__iexact=email).only("key").first()
    return viewer_of(user.key) if user else None


def users(viewer: Viewer) -> tuple[UserRow, ...]:
    """All colleagues, by name. Raises NotAllowed without the administrator's role."""
    access.require_account_manager(viewer)
    found = models.User.objects.select_related("team", "office").prefetch_related("grants", "desks", "dotted_teams")
    return tuple(_user_row(user) for user in found)


def colleagues(viewer: Viewer, *, at: datetime) -> Colleagues:
    """Who works here, and whose invitation is open. Raises NotAllowed without the administrator's role."""
    return Colleagues(users=users(viewer), invitations=invitations(viewer, at=at))


def choices(viewer: Viewer) -> Choices:
    """Teams, offices and desks to choose from. Raises NotAllowed without the administrator's role."""
    access.require_account_manager(viewer)
    return Choices(
        teams=tuple(models.Team.objects.values_list("slug", "name")),
        offices=tuple(models.Office.objects.values_list("slug", "name")),
        desks=tuple(models.Desk.objects.values_list("slug", "name")),
    )


def places(viewer: Viewer) -> Places:
    """All that the house is divided into. Raises NotAllowed without the administrator's role."""
    access.require_account_manager(viewer)
    return Places(offices=offices(), brands=brands(), teams=teams(), desks=desks())


def my_account(viewer: Viewer) -> MyAccount:
    """The viewer's own account and ways to sign in. Raises NotFound for one that was closed."""
    own = access.get_own(viewer)
    steps = Authenticator.objects.filter(user=own)
    codes = next((step for step in steps if step.type == Authenticator.Type.RECOVERY_CODES), None)
    providers: Any = settings.SOCIALACCOUNT_PROVIDERS
    names: dict[str, str] = {app["provider_id"]: app["name"] for app in providers["openid_connect"]["APPS"]}
    return MyAccount(
        user=_user_row(own),
        has_password=own.has_usable_password(),
        has_app=any(step.type == Authenticator.Type.TOTP for step in steps),
        passkeys=sum(step.type == Authenticator.Type.WEBAUTHN for step in steps),
        recovery_codes=len(codes.wrap().get_unused_codes()) if codes else 0,
        linked=tuple(names.get(found.provider, found.provider) for found in SocialAccount.objects.filter(user=own)),
        can_link=bool(names),
    )


def passkey_count(user_key: UUID) -> int:
    return Authenticator.objects.filter(user_id=user_key, type=Authenticator.Type.WEBAUTHN).count()


def user(viewer: Viewer, key: UUID) -> UserRow:
    """One colleague. Raises NotFound."""
    return _user_row(access.get_user_for(viewer, key))


def _user_row(user: models.User) -> UserRow:
    return UserRow(
        user_key=user.key,
        name=user.name,
        email=user.email,
        roles=tuple(sorted(Role(grant.role) for grant in user.grants.all())),
        job_title=user.job_title,
        team=user.team.name if user.team else "",
        office=user.office.name if user.office else "",
        desks=tuple(desk.name for desk in user.desks.all()),
        active=user.is_active,
        last_sign_in=user.last_login,
        team_slug=user.team.slug if user.team else "",
        office_slug=user.office.slug if user.office else "",
        desk_slugs=tuple(desk.slug for desk in user.desks.all()),
        dotted_teams=tuple(team.name for team in user.dotted_teams.all()),
        dotted_slugs=tuple(team.slug for team in user.dotted_teams.all()),
    )


def invitations(viewer: Viewer, *, at: datetime) -> tuple[InvitationRow, ...]:
    """Open invitations, the latest first. Raises NotAllowed without the administrator's role."""
    access.require_account_manager(viewer)
    found = models.Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)
    return tuple(
        InvitationRow(row.pk, row.email, tuple(map(Role, row.roles)), row.invited_by, row.at, row.expires_at)
        for row in found
    )


def invitation(token: str, *, at: datetime) -> InvitationRow:
    """The open invitation of a link. Raises InvitationRefused for a used, withdrawn, old or unknown one."""
    row = access.get_invitation(token, at=at)
    return InvitationRow(row.pk, row.email, tuple(map(Role, row.roles)), row.invited_by, row.at, row.expires_at)


def open_invitation_for(email: str, *, at: datetime) -> InvitationRow | None:
    """The open invitation of an address, for a colleague who comes by single sign-on."""
    row = models.Invitation.objects.filter(
        email__iexact=email, accepted_at=None, withdrawn_at=None, expires_at__gt=at
    ).first()
    return (
        InvitationRow(row.pk, row.email, tuple(map(Role, row.roles)), row.invited_by, row.at, row.expires_at)
        if row
        else None
    )


def offices() -> tuple[PlaceRow, ...]:
    return tuple(
        PlaceRow(row.slug, row.name, f"{row.zone} · {row.currency} · {row.law_pack.upper()} law pack")
        for row in models.Office.objects.all()
    )


def brands() -> tuple[PlaceRow, ...]:
    return tuple(PlaceRow(row.slug, row.name, row.legal_name) for row in models.Brand.objects.all())


def teams() -> tuple[PlaceRow, ...]:
    return tuple(PlaceRow(row.slug, row.name, row.get_kind_display()) for row in models.Team.objects.all())


def desks() -> tuple[PlaceRow, ...]:
    return tuple(
        PlaceRow(row.slug, row.name, f"{row.discipline}, {row.place}, {row.engagement}")
        for row in models.Desk.objects.all()
    )


def house_name() -> str:
    """The first brand's name, or the product's before there is one."""
    brand = models.Brand.objects.order_by("pk").first()
    return brand.name if brand else "Fourfold"


def house_clock_and_currency() -> tuple[str, str]:
    """The time zone and the currency of the first office: whose days reports count, and what they are in."""
    found = models.Office.objects.order_by("pk").values_list("zone", "currency").first()
    return found or (settings.TIME_ZONE, settings.CURRENCY)


def house_currency() -> str:
    """The currency of the first office: the one reports are in."""
    return house_clock_and_currency()[1]


def house_country() -> str:
    """The country of the first office (ISO 3166): where a phone number without a code is from."""
    return models.Office.objects.order_by("pk").values_list("country", flat=True).first() or "GB"


def house_zone() -> str:
    """The time zone of the first office: the one whose days reports count."""
    return house_clock_and_currency()[0]


def names(keys: Collection[UUID]) -> dict[UUID, str]:
    return dict(models.User.objects.filter(pk__in=list(keys)).values_list("pk", "name"))


def active_names() -> dict[UUID, str]:
    """The colleagues who work here now, by key, in the order of their names."""
    return dict(models.User.objects.filter(is_active=True).order_by("name", "key").values_list("pk", "name"))


def active_colleagues() -> tuple[Colleague, ...]:
    """Everybody who may sign in, by name: who can be mentioned and given a task."""
    found = models.User.objects.filter(is_active=True).order_by("name", "key")
    rows = found.values_list("key", "name", "team__slug", "office__zone")
    return tuple(Colleague(key, name, team or "", zone or settings.TIME_ZONE) for key, name, team, zone in rows)


def names_in_role(role: Role) -> dict[UUID, str]:
    """The active colleagues who have a role, by key, in the order of their names."""
    found = models.User.objects.filter(is_active=True, grants__role=role).order_by("name", "key")
    return dict(found.values_list("pk", "name"))


def place_names() -> dict[str, dict[str, str]]:
    """Names by slug of the house's desks, teams and offices, in the order of their names."""
    tables = {"desk": models.Desk.objects, "team": models.Team.objects, "office": models.Office.objects}
    first, *others = (
        rows.order_by().annotate(which=Value(place)).values_list("which", "name", "slug")
        for place, rows in tables.items()
    )
    found: dict[str, dict[str, str]] = {place: {} for place in tables}
    for place, name, slug in first.union(*others, all=True).order_by("name"):
        found[place][slug] = name
    return found


def colleague_keys() -> dict[str, str]:
    """By each colleague's name and e-mail address in lower case, their key; names that two share are left out."""
    rows = list(models.User.objects.values_list("pk", "name", "email"))
    plain = [(" ".join(name.lower().split()), key) for key, name, _ in rows]
    count = Counter(name for name, _ in plain)
    found = {name: str(key) for name, key in plain if count[name] == 1}
    return found | {email.lower(): str(key) for key, _, email in rows}


def labels(values: Collection[str | None]) -> dict[str, str]:
    """Names for the slugs that facts keep (desks, teams, offices, brands) and for user keys; other words stay.

    One statement.
    """
    found = {value: value for value in values if value}
    if not found:
        return {}
    keys = {key: value for value in found if (key := _as_key(value))}
    slugs = [value for value in found if value not in keys.values()]
    users = models.User.objects.filter(pk__in=list(keys)).annotate(slug=Cast("key", CharField()))
    tables = (models.Desk.objects, models.Team.objects, models.Office.objects, models.Brand.objects)
    places = [table.filter(slug__in=slugs).order_by().values_list("slug", "name") for table in tables]
    for slug, name in users.order_by().values_list("slug", "name").union(*places, all=True):
        found[slug if slug in found else keys[UUID(slug)]] = name
    return found


def _as_key(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


def touched_by_hand(kind: str, keys: Collection[UUID]) -> set[UUID]:
    """Those of these subjects with which a colleague has done something that stands in the audit."""
    texts = {str(key): key for key in keys}
    found: set[UUID] = set()
    for some in (list(texts)[start : start + 500] for start in range(0, len(texts), 500)):
        rows = models.AuditEntry.objects.filter(subject_kind=kind, subject_key__in=some, user_key__isnull=False)
        found.update(texts[text] for text in rows.values_list("subject_key", flat=True))
    return found


def audit_trail(viewer: Viewer, *, before: int | None = None, size: int = 50) -> tuple[AuditRow, ...]:
    """Who did what, the latest first; ``before`` is the key of the last row of the page before.

    Raises NotAllowed unless the viewer is a leader or an administrator.
    """
    access.require_audit_reader(viewer)
    found = models.AuditEntry.objects.order_by("-pk")
    found = found.filter(pk__lt=before) if before else found
    return tuple(
        AuditRow(
            row.at, row.who, row.via, row.deed, f"{row.subject_kind} {row.subject_key}".strip(), row.summary, row.pk
        )
        for row in found[:size]
    )


def subjects(viewer: Viewer, kind: str, keys: Collection[UUID]) -> dict[UUID, Subject]:
    """The things of a kind that the viewer may see, by the keys asked for. A kind nobody owns has none."""
    return dict(SUBJECTS[kind](viewer, keys)) if kind in SUBJECTS and keys else {}


def sides(viewer: Viewer, about: Sequence[tuple[str, UUID]]) -> tuple[Subject, ...]:
    """Those of these sides (kind, key) of one thing that the viewer may see. Raises NotFound where there is none."""
    return access.get_sides_for(viewer, about)


def subject(viewer: Viewer, kind: str, key: UUID) -> Subject:
    """What a note, a task or a file is about. Raises NotFound: missing and not yours look the same."""
    return access.get_subject_for(viewer, kind, key)
