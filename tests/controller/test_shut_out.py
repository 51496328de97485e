"""Who is shut out stands in the database, where the warden looks."""

from sqlalchemy import insert, select

from controller import shut_out
from controller.store.engine import open_engine, writing
from controller.store.identity_tables import identity, muted
from controller.store.people_tables import audit
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


def test_only_who_has_an_identity_can_be_quarantined(database: str) -> None:
    engine = open_engine(database)
    seed_fleet(engine, kiosks=2, sites=1)
    with writing(engine) as conn:
        row = {"kiosk_id": 1, "state": "active", "since": 1, "why": ""}
        conn.execute(insert(identity).values(row))
        for _ in range(2):
            shut_out.quarantine(conn, {1: "boot a came back", 2: "boot b came back"}, 9)
        rows = conn.execute(select(identity.c.kiosk_id, identity.c.state, identity.c.since))
        assert [tuple(row) for row in rows] == [(1, "quarantined", 9)]
        assert conn.scalars(select(audit.c.what)).all() == ["identity.quarantine"]
