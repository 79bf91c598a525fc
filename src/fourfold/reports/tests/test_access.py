"""Who may read reports: every role, and nobody without one."""

from __future__ import annotations

import pytest

from fourfold.accounts.types import Role
from fourfold.base.errors import NotAllowed
from fourfold.reports import access
from fourfold.reports.tests.factories import colleague

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", list(Role))
def test_every_role_reads(role: Role) -> None:
    viewer = colleague(role)
    assert access.may_read(viewer)
    access.require_reader(viewer)


def test_nobody_without_a_role_reads() -> None:
    viewer = colleague()
    assert not access.may_read(viewer)
    with pytest.raises(NotAllowed):
        access.require_reader(viewer)
