"""What happened to one kiosk: its flips, and its readings as steps over a window of time.

Reads only. A value holds until the next one and not a moment longer than the kiosk was online:
while it was away the curve has a hole, because nobody knows. However long the window, the
number of points is bounded, and thinning keeps every peak.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, and_, or_, select

from controller.store.tables import flip, telemetry
from controller.words import BadQuestion, check_words

METRICS: Final = tuple(c.name for c in telemetry.c if c.name not in ("kiosk_id", "at"))
MOST_FLIPS: Final = 500
MOST_POINTS: Final = 5_000
MOST_WINDOW_MS: Final = 31 * 86_400_000


class FlipRow(NamedTuple):
    """`subject` is presence, probe:<name>, fault:<code> or verdict:<service>."""

    id: int
    subject: str
    old: str
    new: str
    why: str
    at: int


class Point(NamedTuple):
    """From `at` on the value is `value`; None: unknown from here on."""

    at: int
    value: float | None


class Series(NamedTuple):
    metric: str
    points: list[Point]  # by time; the first may be older than the window and is moved to its edge


class _Window(NamedTuple):
    start: int
    end: int
    most: int  # points
    holes: list[int]


class Position(NamedTuple):
    """Where a timeline was left: the last flip seen."""

    at: int
    id: int


def flips(
    conn: Connection,
    kiosk_id: int,
    *,
    before: Position | None = None,
    size: int = 50,
    subject: str = "",
) -> list[FlipRow]:
    """Newest first, those older than `before`. `subject` may be a beginning, e.g. `probe:`."""
    if not 1 <= size <= MOST_FLIPS:
        raise BadQuestion("size", size, [f"1..{MOST_FLIPS}"])
    columns = [flip.c[name] for name in FlipRow._fields]
    query = select(*columns).where(flip.c.kiosk_id == kiosk_id)
    if before is not None:
        same = and_(flip.c.at == before.at, flip.c.id < before.id)
        query = query.where(or_(flip.c.at < before.at, same))
    if subject:
        query = query.where(flip.c.subject.startswith(subject, autoescape=True))
    rows = conn.execute(query.order_by(flip.c.at.desc(), flip.c.id.desc()).limit(size))
    return [FlipRow(*row) for row in rows]


def series(
    conn: Connection,
    kiosk_id: int,
    metrics: Sequence[str],
    start: int,
    end: int,
    *,
    most: int = 500,
) -> list[Series]:
    """One series a metric over start <= at < end (milliseconds), about `most` points each.

    Raises BadQuestion for an unknown metric, a window that is empty or longer than 31 days.
    """
    check_words("metric", metrics, METRICS)
    if not 0 < end - start <= MOST_WINDOW_MS:
        raise BadQuestion("until", end, ["later than `since`, at most 31 days"])
    if not 1 <= most <= MOST_POINTS:
        raise BadQuestion("points", most, [f"1..{MOST_POINTS}"])
    holes = _holes(conn, kiosk_id, start, end)
    window = _Window(start, end, most, holes)
    return [_series(conn, kiosk_id, metric, window) for metric in metrics]


def thin(points: Sequence[Point], start: int, end: int, most: int) -> list[Point]:
    """At most `most` points (of at least 4) that draw the same picture.

    Of each slice of time the first, the least, the greatest and the last are kept, and the first
    hole: a peak of one reading stays visible in a week.
    """
    if len(points) <= most:
        return list(points)
    slices = max(1, most // 5)
    width = max(1, -(-(end - start) // slices))
    kept: list[Point] = []
    bucket: list[Point] = []
    for point in points:
        if bucket and (point.at - start) // width != (bucket[0].at - start) // width:
            kept += _sketch(bucket)
            bucket = []
        bucket.append(point)
    return kept + _sketch(bucket)


def _sketch(bucket: Sequence[Point]) -> list[Point]:
    known = [point for point in bucket if point.value is not None]
    holes = [point for point in bucket if point.value is None]
    chosen = {bucket[0], bucket[-1], *holes[:1]}
    if known:
        chosen |= {min(known, key=_value), max(known, key=_value)}
    return sorted(chosen, key=lambda point: point.at)


def _value(point: Point) -> float:
    return point.value if point.value is not None else 0.0


def _series(conn: Connection, kiosk_id: int, metric: str, window: _Window) -> Series:
    start, end, most, holes = window
    column = telemetry.c[metric]
    spoken = select(telemetry.c.at, column).where(
        telemetry.c.kiosk_id == kiosk_id, column.is_not(None), telemetry.c.at < end
    )
    inside = spoken.where(telemetry.c.at >= start).order_by(telemetry.c.at)
    known = [Point(*row) for row in conn.execute(inside)]
    edge = spoken.where(telemetry.c.at < start).order_by(telemetry.c.at.desc()).limit(1)
    carried = conn.execute(edge).first()
    if carried is not None and not any(carried.at <= hole <= start for hole in holes):
        known.insert(0, Point(start, carried[1]))
    return Series(metric, thin(_with_holes(known, holes, start), start, end, most))


def _with_holes(known: Iterable[Point], holes: Iterable[int], start: int) -> list[Point]:
    """Points by time, a hole before what was said at the same moment, no hole after a hole."""
    gaps = [Point(at, None) for at in holes if at >= start]
    together = sorted([*gaps, *known], key=lambda point: (point.at, point.value is not None))
    drawn: list[Point] = []
    for point in together:
        if point.value is not None or (drawn and drawn[-1].value is not None):
            drawn.append(point)
    return drawn


def _holes(conn: Connection, kiosk_id: int, start: int, end: int) -> list[int]:
    """When the kiosk was lost sight of: in the window, and the last time before it."""
    lost = select(flip.c.at).where(
        flip.c.kiosk_id == kiosk_id,
        flip.c.subject == "presence",
        flip.c.new.in_(("offline", "unknown")),
        flip.c.at < end,
    )
    before = lost.where(flip.c.at < start).order_by(flip.c.at.desc()).limit(1)
    inside = lost.where(flip.c.at >= start).order_by(flip.c.at)
    return [*conn.scalars(before), *conn.scalars(inside)]
