"""Files in: touches, outcomes and spend that a house brings along, staged, checked, applied, taken back."""
