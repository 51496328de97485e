"""Everything the office knows of one kiosk now: status, thread, verdicts, probes, open faults.

Reads only. What happened before is in history.py, what people did about faults in fault_desk.py.
Facts and reasons come from kiosks and are hostile text: whoever shows them escapes them.
"""

from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from controller.fault_desk import FaultQuery, FaultRow, list_faults
from controller.kiosk_list import KioskRow, rows_of
from controller.paging import MOST_ROWS
from controller.people.powers import Scope
from controller.scope import Outside
from controller.store.tables import kiosk, kiosk_status, latest, site, thread, verdict
from controller.words import SERVICES


class Thread(NamedTuple):
    """The conversation; `clock_offset_ms` is the kiosk's clock minus the office's."""

    epoch: str
    birth: int
    seq: int
    fact_upto: int
    last_heard: int
    clock_offset_ms: int
    agent: str
    boot_id: str
    keepalive_s: int
    probes: list[str]


class Verdict(NamedTuple):
    """Can a citizen finish `service` now? `why` is a fault code or a word such as `stale`."""

    service: str
    answer: str
    since: int
    why: str


class ProbeNow(NamedTuple):
    """What a probe last said; `since` is when it entered its state."""

    probe: str
    state: str
    since: int
    facts: dict[str, Any]
    codes: list[str]
    why: str
    observed_at: int
    received_at: int
    latency_ms: float


class KioskPage(NamedTuple):
    row: KioskRow
    presence_why: str
    partition: int
    registered_at: int
    lat: float
    lng: float
    thread: Thread | None  # None for a kiosk never heard
    verdicts: list[Verdict]  # one a service, in the order of SERVICES
    probes: list[ProbeNow]  # by name
    faults: list[FaultRow]  # open ones, worst first


def kiosk_id(conn: Connection, scope: Scope, name: str) -> int | None:
    """None when nobody registered a kiosk of that name. Raises Outside."""
    row = conn.execute(select(kiosk.c.id, kiosk.c.site_code).where(kiosk.c.name == name)).first()
    if row is None:
        return None
    if not scope.holds(row.site_code):
        raise Outside(f"kiosk {name}", row.site_code)
    found: int = row.id
    return found


def find_kiosk(conn: Connection, scope: Scope, name: str) -> KioskPage | None:
    """None when nobody registered a kiosk of that name. Raises Outside."""
    one = kiosk_id(conn, scope, name)
    rows = rows_of(conn, [one]) if one is not None else []
    if not rows:
        return None
    row = rows[0]
    about = conn.execute(
        select(kiosk_status.c.presence_why, kiosk.c.partition, kiosk.c.registered_at)
        .add_columns(site.c.lat, site.c.lng)
        .join_from(kiosk, kiosk_status, kiosk_status.c.kiosk_id == kiosk.c.id)
        .join(site, site.c.code == kiosk.c.site_code)
        .where(kiosk.c.id == row.id)
    ).one()
    return KioskPage(
        row=row,
        **about._asdict(),
        thread=_thread(conn, row.id),
        verdicts=_verdicts(conn, row.id, about.registered_at),
        probes=probes_now(conn, row.id),
        faults=list_faults(conn, scope, FaultQuery(kiosk=row.name, size=MOST_ROWS)).rows,
    )


def probes_now(conn: Connection, kiosk_id: int) -> list[ProbeNow]:
    columns = [latest.c[name] for name in ProbeNow._fields]
    query = select(*columns).where(latest.c.kiosk_id == kiosk_id).order_by(latest.c.probe)
    return [ProbeNow(*row) for row in conn.execute(query)]


def _thread(conn: Connection, kiosk_id: int) -> Thread | None:
    columns = [thread.c[name] for name in Thread._fields]
    row = conn.execute(select(*columns).where(thread.c.kiosk_id == kiosk_id)).one_or_none()
    return Thread(*row) if row is not None else None


def _verdicts(conn: Connection, kiosk_id: int, registered_at: int) -> list[Verdict]:
    """A service nobody has judged yet is unknown since the kiosk was registered."""
    columns = [verdict.c[name] for name in Verdict._fields]
    rows = conn.execute(select(*columns).where(verdict.c.kiosk_id == kiosk_id))
    judged = {row.service: Verdict(*row) for row in rows}
    return [judged.get(s, Verdict(s, "unknown", registered_at, "never")) for s in SERVICES]
