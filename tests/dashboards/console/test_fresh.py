"""Answers kept while nothing changes, and not a change longer."""

from sqlalchemy import Connection, insert

from controller import changes
from controller.people.powers import EVERYWHERE, Scope
from controller.store.engine import writing
from controller.store.tables import change
from dashboards.console.fresh import MOST_KEPT, Fresh
from tests.dashboards.console.conftest import Fleet


class Reader:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, _: Connection, __: Scope) -> int:
        self.asked += 1
        return self.asked


def test_an_answer_is_read_once_while_nothing_changes(fleet: Fleet) -> None:
    fresh, reader = Fresh(), Reader()
    with fleet.engine.connect() as conn:
        assert [fresh.read(conn, reader, EVERYWHERE) for _ in range(3)] == [1, 1, 1]
        assert fresh.read(conn, Reader(), EVERYWHERE) == 1


def test_any_change_asks_anew(fleet: Fleet) -> None:
    fresh, reader = Fresh(), Reader()
    for expected in (1, 2, 3):
        with fleet.engine.connect() as conn:
            assert fresh.read(conn, reader, EVERYWHERE) == expected
        with writing(fleet.engine) as conn:
            changes.record(conn, "kiosk", 1, "state", 0)


def test_a_change_that_was_numbered_before_and_came_after_asks_anew(fleet: Fleet) -> None:
    fresh, reader = Fresh(), Reader()
    row = {"at": 0, "topic": "kiosk", "kiosk_id": 1}
    with writing(fleet.engine) as conn:
        conn.execute(insert(change), [{"id": 900, **row}])
    with fleet.engine.connect() as conn:
        assert fresh.read(conn, reader, EVERYWHERE) == 1
    with writing(fleet.engine) as conn:
        conn.execute(insert(change), [{"id": 899, **row}])
    with fleet.engine.connect() as conn:
        assert fresh.read(conn, reader, EVERYWHERE) == 2


def test_row_69_an_answer_for_one_scope_is_never_given_to_another(fleet: Fleet) -> None:
    fresh = Fresh()

    def scope_of(_: Connection, scope: Scope) -> Scope:
        return scope

    asked = [Scope((f"32.{number:02d}",)) for number in range(MOST_KEPT + 5)]
    with fleet.engine.connect() as conn:
        for _ in range(2):
            assert [fresh.read(conn, scope_of, one) for one in asked] == asked
