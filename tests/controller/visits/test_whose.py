"""Which government a place belongs to."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from controller.jobs.refused import Refused
from controller.people.powers import EVERYWHERE, Scope
from controller.store.engine import open_engine, writing
from controller.visits import whose
from controller.visits.named import Found
from tests.support import showcase_inbox

DAGO = "32.73.02.1001"


@pytest.fixture
def conn(database: str) -> Iterator[Connection]:
    engine = open_engine(database)
    with writing(engine) as open_:
        showcase_inbox.catalogue(open_, showcase_inbox.NOW)
        yield open_
    engine.dispose()


def test_a_place_is_found_with_its_government(conn: Connection) -> None:
    city = whose.of_place(conn, DAGO)
    assert city.tenant.code == "32.73"
    village = city.places.districts[1].villages[0]
    assert city.find(village.code) == Found(city.places.districts[1].code, village.code)
    assert city.find("32.04.05") is None
    assert whose.of_place(conn, "32.04.05").tenant.code == "32.04"
    for code in ("", "99.99.01", "32", "x"):
        with pytest.raises(Refused):
            whose.of_place(conn, code)


def test_each_sees_the_governments_of_their_districts(conn: Connection) -> None:
    def codes(scope: Scope) -> list[str]:
        return [one.tenant.code for one in whose.every(conn, scope)]

    assert codes(EVERYWHERE) == ["32.04", "32.73"]
    assert codes(Scope(("32.73.05",))) == ["32.73"]
