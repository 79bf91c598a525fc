"""What studio's pages show: kits, a letter drawn in a kit, and mail templates as somebody would get them."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _

from fourfold.accounts.types import Viewer
from fourfold.studio import queries
from fourfold.studio.types import MAIL_PEOPLE, STACKS, FilledMail, Kit, MailVersion

WIDTH, HEIGHT = 560, 400


def kit_values(kit: Kit) -> dict[str, Any]:
    """A kit as its form shows it."""
    return {
        "colour": kit.colour, "accent": kit.accent, "heading_face": kit.heading_face, "text_face": kit.text_face,
        "legal_name": kit.legal_name, "legal_lines": "\n".join(kit.legal_lines), "website": kit.website,
    }  # fmt: skip


def preview(kit: Kit) -> str:
    """A letter in this kit as SVG: what the person who gets it would see."""
    heading, text = (quoteattr(STACKS[face]) for face in (kit.heading_face, kit.text_face))
    said = (_("Dear Ann, your talk on data contracts made me write."), _("They ship each week and are off on Fridays."))
    letter = "".join(
        f'<text x="32" y="{152 + 22 * n}" font-size="14" fill="#1b1b1f">{escape(line)}</text>'
        for n, line in enumerate(said)
    )
    legal = [kit.legal_name, *kit.legal_lines, kit.website]
    lines = "".join(
        f'<text x="32" y="{340 + 14 * n}" font-size="10" fill="#5c5c66">{escape(line)}</text>'
        for n, line in enumerate([line for line in legal if line][:4])
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family={text}>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
        f'<rect width="{WIDTH}" height="72" fill="{kit.colour}"/>{_mark(kit, heading)}'
        f'<text x="32" y="120" font-size="22" font-weight="700" fill="#1b1b1f" font-family={heading}>'
        f"{escape(_('A role you may want to hear of'))}</text>"
        f"{letter}"
        f'<text x="32" y="206" font-size="14" fill="{kit.accent}" text-decoration="underline">'
        f"{escape(_('Why am I hearing from you?'))}</text>"
        f'<rect x="32" y="234" width="170" height="40" rx="8" fill="{kit.colour}"/>'
        f'<text x="117" y="259" font-size="14" font-weight="600" text-anchor="middle" fill="{kit.on_colour}">'
        f"{escape(_('Tell me more'))}</text>"
        f'<line x1="32" y1="316" x2="{WIDTH - 32}" y2="316" stroke="#d9d9de"/>{lines}</svg>'
    )


def _mark(kit: Kit, face: str) -> str:
    """The logo on the header, scaled into its box, or the brand's name."""
    if kit.logo is None:
        return (
            f'<text x="32" y="45" font-size="22" font-weight="700" fill="{kit.on_colour}" font-family={face}>'
            f"{escape(kit.name)}</text>"
        )
    scale = min(40 / kit.logo.height, 240 / kit.logo.width)
    data = base64.b64encode(kit.logo.data).decode()
    return (
        f'<image x="32" y="16" width="{kit.logo.width * scale:.0f}" height="{kit.logo.height * scale:.0f}" '
        f'href="data:{kit.logo.media};base64,{data}"/>'
    )


def mail_values(version: MailVersion) -> dict[str, Any]:
    """A template as its form shows it."""
    draft = version.draft
    return {
        "name": version.name, "kind": version.kind.value, "brand": version.brand, "subject": draft.subject,
        "preview": draft.preview, "extra": ", ".join(draft.extra), "body": draft.body,
    }  # fmt: skip


def logo_of(kit: Kit) -> str:
    """A brand's logo as an address that holds the picture itself; a sent mail links to it instead."""
    return f"data:{kit.logo.media};base64,{base64.b64encode(kit.logo.data).decode()}" if kit.logo else ""


def mail_as(version: MailVersion, viewer: Viewer, person: UUID | None) -> FilledMail:
    """A template as a sample person would get it, or one whom the viewer may see. Raises MailRefused, NotFound."""
    compiled = queries.compiled_mail(version, logo_url=logo_of(queries.kit_of(version.brand)))
    return queries.fill_mail(compiled, _values(version, viewer, person))


def _values(version: MailVersion, viewer: Viewer, person: UUID | None) -> dict[str, Any]:
    values = queries.sample_values(version.draft) | {"sender_name": viewer.name}
    if person is not None and MAIL_PEOPLE:
        values |= {"name": "", "first_name": "", **MAIL_PEOPLE[0].values(viewer, person)}
    return values


def tried(version: MailVersion, viewer: Viewer, text: str, person: UUID | None) -> dict[str, Any]:
    """What the page that tries a template shows: whom it is tried with, what would be blank, its words."""
    found = list(MAIL_PEOPLE[0].find(viewer, text)) if text.strip() and MAIL_PEOPLE else []
    person = person or (found[0][0] if len(found) == 1 else None)
    compiled = queries.compiled_mail(version)
    values = _values(version, viewer, person)
    return {
        "mail": queries.fill_mail(compiled, values),
        "person": person,
        "found": found,
        "text": text,
        "who": values["name"],
        "blank": [one.name for one in queries.missing_values(compiled, [values])],
        "own": version.draft.extra,
    }
