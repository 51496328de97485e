"""A kiosk's past: flips page by page, and curves that show peaks and admit holes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, insert

from controller import fleet, history
from controller.history import Point, Position, thin
from controller.store.engine import writing
from controller.store.tables import flip, telemetry
from controller.words import BadQuestion
from tests.support.fleet import NOW

HOUR = 3_600_000


@pytest.fixture
def one(office_engine: Engine) -> Engine:
    with writing(office_engine) as conn:
        fleet.register_site(conn, fleet.Site("32.73.02", "Coblong", "Kota Bandung", -6.8, 107.6), 0)
        fleet.register_kiosk(conn, "coblong-01", "32.73.02", 0)
    return office_engine


def test_flips_come_newest_first_and_page_by_page_without_losing_any(fleet_61: Engine) -> None:
    with fleet_61.connect() as conn:
        everything = history.flips(conn, 1, size=500)
        pages: list[history.FlipRow] = []
        before = None
        while page := history.flips(conn, 1, before=before, size=5):
            pages += page
            before = Position(page[-1].at, page[-1].id)
    assert pages == everything
    assert len(everything) == 24
    assert [row.at for row in everything] == sorted((row.at for row in everything), reverse=True)


def test_flips_of_the_same_moment_are_not_lost_between_pages(one: Engine) -> None:
    with writing(one) as conn:
        _flip(conn, *[("probe:printer", "fail", NOW)] * 7)
        first = history.flips(conn, 1, size=4)
        rest = history.flips(conn, 1, before=Position(first[-1].at, first[-1].id), size=4)
    assert len({row.id for row in first + rest}) == 7


def test_a_subject_may_be_a_beginning_and_its_signs_are_no_wildcards(one: Engine) -> None:
    with writing(one) as conn:
        _flip(
            conn, ("probe:printer", "fail", 1), ("presence", "offline", 2), ("fault:x", "open", 3)
        )
        assert [r.subject for r in history.flips(conn, 1, subject="probe:")] == ["probe:printer"]
        assert history.flips(conn, 1, subject="%") == []


def test_a_value_holds_from_before_the_window(one: Engine) -> None:
    with writing(one) as conn:
        _say(conn, (NOW - HOUR, 5.0), (NOW + HOUR, 7.0))
        (cpu,) = history.series(conn, 1, ["cpu_percent"], NOW, NOW + 2 * HOUR)
    assert cpu.points == [(NOW, 5.0), (NOW + HOUR, 7.0)]


def test_a_row_that_does_not_speak_of_a_metric_changes_nothing(one: Engine) -> None:
    with writing(one) as conn:
        _say(conn, (NOW, 5.0), (NOW + 1000, None), (NOW + 2000, 6.0))
        (cpu, memory) = history.series(conn, 1, ["cpu_percent", "memory_percent"], NOW, NOW + HOUR)
    assert cpu.points == [(NOW, 5.0), (NOW + 2000, 6.0)]
    assert memory.points == []


@pytest.mark.parametrize("lost", ["offline", "unknown"])
def test_while_the_kiosk_was_away_the_curve_has_a_hole(one: Engine, lost: str) -> None:
    with writing(one) as conn:
        _say(conn, (NOW, 5.0), (NOW + 3000, 6.0))
        _flip(conn, ("presence", lost, NOW + 1000), ("presence", "online", NOW + 2900))
        (cpu,) = history.series(conn, 1, ["cpu_percent"], NOW, NOW + HOUR)
        (later,) = history.series(conn, 1, ["cpu_percent"], NOW + 2000, NOW + HOUR)
    assert cpu.points == [(NOW, 5.0), (NOW + 1000, None), (NOW + 3000, 6.0)]
    assert later.points == [(NOW + 3000, 6.0)], "what was known before the hole is not carried"


def test_a_day_is_thinned_to_the_points_asked(fleet_61: Engine) -> None:
    with fleet_61.connect() as conn:
        day = (NOW - 24 * HOUR, NOW)
        (full,) = history.series(conn, 1, ["cpu_percent"], *day, most=5000)
        (thinned,) = history.series(conn, 1, ["cpu_percent"], *day, most=200)
    assert len(thinned.points) <= 200
    assert max(p.value or 0 for p in thinned.points) == max(p.value or 0 for p in full.points)


@pytest.mark.parametrize(
    ("metric", "window", "most"),
    [
        ("password", (0, 1), 10),
        ("cpu_percent", (5, 5), 10),
        ("cpu_percent", (0, 32 * 24 * HOUR), 10),
        ("cpu_percent", (0, 1), 0),
    ],
)
def test_a_question_out_of_range_is_refused(
    fleet_61: Engine, metric: str, window: tuple[int, int], most: int
) -> None:
    with fleet_61.connect() as conn, pytest.raises(BadQuestion):
        history.series(conn, 1, [metric], *window, most=most)


def test_a_page_of_flips_has_a_size(fleet_61: Engine) -> None:
    with fleet_61.connect() as conn, pytest.raises(BadQuestion):
        history.flips(conn, 1, size=0)


values = st.none() | st.floats(-1000, 1000)
curves = st.lists(st.tuples(st.integers(0, 99_999), values), max_size=400, unique_by=lambda p: p[0])


@given(curve=curves, most=st.integers(5, 100))
def test_thinning_is_bounded_ordered_and_keeps_peaks(
    curve: list[tuple[int, float | None]], most: int
) -> None:
    points = [Point(*pair) for pair in sorted(curve, key=lambda pair: pair[0])]
    kept = thin(points, 0, 100_000, most)
    assert len(kept) <= max(most, 5)
    assert [p.at for p in kept] == sorted(p.at for p in kept)
    assert set(kept) <= set(points)
    known = [p.value for p in points if p.value is not None]
    if known:
        left = [p.value for p in kept if p.value is not None]
        assert (min(left), max(left)) == (min(known), max(known))
    if points:
        assert (kept[0], kept[-1]) == (points[0], points[-1])


def _say(conn: Connection, *samples: tuple[int, float | None]) -> None:
    rows = [{"kiosk_id": 1, "at": at, "cpu_percent": value} for at, value in samples]
    conn.execute(insert(telemetry), rows)


def _flip(conn: Connection, *flips: tuple[str, str, int]) -> None:
    rows = [
        {"kiosk_id": 1, "subject": subject, "old": "ok", "new": new, "why": "", "at": at}
        for subject, new, at in flips
    ]
    conn.execute(insert(flip), rows)
