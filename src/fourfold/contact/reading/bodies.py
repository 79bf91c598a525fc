"""The text of a mail: its plain part, or its HTML part made plain. Nothing is fetched, run or kept as markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_string
from email.message import Message
from html.parser import HTMLParser

import nh3

from fourfold.contact.reading.headers import decoded

LONGEST_TEXT = 400_000  # characters of one part that are read
LONGEST_HTML = 3_000_000  # with its markup, of which there may be far more than text
MOST_PARTS = 500
DEEPEST_MARKUP = 400  # open elements; beyond, tags are dropped and their text is kept

_TAGS = {"a", "b", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "hr", "i", "li", "ol", "p",
         "pre", "span", "table", "td", "tr", "u", "ul"}  # fmt: skip
_BLOCKS = {"blockquote", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "table", "tr",
           "ul"}  # fmt: skip
_SPACED = {"p", "h1", "h2", "h3", "h4", "ul", "ol", "blockquote", "table"}
_QUOTES = re.compile(r"yahoo_quoted|protonmail_quote|OutlookMessageHeader|RplyFwdMsg|appendonsend|stopSpelling", re.I)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\xad]")
QUOTE_BEGINS = "\ue000"  # stands alone on a line where the HTML says that what follows is quoted to the end


def payload_of(part: Message) -> object:
    """What a part holds as the parser left it; a charset that no decoder takes is dropped first."""
    try:
        return part.get_payload()
    except (ValueError, LookupError, TypeError):
        part.del_param("charset")
        return part.get_payload()


def tidy(text: str, *, most: int = LONGEST_TEXT) -> str:
    """Text with plain line ends and spaces, without null bytes and characters nobody sees."""
    text = text[:most].replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    return _INVISIBLE.sub("", text).encode("utf-8", "replace").decode("utf-8")


def parts_of(message: Message) -> Iterator[Message]:
    """The leaves and reports of a mail in their order, not what lies inside mails it carries. Bounded."""
    waiting, seen = [message], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop()
        seen += 1
        if part.get_content_maintype() != "multipart":
            yield part
            continue
        inner = payload_of(part)
        if isinstance(inner, str):
            part = _mended(inner)
            inner = payload_of(part)
        if isinstance(inner, list):
            waiting.extend(one for one in reversed(inner) if isinstance(one, Message))
        else:
            yield part


def _mended(text: str) -> Message:
    """A multipart whose boundary was lost on the way: read with the one that its lines show, else as plain text."""
    found = re.search(r"^--([\w'()+,./:=?-]{4,70})\s*$", text, re.MULTILINE)
    if not found:
        return message_from_string("\n" + text)
    return message_from_string(f'Content-Type: multipart/mixed; boundary="{found[1]}"\n\n{text}')


def part_text(part: Message) -> str:
    """The decoded text of one leaf, tidy; "" where its encoding is beyond repair."""
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError, TypeError, AttributeError):
        data = None
    if data is None:
        inner = payload_of(part)
        data = inner.encode("utf-8", "surrogateescape") if isinstance(inner, str) else b""
    if not isinstance(data, bytes):
        return ""
    try:
        charset = part.get_content_charset()
    except (LookupError, UnicodeError, ValueError, AttributeError):
        charset = None
    return tidy(decoded(data, charset), most=LONGEST_TEXT if part.get_content_type() != "text/html" else LONGEST_HTML)


def _attached(part: Message) -> bool:
    try:
        return part.get_content_disposition() == "attachment" or part.get_filename() is not None
    except (LookupError, UnicodeError, ValueError, AttributeError, TypeError):
        return False


def text_of(message: Message) -> str:
    """The best plain text of a mail: all its inline plain parts, else its first HTML part as text, else ""."""
    plain, html = [], ""
    for part in parts_of(message):
        kind = part.get_content_type()
        if kind == "text/plain" and not _attached(part):
            plain.append(part_text(part))
        elif kind == "text/html" and not html and not _attached(part):
            html = part_text(part)
    text = "\n".join(one for one in plain if one.strip())
    return text or plain_of(html)


class _Plain(HTMLParser):
    """Builds plain text from HTML that nh3 has made well-formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if any(value and _QUOTES.search(value) for _, value in attrs):
            self.lines += [QUOTE_BEGINS, ""]
        if tag in _BLOCKS:
            self._end_line(spaced=tag in _SPACED)
        if tag == "br":
            self.lines.append("")
        if tag == "blockquote":
            self.quoted += 1
        elif tag == "hr":
            self.lines += ["_" * 32, ""]
        elif tag == "li":
            self.lines[-1] += "- "

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._end_line(spaced=tag in _SPACED)
        if tag == "blockquote":
            self.quoted = max(0, self.quoted - 1)

    def handle_data(self, data: str) -> None:
        text = re.sub(r"\s+", " ", data)
        if not self.lines[-1]:
            text = text.lstrip()
            if text and self.quoted:
                text = "> " * min(self.quoted, 9) + text
        self.lines[-1] += text

    def _end_line(self, *, spaced: bool) -> None:
        if self.lines[-1].strip():
            self.lines.append("")
            if spaced:
                self.lines.append("")


def _shallow(html: str) -> str:
    """HTML whose elements don't nest absurdly: past the limit tags go and text stays."""
    depth = 0

    def kept(found: re.Match[str]) -> str:
        nonlocal depth
        tag = found[0]
        if tag.startswith("</"):
            depth -= 1
        elif not tag.endswith("/>"):
            depth += 1
        return tag if depth < DEEPEST_MARKUP else " "

    if html.count("<") < DEEPEST_MARKUP:
        return html
    void = re.compile(r"<(?:br|hr|img|meta|link|input|wbr|col|area|base)\b[^<>]{0,2000}>", re.IGNORECASE)
    return _TAG.sub(kept, void.sub(lambda found: "<br/>" if found[0][1:3].lower() == "br" else " <hr/> "
                                   if found[0][1:3].lower() == "hr" else "", html))  # fmt: skip


def plain_of(html: str) -> str:
    """HTML as plain text: block elements are lines, quotes begin with ">", scripts and styles are gone."""
    if not html.strip():
        return ""
    kept = {one: {"class", "id"} for one in ("blockquote", "div", "hr", "p", "span", "table")}
    safe = nh3.clean(
        _shallow(html), tags=_TAGS, attributes=kept, clean_content_tags={"script", "style", "title"}, link_rel=None
    )
    parser = _Plain()
    parser.feed(safe)
    parser.close()
    lines = [line.rstrip() for line in parser.lines]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")[:LONGEST_TEXT]
