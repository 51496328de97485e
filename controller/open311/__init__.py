"""Open311 GeoReport v2: complaints to and from other programs, in JSON. See docs/open311.md."""
