"""The house's policy as it stands, and as it stood."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from fourfold.contact import models, rules
from fourfold.contact.types import LawPack, Policy

PACKS = Path(__file__).parent.parent / "law" / "packs.json"


@lru_cache(maxsize=1)
def shipped_packs() -> tuple[LawPack, ...]:
    """The law packs that come with the product."""
    return rules.packs_from(json.loads(PACKS.read_text("utf-8")))


def first_policy() -> Policy:
    """What holds until the house sets its own numbers."""
    return Policy(packs=shipped_packs())


def policy() -> Policy:
    """The newest version."""
    row = models.PolicyVersion.objects.order_by("-version").first()
    return _read(row) if row else first_policy()


def policy_of(version: int) -> Policy:
    """The policy as it stood. Raises KeyError for a version that never was."""
    row = models.PolicyVersion.objects.filter(version=version).first()
    if row is None:
        raise KeyError(version)
    return _read(row)


@lru_cache(maxsize=32)
def _parsed(version: int, text: str) -> Policy:
    return rules.policy_from({**json.loads(text), "version": version})


def _read(row: models.PolicyVersion) -> Policy:
    return _parsed(row.version, json.dumps(row.held, sort_keys=True))


def assessment() -> models.Assessment | None:
    """The assessment on which approaches rest now."""
    return models.Assessment.objects.filter(retired_at=None).order_by("-version").first()
