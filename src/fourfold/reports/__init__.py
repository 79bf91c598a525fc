"""The 4Cs and return on investment: every page that shows an interval."""
