"""Deeds on accounts. Each writes its audit entry in its own transaction."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from fourfold.accounts import access, models, rules
from fourfold.accounts.types import (
    SUBJECT_WATCHERS,
    AlreadyThere,
    Engagement,
    InvitationRefused,
    NewUser,
    Position,
    Role,
    TeamKind,
    Viewer,
)
from fourfold.base.actor import Actor
from fourfold.base.errors import NotAllowed, NotFound


def audit(*, by: Actor, deed: str, at: datetime, subject: tuple[str, object] = ("", ""), summary: str = "") -> None:
    """Keep who did what. Called inside the transaction of the deed, by every room; ``subject`` is (kind, key)."""
    models.AuditEntry.objects.create(
        at=at,
        user_key=by.user_key,
        who=by.name[:80],
        via=by.via,
        deed=deed,
        subject_kind=subject[0],
        subject_key=str(subject[1])[:64],
        summary=summary[:250],
    )


def tell_watchers(*, kind: str, keys: Collection[UUID]) -> None:
    """Say that something about these subjects changed. Called inside the transaction of the deed, by every room."""
    for watcher in SUBJECT_WATCHERS if keys else ():
        watcher(kind=kind, keys=keys)


@transaction.atomic
def add_office(*, name: str, zone: str, currency: str, country: str, law_pack: str, by: Actor, at: datetime) -> str:
    """Add an office; returns its slug. Raises AlreadyThere."""
    slug = _free_slug(models.Office, name)
    models.Office.objects.create(slug=slug, name=name, zone=zone, currency=currency, country=country, law_pack=law_pack)
    audit(by=by, deed="add_office", at=at, subject=("office", slug), summary=name)
    return slug


@transaction.atomic
def add_brand(*, name: str, legal_name: str, by: Actor, at: datetime) -> str:
    """Add a brand (a legal entity); returns its slug. Raises AlreadyThere."""
    slug = _free_slug(models.Brand, name)
    models.Brand.objects.create(slug=slug, name=name, legal_name=legal_name)
    audit(by=by, deed="add_brand", at=at, subject=("brand", slug), summary=name)
    return slug


@transaction.atomic
def add_team(*, name: str, kind: TeamKind, by: Actor, at: datetime) -> str:
    """Add a team; returns its slug. Raises AlreadyThere."""
    slug = _free_slug(models.Team, name)
    models.Team.objects.create(slug=slug, name=name, kind=kind)
    audit(by=by, deed="add_team", at=at, subject=("team", slug), summary=name)
    return slug


@transaction.atomic
def add_desk(*, discipline: str, place: str, engagement: Engagement, by: Actor, at: datetime) -> str:
    """Add a desk (discipline × place × permanent or contract); returns its slug. Raises AlreadyThere."""
    name = f"{discipline} · {place} · {engagement.value}"
    slug = _free_slug(models.Desk, name)
    models.Desk.objects.create(slug=slug, name=name, discipline=discipline, place=place, engagement=engagement)
    audit(by=by, deed="add_desk", at=at, subject=("desk", slug), summary=name)
    return slug


def _free_slug(model: type[models.Office | models.Brand | models.Team | models.Desk], name: str) -> str:
    slug = rules.slug(name, size=120 if model is models.Desk else 50)
    if not slug or model.objects.filter(slug=slug).exists():
        raise AlreadyThere(f"“{name}” was not added.", "There is one of this name.", "Choose another name.")
    return slug


@transaction.atomic
def add_users(*, users: Sequence[NewUser], by: Actor, at: datetime) -> list[UUID]:
    """Add colleagues who can sign in; returns their keys in order. Raises AlreadyThere for a known address."""
    teams = dict(models.Team.objects.values_list("slug", "pk"))
    offices = dict(models.Office.objects.values_list("slug", "pk"))
    desks = dict(models.Desk.objects.values_list("slug", "pk"))
    keys = []
    hashed: dict[str | None, str] = {}  # one slow hash for colleagues who share a demo password
    for new in users:
        if models.User.objects.filter(email__iexact=new.email).exists():
            raise AlreadyThere(
                f"{new.email} was not added.", "Somebody signs in with this address.", "Use another address."
            )
        if new.password not in hashed:
            hashed[new.password] = make_password(new.password)
        user = models.User.objects.create(
            email=new.email.lower(),
            name=new.name[:80],
            job_title=new.job_title,
            password=hashed[new.password],
            joined_at=at,
            team_id=teams.get(new.team or ""),
            office_id=offices.get(new.office or ""),
        )
        user.desks.set([desks[slug] for slug in new.desks])
        models.RoleGrant.objects.bulk_create([models.RoleGrant(user=user, role=role) for role in sorted(new.roles)])
        audit(by=by, deed="add_user", at=at, subject=("user", user.key), summary=f"{new.name}: {role_words(new.roles)}")
        keys.append(user.key)
    return keys


def role_words(roles: frozenset[Role] | Sequence[Role]) -> str:
    return ", ".join(sorted(roles)) or "no role"


@transaction.atomic
def make_first_administrator(
    *,
    name: str,
    email: str,
    password: str,
    house: str,
    at: datetime,
    zone: str = "Europe/London",
    currency: str = "GBP",
) -> UUID:
    """Make the house's first user, its first brand and office. Raises NotAllowed once there is a user."""
    if models.User.objects.exists():
        raise NotAllowed("Nothing was made.", "This house has its first administrator.", "Sign in instead.")
    by = Actor(user_key=None, name=name)
    if not models.Office.objects.exists():
        add_office(name=house, zone=zone, currency=currency, country="GB", law_pack="uk", by=by, at=at)
    if not models.Brand.objects.exists():
        add_brand(name=house, legal_name=house, by=by, at=at)
    roles = frozenset({Role.ADMINISTRATOR, Role.LEADER})
    new = NewUser(email=email, name=name, roles=roles, password=password, office=rules.slug(house))
    return add_users(users=[new], by=by, at=at)[0]


@transaction.atomic
def invite(
    *, email: str, roles: frozenset[Role], viewer: Viewer, at: datetime, team: str = "", office: str = ""
) -> str:
    """Ask a colleague to join; returns the token for the link, which is not kept. Replaces an open invitation.

    Raises NotAllowed without the administrator's role, AlreadyThere for an address that signs in already.
    """
    access.require_account_manager(viewer)
    if models.User.objects.filter(email__iexact=email).exists():
        raise AlreadyThere(f"{email} was not invited.", "Somebody signs in with this address.", "Change their roles.")
    if not roles:
        raise InvitationRefused(f"{email} was not invited.", "No role was chosen.", "Choose at least one role.")
    models.Invitation.objects.filter(email__iexact=email, accepted_at=None, withdrawn_at=None).update(withdrawn_at=at)
    token = secrets.token_urlsafe(32)
    models.Invitation.objects.create(
        email=email.lower(),
        roles=sorted(roles),
        team=models.Team.objects.filter(slug=team).first(),
        office=models.Office.objects.filter(slug=office).first(),
        token_hash=rules.token_hash(token),
        invited_by=viewer.name,
        at=at,
        expires_at=at + timedelta(days=rules.INVITATION_DAYS),
    )
    audit(
        by=viewer.actor(), deed="invite", at=at, subject=("invitation", email), summary=f"{email}: {role_words(roles)}"
    )
    return token


@transaction.atomic
def withdraw_invitation(*, key: int, viewer: Viewer, at: datetime) -> None:
    """Take an open invitation back. Raises NotFound for one that is not open."""
    access.require_account_manager(viewer)
    invitation = (
        models.Invitation.objects.select_for_update().filter(pk=key, accepted_at=None, withdrawn_at=None).first()
    )
    if invitation is None:
        raise NotFound("Nothing was withdrawn.", "This invitation is not open.", "Reload the page.")
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    subject = ("invitation", invitation.email)
    audit(by=viewer.actor(), deed="withdraw_invitation", at=at, subject=subject, summary=invitation.email)


@transaction.atomic
def accept_invitation(*, token: str, name: str, password: str | None, at: datetime) -> UUID:
    """Make the invited colleague's account. Raises InvitationRefused for a used, withdrawn, old or unknown token."""
    return _accept(access.get_invitation(token, at=at), name=name, password=password, at=at)


@transaction.atomic
def accept_by_provider(*, email: str, name: str, at: datetime) -> UUID:
    """As ``accept_invitation`` for a colleague whose provider has proven the invited address. No password is set.

    Raises InvitationRefused if no invitation is open for the address.
    """
    return _accept(access.get_invitation_of(email, at=at), name=name, password=None, at=at)


def _accept(invitation: models.Invitation, *, name: str, password: str | None, at: datetime) -> UUID:
    new = NewUser(
        email=invitation.email,
        name=name,
        roles=frozenset(Role(role) for role in invitation.roles),
        password=password,
        team=invitation.team.slug if invitation.team else None,
        office=invitation.office.slug if invitation.office else None,
    )
    still_open = models.Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not still_open.update(accepted_at=at):  # somebody was quicker with the same link
        rules.check_invitation(expires_at=invitation.expires_at, accepted=True, withdrawn=False, at=at)
    return add_users(users=[new], by=Actor(user_key=None, name=name), at=at)[0]


@transaction.atomic
def change_user(*, user_key: UUID, to: Position, viewer: Viewer, at: datetime) -> None:
    """Set a colleague's roles, team, office, desks, and whether they may sign in.

    Raises NotAllowed without the administrator's role, or where it would leave the house without one.
    """
    access.require_account_manager(viewer)
    user = access.get_user_for(viewer, user_key)
    before = {Role(grant.role) for grant in user.grants.all()}
    losing = Role.ADMINISTRATOR in before and (Role.ADMINISTRATOR not in to.roles or not to.active)
    if not rules.last_administrator_stays(losing=losing, others=_other_administrators(user_key)):
        raise NotAllowed(
            "Nothing was changed.",
            f"{user.name} is the only administrator, and the house needs one.",
            "Make somebody else an administrator first.",
        )
    user.grants.exclude(role__in=to.roles).delete()
    models.RoleGrant.objects.bulk_create([models.RoleGrant(user=user, role=role) for role in sorted(to.roles - before)])
    user.is_active = to.active
    user.team = models.Team.objects.filter(slug=to.team).first()
    user.office = models.Office.objects.filter(slug=to.office).first()
    user.save(update_fields=["is_active", "team", "office"])
    if to.desks is not None:
        user.desks.set(models.Desk.objects.filter(slug__in=to.desks))
    if to.dotted_teams is not None:
        user.dotted_teams.set(models.Team.objects.filter(slug__in=to.dotted_teams).exclude(slug=to.team))
    summary = f"{user.name}: {role_words(to.roles)}" + ("" if to.active else ", may not sign in")
    audit(by=viewer.actor(), deed="change_user", at=at, subject=("user", user_key), summary=summary)


def _other_administrators(user_key: UUID) -> int:
    """How many others run the house. The grants are locked, so that two administrators can't remove each other."""
    held = models.RoleGrant.objects.select_for_update(of=("self",)).filter(
        role=Role.ADMINISTRATOR, user__is_active=True
    )
    return sum(grant.user_id != user_key for grant in held)


@transaction.atomic
def change_own_details(*, name: str, job_title: str, viewer: Viewer, at: datetime) -> None:
    """Set one's own name and what one does. Raises NotFound for an account that was closed."""
    user = access.get_own(viewer)
    user.name, user.job_title = name, job_title
    user.save(update_fields=["name", "job_title"])
    audit(by=viewer.actor(), deed="change_own_details", at=at, subject=("user", user.key), summary=name)


def note_sign_in(*, user_key: UUID, name: str, at: datetime) -> None:
    """Keep that somebody signed in."""
    audit(by=Actor(user_key=user_key, name=name), deed="sign_in", at=at, subject=("user", user_key))


def note_deed(*, user_key: UUID, name: str, deed: str, at: datetime, summary: str = "") -> None:
    """Keep what somebody did with their own way in: password, second step, linked sign-in."""
    audit(by=Actor(user_key=user_key, name=name), deed=deed, at=at, subject=("user", user_key), summary=summary)


def note_lock(*, email: str, at: datetime) -> None:
    """Keep that an address was locked after too many wrong passwords, once in the time of a lock."""
    told = models.AuditEntry.objects.filter(deed="locked_out", summary=email[:250], at__gt=at - rules.LOCK)
    if not told.exists():
        audit(by=Actor(user_key=None, name="a visitor"), deed="locked_out", at=at, summary=email)
