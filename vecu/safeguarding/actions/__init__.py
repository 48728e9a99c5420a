"""Verbs of safeguarding, by noun."""
