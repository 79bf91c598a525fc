"""One gate for every touch: may we write to this person now, and what left the house."""
