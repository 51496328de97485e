"""What the tables themselves refuse, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from controller import fleet
from controller.store.engine import open_engine, writing
from controller.store.tables import fault, flip, kiosk_status, metadata

SITE = fleet.Site("32.73.01", "Sukasari", "Kota Bandung", -6.8667, 107.5872)
FAULT = {"code": "printer.paper_out", "severity": "fail", "opened_at": 5, "why": "", "evidence": {}}
FLIP = {"subject": "probe:printer", "old": "ok", "new": "fail", "why": "", "at": 5}


@pytest.fixture
def conn(database: str) -> Iterator[Connection]:
    """A writing transaction in a database with one kiosk, whose id is 1."""
    with writing(open_engine(database)) as made:
        fleet.import_fleet(made, [SITE], [fleet.NewKiosk("bdg-sukasari-1", SITE.code)], 1)
        yield made


def test_a_kiosk_has_one_open_fault_of_a_code(conn: Connection) -> None:
    conn.execute(insert(fault).values(kiosk_id=1, **FAULT))
    with pytest.raises(IntegrityError):
        conn.execute(insert(fault).values(kiosk_id=1, **FAULT))


def test_a_cleared_fault_makes_room_for_the_next(conn: Connection) -> None:
    conn.execute(insert(fault).values(kiosk_id=1, cleared_at=9, **FAULT))
    conn.execute(insert(fault).values(kiosk_id=1, cleared_at=9, **FAULT))
    conn.execute(insert(fault).values(kiosk_id=1, **FAULT))
    assert len(conn.execute(select(fault.c.id)).all()) == 3


def test_a_fact_of_a_kiosk_is_stored_once(conn: Connection) -> None:
    conn.execute(insert(flip).values(kiosk_id=1, epoch="0" * 16, fact=1, **FLIP))
    with pytest.raises(IntegrityError):
        conn.execute(insert(flip).values(kiosk_id=1, epoch="0" * 16, fact=1, **FLIP))


def test_flips_that_are_no_facts_may_be_many(conn: Connection) -> None:
    conn.execute(insert(flip), [{"kiosk_id": 1, **FLIP}, {"kiosk_id": 1, **FLIP}])
    assert len(conn.execute(select(flip.c.id)).all()) == 2


def test_the_rank_of_a_state_is_the_database_s_business(conn: Connection) -> None:
    ranked = conn.execute(select(kiosk_status.c.state, kiosk_status.c.state_rank)).one()
    assert ranked.state == "never"
    assert ranked.state_rank is not None


def test_no_text_of_a_kiosk_is_without_a_limit() -> None:
    for table in metadata.tables.values():
        for column in table.c:
            if column.type.python_type is str:
                assert getattr(column.type, "length", None), f"{table.name}.{column.name}"
