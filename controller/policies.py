"""Who may command this fleet, as the roots signed it: the policies stored, newest in force.

Owns the `policy` table. Nothing goes in that a kiosk would refuse: the first signs itself, every
other is signed by enough roots of the one before. Rows are never changed and never deleted, because
a kiosk that was away is led from its version to the newest one step after the other.
"""

from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, insert, select, text

from controller import changes
from controller.people.audit import By, Entry, append
from controller.store.command_tables import policy as table
from wire.envelope import parse
from wire.messages import RootSignature
from wire.policy import Policy, SignedPolicy, first, next_policy

CHANGED: Final = "policy"  # the detail of the change of topic `office`
_LOCK: Final = 0x616E706F  # our own number among PostgreSQL's advisory locks


_ROWS: Final = select(table.c.policy, table.c.signatures)
_NEWEST: Final = _ROWS.order_by(table.c.version.desc()).limit(1)


class InForce(NamedTuple):
    """A policy, read, and the text with the signatures that kiosks are told."""

    policy: Policy
    signed: SignedPolicy


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether this Ed25519 key signed this message: the Verify of wire/policy.py, at the office."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def newest(conn: Connection) -> InForce | None:
    """The policy in force; None where no ceremony was held, and then nothing is commanded."""
    row = conn.execute(_NEWEST).first()
    return None if row is None else InForce(read(row.policy), _signed(row))


def after(conn: Connection, version: int) -> SignedPolicy | None:
    """The next step for a kiosk that has `version`; None when it has the newest or a newer one."""
    query = _ROWS.where(table.c.version > version).order_by(table.c.version).limit(1)
    row = conn.execute(query).first()
    return None if row is None else _signed(row)


def store(conn: Connection, signed: SignedPolicy, by: By, now: int) -> Policy:
    """Put in force; the one that is in force already changes nothing. `now` in milliseconds.

    Inside a `writing` transaction, last in it. Raises wire.policy.Refusal: of two who store at
    once the second finds the first one's in force, and is told so.
    """
    if conn.dialect.name == "postgresql":  # SQLite's writer is alone already
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    present = newest(conn)
    if present is not None and present.signed.policy == signed.policy:
        return present.policy
    policy = first(signed, verify) if present is None else _next(present, signed)
    values = {
        "version": policy.version,
        "policy": signed.policy,
        "signatures": msgspec.to_builtins(signed.signatures),
        "stored_at": now,
    }
    conn.execute(insert(table).values(values))
    changes.record(conn, "office", None, CHANGED, now)
    detail = {"version": policy.version, "roots": [one.key for one in signed.signatures]}
    append(
        conn, Entry(by.who, "policy.store", policy.fleet, address=by.address, detail=detail), now
    )
    return policy


@lru_cache(maxsize=8)
def read(signed_text: str) -> Policy:
    """The policy of a text that was verified when it was stored. Raises MalformedMessage."""
    return parse(signed_text, Policy)


def _next(present: InForce, signed: SignedPolicy) -> Policy:
    return next_policy(present.policy, signed, verify)


def _signed(row: Any) -> SignedPolicy:
    signatures = msgspec.convert(row.signatures, tuple[RootSignature, ...])
    return SignedPolicy(policy=row.policy, signatures=signatures)
