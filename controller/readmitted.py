"""Kiosks that a person let in again after a quarantine: the fault of the copied identity ends.

Owns the question to the books. That two machines were seen is news until one of them was given a
new identity; no birth of one of them says so, and the old identity is refused by the broker.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, select

from controller.judge import Claim
from controller.store.identity_tables import identity
from controller.store.tables import fault, kiosk

CODE: Final = "kiosk.cloned"
AT_ONCE: Final = 200


def claims(conn: Connection, partitions: Collection[int]) -> dict[str, Claim]:
    """By kiosk. Proof and quarantine are one transaction: who is active now was let in since."""
    query = (
        select(kiosk.c.name)
        .join_from(fault, kiosk, kiosk.c.id == fault.c.kiosk_id)
        .join(identity, identity.c.kiosk_id == kiosk.c.id)
        .where(fault.c.code == CODE, fault.c.cleared_at.is_(None), identity.c.state == "active")
        .where(kiosk.c.partition.in_(list(partitions)))
        .limit(AT_ONCE)
    )
    return {name: Claim(CODE, "gone", "let in again") for name in conn.scalars(query)}
