"""What a posted form does on this room's pages: people who are not there are not found, too."""

from __future__ import annotations

from functools import partial

from fourfold.base.errors import NotFound
from fourfold.people.types import PersonNotFound
from fourfold.ui import posting

posted = partial(posting.posted, missing=(NotFound, PersonNotFound))
