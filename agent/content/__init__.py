"""Releases on the kiosk: what is wanted, fetched, installed, tried and taken back."""
