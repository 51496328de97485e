"""Fixtures: broker."""
