"""Surveys: how it was for candidates and clients, asked once at the moments that matter, read without names."""
