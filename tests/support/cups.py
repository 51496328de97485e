"""Fixtures: cups."""
