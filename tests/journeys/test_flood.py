"""One kiosk with a good certificate says thousands of things a second; twenty others report on.

The whole office: warden, keeper, broker, controller. How little the others notice is measured in
`tests/bench/flood.py`; here it is only held below what nobody could call noise.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from sqlalchemy import select

from controller.store.tables import fault
from tests.support.reporters import Reporters, Took
from tests.support.secure import SecureOffice, now
from tests.support.wait import until
from wire import topics
from wire.topics import partition_of

LOUD = "flood-1"
NAMES = [f"kiosk-{number}" for number in range(400)]
SAME = [name for name in NAMES if partition_of(name) == partition_of(LOUD)][:10]
ELSEWHERE = [name for name in NAMES if partition_of(name) != partition_of(LOUD)][:10]
NOT_AUTHORIZED, NOBODY = 0x87, 0x10
PATIENT = ("--roll-call-s", "10", "--roll-call-grace-s", "20")


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[SecureOffice]:
    made = SecureOffice(tmp_path, sqlite_url)
    made.books.register(LOUD, *SAME, *ELSEWHERE)
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("qos", [0, 1])
def test_row_53_a_flood_is_muted_the_others_are_served_and_it_may_come_back(
    office: SecureOffice, qos: int
) -> None:
    office.start_controller("office", *PATIENT, "--mute-s", "15")
    paper = office.enrol(LOUD)
    others = Reporters({name: office.door(office.enrol(name)) for name in (*SAME, *ELSEWHERE)})
    others.start()
    try:
        until(lambda: len(others.took) >= 100, 60)
        before = list(others.took)
        flood = office.start_flood(paper, qos=qos, seconds=6, rate=4_000)
        until(lambda: office.muted(LOUD), 60)
        assert "kiosk.flooding" in open_faults(office, LOUD)
        cut = until(lambda: said(flood.log)[1:], 60)[0]  # the broker ended its connection
        until(lambda: len([one for one in others.took if one.at > cut["at"]]) >= 100, 60)
        until(lambda: said(flood.log)[-1].get("done"), 60)
    finally:
        others.stop()
    after = [one for one in others.took if one.at > cut["at"]]
    for names in (SAME, ELSEWHERE):  # flood, broker and other tests share two cores with them
        assert typical(after, names) < 10 * typical(before, names) + 2
    assert said(flood.log)[-1]["sent"] > 10_000
    assert all(open_faults(office, name) == set() for name in (*SAME, *ELSEWHERE))

    until(lambda: office.muted(LOUD) < now(), 60)
    until(lambda: answer(office, paper) != NOT_AUTHORIZED, 60, every_s=0.5)
    assert answer(office, paper) in (0, NOBODY)


@pytest.mark.timeout(240)
def test_row_53_a_muted_kiosk_can_say_nothing_however_often_it_comes_back(
    office: SecureOffice,
) -> None:
    office.start_controller("office", *PATIENT)
    paper = office.enrol(LOUD)
    flood = office.start_flood(paper, qos=1, seconds=3, rate=10_000)
    until(lambda: office.muted(LOUD), 60)
    until(lambda: said(flood.log)[-1].get("done"), 60)  # two of one name throw each other out
    until(lambda: answer(office, paper) == NOT_AUTHORIZED, 60, every_s=0.5)
    for _ in range(5):
        assert answer(office, paper) == NOT_AUTHORIZED
    assert office.muted(LOUD) > now() + 8 * 60_000  # ten minutes, and not told twice
    assert office.books.log("identity.revoke") == 0  # it keeps its identity


def answer(office: SecureOffice, paper: Any) -> int:
    """What the broker says to one message."""
    with office.kiosk(paper) as kiosk:
        return kiosk.publish(topics.up(LOUD, "present"), b"{}")


def said(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


def typical(took: list[Took], names: list[str]) -> float:
    return median(one.seconds for one in took if one.kiosk in names)


def open_faults(office: SecureOffice, name: str) -> set[str]:
    query = select(fault.c.code).where(fault.c.kiosk_id == office.books.id_of(name))
    with office.books.engine.connect() as conn:
        return set(conn.scalars(query.where(fault.c.cleared_at.is_(None))))
