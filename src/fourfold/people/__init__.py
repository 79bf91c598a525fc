"""Persons and organisations: one record a human, whatever their roles."""
