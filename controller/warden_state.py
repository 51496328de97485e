"""Says whether the broker refuses who ended, and whether the audit log is signed for.

`condition` is pure: a row and `now` come in, words for people come out. Reads what the warden says
of itself; decides nothing about kiosks. Whoever is silent is not believed, whatever he said last.
"""

from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from controller.store.identity_tables import warden

CONDITIONS: Final = ("fine", "unproven", "old", "silent")  # worst last
ROW: Final = 1  # there is one warden
SILENT_MS: Final = 30_000
SIGN_MS: Final = 15 * 60_000  # the log is signed for every five minutes


class Spoken(NamedTuple):
    """The warden's row. Times in milliseconds since 1970."""

    heard_at: int
    crl_number: int
    crl_signed_at: int
    crl_next_update: int
    lists_ok: int
    lists_why: str
    lists_proven_at: int
    checkpoint_n: int
    checkpoint_at: int


class Standing(NamedTuple):
    """`condition` is the worst of CONDITIONS; `reasons` are codes, worst first.

    `detail` is for a technician. `since` (milliseconds) is when the worst began, None when nobody
    knows. `spoken` is None before the first word.
    """

    condition: str
    reasons: tuple[str, ...]
    detail: str
    since: int | None
    spoken: Spoken | None


def spoken(conn: Connection) -> Spoken | None:
    """What the warden said last; None when there never was one."""
    columns = [warden.c[name] for name in Spoken._fields]
    row = conn.execute(select(*columns).where(warden.c.id == ROW)).first()
    return None if row is None else Spoken(*row)


def standing(conn: Connection, now: int) -> Standing:
    return condition(spoken(conn), now)


def condition(spoken: Spoken | None, now: int) -> Standing:
    """Reasons: silent, list_ended, list_old, unproven, log_unsigned."""
    if spoken is None:
        return Standing("silent", ("silent",), "no warden was ever started", None, None)
    found = [one for one in _reasons(spoken, now) if one]
    if not found:
        return Standing("fine", (), "", None, spoken)
    worst, _, since = found[0]
    reasons = tuple(reason for _, reason, _ in found)
    return Standing(worst, reasons, spoken.lists_why, since or None, spoken)


def half_life(spoken: Spoken) -> int:
    """When the list is half as old as it may become: by then it should be a day old at most."""
    return spoken.crl_signed_at + (spoken.crl_next_update - spoken.crl_signed_at) // 2


def _reasons(spoken: Spoken, now: int) -> list[tuple[str, str, int] | None]:
    """(condition, reason, since), worst first."""
    heard, half, end = spoken.heard_at, half_life(spoken), spoken.crl_next_update
    signed = spoken.checkpoint_at
    return [
        ("silent", "silent", heard) if now - heard > SILENT_MS else None,
        ("old", "list_ended", end) if now >= end else None,
        ("old", "list_old", half) if half <= now < end else None,
        ("unproven", "unproven", spoken.lists_proven_at) if not spoken.lists_ok else None,
        ("unproven", "log_unsigned", signed) if now - signed > SIGN_MS else None,
    ]
