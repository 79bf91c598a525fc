"""Mail templates set in a brand's kit: MJML, then styles where mail programs look for them, then each person's values.

Takes values and gives values; nothing is read or fetched, and what a template can do is bounded: only the values it is
given, no files, so many turns of a loop, so many bytes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape, unescape
from typing import Any

import css_inline
import mjml
from liquid import BoundTemplate, Environment, Undefined
from liquid.exceptions import LiquidError, ResourceLimitError

from fourfold.studio import rules
from fourfold.studio.rules.mails import NOT_KEPT, is_plain, normal
from fourfold.studio.types import (
    MARKETING,
    STACKS,
    VALUES,
    CompiledMail,
    FilledMail,
    Kit,
    MailDraft,
    MailKind,
    MailRefused,
    Missing,
)

PAPER, CARD, LINE, QUIET = "#f4f4f1", rules.PAPER, "#e4e4e0", "#5d5d66"
NIGHT_PAPER, NIGHT_INK, NIGHT_LINE, NIGHT_QUIET = "#15161a", "#ececf0", "#3a3b44", "#b0b0bb"
WIDEST_LOGO, TALLEST_LOGO = 200, 44
PREVIEW = "pq0000qp"
"""Stands where the line after the subject goes, until all else is set."""
LARGEST_MAIL = 90_000
"""Bytes of HTML; Gmail cuts a mail off at 102 kB."""
TAGS = frozenset({"output", "content", "illegal", "if", "unless", "case", "for", "break", "continue", "assign", "#"})
FILTERS = frozenset({
    "append", "capitalize", "date", "default", "divided_by", "downcase", "first", "join", "last", "map", "minus",
    "plus", "prepend", "reverse", "round", "size", "slice", "sort", "strip", "times", "truncate", "truncatewords",
    "upcase", "where",
})  # fmt: skip
SAMPLE_URLS = {name: f"https://sample.example/{name}" for name in VALUES if name.endswith("_url")}
SAMPLE = {"name": "Ann Example", "first_name": "Ann", "sender_name": "Lena Hart"} | SAMPLE_URLS
_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x20\x7f\"'<>\\^`{|}]+")
_LOOPED = re.compile(r"\{%-?\s*for\s+\w+\s+in\s+([a-z_][a-z0-9_]*)")
_HREF = re.compile(r'(<a\b[^>]*?\shref=")(https?://[^"]+)(")')
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True, remove_inlined_selectors=True)


class _Sandbox(Environment):
    """Liquid that can only use what it is given, for so long."""

    loop_iteration_limit = 1_000
    output_stream_limit = 500_000
    local_namespace_limit = 50_000
    context_depth_limit = 12
    block_nesting_limit = 12

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        self.tags = {name: tag for name, tag in self.tags.items() if name in TAGS}
        self.filters = {name: made for name, made in self.filters.items() if name in FILTERS}


class _Blank(Undefined):
    """A value that wasn't given: prints nothing, and is remembered once it is printed."""

    __slots__ = ()
    printed: Counter[str] = Counter()  # emptied and read within one rendering; renderings don't nest

    def __str__(self) -> str:
        type(self).printed[self.name] += 1
        return ""


_MARKUP, _TEXT = _Sandbox(autoescape=True, undefined=_Blank), _Sandbox(undefined=_Blank)


# ------------------------------------------------------------------------------------------ a template


def compiled(draft: MailDraft, kit: Kit, *, logo_url: str = "", follow: bool = False) -> CompiledMail:
    """A template in a kit. ``logo_url`` is where the kit's logo can be fetched, "" writes the brand's name.

    With ``follow`` the addresses of links become values, ``{{ link_1 }}`` and on: whoever sends signs one for each
    person, and the text keeps the plain address. Raises MailRefused.
    """
    body = rules.protected(draft.body)
    head = rules.protected(f"{draft.subject}\n{draft.preview}")
    if "\r" in head.text or head.text.count("\n") != 1:
        raise MailRefused(NOT_KEPT, "The subject or the line after it holds a line break.", "Write each on one line.")
    if not draft.subject.strip():
        raise MailRefused(NOT_KEPT, "It has no subject.", "Say in a few words what it is about.")
    source = _document(rules.structure(body), kit, logo_url)
    try:
        page = _INLINER.inline(mjml.mjml2html(source, disable_comments=False))
    except (ValueError, css_inline.InlineError) as odd:
        raise MailRefused(
            NOT_KEPT, f"Its layout can't be set: {odd}.", "Look at elements inside one another."
        ) from None
    _check(page)
    followed: list[str] = []
    text = body.restored(rules.plain_text(page))
    if follow:
        page = _HREF.sub(lambda found: _followed(found, followed), page)
    page = body.restored(page).replace(PREVIEW, _preview(draft.preview))
    made = CompiledMail(
        subject=normal(draft.subject.strip()),
        text=normal(text),
        html=normal(page),
        plain=is_plain(body.pieces) and is_plain(head.pieces),
        names=names((draft.subject, draft.preview, draft.body)),
        followed=tuple(followed),
    )
    if len(made.html.encode()) > LARGEST_MAIL:
        raise MailRefused(NOT_KEPT, "It is larger than mail programs show whole.", "Shorten it, or link to the rest.")
    return made


def _followed(found: re.Match[str], followed: list[str]) -> str:
    address = unescape(found[2])
    if address not in followed:
        followed.append(address)
    return f"{found[1]}{{{{ link_{followed.index(address) + 1} }}}}{found[3]}"


def _preview(words: str) -> str:
    held = rules.protected(words)
    return held.restored(escape(held.text))


def names(texts: Iterable[str]) -> tuple[str, ...]:
    """The values that these ask for, by name. Raises MailRefused where they aren't Liquid as mails may hold it."""
    found: dict[str, None] = {}
    for text in texts:
        found |= dict.fromkeys(_template(text, markup=True).analyze().globals)
    return tuple(found)


def check(draft: MailDraft, kit: Kit, kind: MailKind) -> CompiledMail:
    """The template compiled, once everything that must be there is there. Raises MailRefused."""
    made = compiled(draft, kit)
    known = (*VALUES, *draft.extra)
    rules.names_asked(made.names, known)
    bare = {name: value for name, value in SAMPLE.items() if name in VALUES}
    urls = {"why_url": SAMPLE_URLS["why_url"], "stop_url": SAMPLE_URLS["stop_url"]}
    for values in (samples(draft), bare, SAMPLE_URLS):
        one = filled(made, values)
        rules.check_links((one.text, one.html), marketing=kind in MARKETING, **urls)
        if "\n" in one.subject:
            raise MailRefused(NOT_KEPT, "The subject comes out on more than one line.", "Write it on one line.")
    return made


def samples(draft: MailDraft) -> dict[str, Any]:
    """A sample person's values, and those of the template itself: what it goes through comes three times."""
    looped = set(_LOOPED.findall(f"{draft.subject}{draft.preview}{draft.body}"))
    own = {name: [_Thing() for _ in range(3)] if name in looped else _named(name) for name in draft.extra}
    return own | SAMPLE


def _named(name: str) -> str:
    return f"https://sample.example/{name}" if name.endswith("url") else f"[{name.replace('_', ' ')}]"


class _Thing(dict[str, str]):
    """A thing that has every part: each is its name."""

    def __missing__(self, name: str) -> str:
        return _named(name)


# ------------------------------------------------------------------------------------------ one person's


def filled(mail: CompiledMail, values: Mapping[str, Any]) -> FilledMail:
    """One person's mail. Values are escaped where they stand in markup. Raises MailRefused.

    ``values`` are texts, or lists of mappings of texts for what is gone through; names that end in url are addresses.
    """
    given = _given(values)
    subject = " ".join(_printed(mail.subject, given, markup=False).split())
    text = re.sub(r"\n{3,}", "\n\n", _printed(mail.text, given, markup=False))
    return FilledMail(subject, text, _printed(mail.html, given, markup=True))


def missing(mail: CompiledMail, people: Iterable[Mapping[str, Any]]) -> tuple[Missing, ...]:
    """Which values would be blank in how many of these people's mails: looked at before anything is sent.

    A value that the template does without (``default``, ``if``) is none. Raises MailRefused.
    """
    found: Counter[str] = Counter()
    for values in people:
        given = _given(values)
        _Blank.printed.clear()
        for text, markup in ((mail.subject, False), (mail.html, True)):
            _printed(text, given, markup=markup)
        found.update(set(_Blank.printed))
    _Blank.printed.clear()
    return tuple(Missing(name, count) for name, count in found.most_common())


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that say something. Raises MailRefused for an address that isn't one."""
    kept = {name: value for name, value in values.items() if value not in (None, "", [], ())}
    for name, value in _addresses(kept):
        if not (isinstance(value, str) and _ADDRESS.fullmatch(value)):
            raise MailRefused(
                "This mail was not made.",
                f"“{name}” should be a web address and isn't one that is safe to link to.",
                "Use an address that begins with https://.",
            )
    return kept


def _addresses(values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    found = []
    for name, value in values.items():
        if name == "url" or name.endswith("_url"):
            found.append((name, value))
        elif isinstance(value, Mapping):
            found += _addresses(value)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            found += [one for part in value if isinstance(part, Mapping) for one in _addresses(part)]
    return found


def _printed(text: str, values: Mapping[str, Any], *, markup: bool) -> str:
    try:
        return _template(text, markup=markup).render(**values)
    except ResourceLimitError:
        raise MailRefused("This mail was not made.", "It repeats too much.", "Go through fewer things.") from None
    except LiquidError as odd:
        raise MailRefused("This mail was not made.", f"{odd}.", "Mend the template, or the value.") from None


@lru_cache(maxsize=64)
def _template(text: str, *, markup: bool) -> BoundTemplate:
    try:
        return (_MARKUP if markup else _TEXT).from_string(text)
    except (LiquidError, RecursionError) as odd:
        raise MailRefused(
            NOT_KEPT, f"Its Liquid can't be read: {odd}.", "Mend what stands in {{ }} or {% %}."
        ) from None


# ------------------------------------------------------------------------------------------ how it looks


def _document(sections: str, kit: Kit, logo_url: str) -> str:
    """The whole MJML: the kit's head and foot around the template's sections."""
    heading, text = (STACKS[face] for face in (kit.heading_face, kit.text_face))
    around = f'background-color="{PAPER}" css-class="ff-around"'
    return f"""<mjml><mj-head>
<mj-preview>{PREVIEW}</mj-preview>
<mj-raw><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
</mj-raw>
<mj-attributes>
<mj-all font-family="{text}" />
<mj-text font-size="16px" line-height="1.6" color="{rules.INK}" padding="8px 32px" />
<mj-button background-color="{kit.colour}" color="{kit.on_colour}" font-size="16px" font-weight="600"
 border-radius="8px" inner-padding="13px 24px" padding="12px 32px" align="left" css-class="ff-button" />
<mj-image padding="8px 32px" border-radius="8px" />
<mj-divider border-width="1px" border-color="{LINE}" padding="16px 32px" css-class="ff-line" />
<mj-section padding="0" background-color="{CARD}" css-class="ff-card" />
</mj-attributes>
<mj-style>{_style(kit, heading)}</mj-style>
</mj-head><mj-body background-color="{PAPER}" width="600px" css-class="ff-paper">
<mj-section {around} padding="28px 0 16px"><mj-column>{_brand(kit, heading, logo_url)}</mj-column></mj-section>
<mj-section border-radius="14px 14px 0 0" border-top="5px solid {kit.colour}" css-class="ff-card ff-first">
<mj-column><mj-spacer height="20px" /></mj-column></mj-section>
{sections}
<mj-section border-radius="0 0 14px 14px" css-class="ff-card ff-last">
<mj-column><mj-spacer height="20px" /></mj-column></mj-section>
<mj-section {around} padding="16px 0 36px"><mj-column>{_legal(kit)}</mj-column></mj-section>
</mj-body></mjml>"""


def _style(kit: Kit, heading: str) -> str:
    """Styles of words, and of the dark. The first are put into each element; what mail programs honour stays here."""
    return f"""
h1, h2, h3 {{ font-family: {heading}; color: {rules.INK}; line-height: 1.25; margin: 12px 0 8px; }}
h1 {{ font-size: 28px; font-weight: 700; letter-spacing: -0.01em; }}
h2 {{ font-size: 21px; font-weight: 650; }}
h3 {{ font-size: 17px; font-weight: 650; }}
p {{ margin: 0 0 12px; }}
ul, ol {{ margin: 0 0 12px; padding-left: 22px; }}
li {{ margin: 0 0 6px; }}
blockquote {{ margin: 12px 0; padding: 2px 0 2px 16px; border-left: 3px solid {kit.colour}; }}
a {{ color: {kit.accent}; text-decoration: underline; }}
.quiet, .quiet a {{ color: {QUIET}; font-size: 13px; line-height: 1.55; }}
@media (max-width: 479px) {{
  .ff-first, .ff-first > table, .ff-first > table td, .ff-last, .ff-last > table {{ border-radius: 0 !important; }}
  h1 {{ font-size: 25px !important; }}
}}
@media (prefers-color-scheme: dark) {{
  body, .ff-paper, .ff-around, .ff-around > table {{ background: {NIGHT_PAPER} !important; }}
  .ff-card, .ff-card > table {{ background: {rules.NIGHT} !important; }}
  .ff-paper div, .ff-paper p, .ff-paper li {{ color: {NIGHT_INK} !important; }}
  .ff-paper h1, .ff-paper h2, .ff-paper h3 {{ color: {NIGHT_INK} !important; }}
  .ff-paper div a, .ff-paper p a, .ff-paper li a {{ color: {rules.on_dark(kit.accent)} !important; }}
  .ff-paper .quiet, .ff-paper .quiet a, .ff-legal div, .ff-legal div a {{ color: {NIGHT_QUIET} !important; }}
  .ff-paper .ff-brand div {{ color: {rules.on_dark(kit.colour)} !important; }}
  .ff-paper .ff-button a {{ color: {kit.on_colour} !important; }}
  .ff-line p {{ border-top-color: {NIGHT_LINE} !important; }}
  .ff-logo img {{ background: #ffffff !important; border-radius: 6px !important; padding: 6px !important; }}
}}"""


def _brand(kit: Kit, heading: str, logo_url: str) -> str:
    """The logo in its box, or the brand's name in its colour."""
    name = escape(kit.name)
    if kit.logo is not None and logo_url:
        scale = min(1.0, WIDEST_LOGO / kit.logo.width, TALLEST_LOGO / kit.logo.height)
        width = max(round(kit.logo.width * scale), 16)
        return (
            f'<mj-image css-class="ff-logo" src="{escape(logo_url)}" alt="{name}" width="{width}px" align="left" '
            'padding="0 32px" border-radius="0" />'
        )
    colour = kit.colour if rules.contrast(kit.colour, PAPER) >= rules.READABLE else rules.INK
    return (
        f'<mj-text css-class="ff-brand" font-family="{heading}" font-size="20px" font-weight="700" line-height="1.3" '
        f'color="{colour}" padding="0 32px">{name}</mj-text>'
    )


def _legal(kit: Kit) -> str:
    lines = [escape(line) for line in (kit.legal_name, *kit.legal_lines) if line]
    if kit.website:
        address = kit.website if kit.website.startswith(("http://", "https://")) else f"https://{kit.website}"
        shown = address.split("//", 1)[1].rstrip("/")
        lines.append(f'<a href="{escape(address)}">{escape(shown)}</a>' if _ADDRESS.fullmatch(address) else shown)
    words = "<br />".join(lines) or escape(kit.name)
    return (
        f'<mj-text css-class="ff-legal" font-size="12px" line-height="1.6" color="{QUIET}" padding="0 32px">{words}'
        "</mj-text>"
    )


def _check(page: str) -> None:
    """The last look: nothing in it runs, loads or asks, whatever came in before."""
    odd = re.search(
        r"<(?:script|iframe|object|embed|form|input|link|base|svg|video|audio)\b|<[^>]*\son[a-z]+\s*=|javascript:|@import",
        page,
        re.IGNORECASE,
    )
    if odd:
        raise MailRefused(NOT_KEPT, f"It holds “{odd[0].strip()}”, which no mail may.", "Take it out.")
