"""The memory of boots survives a restart of the office, and does not grow."""

from sqlalchemy import Connection, func, select

from controller import boots
from controller.known import Known
from controller.store.engine import open_engine, writing
from controller.store.identity_tables import boot
from controller.twins import KEPT, see
from tests.support.fleet import seed_fleet
from tests.support.office import Teller


def _heard(known: Known, births: int) -> Known:
    kiosk, after = Teller("kiosk-1"), known.draft()
    for number in range(births):
        birth = kiosk.birth(boot_id=f"boot-{number}")
        after.machines = see(after.machines, birth, number).boots
    return after


def _loaded(conn: Connection) -> Known:
    known = Known(1, "kiosk-1", 0)
    boots.load(conn, {1: known})
    return known


def test_what_was_stored_is_remembered_in_order(database: str) -> None:
    engine = open_engine(database)
    seed_fleet(engine, kiosks=1, sites=1)
    with writing(engine) as conn:
        before = Known(1, "kiosk-1", 0)
        after = _heard(before, 3)
        boots.store(conn, [(before, after)])
        assert _loaded(conn).machines == after.machines


def test_old_boots_are_removed(database: str) -> None:
    engine = open_engine(database)
    seed_fleet(engine, kiosks=1, sites=1)
    with writing(engine) as conn:
        known = Known(1, "kiosk-1", 0)
        for births in (KEPT, KEPT + 5):
            after = _heard(Known(1, "kiosk-1", 0), births)
            boots.store(conn, [(known, after)])
            known = after
        assert conn.scalar(select(func.count()).select_from(boot)) == KEPT
        assert _loaded(conn).machines == known.machines


def test_a_proven_twin_leaves_no_memory(database: str) -> None:
    engine = open_engine(database)
    seed_fleet(engine, kiosks=1, sites=1)
    with writing(engine) as conn:
        before, after = Known(1, "kiosk-1", 0), _heard(Known(1, "kiosk-1", 0), 2)
        boots.store(conn, [(before, after)])
        emptied = after.draft()
        emptied.machines = ()
        boots.store(conn, [(after, emptied)])
        assert _loaded(conn).machines == ()


def test_a_kiosk_heard_for_the_first_time_is_written_whole(database: str) -> None:
    engine = open_engine(database)
    seed_fleet(engine, kiosks=1, sites=1)
    with writing(engine) as conn:
        after = _heard(Known(1, "kiosk-1", 0), 2)
        boots.store(conn, [(after, after)])
        assert len(_loaded(conn).machines) == 2
