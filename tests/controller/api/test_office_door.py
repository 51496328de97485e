"""One transaction a request: kept when it ends well, forgotten when it does not."""

import pytest
from sqlalchemy import Engine, func, select

from controller import fleet
from controller.api.office_door import OfficeDoor
from controller.store.tables import site

COBLONG = fleet.Site("32.73.02", "Coblong", "Kota Bandung", -6.8, 107.6)


def test_what_is_written_is_there_afterwards(office_engine: Engine) -> None:
    door = OfficeDoor(office_engine, lambda: 5)
    with door.writing() as conn:
        fleet.register_site(conn, COBLONG, door.clock())
    with door.reading() as conn:
        assert conn.scalar(select(func.count()).select_from(site)) == 1


def test_a_failed_request_leaves_nothing(office_engine: Engine) -> None:
    door = OfficeDoor(office_engine, lambda: 5)
    with pytest.raises(ValueError, match="no site"):
        _register_and_fail(door)
    with door.reading() as conn:
        assert conn.scalar(select(func.count()).select_from(site)) == 0


def _register_and_fail(door: OfficeDoor) -> None:
    with door.writing() as conn:
        fleet.register_site(conn, COBLONG, 5)
        fleet.register_kiosk(conn, "lost-01", "99.99.99", 5)
