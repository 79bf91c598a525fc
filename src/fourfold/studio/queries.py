"""Reads of brand kits."""

from __future__ import annotations

from fourfold.accounts import queries as accounts
from fourfold.accounts.types import PlaceRow, Viewer
from fourfold.base.errors import NotFound
from fourfold.studio import access, models, rules
from fourfold.studio.types import Kit, Typeface

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
