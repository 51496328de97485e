"""Who is shut out stands in the database, where the warden looks."""

from sqlalchemy import select

from controller import shut_out
from controller.store.engine import open_engine, writing
from controller.store.identity_tables import muted
from tests.support.fleet import seed_fleet


def test_a_mute_is_written_and_prolonged(database: str) -> None:
    engine = open_engine(database)
    seed_fleet(engine, kiosks=2, sites=1)
    with writing(engine) as conn:
        shut_out.mute(conn, {1: 100, 2: 100}, 5)
        shut_out.mute(conn, {1: 300}, 200)
        shut_out.mute(conn, {}, 200)
        rows = conn.execute(select(muted.c.kiosk_id, muted.c.until).order_by(muted.c.kiosk_id))
        assert [tuple(row) for row in rows] == [(1, 300), (2, 100)]
