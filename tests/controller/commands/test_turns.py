"""Commands are moved by conditional updates only."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from controller.commands import turns
from controller.commands.words import Standing
from controller.store.command_tables import command
from controller.store.engine import writing
from tests.support.office import START, Office
from tests.support.taker import HOUR_MS, Bureau, Taker
from tests.support.wait import until
from wire.lifecycle import IllegalMove


def standing(row: object) -> Standing:
    known: dict[str, Any] = {name: getattr(row, name, 0) for name in Standing._fields}
    return Standing(**known | {"kind": "noop", "asked_at": START})


def test_a_turn_is_carried_out_where_nobody_was_quicker(database: str) -> None:
    office = Office(database, "kiosk-1", "kiosk-2")
    bureau = Bureau(office.engine)
    bureau.ask("kiosk-1", "kiosk-2")
    decided = [turns.turn(standing(r), "overdue", 9, ended_at=9) for r in bureau.rows()]
    with writing(office.engine) as conn:
        conn.execute(text("UPDATE command SET state = 'sent' WHERE id = 2"))
        turns.carry_out(conn, [*decided, turns.to(standing(bureau_row(conn, 2)), "sent", due=7)])
    assert [(row.state, row.ended_at, row.due) for row in bureau.rows()] == [
        ("overdue", 9, START), ("sent", None, 7),
    ]  # fmt: skip


def bureau_row(conn: object, number: int) -> object:
    rows = conn.execute(command.select().where(command.c.id == number))  # type: ignore[attr-defined]
    return rows.one()


def test_a_pair_that_is_not_in_the_table_is_a_mistake(sqlite_url: str) -> None:
    office = Office(sqlite_url, "kiosk-1")
    bureau = Bureau(office.engine)
    bureau.ask("kiosk-1")
    with pytest.raises(IllegalMove):
        turns.turn(standing(bureau.rows()[0]), "silent", 9)


def test_cancelling_says_what_ended_and_what_has_to_be_asked(database: str) -> None:
    names = [f"kiosk-{n}" for n in range(4)]
    office = Office(database, *names)
    bureau = Bureau(office.engine)
    job = bureau.ask(*names)
    with writing(office.engine) as conn:
        for number, state in enumerate(("queued", "sent", "running", "failed"), 1):
            conn.execute(text(f"UPDATE command SET state = '{state}' WHERE id = {number}"))
    for expected in ((1, 2), (0, 0)):
        with writing(office.engine) as conn:
            assert turns.cancel(conn, command.c.job_id == job, "x" * 99, START + 5) == expected
    rows = bureau.rows()
    assert [row.state for row in rows] == ["cancelled", "sent", "running", "failed"]
    assert [row.cancel_at for row in rows] == [START + 5] * 3 + [None]
    assert rows[1].due == START + 5


def test_what_was_put_off_is_found_when_it_may_go(database: str) -> None:
    names = ["kiosk-1", "kiosk-2", "kiosk-3"]
    office = Office(database, *names)
    bureau = Bureau(office.engine)
    for name in names[:2]:
        teller = Taker(name, bureau.policy)
        office.take(teller, *teller.born())
    bureau.ask(*names, waves={"kiosk-2": 2})
    with writing(office.engine) as conn:
        conn.execute(text("UPDATE command SET due = expires"))
        assert turns.look_again(conn, range(16)) == 1
    end = START + HOUR_MS
    assert [row.due for row in bureau.rows()] == [START, end, end]


def test_news_are_one_for_each_command_and_job() -> None:
    moved = [turns.Turn(n, f"c{n}", n, n % 2, "queued", "sent", {}) for n in (1, 2, 3, 1)]
    found = [(one.topic, one.kiosk_id, one.detail) for one in turns.news(moved)]
    assert found == [
        ("command", 1, "c1"), ("command", 2, "c2"), ("command", 3, "c3"),
        ("job", None, "1"), ("job", None, "0"),
    ]  # fmt: skip


def test_a_cancel_and_a_look_at_the_same_commands_never_wait_for_each_other(
    postgres_url: str,
) -> None:
    """Both find both rows locked by a third; whoever locked in an order of its own was stuck."""
    office = Office(postgres_url, "kiosk-1", "kiosk-2")
    bureau = Bureau(office.engine)
    bureau.ask("kiosk-2", "kiosk-1")  # the order of commands is not that of their kiosks

    def waiting() -> int:
        blocked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        return int(office.rows(f"{blocked} AND datname = current_database()")[0][0])

    def cancels() -> tuple[int, int]:
        with writing(office.engine) as conn:
            return turns.cancel(conn, command.c.job_id == 1, "adi", office.now)

    with ThreadPoolExecutor(2) as both:
        with office.engine.begin() as third:
            third.execute(text("SELECT id FROM command WHERE id = 2 FOR UPDATE"))
            looked = both.submit(office.look)
            until(lambda: waiting() == 1, 20)
            cancelled = both.submit(cancels)
            until(lambda: waiting() == 2, 20)
        assert looked.result(20).mail == []
        assert cancelled.result(20) == (2, 0)
