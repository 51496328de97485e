"""Officers called from kiosks: who calls since when, and who comes."""
