"""How long each kiosk is usually away, from its own timeline."""

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from controller.rollouts.usual import (
    LEAST_MS,
    LOOKED_AT_MS,
    MOST_MS,
    UNKNOWN_MS,
    absences,
    of,
    usual,
)
from controller.store.engine import writing
from controller.store.tables import flip
from tests.support.office import START, Office

MINUTE, HOUR = 60_000, 3_600_000


class Turn(NamedTuple):
    old: str
    new: str
    at: int


def test_an_absence_is_from_leaving_to_coming_back() -> None:
    flips = [
        Turn("online", "offline", 10), Turn("offline", "online", 25),
        Turn("online", "unknown", 30), Turn("unknown", "offline", 40),
        Turn("offline", "online", 90),
    ]  # fmt: skip
    assert [*absences(flips)] == [15, 60]


def test_the_offices_own_deafness_is_nobodys_absence() -> None:
    flips = [Turn("online", "unknown", 10), Turn("unknown", "online", 99)]
    assert [*absences(flips)] == []


def test_who_is_still_away_or_was_before_the_first_look_has_shown_no_habit() -> None:
    assert [*absences([Turn("never", "online", 5), Turn("online", "offline", 9)])] == []
    assert [*absences([Turn("offline", "online", 5)])] == []


def test_one_absence_in_twenty_is_longer_than_usual() -> None:
    away = [n * MINUTE for n in range(1, 101)]
    assert usual(away) == 95 * MINUTE
    assert usual([20 * MINUTE, 40 * MINUTE]) == 40 * MINUTE


def test_it_has_bounds_and_none_is_an_hour() -> None:
    assert usual([5]) == LEAST_MS
    assert usual([HOUR * 100]) == MOST_MS
    assert usual([]) == UNKNOWN_MS


@given(st.lists(st.integers(0, MOST_MS * 2), min_size=1, max_size=60))
def test_at_least_so_many_were_back_by_then(away: list[int]) -> None:
    found = usual(away)
    assert LEAST_MS <= found <= MOST_MS
    if found < MOST_MS:
        assert sum(1 for one in away if one <= found) * 100 >= 95 * len(away)


def test_each_kiosk_by_its_own_timeline(database: str) -> None:
    office = Office(database, "kiosk-1", "kiosk-2", "kiosk-3")
    ids = [office.known(name).id for name in ("kiosk-1", "kiosk-2", "kiosk-3")]

    def away(
        kiosk_id: int, since: int, ms: int, subject: str = "presence"
    ) -> list[dict[str, object]]:
        row = {"kiosk_id": kiosk_id, "subject": subject, "why": ""}
        return [
            {**row, "old": "online", "new": "offline", "at": since},
            {**row, "old": "offline", "new": "online", "at": since + ms},
        ]

    rows = [one for n in range(20) for one in away(ids[0], START - n * 2 * HOUR, 30 * MINUTE)]
    rows += away(ids[1], START - LOOKED_AT_MS - 5 * HOUR, HOUR * 2)  # too long ago
    rows += away(ids[1], START - HOUR, HOUR, subject="probe:screen")
    with writing(office.engine) as conn:
        conn.execute(insert(flip), rows)
        found = of(conn, ids, START)
    assert found == {ids[0]: 30 * MINUTE, ids[1]: UNKNOWN_MS, ids[2]: UNKNOWN_MS}


def test_thousands_are_asked_in_slices(sqlite_url: str) -> None:
    office = Office(sqlite_url)
    with office.engine.connect() as conn:
        assert set(of(conn, range(2_000), START).values()) == {UNKNOWN_MS}
        assert of(conn, [], START) == {}
