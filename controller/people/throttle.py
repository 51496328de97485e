"""Guessing made slow: each failure makes the next attempt wait longer, in one place only.

Owns the `throttle` table. Attempts are counted by account and address together, and by address
alone. Never by account alone: whoever wants to could then lock anybody out from anywhere. So a
guesser with a thousand addresses has a thousand times a few tries: against that stand passwords
of twelve characters and the audit log, where it shows.
An attempt is counted before the password is compared, and taken back when it was right: fifty at
once are fifty. What was typed is stored as a hash: people type passwords into the wrong field.
"""

import hashlib
import ipaddress
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, func, select, update

from controller.store.engine import insert_new
from controller.store.people_tables import throttle

_SECOND: Final = 1000
FORGET_MS: Final = 60 * 60 * _SECOND
_IPV6: Final = 6


class Rule(NamedTuple):
    """So many attempts for nothing, then a wait of 1 s, 2 s, 4 s ... up to `most_ms`."""

    free: int
    most_ms: int

    def wait(self, attempts: int) -> int:
        """Milliseconds to wait after the `attempts`-th in a row."""
        over = attempts - self.free
        return min(self.most_ms, _SECOND << min(over, 30)) if over >= 0 else 0


# A whole district office may come from one address: it waits late and never long.
PAIR: Final = Rule(free=5, most_ms=15 * 60 * _SECOND)
ADDRESS: Final = Rule(free=40, most_ms=30 * _SECOND)


class Turn(NamedTuple):
    """`wait_ms` 0: try now, it is counted. `first`: this attempt is what made the next wait."""

    wait_ms: int
    first: bool = False


def look(conn: Connection, login: str, address: str, now: int) -> int:
    """Milliseconds to wait as it stands. Only reads: who knocks and waits keeps no writer busy."""
    keys = [key for key, _ in _keys(login, address)]
    until = conn.scalar(select(func.max(throttle.c.until)).where(throttle.c.key.in_(keys)))
    return max(0, (until or 0) - now)


def take(conn: Connection, login: str, address: str, now: int) -> Turn:
    """Ask to try. Inside a `writing` transaction."""
    keys = _keys(login, address)
    rows = [_row(conn, key, now) for key, _ in keys]
    waits = max(until - now for _, until in rows)
    if waits > 0:
        return Turn(waits)
    first = False
    for (key, rule), (attempts, _) in zip(keys, rows, strict=True):
        wait = rule.wait(attempts + 1)
        first |= wait > 0 and rule.wait(attempts) == 0
        row = {"failures": attempts + 1, "last_at": now, "until": now + wait}
        conn.execute(update(throttle).where(throttle.c.key == key).values(row))
    return Turn(0, first)


def forgive(conn: Connection, login: str, address: str) -> None:
    """It was right: this account is free again from here.

    The address gets this attempt back and no more, or a guesser with an account of his own would
    wash himself clean with it.
    """
    (pair, _), (alone, rule) = _keys(login, address)
    conn.execute(delete(throttle).where(throttle.c.key == pair))
    _one_less(conn, alone)
    freed = update(throttle).where(throttle.c.key == alone, throttle.c.failures < rule.free)
    conn.execute(freed.values(until=0))


def give_back(conn: Connection, login: str, address: str) -> None:
    """Nothing was compared: the attempt does not count, and those before it still do.

    Else who can crowd the login would guess without end. A wait that was said stays.
    """
    for key, _ in _keys(login, address):
        _one_less(conn, key)


def prune(conn: Connection, now: int) -> None:
    conn.execute(delete(throttle).where(throttle.c.last_at < now - FORGET_MS))


def _one_less(conn: Connection, key: str) -> None:
    some = update(throttle).where(throttle.c.key == key, throttle.c.failures > 0)
    conn.execute(some.values(failures=throttle.c.failures - 1))


def _row(conn: Connection, key: str, now: int) -> tuple[int, int]:
    """(attempts, until) of a key, locked until the transaction ends."""
    fresh = {"key": key, "failures": 0, "last_at": now, "until": 0}
    conn.execute(insert_new(conn, throttle).values(fresh))
    columns = (throttle.c.failures, throttle.c.last_at, throttle.c.until)
    query = select(*columns).where(throttle.c.key == key).with_for_update()
    attempts, last_at, until = conn.execute(query).one()
    forgotten = now - last_at >= FORGET_MS and until <= now
    return (0, 0) if forgotten else (attempts, until)


def _keys(login: str, address: str) -> tuple[tuple[str, Rule], tuple[str, Rule]]:
    place = _place(address)
    who = hashlib.sha256(login.encode("utf-8", "replace")).hexdigest()
    return (f"pair {who} {place}", PAIR), (f"from {place}", ADDRESS)


def _place(address: str) -> str:
    """One household: an IPv6 one has 2^64 addresses to itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()[:40]
    if found.version == _IPV6:
        return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)
