"""Kiosks that shall ask now: each told once, by whoever reads its partition, and braked."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from controller import fleet
from controller.leases import Leases
from controller.nudges import EVERY_MS, MOST, Nudges, ask
from controller.store.citizen_tables import nudge
from controller.store.engine import open_engine, writing
from controller.store.tables import kiosk
from wire.codec import decode_down
from wire.messages import News
from wire.topics import PARTITIONS, kind_of_down, partition_of

START = 1_700_000_000_000
EVERY = frozenset(range(PARTITIONS))


class Bench:
    def __init__(self, url: str, kiosks: int) -> None:
        self.engine, self.now = open_engine(url), START
        new = [fleet.NewKiosk(f"kiosk-{n}", "32.73.02") for n in range(kiosks)]
        with writing(self.engine) as conn:
            fleet.import_fleet(conn, [fleet.Site("32.73.02", "Coblong", "", -6.9, 107.6)], new, 1)
        leases = Leases("one", lambda: self.now)
        with writing(self.engine) as conn:
            leases.renew(conn)
        self.nudges = Nudges(self.engine, leases, lambda: self.now)

    def all(self) -> None:
        with writing(self.engine) as conn:
            for number in conn.scalars(select(kiosk.c.id)).all():
                ask(conn, number, self.now)
                ask(conn, number, self.now)

    def waiting(self) -> int:
        with self.engine.connect() as conn:
            return conn.scalar(select(func.count()).select_from(nudge)) or 0


@pytest.fixture
def few(database: str) -> Iterator[Bench]:
    bench = Bench(database, 3)
    yield bench
    bench.engine.dispose()


def test_each_is_told_once_by_a_message_it_can_read(few: Bench) -> None:
    few.all()
    mail = few.nudges.look(EVERY).mail
    assert {decode_down(kind_of_down(one.topic), one.payload) for one in mail} == {News()}
    assert sorted(one.topic.split("/")[3] for one in mail) == ["kiosk-0", "kiosk-1", "kiosk-2"]
    assert {one.qos for one in mail} == {1}
    assert few.nudges.look(EVERY).mail == []


def test_those_of_partitions_that_cannot_be_reached_wait(few: Bench) -> None:
    few.all()
    here = {partition_of("kiosk-0")}
    first = few.nudges.look(here).mail
    assert {one.partition for one in first} == here
    assert few.nudges.look(()).mail == []
    assert few.waiting() == 3 - len(first)


def test_an_office_process_that_wants_all_kiosks_to_ask_at_once_is_braked(database: str) -> None:
    bench = Bench(database, 2 * MOST + 5)
    bench.all()
    assert len(bench.nudges.look(EVERY).mail) == MOST
    assert bench.nudges.look(EVERY).mail == []
    bench.now += EVERY_MS
    assert len(bench.nudges.look(EVERY).mail) == MOST
    bench.now += EVERY_MS
    assert len(bench.nudges.look(EVERY).mail) == 5
    bench.engine.dispose()
