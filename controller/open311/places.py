"""Which kecamatan a point lies in, by the outlines a tenant published. Pure."""

from wire.service.tenant import Places

Ring = tuple[tuple[float, float], ...]


def holds(ring: Ring, lng: float, lat: float) -> bool:
    """Whether a line from the point to the east leaves the ring more often than it enters it."""
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], *ring[:1]), strict=True):
        if (y1 > lat) != (y2 > lat) and lng < x1 + (lat - y1) / (y2 - y1) * (x2 - x1):
            inside = not inside
    return inside


def district_at(places: Places, lng: float, lat: float) -> str:
    """Its code, "" outside of all of them: somebody else's pothole."""
    for one in places.districts:
        if sum(holds(ring, lng, lat) for ring in one.outline) % 2:
            return one.code
    return ""


def known(places: Places, code: str) -> bool:
    """A kecamatan, or a village of one."""
    return any(
        code == one.code or any(code == village.code for village in one.villages)
        for one in places.districts
    )
