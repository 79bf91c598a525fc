"""Everything kept about a person, taken out: as a file for machines and as one to read. Each time is audited."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from fourfold.base import clock
from fourfold.people import actions, pages, printing, queries


@require_safe
def export(request: HttpRequest, key: UUID) -> HttpResponse:
    """As JSON."""
    found = queries.export(request.viewer, key)
    actions.note_export(person_key=key, form="JSON", viewer=request.viewer, at=clock.now())
    answer = json.dumps(found, indent=1, ensure_ascii=False, default=str)
    return _file(answer.encode(), "application/json", f"person-{key}.json")


@require_safe
def export_pdf(request: HttpRequest, key: UUID) -> HttpResponse:
    """As a tagged PDF, in words."""
    at = clock.now()
    sheet = pages.person_sheet(request.viewer, key, at)
    actions.note_export(person_key=key, form="PDF", viewer=request.viewer, at=at)
    return _file(printing.as_pdf(sheet), "application/pdf", f"person-{key}.pdf")


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
