"""Time's work on jobs and commands, in one controller of all."""

from typing import Any

from sqlalchemy import Connection, insert, text

from controller.commands.upkeep import ATTACHMENTS_KEPT_MS, DAY_MS, DETAILS_KEPT_MS, Upkeep
from controller.store.command_tables import attachment
from controller.store.engine import writing
from tests.support.office import START, Office
from tests.support.taker import Bureau


def keeper(office: Office, clerk: Any) -> Upkeep:
    parts = (office.engine, office.leases, office.counters, lambda: office.now)
    return Upkeep(*parts, {"jobs": clerk}, say=office.said.append)


def test_the_clerk_works_in_a_transaction_of_its_own(database: str) -> None:
    office = Office(database, "kiosk-1")
    seen: list[int] = []

    def clerk(conn: Connection, now: int) -> bool:
        conn.execute(text("UPDATE kiosk SET registered_at = 77"))
        seen.append(now)
        return True

    assert keeper(office, clerk).tick() is True
    assert seen == [START]
    assert office.rows("SELECT registered_at FROM kiosk") == [(77,)]


def test_only_the_holder_of_the_first_partition_does_it(database: str) -> None:
    office = Office(database)

    def clerk(_conn: Connection, _now: int) -> bool:
        raise AssertionError

    with writing(office.engine) as conn:
        conn.execute(text("UPDATE lease SET holder = 'thief', generation = generation + 1"))
    one = keeper(office, clerk)
    assert one.tick() is False  # it finds out
    assert 0 not in office.leases.held
    assert one.tick() is False


def test_a_clerk_that_stumbles_is_said_once_and_stops_nobody(database: str) -> None:
    office = Office(database)

    def clerk(_conn: Connection, _now: int) -> bool:
        raise KeyError("pause_s")

    one = keeper(office, clerk)
    assert (one.tick(), one.tick()) == (False, False)
    assert office.said == ["jobs are not moved on: KeyError: 'pause_s'"]
    assert office.counters.get("anjungan_poisoned_total") == 2


def test_a_clerk_that_stumbles_does_not_stop_the_others(database: str) -> None:
    office, seen = Office(database), []

    def stumbles(conn: Connection, _now: int) -> bool:
        conn.execute(text("UPDATE lease SET holder = 'nobody'"))
        raise KeyError("phase")

    def works(_conn: Connection, now: int) -> bool:
        seen.append(now)
        return True

    parts = (office.engine, office.leases, office.counters, lambda: office.now)
    one = Upkeep(*parts, {"rollouts": stumbles, "releases": works}, say=office.said.append)
    assert (one.tick(), one.tick()) == (True, True)
    assert seen == [START, START]
    assert office.said == ["rollouts are not moved on: KeyError: 'phase'"]
    assert office.rows("SELECT count(*) FROM lease WHERE holder = 'nobody'") == [(0,)]


def test_attachments_and_details_are_forgotten_in_time(database: str) -> None:
    office = Office(database, "kiosk-1")
    bureau = Bureau(office.engine)
    for _ in range(2):
        bureau.ask("kiosk-1")
    with writing(office.engine) as conn:
        for number, days in ((1, 31), (2, 1)):
            at = START - days * DAY_MS
            row = {"sha256": "a" * 64, "type": "image/jpeg", "size": 1, "body": b"x", "at": at}
            conn.execute(insert(attachment).values(command_id=number, **row))
        values = "note = 'n', facts = '{\"a\": 1}', state = 'succeeded'"
        old, young = START - DETAILS_KEPT_MS - 1, START - ATTACHMENTS_KEPT_MS
        conn.execute(text(f"UPDATE command SET {values}, ended_at = :at"), {"at": young})
        conn.execute(text("UPDATE command SET ended_at = :at WHERE id = 1"), {"at": old})
    keeper(office, lambda *_: False).prune()
    assert office.rows("SELECT command_id FROM attachment") == [(2,)]
    assert [(row.note, row.facts) for row in bureau.rows()] == [("", {}), ("n", {"a": 1})]
