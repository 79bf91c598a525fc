"""What a posted form does, the same for every page."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpRequest

from fourfold.base.errors import FourfoldError, NotFound


def posted(request: HttpRequest, form: forms.Form, deed: Callable[[], object]) -> bool:
    """Whether a posted form's deed was done. What it refuses stands on the form; what is missing is not found."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        deed()
    except NotFound:
        raise
    except FourfoldError as error:
        form.add_error(None, str(error))
        return False
    return True
