"""A poller that keeps one number misses no change, however late it was committed."""

from typing import Any

from sqlalchemy import Connection, Engine, insert

from controller.api.changes_since import changes_since
from controller.people.powers import EVERYWHERE
from controller.store.engine import writing
from controller.store.tables import change
from tests.support.fleet import NOW


def test_without_a_number_one_starts_from_now(office_engine: Engine) -> None:
    with writing(office_engine) as conn:
        assert changes_since(conn, EVERYWHERE, None, 10, NOW)["next"] == 0
        _put(conn, 1, 2)
        assert changes_since(conn, EVERYWHERE, None, 10, NOW) == {
            "changes": [],
            "next": 2,
            "complete": True,
        }


def test_changes_come_once_when_their_numbers_have_no_hole(office_engine: Engine) -> None:
    with writing(office_engine) as conn:
        _put(conn, 1, 2, 3)
        first = changes_since(conn, EVERYWHERE, 0, 2, NOW)
        rest = changes_since(conn, EVERYWHERE, first["next"], 2, NOW)
    assert [_ids(first), _ids(rest), rest["next"]] == [[1, 2], [3], 3]


def test_a_young_hole_holds_the_poller_back_until_it_is_filled(office_engine: Engine) -> None:
    with writing(office_engine) as conn:
        _put(conn, 1, 3)
        before = changes_since(conn, EVERYWHERE, 0, 10, NOW)
        _put(conn, 2)
        after = changes_since(conn, EVERYWHERE, before["next"], 10, NOW)
    assert (_ids(before), before["next"]) == ([1, 3], 1)
    assert (_ids(after), after["next"]) == ([2, 3], 3)


def test_an_old_hole_was_rolled_back_and_is_passed(office_engine: Engine) -> None:
    with writing(office_engine) as conn:
        _put(conn, 1, 3)
        assert changes_since(conn, EVERYWHERE, 0, 10, NOW + 31_000)["next"] == 3


def test_who_was_away_too_long_is_told_to_read_everything_anew(office_engine: Engine) -> None:
    with writing(office_engine) as conn:
        _put(conn, 100, 101)
        assert not changes_since(conn, EVERYWHERE, 50, 10, NOW)["complete"]
        assert changes_since(conn, EVERYWHERE, 99, 10, NOW)["complete"]
        assert not changes_since(conn, EVERYWHERE, 500, 10, NOW)["complete"]


def _put(conn: Connection, *numbers: int) -> None:
    rows: list[dict[str, Any]] = [
        {"id": number, "at": NOW, "topic": "office", "detail": ""} for number in numbers
    ]
    conn.execute(insert(change), rows)


def _ids(answer: dict[str, Any]) -> list[int]:
    return [one["id"] for one in answer["changes"]]
