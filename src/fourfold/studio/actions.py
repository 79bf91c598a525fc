"""Keep how brands look, and mail templates."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import Viewer
from fourfold.base.errors import NotFound
from fourfold.studio import access, models, queries, rules
from fourfold.studio.types import VALUES, KitChange, MailDraft, MailKind, MailRefused


@transaction.atomic
def keep_kit(*, brand: str, to: KitChange, viewer: Viewer, at: datetime) -> None:
    """Set a brand's kit. Raises NotAllowed, NotFound, KitRefused (no colour, no picture, too large)."""
    access.require_kit_keeper(viewer)
    found = queries.kit(viewer, brand)
    values = {
        "colour": rules.colour(to.colour), "accent": rules.colour(to.accent), "heading_face": to.heading_face,
        "text_face": to.text_face, "legal_name": to.legal_name.strip()[:120], "website": to.website.strip()[:250],
        "legal_lines": to.legal_lines.strip()[:2000], "changed_by": viewer.name, "changed_at": at,
    }  # fmt: skip
    if to.logo:
        values["logo"] = rules.picture(to.logo).data
    elif to.drop_logo:
        values["logo"] = None
    models.BrandKit.objects.update_or_create(brand=found.brand, defaults=values)
    accounts.audit(by=viewer.actor(), deed="keep_kit", at=at, subject=("brand", brand), summary=found.name)


@transaction.atomic
def keep_mail(
    *, key: UUID | None, name: str, kind: MailKind, brand: str, draft: MailDraft, viewer: Viewer, at: datetime
) -> UUID:
    """Keep a template, new or as the next version of one; versions are never changed. Returns its key.

    What says the same as the newest version makes none. Raises NotAllowed, NotFound, MailRefused.
    """
    access.require_mail_keeper(viewer)
    _check(key, name, brand, draft)
    queries.checked_mail(draft, kind=kind, brand=brand)
    given = {"name": name.strip(), "kind": kind, "brand": brand}
    if key is None:
        row = models.MailTemplate.objects.create(**given, made_by=viewer.name[:80], made_at=at)
    else:
        row = _template(key)
        models.MailTemplate.objects.filter(pk=key).update(**given)
    _keep_version(row, draft, viewer, at)
    accounts.audit(by=viewer.actor(), deed="keep_mail", at=at, subject=("mail_template", row.key), summary=name.strip())
    return row.key


def _keep_version(row: models.MailTemplate, draft: MailDraft, viewer: Viewer, at: datetime) -> None:
    newest = row.versions.order_by("-number").first()
    said = {
        "subject": draft.subject.strip(), "preview": draft.preview.strip(), "body": draft.body,
        "extra": list(draft.extra),
    }  # fmt: skip
    if newest is None or any(getattr(newest, column) != value for column, value in said.items()):
        number = newest.number + 1 if newest else 1
        row.versions.create(number=number, **said, by=viewer.name[:80], at=at)


def _template(key: UUID) -> models.MailTemplate:
    """The template, held until the transaction ends. Raises NotFound."""
    found = models.MailTemplate.objects.select_for_update().filter(pk=key).first()
    if found is None:
        raise NotFound("Nothing was kept.", "There is no such template.", "Go to the templates.")
    return found


def _check(key: UUID | None, name: str, brand: str, draft: MailDraft) -> None:
    what = "The template was not kept."
    if not name.strip() or len(name.strip()) > 80:
        raise MailRefused(what, "Its name is empty or longer than 80 characters.", "Give it a short name.")
    others = models.MailTemplate.objects.filter(name=name.strip())
    if (others.exclude(pk=key) if key else others).exists():
        raise MailRefused(what, f"There is a template named {name.strip()}.", "Give it another name.")
    if brand and brand not in {one.slug for one in accounts_queries.brands()}:
        raise MailRefused(what, "There is no such brand.", "Choose one of the house's brands.")
    if len(draft.subject) > 200 or len(draft.preview) > 200:
        raise MailRefused(what, "Subject and preview have 200 characters at most.", "Shorten them.")
    odd = [one for one in draft.extra if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", one) or one in VALUES]
    if odd or len(draft.extra) > 30:
        raise MailRefused(
            what, f"“{', '.join(odd)[:80]}” can't be a value's name.", "Use small letters, digits and _: event_day."
        )


@transaction.atomic
def archive_mail(*, key: UUID, archived: bool, viewer: Viewer, at: datetime) -> None:
    """Put a template away, or take it out again; what was sent keeps its version. Raises NotAllowed, NotFound."""
    access.require_mail_keeper(viewer)
    row = _template(key)
    models.MailTemplate.objects.filter(pk=key).update(archived_at=at if archived else None)
    deed = "archive_mail" if archived else "unarchive_mail"
    accounts.audit(by=viewer.actor(), deed=deed, at=at, subject=("mail_template", key), summary=row.name)
