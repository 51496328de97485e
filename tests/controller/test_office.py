"""When the office is deaf it says so, since when, and about which kiosks."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, update

from controller import office
from controller.store.engine import writing
from controller.store.tables import controller, lease
from tests.support.fleet import NOW, hold_partitions, live_controller

EVERY = tuple(range(16))


def plenty(_path: Path) -> int:
    return 10**12


@pytest.fixture
def alive(office_engine: Engine) -> Engine:
    with writing(office_engine) as conn:
        live_controller(conn, NOW)
    return office_engine


def test_an_office_with_a_live_controller_hears(alive: Engine) -> None:
    assert _deaf(alive, NOW) is None
    assert _deaf(alive, NOW + office.SILENT_MS) is None


def test_a_controller_silent_for_six_seconds_is_gone_since_it_was_last_heard(alive: Engine) -> None:
    deaf = _deaf(alive, NOW + office.SILENT_MS + 1)
    assert deaf == office.Deafness("no_controller", NOW, "", EVERY)


def test_an_office_that_never_had_a_controller_is_deaf_since_nobody_knows(
    office_engine: Engine,
) -> None:
    assert _deaf(office_engine, NOW) == office.Deafness("no_controller", None, "", EVERY)


def test_a_link_that_is_down_names_its_partitions_and_reason(alive: Engine) -> None:
    with writing(alive) as conn:
        down = {"link": "down", "link_why": "connection refused", "link_since": NOW - 5000}
        conn.execute(update(controller).values(down))
    deaf = _deaf(alive, NOW)
    assert deaf is not None
    assert (deaf.condition, deaf.since, deaf.partitions) == ("link_down", NOW - 5000, EVERY)
    assert "connection refused" in deaf.detail


def test_of_two_controllers_only_the_deaf_ones_partitions_are_unheard(alive: Engine) -> None:
    with writing(alive) as conn:
        live_controller(conn, NOW, "controller-2", link="down", link_since=NOW - 1)
        hold_partitions(conn, "controller-1", NOW)
        conn.execute(update(lease).where(lease.c.partition > 11).values(holder="controller-2"))
    deaf = _deaf(alive, NOW)
    assert deaf is not None
    assert deaf.partitions == (12, 13, 14, 15)


def test_a_partition_nobody_holds_is_unattended(alive: Engine) -> None:
    with writing(alive) as conn:
        conn.execute(update(lease).where(lease.c.partition == 3).values(until=NOW - 7000))
    assert _deaf(alive, NOW) == office.Deafness("partitions_unattended", NOW - 7000, "", (3,))


def test_a_partition_held_by_the_dead_is_unattended(alive: Engine) -> None:
    with writing(alive) as conn:
        live_controller(conn, NOW, "controller-2")
        hold_partitions(conn, "controller-1", NOW)
        conn.execute(update(lease).where(lease.c.partition == 3).values(holder="controller-2"))
        conn.execute(delete(controller).where(controller.c.name == "controller-2"))
    deaf = _deaf(alive, NOW)
    assert deaf is not None
    assert (deaf.condition, deaf.partitions) == ("partitions_unattended", (3,))


def test_a_full_disk_under_the_file_comes_first(alive: Engine) -> None:
    with alive.connect() as conn:
        deaf = office.deafness(conn, NOW, lambda _: 1024)
    if alive.dialect.name == "sqlite":
        assert deaf == office.Deafness("disk_full", None, "1 KiB free", EVERY)
    else:
        assert deaf is None, "the disk of a server is not ours to see"


def test_controllers_tell_who_is_alive_and_holds_what(alive: Engine) -> None:
    with writing(alive) as conn:
        live_controller(conn, NOW - 60_000, "a-dead-one")
        hold_partitions(conn, "controller-1", NOW)
    with alive.connect() as conn:
        found = {one.name: (one.alive, one.partitions) for one in office.controllers(conn, NOW)}
    assert found == {"a-dead-one": (False, ()), "controller-1": (True, EVERY)}


def _deaf(engine: Engine, now: int) -> office.Deafness | None:
    with engine.connect() as conn:
        return office.deafness(conn, now, plenty)
