"""Fixtures: chromium."""
