"""Keep how brands look."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from fourfold.accounts import actions as accounts
from fourfold.accounts.types import Viewer
from fourfold.studio import access, models, queries, rules
from fourfold.studio.types import KitChange


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
