"""Fourfold: recruiters and marketers on the same people, the same pipeline and the same number."""

__version__ = "0.1.0"
