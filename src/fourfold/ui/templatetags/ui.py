"""Filters and tags that every page may use: ``{% load ui %}``.

Filters take plain values and return text as a British reader expects it. ``None`` is shown as “–” (nothing to show),
never as a zero.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.forms.boundfield import BoundWidget
from django.forms.utils import flatatt
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_cotton.templatetags import Attrs

from fourfold.base.money import Money
from fourfold.ui.icons import ICONS

register = template.Library()

NOTHING = "–"
_KNOWN = frozenset(ICONS)
_MINUTE, _HOUR, _DAY = 60, 60 * 60, 24 * 60 * 60


@register.filter
def money(value: Money | None, style: str = "") -> str:
    """``£12,400``; with ``"pence"`` ``£12,400.00``."""
    return NOTHING if value is None else value.text(pence=style == "pence")


@register.filter
def number(value: float | Decimal | None, digits: int = 0) -> str:
    """``12,400``; ``digits`` after the point."""
    return NOTHING if value is None else f"{value:,.{int(digits)}f}".replace("-", "−")


@register.filter
def signed(value: float | Decimal | None, digits: int = 0) -> str:
    """``+12``, ``−3``, ``0``: a change."""
    if value is None:
        return NOTHING
    text = f"{value:+,.{int(digits)}f}".replace("-", "−")
    return text[1:] if not text.strip("+−0.,") else text


@register.filter
def percent(share: float | Decimal | None, digits: int = 0) -> str:
    """A share of one as ``34%``."""
    return NOTHING if share is None else f"{share * 100:,.{int(digits)}f}%".replace("-", "−")


@register.filter
def day(value: date | datetime | None) -> str:
    """``3 Nov 2025``; a moment is read in the viewer's zone."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return formats.date_format(value, "j M Y")


@register.filter
def moment(value: datetime | None) -> str:
    """``3 Nov 2025, 14:05`` in the viewer's zone."""
    return NOTHING if value is None else formats.date_format(timezone.localtime(value), "j M Y, H:i")


@register.filter
def ago(value: datetime | None, now: datetime | None = None) -> str:
    """“5 minutes ago” with the exact moment behind it; after a week the date itself."""
    if value is None:
        return NOTHING
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), moment(value), _ago(value, now or timezone.now())
    )


def _ago(value: datetime, now: datetime) -> str:
    seconds = int((now - value).total_seconds())
    size, past = abs(seconds), seconds > 0
    if size < _MINUTE:
        return _("just now")
    if size < _HOUR:
        n = size // _MINUTE
        text = ngettext("%d minute ago", "%d minutes ago", n) if past else ngettext("in %d minute", "in %d minutes", n)
    elif size < _DAY:
        n = size // _HOUR
        text = ngettext("%d hour ago", "%d hours ago", n) if past else ngettext("in %d hour", "in %d hours", n)
    elif size < 7 * _DAY:
        n = size // _DAY
        text = ngettext("%d day ago", "%d days ago", n) if past else ngettext("in %d day", "in %d days", n)
    else:
        return day(value)
    return text % n


@register.filter
def initials(name: str | None) -> str:
    """``Ana Lucía Pérez`` → ``AP``."""
    words = [word for word in (name or "").replace("-", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """One icon of the sprite: decoration, unless it has a ``label``.

    Raises ValueError for an icon that is not in the sprite.
    """
    if name not in _KNOWN:
        raise ValueError(
            f"the icon “{name}” is not in the sprite: add it to fourfold/ui/icons.py and run tools/vendor.py"
        )
    href = f"{static('ui/vendor/icons.svg')}#{name}"
    classes = f"ff-icon {css}".strip()
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', classes, label, href)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', classes, href)


@register.filter
def control(field: BoundField) -> SafeString:
    """A form field's widget in the house's clothes; Django adds ``aria-invalid`` and ``aria-describedby``."""
    css = {"checkbox": "form-check-input", "select": "form-select", "selectmultiple": "form-select"}.get(
        field.widget_type, "form-control"
    )
    own = field.field.widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{css} {own}".strip()})


@register.filter
def option_tag(option: BoundWidget) -> SafeString:
    """One box or button of a field with several, without the label Django would wrap around it."""
    data = option.data
    attrs = {**data["attrs"], "class": "form-check-input"}
    return format_html(
        '<input type="{}" name="{}" value="{}"{}>', data["type"], data["name"], data["value"] or "", flatatt(attrs)
    )


@register.filter
def is_choices(field: BoundField) -> bool:
    """Several boxes or buttons under one question, which needs a ``<fieldset>``."""
    return field.widget_type in {"radioselect", "checkboxselectmultiple"}


@register.filter
def anchor(text: Any) -> str:
    """A short name for an element, the same for the same text: to tie a sentence to its control."""
    return hashlib.blake2s(str(text).encode(), digest_size=5).hexdigest()


@register.filter
def direction(change: str) -> str:
    """``up``, ``down`` or ``level``, from a change as read (``+3``, ``−12%``, ``0``)."""
    digits = any(char in "123456789" for char in change)
    if not digits:
        return "level"
    return "down" if change.lstrip().startswith(("-", "−")) else "up"


@register.filter
def verdict(way: str, better: str) -> str:
    """``good``, ``bad`` or ``plain``: what a change of this direction means when ``better`` is up, down or neither."""
    if way == "level" or better == "neither":
        return "plain"
    return "good" if way == better else "bad"


@register.filter
def passed(attrs: Attrs) -> SafeString:
    """The attributes that a component was given and does not know, each escaped; without ``None`` and ``False``."""
    given = ((name, value) for name, value in attrs.attrs_dict().items() if value is not None and value is not False)
    return format_html_join(" ", '{}="{}"', ((name, "" if value is True else value) for name, value in given))


@register.filter
def mood(tone: str, error: object = None) -> str:
    """The tone of an alert: what it says, or danger for an error."""
    return tone or ("danger" if error else "accent")


@register.filter
def mood_icon(tone: str) -> str:
    """The icon that says the same as the tone, for those who don't see the colour."""
    return {"danger": "alert-triangle", "warning": "alert-triangle", "success": "circle-check"}.get(tone, "info-circle")


@register.filter
def undo_url(message: Any) -> str:
    """Where a message's undo button posts to, or nothing (see ``fourfold.ui.messages``)."""
    for tag in (message.extra_tags or "").split():
        if tag.startswith("undo:"):
            return tag.removeprefix("undo:")
    return ""
