"""Triggers that keep receipts append-only: a verdict is never changed and never taken away."""

from __future__ import annotations

from fourfold.ledger.actions import append_only

RECEIPTS = append_only(table="contact_receipt", name="receipt", words="Receipts", unique=(("key",),))
