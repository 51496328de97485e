"""The last word of each probe, and a day of figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller import readings
from controller.known import Known
from controller.store.engine import open_engine, writing
from tests.support.office import START, Office, Teller, seen

DAY = readings.DAY_MS


@given(st.integers(0, 2**53), st.integers(0, 2**53), st.integers(0, 2**53))
def test_what_was_seen_is_never_in_the_future_nor_beyond_patience(
    received: int, sent: int, at: int
) -> None:
    real = readings.real_time(received, sent, at)
    assert received - 90 * DAY <= real <= received


def test_a_wrong_clock_does_not_move_what_was_seen() -> None:
    assert readings.real_time(START, 5_000, 2_000) == START - 3_000
    assert readings.real_time(START, 2_000, 5_000) == START


def test_a_state_is_dated_from_its_beginning() -> None:
    draft, kiosk = Known(1, "kiosk-1", 0), Teller("kiosk-1")
    kiosk.now += 10_000
    for at, state, since in [(1, "ok", 1), (2, "ok", 1), (3, "fail", 3), (4, "fail", 3)]:
        one = seen("screen", state, at=START + at)  # type: ignore[arg-type]
        readings.note(draft, kiosk.present(), one, START + 10_000)
        assert draft.latest["screen"].since == START + since


def test_what_says_nothing_new_is_stored_again_once_a_minute() -> None:
    draft, kiosk = Known(1, "kiosk-1", 0), Teller("kiosk-1")
    stored = set()
    for second in range(0, 181, 5):
        readings.note(draft, kiosk.present(), seen("screen"), START + second * 1000)
        stored.add(draft.latest["screen"].stored_at)
        assert draft.latest["screen"].received_at == START + second * 1000
    assert sorted(stored) == [START, START + 60_000, START + 120_000, START + 180_000]


def test_news_is_a_state_a_code_or_a_reason_but_not_a_figure() -> None:
    draft, kiosk = Known(1, "kiosk-1", 0), Teller("kiosk-1")

    def note(*codes: str, state: str = "ok", **more: object) -> bool:
        one = seen("printer", state, *codes, **more)  # type: ignore[arg-type]
        return readings.note(draft, kiosk.present(), one, START)

    assert note()
    assert not note()
    assert not note(facts={"jobs": 3})
    assert note(state="warn")
    assert note("printer.paper_low", state="warn")
    assert note("printer.paper_low", state="warn", why="tray 2")


def test_a_kiosk_cannot_invent_probes_without_end() -> None:
    draft, kiosk = Known(1, "kiosk-1", 0), Teller("kiosk-1")
    for number in range(100):
        readings.note(draft, kiosk.present(), seen(f"p{number}"), START)
    assert len(draft.latest) == readings.MOST_PROBES


def test_figures_are_numbers_and_nothing_else() -> None:
    draft, kiosk = Known(1, "kiosk-1", 0), Teller("kiosk-1")
    reading = kiosk.reading(
        seen("system", facts={"cpu_percent": 7, "memory_percent": "<b>"}),
        seen("disk", facts={"used_percent": True}),
        seen("temperature", facts={"celsius": 61.5}),
    )
    row = readings.figures(draft, reading, START)
    assert row is not None
    told = {name: value for name, value in row.items() if value is not None}
    assert told == {"kiosk_id": 1, "at": START, "cpu_percent": 7.0, "temperature_c": 61.5}
    assert readings.figures(draft, kiosk.reading(seen("screen")), START) is None


def test_two_readings_in_one_millisecond_are_both_kept(database: str) -> None:
    office, kiosk = Office(database, "kiosk-1"), Teller("kiosk-1")
    look = seen("system", facts={"cpu_percent": 1.0})
    office.take(kiosk, kiosk.birth(), *(kiosk.reading(look) for _ in range(3)))
    assert office.rows("SELECT at - (SELECT min(at) FROM telemetry) FROM telemetry") == [
        (0,), (1,), (2,),
    ]  # fmt: skip


def test_a_day_is_kept_and_what_is_older_goes(database: str) -> None:
    office, kiosk = Office(database, "kiosk-1"), Teller("kiosk-1")
    look = seen("system", facts={"cpu_percent": 1.0})
    office.take(kiosk, kiosk.birth(), kiosk.reading(look))
    office.now += DAY + 1
    office.take(kiosk, kiosk.reading(look))
    office.timers.prune()
    assert office.rows("SELECT at FROM telemetry") == [(office.now,)]


@pytest.mark.parametrize("ids", [[], [1, 2]])
def test_pruning_nobody_is_no_error(sqlite_url: str, ids: list[int]) -> None:
    with writing(open_engine(sqlite_url)) as conn:
        readings.prune(conn, ids, START)
