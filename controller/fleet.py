"""Who belongs to the fleet, and how it is as a whole: sites, kiosks, counts, the map.

Owns `site` and `kiosk`; a kiosk begins with a status of `never` and no verdicts. Never judges:
states and verdicts are written by ingest, here they are only counted. The list of kiosks is in
kiosk_list.py, one kiosk in kiosk_page.py.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    CompoundSelect,
    Connection,
    bindparam,
    func,
    insert,
    literal,
    select,
    union_all,
    update,
)

from controller import changes
from controller.people.powers import Scope
from controller.scope import kiosks_within, sites_within, within
from controller.store.engine import insert_new
from controller.store.tables import fault, kiosk, kiosk_status, site
from controller.words import ANSWERS, PRESENCES, SERVICES, SEVERITIES, STATES
from wire import topics

_RANK = {state: rank for rank, state in enumerate(STATES)}


class Site(NamedTuple):
    """`code` is Kemendagri's, e.g. 32.73.01; `regency` is a kota or kabupaten."""

    code: str
    name: str
    regency: str
    lat: float
    lng: float


class NewKiosk(NamedTuple):
    name: str
    site_code: str


class Imported(NamedTuple):
    """What an import changed. A second import of the same changes nothing."""

    sites_added: int
    sites_changed: int
    kiosks_added: int
    kiosks_moved: int

    @property
    def changed(self) -> bool:
        return any(self)


class Counts(NamedTuple):
    """Every word of every set is a key, also when its count is 0."""

    kiosks: int
    states: dict[str, int]
    presences: dict[str, int]
    verdicts: dict[str, dict[str, int]]  # service -> answer -> kiosks
    faults: dict[str, int]  # open ones by severity
    unacknowledged: int  # open faults nobody has acknowledged


class SiteSummary(NamedTuple):
    code: str
    name: str
    regency: str
    lat: float
    lng: float
    worst: str | None  # state of its worst kiosk; None where there is no kiosk
    kiosks: int
    states: dict[str, int]  # only states that occur


def register_site(conn: Connection, one: Site, now: int) -> bool:
    """True when this changed anything."""
    return import_fleet(conn, [one], [], now).changed


def register_kiosk(conn: Connection, name: str, site_code: str, now: int) -> bool:
    """True when this changed anything. Raises ValueError for a bad name or an unknown site."""
    return import_fleet(conn, [], [NewKiosk(name, site_code)], now).changed


def import_fleet(
    conn: Connection, sites: Iterable[Site], kiosks: Iterable[NewKiosk], now: int
) -> Imported:
    """Add what is new, correct what differs, remove nothing. `now` in milliseconds.

    Raises ValueError, before anything is written, for a name that cannot be a kiosk's or a site
    that is neither known nor given.
    """
    wanted_sites = {one.code: one for one in sites}
    wanted = {one.name: one.site_code for one in kiosks}
    known_sites = {row.code: Site(*row) for row in conn.execute(select(site))}
    _refuse_bad(wanted, wanted_sites.keys() | known_sites.keys())
    new_sites, other_sites = _split(wanted_sites, known_sites)
    _write_sites(conn, new_sites, other_sites)
    known = {row[0]: row[1] for row in conn.execute(select(kiosk.c.name, kiosk.c.site_code))}
    new, moved = _split(wanted, known)
    _add_kiosks(conn, new, now)
    _move_kiosks(conn, moved)
    done = Imported(len(new_sites), len(other_sites), len(new), len(moved))
    if done.changed:
        changes.record(conn, "fleet", None, "imported", now)
    return done


def counts(conn: Connection, scope: Scope) -> Counts:
    """All of the scope in one look: one pass over one index, and the open faults."""
    words = (kiosk_status.c.state, kiosk_status.c.presence, *(kiosk_status.c[s] for s in SERVICES))
    here = kiosks_within(scope, kiosk_status.c.kiosk_id)
    rows = conn.execute(select(*words, func.count()).where(*here).group_by(*words)).all()
    tallies: list[Counter[str]] = [Counter() for _ in words]
    for row in rows:
        for tally, word in zip(tallies, row, strict=False):
            tally[word] += row[-1]
    verdicts = zip(SERVICES, tallies[2:], strict=True)
    severities, unacknowledged = _open_faults(conn, scope)
    return Counts(
        kiosks=sum(row[-1] for row in rows),
        states=_all(STATES, tallies[0]),
        presences=_all(PRESENCES, tallies[1]),
        verdicts={service: _all(ANSWERS, tally) for service, tally in verdicts},
        faults=_all(SEVERITIES, severities),
        unacknowledged=unacknowledged,
    )


def sites(conn: Connection, scope: Scope) -> list[SiteSummary]:
    """Each site of the scope with its worst state and its kiosks by state, by name: the map."""
    grouped: dict[str, dict[str, int]] = {}
    commonest = _commonest_state(conn)
    for code, state, number in conn.execute(_by_site(commonest, scope)):
        grouped.setdefault(code, {})[state] = number
    here = select(site).where(within(scope, site.c.code))
    rows = conn.execute(here.order_by(site.c.name, site.c.code))
    return [_summary(row, grouped.get(row[0], {}), commonest) for row in rows]


def sites_number(conn: Connection, scope: Scope) -> int:
    here = select(func.count()).select_from(site).where(within(scope, site.c.code))
    return conn.scalar(here) or 0


def regencies(conn: Connection, scope: Scope) -> list[str]:
    here = select(site.c.regency).where(within(scope, site.c.code))
    return list(conn.scalars(here.distinct().order_by(site.c.regency)))


def _commonest_state(conn: Connection) -> str:
    number = func.count()
    query = select(kiosk_status.c.state).group_by(kiosk_status.c.state)
    return conn.scalar(query.order_by(number.desc(), kiosk_status.c.state).limit(1)) or ""


def _by_site(commonest: str, scope: Scope) -> CompoundSelect[Any]:
    """Kiosks of each site: all of them (state ``), and those in each state but the commonest.

    Looking up the state of 84,000 kiosks takes twice as long as looking up the exceptions. One
    statement, so that both halves see the same moment.
    """
    here = sites_within(scope, kiosk.c.site_code)
    everyone = select(kiosk.c.site_code, literal(""), func.count()).where(*here)
    others = [state for state in STATES if state != commonest]
    # `+ 0`: else SQLite walks all kiosks and looks up every state, not the other way round
    same = kiosk.c.id == kiosk_status.c.kiosk_id + 0
    by_state = (kiosk.c.site_code, kiosk_status.c.state)
    exceptions = (
        select(*by_state, func.count())
        .join_from(kiosk_status, kiosk, same)
        .where(kiosk_status.c.state.in_(others), *here)
        .group_by(*by_state)
    )
    return union_all(everyone.group_by(kiosk.c.site_code), exceptions)


def _summary(row: Sequence[Any], found: dict[str, int], commonest: str) -> SiteSummary:
    total = found.pop("", 0)
    rest = total - sum(found.values())
    if rest:
        found[commonest] = rest
    worst = min(found, key=_RANK.__getitem__) if found else None
    return SiteSummary(*Site(*row), worst, total, found)


def _open_faults(conn: Connection, scope: Scope) -> tuple[Mapping[str, int], int]:
    query = (
        select(fault.c.severity, func.count(), func.count(fault.c.acked_at))
        .where(fault.c.cleared_at.is_(None), *kiosks_within(scope, fault.c.kiosk_id))
        .group_by(fault.c.severity)
    )
    rows = conn.execute(query).all()
    return {row[0]: row[1] for row in rows}, sum(row[1] - row[2] for row in rows)


def _all(words: Iterable[str], tally: Mapping[str, int]) -> dict[str, int]:
    return {word: tally.get(word, 0) for word in words}


def _refuse_bad(wanted: Mapping[str, str], site_codes: Iterable[str]) -> None:
    codes = set(site_codes)
    for name, code in wanted.items():
        if not topics.is_kiosk_name(name):
            raise ValueError(f"not a kiosk name: {name!r}: lower case, digits, hyphens, 3 to 32")
        if code not in codes:
            raise ValueError(f"kiosk {name}: no site {code!r}: register the site first")


def _split(wanted: Mapping[str, Any], known: Mapping[str, Any]) -> tuple[Any, Any]:
    """What is new, and what is known but different."""
    new = {key: value for key, value in wanted.items() if key not in known}
    other = {k: v for k, v in wanted.items() if k in known and known[k] != v}
    return new, other


def _write_sites(conn: Connection, new: Mapping[str, Site], other: Mapping[str, Site]) -> None:
    if new:
        conn.execute(insert_new(conn, site), [one._asdict() for one in new.values()])
    for one in other.values():
        conn.execute(update(site).where(site.c.code == one.code).values(one._asdict()))


def _add_kiosks(conn: Connection, new: Mapping[str, str], now: int) -> None:
    if not new:
        return
    rows = [
        {
            "name": name,
            "site_code": code,
            "partition": topics.partition_of(name),
            "registered_at": now,
        }
        for name, code in new.items()
    ]
    conn.execute(insert_new(conn, kiosk), rows)
    _add_missing_statuses(conn, now)


def _add_missing_statuses(conn: Connection, now: int) -> None:
    """Every kiosk has a status from its first moment, or counts and lists would not see it."""
    never = {
        "presence": "never",
        "presence_since": now,
        "presence_why": "never",
        "state": "never",
        "state_since": now,
        "state_why": "never",
        "open_faults": 0,
        **dict.fromkeys(SERVICES, "unknown"),
    }
    columns = [kiosk_status.c[name] for name in never]
    values: list[Any] = [bindparam(f"v_{name}", value) for name, value in never.items()]
    missing = (
        select(kiosk.c.id, *values)
        .outerjoin(kiosk_status, kiosk_status.c.kiosk_id == kiosk.c.id)
        .where(kiosk_status.c.kiosk_id.is_(None))
    )
    conn.execute(insert(kiosk_status).from_select([kiosk_status.c.kiosk_id, *columns], missing))


def _move_kiosks(conn: Connection, moved: Mapping[str, str]) -> None:
    for name, code in moved.items():
        conn.execute(update(kiosk).where(kiosk.c.name == name).values(site_code=code))
