"""Search: one index over what the house knows."""
