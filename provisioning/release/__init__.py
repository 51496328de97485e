"""Whose signatures a release needs, and everything an office types about releases and rollouts."""
