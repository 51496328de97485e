"""Rollouts: which kiosk shall have which release, in phases, watched by the gate."""
