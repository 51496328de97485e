"""The curves of one kiosk as its charts want them: seconds and values, steps held to now."""

from typing import Any, Final

from sqlalchemy import Connection

from controller import history
from controller.kiosk_list import rows_of
from controller.words import BadQuestion

HOURS: Final = {"1": 1, "24": 24}
METRICS: Final = (
    "cpu_percent", "memory_percent", "disk_percent", "temperature_c",
    "rx_kbps", "tx_kbps", "browser_mb",
)  # fmt: skip


def curves(conn: Connection, kiosk_id: int, hours: str, now: int) -> dict[str, Any]:
    """`start` and `end` in seconds, `series` a metric: [[seconds], [value or null]].

    Raises BadQuestion for a window nobody offers.
    """
    if hours not in HOURS:
        raise BadQuestion("hours", hours, tuple(HOURS))
    start, end = now - HOURS[hours] * 3_600_000, now
    found = history.series(conn, kiosk_id, METRICS, start, end)
    online = any(row.presence == "online" for row in rows_of(conn, [kiosk_id]))
    drawn = {one.metric: curve(one.points, end, online=online) for one in found}
    return {"start": start / 1000, "end": end / 1000, "series": drawn}


def curve(points: list[history.Point], end: int, *, online: bool) -> list[list[float | None]]:
    """A value holds until a hole, and the last one until now while the kiosk is online.

    The kiosk speaks by exception; whoever draws knows no value between two points, so it is told
    the value again just before the kiosk was lost sight of.
    """
    held: list[history.Point] = []
    for point in points:
        if point.value is None and held and held[-1].value is not None:
            held.append(history.Point(max(point.at - 1, held[-1].at), held[-1].value))
        held.append(point)
    if online and held and held[-1].value is not None:
        held.append(history.Point(end, held[-1].value))
    return [[point.at / 1000 for point in held], [point.value for point in held]]
