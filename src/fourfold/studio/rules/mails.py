"""Pure decisions about mail templates: what may stand in one, what it asks for, and its words without markup.

Values stand in a template as Liquid: ``{{ first_name }}``, ``{% if jobs %} … {% endif %}``. While markup is checked,
cleaned and compiled each piece of Liquid is a word of its own, so that no tool takes it for markup or drops it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from html.parser import HTMLParser

import nh3

from fourfold.studio.types import MailRefused

LARGEST_BODY = 100_000
NOT_KEPT = "The template was not kept."

_PIECE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_WORD = re.compile(r"lq(\d{4})qz")
_CONTENT = re.compile(r"<(mj-text|mj-button)\b([^>]*)>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_BLOCK = re.compile(r"ct(\d{4})")
_PLAIN_OUTPUT = re.compile(r"\{\{-?\s*([a-z_][a-z0-9_]*)\s*-?\}\}")
_URL_OUTPUT = re.compile(r"\{\{-?\s*(?:[a-z_][a-z0-9_]*\.)*(?:[a-z0-9_]*_)?url\s*-?\}\}")
_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)[^\s\"'<>\\^`{|}]+")

LAYOUT = frozenset({
    "mj-section", "mj-group", "mj-column", "mj-image", "mj-divider", "mj-spacer", "mj-social", "mj-social-element",
})  # fmt: skip
"""What lays a mail out. Words stand inside mj-text and mj-button."""
WORDS = frozenset({
    "a", "b", "blockquote", "br", "code", "em", "h1", "h2", "h3", "hr", "i", "li", "ol", "p", "small", "span",
    "strong", "sub", "sup", "u", "ul",
})  # fmt: skip
ADDRESSES = ("href", "src", "background-url")
SCHEMES = {"http", "https", "mailto", "tel"}


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text in which each piece of Liquid is a word, and the pieces."""

    text: str
    pieces: tuple[str, ...]

    def restored(self, text: str) -> str:
        """A text made from ``text`` with the Liquid where its words stand; words within comments leave them."""
        text = re.sub(r"<!--\s*(lq\d{4}qz)\s*-->", r"\1", text)
        return _WORD.sub(lambda found: self.pieces[int(found[1])], text)

    def is_control(self, word: str) -> bool:
        return self.pieces[int(word[2:6])].startswith("{%")


def protected(text: str, *, start: int = 0) -> Pieces:
    """The text with each piece of Liquid as a word. Raises MailRefused for a text that is too long or odd."""
    if len(text) > LARGEST_BODY:
        raise MailRefused(NOT_KEPT, f"It has {len(text):,} characters; {LARGEST_BODY:,} are the most.", "Shorten it.")
    if "\0" in text or _WORD.search(text):
        raise MailRefused(NOT_KEPT, "It holds a character that no mail may hold.", "Type that part again.")
    pieces: list[str] = []

    def put(found: re.Match[str]) -> str:
        pieces.append(found[0])
        return f"lq{len(pieces) - 1:04d}qz"

    return Pieces(_PIECE.sub(put, text), tuple(pieces))


def is_plain(pieces: Iterable[str]) -> bool:
    """Whether there are only places for values: nothing to decide or repeat for a person."""
    return all(_PLAIN_OUTPUT.fullmatch(one) for one in pieces)


def normal(text: str) -> str:
    """Places as whoever fills them reads them: ``{{-first_name }}`` as ``{{ first_name }}``."""
    return _PLAIN_OUTPUT.sub(r"{{ \1 }}", text)


def names_asked(names: Collection[str], known: Collection[str]) -> None:
    """Raises MailRefused where a template asks for a value that nobody said will be given."""
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise MailRefused(
            NOT_KEPT,
            f"It asks for {', '.join(unknown)}, which nobody gives it.",
            "Use a value that is listed, or name it among those that the sender fills in.",
        )


# ------------------------------------------------------------------------------------------ markup


def content(body: Pieces) -> tuple[str, list[str]]:
    """The body with each mj-text and mj-button as a numbered mark, and these, their words cleaned."""
    found: list[str] = []

    def put(block: re.Match[str]) -> str:
        tag, attributes, inner = block[1].lower(), block[2], block[3]
        words = WORDS if tag == "mj-text" else WORDS & {"b", "br", "em", "i", "small", "span", "strong"}
        cleaned = nh3.clean(
            inner,
            tags=set(words),
            attributes={"a": {"href", "title", "class"}, "*": {"class"}},
            url_schemes=SCHEMES,
            link_rel=None,
        )
        for address in re.findall(r'\shref="([^"]*)"', cleaned):
            _check_address(address, body)
        found.append(f"<{tag}{attributes}>{cleaned}</{tag}>")
        return f"<{tag}{attributes}>ct{len(found) - 1:04d}</{tag}>"

    return _CONTENT.sub(put, body.text), found


def structure(body: Pieces) -> str:
    """The body as MJML that may be compiled: only layout and words, addresses that are safe, Liquid kept.

    Liquid that decides or repeats between elements is put into comments, which every tool after this one leaves alone.
    Raises MailRefused.
    """
    marked, blocks = content(body)
    reader = _Structure(body)
    reader.feed(marked)
    reader.close()
    if reader.open:
        raise _refused(f"<{reader.open[-1]}> is not closed.", "Close each element that you open.")
    made = "".join(reader.made)
    return re.sub(
        r"<(mj-text|mj-button)\b[^>]*>ct(\d{4})</\1>", lambda found: blocks[int(found[2])], made, flags=re.IGNORECASE
    )


def _refused(why: str, todo: str) -> MailRefused:
    return MailRefused(NOT_KEPT, why, todo)


def _check_address(address: str, body: Pieces) -> None:
    found = _WORD.fullmatch(address.strip())
    if found and _URL_OUTPUT.fullmatch(body.pieces[int(found[1])]):
        return
    if _WORD.search(address) or not _ADDRESS.fullmatch(address.replace("&amp;", "&").strip()):
        shown = body.restored(address)[:60]
        raise _refused(
            f"“{shown}” is no address that a mail may link to.",
            "Begin it with https://, or use a value whose name ends in url, alone.",
        )


class _Structure(HTMLParser):
    """Reads layout, writes it again, and refuses what has no place in a mail."""

    def __init__(self, body: Pieces) -> None:
        super().__init__(convert_charrefs=False)
        self._body = body
        self.made: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._element(tag, attrs)
        if not (self.get_starttag_text() or "").endswith("/>"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._element(tag, attrs)

    def _element(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in LAYOUT and tag not in ("mj-text", "mj-button"):
            raise _refused(
                f"<{tag}> has no place in a mail's layout.",
                f"Use {', '.join(sorted(LAYOUT))}, and put words into mj-text and mj-button.",
            )
        for name, value in attrs:
            self._attribute(tag, name, value or "")
        if tag == "mj-image" and "alt" not in dict(attrs):
            raise _refused("A picture has no words for those who can't see it.", 'Give it alt="…", or alt="" for show.')
        self.made.append(self.get_starttag_text() or "")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9-]*", name) or name.startswith("on"):
            raise _refused(f"{name} has no place in <{tag}>.", "Take it out.")
        if name in ADDRESSES:
            _check_address(value, self._body)
        elif name != "alt" and (set(value) & set('<>;"{}') or _WORD.search(value)):
            raise _refused(f"{name} of <{tag}> holds a sign that it can't hold.", "Use plain values, such as 16px.")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            raise _refused(f"</{tag}> closes nothing that is open.", "Close elements in the order they were opened.")
        self.open.pop()
        self.made.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("mj-text", "mj-button"):
            self.made.append(data)
            return
        for one in re.split(r"(lq\d{4}qz)", data):
            if _WORD.fullmatch(one) and self._body.is_control(one):
                self.made.append(f"<mj-raw><!--{one}--></mj-raw>")
            elif one.strip():
                shown = self._body.restored(one).strip()[:40]
                raise _refused(f"“{shown}” stands between elements.", "Put words and values into <mj-text>.")

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        raise _refused("It begins with a declaration.", "Begin with <mj-section>.")

    def handle_comment(self, data: str) -> None:
        """Comments of whoever wrote the template aren't sent."""


# ------------------------------------------------------------------------------------------ what must be there


def check_links(texts: Iterable[str], *, why_url: str, stop_url: str, marketing: bool) -> None:
    """Raises MailRefused where one of these finished texts doesn't carry the addresses that it must."""
    for text in texts:
        if why_url not in text:
            raise _refused(
                "It doesn't always say why somebody hears from us.",
                "Add a link to {{ why_url }} that stands there for everybody, such as “Why am I hearing from you?”",
            )
        if marketing and stop_url not in text:
            raise _refused(
                "It is marketing and doesn't always let its reader stop it.",
                "Add a link to {{ stop_url }} that stands there for everybody, such as “Stop these messages”.",
            )


# ------------------------------------------------------------------------------------------ plain text

_BREAKS = {"p": 2, "div": 1, "h1": 2, "h2": 2, "h3": 2, "ul": 2, "ol": 2, "li": 1, "tr": 1, "table": 1, "blockquote": 2}
_VOID = frozenset({"br", "hr", "img", "meta", "link", "input", "col", "area", "base", "wbr"})


def plain_text(markup: str) -> str:
    """The words of a mail for those who read text: links with their addresses, lists with dashes, pictures' words."""
    reader = _Words()
    reader.feed(markup)
    reader.close()
    lines = [re.sub(r"[ \t\xa0]+", " ", line).strip() for line in "".join(reader.made).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.made: list[str] = []
        self._hidden: list[str] = []
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if (
            self._hidden
            or tag in ("head", "style", "title")
            or "display:none" in (given.get("style") or "").replace(" ", "")
        ):
            if tag not in _VOID:
                self._hidden.append(tag)
            return
        if tag == "img" and given.get("alt"):
            self.made.append(str(given["alt"]))
        elif tag in ("br", "hr"):
            self.made.append("\n")
        elif tag == "a":
            self._links.append((given.get("href") or "", len(self.made)))
        else:
            self.made.append("\n" * _BREAKS.get(tag, 0))
            if tag == "li":
                self.made.append("- ")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if self._hidden[-1] == tag:
                self._hidden.pop()
            return
        if tag == "a" and self._links:
            address, at = self._links.pop()
            said = "".join(self.made[at:]).strip()
            bare = re.sub(r"^(?:mailto:|tel:|https?://(?:www\.)?)", "", address).rstrip("/")
            if bare and bare not in said:
                between = "" if not said else " " if said[-1] in "?!.:" else ": "
                self.made.append(between + re.sub(r"^(?:mailto:|tel:)", "", address))
        elif tag != "li":
            self.made.append("\n" * _BREAKS.get(tag, 0))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.made.append(re.sub(r"\s+", " ", data))

    def handle_comment(self, data: str) -> None:
        if _WORD.fullmatch(data.strip()) and not self._hidden:
            self.made.append(data.strip())
