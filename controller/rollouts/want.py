"""The one place that says what a kiosk shall have: the rows of `desired`.

A number grows with every word for a kiosk and bundle, and so does the attempt: a release that has
failed there is tried again when it is wanted again. Who calls rings the bell after the commit.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select

from controller.store.engine import upsert
from controller.store.release_tables import desired
from controller.store.slices import slices
from controller.store.tables import kiosk

NEVER: Final = 253_370_000_000_000  # a kiosk switches at this moment at the earliest: not at all
MOST_ATTEMPTS: Final = 10_000
_BEFORE: Final = (
    select(kiosk.c.id, kiosk.c.partition, desired.c.number, desired.c.attempt)
    .outerjoin_from(
        kiosk,
        desired,
        (desired.c.kiosk_id == kiosk.c.id) & (desired.c.bundle == bindparam("the_bundle")),
    )
    .where(kiosk.c.id.in_(bindparam("kiosks", expanding=True)))
    .order_by(kiosk.c.id)  # all who write here lock in this order
)
_FORGET: Final = delete(desired).where(
    desired.c.bundle == bindparam("the_bundle"),
    desired.c.kiosk_id.in_(bindparam("kiosks", expanding=True)),
)


class Terms(NamedTuple):
    """When a kiosk may switch: office ms, and minutes of its day (none: at any time)."""

    not_before: int = 0
    windows: Sequence[Sequence[int]] = ()


def want(
    conn: Connection,
    bundle: str,
    seqs: dict[int, int],
    now: int,
    *,
    rollout_id: int | None = None,
    terms: Terms = Terms(),  # noqa: B008 - a constant
) -> None:
    """`seqs`: kiosk id -> the release it shall have. Inside a `writing` transaction."""
    rows: list[dict[str, Any]] = []
    for some in slices(sorted(seqs)):
        rows += [
            {
                "kiosk_id": row.id,
                "bundle": bundle,
                "partition": row.partition,
                "seq": seqs[row.id],
                "attempt": min((row.attempt or 0) + 1, MOST_ATTEMPTS),
                "number": max(now, (row.number or 0) + 1),
                "rollout_id": rollout_id,
                "not_before": terms.not_before,
                "windows": [list(one) for one in terms.windows],
                "due": now,
                "sends": 0,
            }
            for row in conn.execute(_BEFORE, {"the_bundle": bundle, "kiosks": some})
        ]
    if rows:
        conn.execute(upsert(conn, desired, ("kiosk_id", "bundle")), rows)


def forget(conn: Connection, bundle: str, kiosks: Iterable[int]) -> None:
    """Nothing is desired of them any more; only for kiosks that were never told."""
    for some in slices(sorted(kiosks)):
        conn.execute(_FORGET, {"the_bundle": bundle, "kiosks": some})
