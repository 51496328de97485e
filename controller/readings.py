"""What probes see: the last word of each, and a day of figures to draw.

Owns `latest` and `telemetry`. A word that says nothing new is written again only once a minute:
most of a fleet says the same all day. Never judges.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, and_, bindparam, delete

from controller.effects import Row
from controller.known import Known, Latest
from controller.store.engine import insert_new, upsert
from controller.store.tables import latest, telemetry
from wire.messages import Header, Observation, Reading

DAY_MS: Final = 86_400_000
REWRITE_MS: Final = 60_000
PATIENCE_MS: Final = 90 * DAY_MS
MOST_PROBES: Final = 40  # as many as a birth may announce; a kiosk that invents more is not heard
FIGURES: Final = {  # (probe, fact) -> column
    ("system", "cpu_percent"): "cpu_percent",
    ("system", "memory_percent"): "memory_percent",
    ("disk", "used_percent"): "disk_percent",
    ("temperature", "celsius"): "temperature_c",
    ("network", "rx_kbps"): "rx_kbps",
    ("network", "tx_kbps"): "tx_kbps",
    ("browser", "pss_mb"): "browser_mb",
    ("power", "battery_percent"): "battery_percent",
}
_EMPTY: Final = dict.fromkeys(FIGURES.values())
_PROBES: Final = {
    probe: [(fact, column) for (p, fact), column in FIGURES.items() if p == probe]
    for probe, _ in FIGURES
}


def real_time(received: int, sent: int, at: int) -> int:
    """When it was seen by the office's clock: as long before it arrived as it lay on the kiosk.

    Both times are of the kiosk's clock, so a wrong clock does not matter; nonsense does.
    """
    age = sent - at
    return received - age if 0 <= age <= PATIENCE_MS else received


def note(draft: Known, header: Header, one: Observation, received: int) -> bool:
    """Make `one` the last word of its probe. True when it is news: state, codes or reason."""
    old = draft.latest.get(one.probe)
    if old is None and len(draft.latest) >= MOST_PROBES:
        return False
    seen = real_time(received, header.sent, one.at)
    stays = old is not None and old.state == one.state
    told = old is not None and stays and old.codes == one.codes and old.why == one.why
    fresh = old is None or not told or old.facts != one.facts
    draft.latest[one.probe] = Latest(
        state=one.state,
        since=old.since if old is not None and stays else seen,
        facts=one.facts,
        codes=one.codes,
        why=one.why,
        observed_at=seen,
        received_at=received,
        latency_ms=one.latency_ms,
        kiosk_at=one.at,
        stored_at=_stored_at(old, received, fresh=fresh),
    )
    return not told


def _stored_at(old: Latest | None, received: int, *, fresh: bool) -> int:
    """Another number than before means: write it. Two changes may fall into one millisecond."""
    if old is None:
        return received
    if fresh or received - old.stored_at >= REWRITE_MS:
        return max(received, old.stored_at + 1)
    return old.stored_at


def figures(draft: Known, reading: Reading, received: int) -> Row | None:
    """The row to draw from, or None when the reading has no figure."""
    row: Row = {}
    for one in reading.observations:
        for fact, column in _PROBES.get(one.probe, ()):
            value = one.facts.get(fact)
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                row[column] = float(value)
    if not row:
        return None
    # Two readings within one millisecond are both kept.
    draft.telemetry_at = max(received, draft.telemetry_at + 1)
    return {**_EMPTY, **row, "kiosk_id": draft.id, "at": draft.telemetry_at}


def store_latest(conn: Connection, pairs: Iterable[tuple[Known, Known]]) -> None:
    """Write what differs between a kiosk as stored and as it is now."""
    rows, gone = [], []
    for before, after in pairs:
        for probe, last in after.latest.items():
            old = before.latest.get(probe)
            if old is None or old.stored_at != last.stored_at:
                rows.append(_row(after.id, probe, last))
        gone += [(after.id, probe) for probe in before.latest if probe not in after.latest]
    if rows:
        conn.execute(upsert(conn, latest, ("kiosk_id", "probe")), rows)
    if gone:
        ours = and_(latest.c.kiosk_id == bindparam("k"), latest.c.probe == bindparam("p"))
        conn.execute(delete(latest).where(ours), [{"k": k, "p": p} for k, p in gone])


def store_telemetry(conn: Connection, rows: list[Row]) -> None:
    if rows:
        conn.execute(insert_new(conn, telemetry), rows)


def prune(conn: Connection, kiosk_ids: list[int], before: int) -> None:
    """Forget figures older than `before`, a slice of kiosks at a time."""
    old = and_(telemetry.c.kiosk_id.in_(kiosk_ids), telemetry.c.at < before)
    conn.execute(delete(telemetry).where(old))


def _row(kiosk_id: int, probe: str, last: Latest) -> Row:
    return {
        "kiosk_id": kiosk_id,
        "probe": probe,
        "state": last.state,
        "since": last.since,
        "facts": last.facts,
        "codes": last.codes,
        "why": last.why,
        "observed_at": last.observed_at,
        "received_at": last.received_at,
        "latency_ms": last.latency_ms,
    }
