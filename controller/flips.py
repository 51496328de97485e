"""The timeline: everything that changed its state, once, and never changed afterwards."""

from sqlalchemy import Connection, func, select, tuple_

from controller.effects import Row
from controller.store.engine import insert_new
from controller.store.slices import slices
from controller.store.tables import flip

_KEY = tuple_(flip.c.kiosk_id, flip.c.epoch)


def store(conn: Connection, rows: list[Row]) -> None:
    """A kiosk's fact that is there already (same epoch and number) is left alone."""
    if rows:
        conn.execute(insert_new(conn, flip), rows)


def highest_facts(conn: Connection, wanted: list[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """The highest stored fact of each (kiosk id, epoch) of which there is any."""
    found: dict[tuple[int, str], int] = {}
    for some in slices(wanted):
        query = (
            select(flip.c.kiosk_id, flip.c.epoch, func.max(flip.c.fact))
            .where(_KEY.in_(some))
            .group_by(flip.c.kiosk_id, flip.c.epoch)
        )
        found.update({(row[0], row[1]): row[2] for row in conn.execute(query)})
    return found
