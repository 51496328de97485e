"""Kiosks whose certificate grows old although they should have renewed it long ago.

Owns the question to the books; what follows is a fault like any other. A kiosk renews soon after
half of its certificate's life, so with a third left something keeps it from doing so.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, func, select

from controller.judge import Claim
from controller.store.identity_tables import certificate, identity
from controller.store.tables import fault, kiosk
from wire.door import LIFE_DAYS

CODE: Final = "kiosk.certificate_ending"
LEFT_MS: Final = LIFE_DAYS * 86_400_000 // 3
MOST: Final = 500  # at once; the next look finds the others
_LIVE: Final = ("issued", "current")


def claims(conn: Connection, partitions: Collection[int], now: int) -> dict[str, Claim]:
    """By kiosk: what is to be said of the certificates of these partitions."""
    ending = _ending(conn, partitions, now)
    said = {name: _seen(not_after) for name, not_after in ending.items()}
    return said | {
        name: Claim(CODE, "gone", "renewed, or shut out")
        for name in _open(conn, partitions)
        if name not in ending
    }


def _seen(not_after: int) -> Claim:
    return Claim(CODE, "seen", "not renewed", {"not_after": not_after})


def _ending(conn: Connection, partitions: Collection[int], now: int) -> dict[str, int]:
    newest = func.max(certificate.c.not_after)
    query = (
        select(kiosk.c.name, newest)
        .join_from(certificate, kiosk, kiosk.c.id == certificate.c.kiosk_id)
        .join(identity, identity.c.kiosk_id == kiosk.c.id)
        .where(certificate.c.state.in_(_LIVE), identity.c.state == "active")
        .where(kiosk.c.partition.in_(list(partitions)))
        .group_by(kiosk.c.name)
        .having(newest < now + LEFT_MS)
        .order_by(newest)
        .limit(MOST)
    )
    return {row[0]: row[1] for row in conn.execute(query)}


def _open(conn: Connection, partitions: Collection[int]) -> list[str]:
    query = select(kiosk.c.name).join_from(fault, kiosk, kiosk.c.id == fault.c.kiosk_id)
    ours = kiosk.c.partition.in_(list(partitions))
    return list(conn.scalars(query.where(fault.c.code == CODE, fault.c.cleared_at.is_(None), ours)))
