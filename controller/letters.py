"""Dead letters: what was refused, kept for a person to look at.

Owns `dead_letter`: the newest thousand, cut to what a person can use. One kiosk that talks
nonsense all day fills a few lines of a batch, not all of them.
"""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, insert, select

from controller.effects import Row
from controller.store.tables import dead_letter

KEPT = 1000
A_BATCH = 50
A_KIOSK = 5  # in one batch


def letter(topic: str, payload: bytes, reason: str, detail: str, now: int) -> Row:
    """A row. Texts may be hostile: cut, and without what PostgreSQL cannot store."""
    return {
        "at": now,
        "topic": _storable(topic, 200),
        "reason": reason[:24],
        "detail": _storable(detail, 200),
        "payload": payload[:512],
    }


def store(conn: Connection, rows: list[Row]) -> None:
    kept = list(_some(rows))
    if kept:
        conn.execute(insert(dead_letter), kept)


def prune(conn: Connection) -> None:
    newest = conn.scalar(select(func.max(dead_letter.c.id)))
    if newest is not None:
        conn.execute(delete(dead_letter).where(dead_letter.c.id <= newest - KEPT))


def _some(rows: Iterable[Row]) -> Iterable[Row]:
    seen: Counter[str] = Counter()
    for row in rows:
        speaker = "/".join(row["topic"].split("/")[:4])
        if seen[speaker] < A_KIOSK and seen.total() < A_BATCH:
            seen[speaker] += 1
            yield row


def _storable(text: str, most: int) -> str:
    cut = text[:most].replace("\0", "\N{REPLACEMENT CHARACTER}")
    return cut.encode("utf-8", "replace").decode("utf-8")
