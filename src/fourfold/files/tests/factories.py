"""Colleagues, and files of every kind made on the spot."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import typst
from PIL import Image

from fourfold.accounts import actions as accounts
from fourfold.accounts import queries as accounts_queries
from fourfold.accounts.types import NewUser, Role, Viewer
from fourfold.base.actor import COMMAND_LINE
from fourfold.files import actions
from fourfold.files.types import FilePurpose

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
THING = UUID("11111111-1111-4111-8111-111111111111")
OLD = UUID("22222222-2222-4222-8222-222222222222")
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
ODT = "application/vnd.oasis.opendocument.text"


@dataclass(frozen=True)
class Cast:
    lena: Viewer
    milo: Viewer
    rhea: Viewer
    nico: Viewer


def make_cast() -> Cast:
    """Lena leads, Milo markets, Rhea recruits, Nico has no role."""
    told = (("Lena", {Role.LEADER}), ("Milo", {Role.MARKETER}), ("Rhea", {Role.RECRUITER}), ("Nico", set()))
    users = [NewUser(email=f"{n.lower()}@northgate.example", name=f"{n} Marsh", roles=frozenset(r)) for n, r in told]
    keys = accounts.add_users(users=users, by=COMMAND_LINE, at=NOON)
    return Cast(*(viewer for key in keys if (viewer := accounts_queries.viewer_of(key))))


def store(data: bytes, name: str = "CV.pdf", key: UUID = THING, kind: str = "candidate", at: datetime = NOON) -> UUID:
    return actions.store_file(subject=(kind, key), name=name, data=data, purpose=FilePurpose.CV, by=COMMAND_LINE, at=at)


def pdf(text: str = "Jane Doe, staff engineer", pages: int = 1) -> bytes:
    body = "\n#pagebreak()\n".join([text] * pages)
    return bytes(typst.compile(f"#set page(width: 10cm, height: 12cm)\n{body}".encode()))


def archive(parts: dict[str, bytes | str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


def docx(body: str = "<w:p><w:r><w:t>Jane Doe</w:t></w:r></w:p>", kind: str = MAIN, **more: bytes | str) -> bytes:
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
    document = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return archive({"[Content_Types].xml": types, "word/document.xml": document, **more})


def odt(body: str = "<text:p>Jane<text:tab/>Doe</text:p>", **more: bytes | str) -> bytes:
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    names = f'xmlns:office="{urn}:office:1.0" xmlns:text="{urn}:text:1.0"'
    content = f"<office:document-content {names}><office:text>{body}</office:text></office:document-content>"
    return archive({"mimetype": ODT, "content.xml": content, **more})


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (200, 30, 60)).save(file, kind)
    return file.getvalue()
