"""Append-only facts: what happened between the house and people, what came of it, and what it cost."""
