"""Turns given anew keep the rate and the window, and never come before what was signed."""

from controller.jobs import spread, states
from controller.jobs.plan import Plan, Window
from controller.store.engine import writing
from tests.support.jobs import JobDesk

HOUR = 3_600_000


def anew(desk: JobDesk, plan: Plan, later: int) -> list[int]:
    wish = desk.wish("noop", *desk.names()[:6], plan=plan, valid_s=86_400)
    job_id = desk.ask(wish)
    desk.now += later
    with writing(desk.engine) as conn:
        spread.spread(conn, states.find(conn, job_id), range(1, 2), desk.now)
    rows = desk.commands(job_id)
    assert all(row.due >= row.after for row in rows)
    return [row.due - desk.now for row in rows]


def test_without_wishes_all_are_due_at_once(desk: JobDesk) -> None:
    assert anew(desk, Plan(), HOUR) == [0] * 6


def test_a_rate_is_kept(desk: JobDesk) -> None:
    assert anew(desk, Plan(rate_per_min=2), HOUR) == [30_000 * number for number in range(6)]


def test_whose_turn_has_not_come_keeps_it(desk: JobDesk) -> None:
    assert anew(desk, Plan(rate_per_min=2), 0) == [30_000 * number for number in range(6)]


def test_what_fits_into_no_window_is_not_due_before_it_expires(desk: JobDesk) -> None:
    plan = Plan(rate_per_min=1, window=Window("0 * * * *", 3, "UTC"))
    left = anew(desk, plan, 23 * HOUR + HOUR // 2)
    expires = HOUR // 2
    assert sorted(left) == left
    assert all(one <= expires or one == expires + 1 for one in left)
    assert left[-1] == expires + 1


def test_only_the_waves_that_opened_get_turns(desk: JobDesk) -> None:
    plan = Plan(waves=("3", "100%"))
    job_id = desk.ask(desk.wish("noop", *desk.names()[:6], plan=plan))
    desk.now += HOUR
    with writing(desk.engine) as conn:
        spread.spread(conn, states.find(conn, job_id), range(2, 3), desk.now)
    assert [row.due == desk.now for row in desk.commands(job_id)] == [False] * 3 + [True] * 3
