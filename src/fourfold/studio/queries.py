"""Reads of brand kits and mail templates, and mails made from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import F, Max

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import PlaceRow, Viewer
from fourfold.base.errors import NotFound
from fourfold.studio import access, models, rules, typesetting
from fourfold.studio.types import (
    CompiledMail,
    FilledMail,
    Kit,
    MailDraft,
    MailKind,
    MailRow,
    MailVersion,
    Missing,
    Typeface,
)

STARTS = Path(__file__).parent / "starts"
PLAIN_COLOUR, PLAIN_ACCENT = "#0f6b63", "#0f6b63"


def kits(viewer: Viewer) -> tuple[Kit, ...]:
    """The kits of all brands, by name; a brand without one has the plain kit. Raises NotFound without a role."""
    access.require_role(viewer)
    held = {row.brand: row for row in models.BrandKit.objects.all()}
    return tuple(_kit(brand, held.get(brand.slug)) for brand in accounts.brands())


def kit(viewer: Viewer, brand: str) -> Kit:
    """One brand's kit. Raises NotFound."""
    found = next((one for one in kits(viewer) if one.brand == brand), None)
    if found is None:
        raise NotFound("This brand was not found.", "Its address is wrong.", "Go to the brands.")
    return found


def kit_of(brand: str = "") -> Kit:
    """The kit that a mail or a document of a brand uses; the first brand's, or the plain one, where it has none."""
    brands = accounts.brands()
    chosen = next((one for one in brands if one.slug == brand), brands[0] if brands else PlaceRow("", "Fourfold", ""))
    return _kit(chosen, models.BrandKit.objects.filter(brand=chosen.slug).first())


def _kit(brand: PlaceRow, row: models.BrandKit | None) -> Kit:
    colour, chosen = (row.colour, row.accent) if row else (PLAIN_COLOUR, PLAIN_ACCENT)
    accent, darkened = rules.as_link(chosen)
    return Kit(
        brand=brand.slug,
        name=brand.name,
        colour=colour,
        accent=accent,
        on_colour=rules.readable_on(colour),
        on_accent=rules.readable_on(accent),
        heading_face=Typeface(row.heading_face) if row else Typeface.INTER,
        text_face=Typeface(row.text_face) if row else Typeface.INTER,
        legal_name=row.legal_name if row else brand.about,
        legal_lines=tuple(line for line in row.legal_lines.splitlines() if line.strip()) if row else (),
        website=row.website if row else "",
        logo=rules.picture(bytes(row.logo)) if row and row.logo else None,
        changed_by=row.changed_by if row else "",
        changed_at=row.changed_at if row else None,
        fixes=(f"{chosen} is too light for text on white: links use {accent}.",) if darkened else (),
    )


# ------------------------------------------------------------------------------------------ mail templates


def mails(viewer: Viewer, *, archived: bool = False) -> tuple[MailRow, ...]:
    """The templates, by name, each with its newest version. Raises NotFound for who doesn't write to people."""
    access.require_mail_reader(viewer)
    newest = models.MailTemplateVersion.objects.annotate(last=Max("template__versions__number"))
    rows = newest.filter(number=F("last"), template__archived_at__isnull=not archived).select_related("template")
    return tuple(
        MailRow(
            row.template.key, row.template.name, MailKind(row.template.kind), row.template.brand, row.number,
            row.subject, row.template.archived_at is not None, row.by, row.at,
        )
        for row in rows.order_by("template__name")
    )  # fmt: skip


def mail(viewer: Viewer, key: UUID, number: int | None = None) -> MailVersion:
    """A version of a template, the newest where none is named. Raises NotFound."""
    access.require_mail_reader(viewer)
    return mail_version(key, number)


def mail_version(key: UUID, number: int | None = None) -> MailVersion:
    """As ``mail``, for rooms that send: whether their viewer may send was asked there. Raises NotFound."""
    rows = models.MailTemplateVersion.objects.filter(template=key).select_related("template").order_by("-number")
    row = (rows.filter(number=number) if number is not None else rows).first()
    if row is None:
        raise NotFound("This template was not found.", "It is gone, or its address is wrong.", "Go to the templates.")
    return _version(row)


def _version(row: models.MailTemplateVersion) -> MailVersion:
    made = row.template
    draft = MailDraft(subject=row.subject, preview=row.preview, body=row.body, extra=tuple(row.extra))
    archived = made.archived_at is not None
    return MailVersion(
        made.key, made.name, MailKind(made.kind), made.brand, row.number, draft, row.by, row.at, archived
    )


def mail_versions(viewer: Viewer, key: UUID) -> tuple[MailVersion, ...]:
    """All versions of a template, newest first. Raises NotFound."""
    access.require_mail_reader(viewer)
    rows = models.MailTemplateVersion.objects.filter(template=key).select_related("template").order_by("-number")
    return tuple(_version(row) for row in rows)


@lru_cache(maxsize=1)
def starts() -> dict[str, MailVersion]:
    """The templates that a house can begin from, by their short names."""
    return {name: _start(STARTS / f"{name}.mjml") for name in ("newsletter", "invitation", "letter")}


def _start(path: Path) -> MailVersion:
    head, _, body = path.read_text("utf-8").partition("\n\n")
    said = {name: value.strip() for name, _, value in (line.partition(":") for line in head.splitlines())}
    extra = tuple(one.strip() for one in said["extra"].split(",") if one.strip())
    draft = MailDraft(subject=said["subject"], preview=said["preview"], body=body.strip() + "\n", extra=extra)
    shipped = datetime(2026, 11, 1, tzinfo=UTC)
    return MailVersion(UUID(int=0), said["name"], MailKind(said["kind"]), "", 0, draft, "", shipped)


def draft_version(draft: MailDraft, *, kind: MailKind, brand: str, at: datetime) -> MailVersion:
    """What stands in a form just now, as a version that is kept nowhere."""
    return MailVersion(UUID(int=0), "", kind, brand, 0, draft, "", at)


def checked_mail(draft: MailDraft, *, kind: MailKind, brand: str) -> CompiledMail:
    """A template compiled in its brand's kit, once everything that must be there is there. Raises MailRefused."""
    return typesetting.check(draft, kit_of(brand), kind)


def compiled_mail(version: MailVersion, *, logo_url: str = "", follow: bool = False) -> CompiledMail:
    """A version made ready for sending, in its brand's kit: once for each message. Raises MailRefused.

    ``logo_url`` is where the brand's logo can be fetched, "" writes its name. With ``follow``, links are values
    ``link_1`` and on, for whoever signs an address for each person; ``followed`` says where each leads.
    """
    return typesetting.compiled(version.draft, kit_of(version.brand), logo_url=logo_url, follow=follow)


def fill_mail(compiled: CompiledMail, values: Mapping[str, Any]) -> FilledMail:
    """One person's mail. Raises MailRefused for an address that is none, or for what repeats too much."""
    return typesetting.filled(compiled, values)


def missing_values(compiled: CompiledMail, people: Iterable[Mapping[str, Any]]) -> tuple[Missing, ...]:
    """Which values would be blank in how many of these people's mails, the most first: shown before sending."""
    return typesetting.missing(compiled, people)


def sample_values(draft: MailDraft) -> dict[str, Any]:
    """Values to show a template with: a sample person, and the template's own values as their names in brackets.

    Its addresses lead nowhere, so that nobody who looks at a template stops somebody's mail.
    """
    return typesetting.samples(draft)
