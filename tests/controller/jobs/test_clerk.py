"""The clerk: jobs begin, open their waves, hold, finish and lapse by the clock and by results."""

from controller.jobs import steer
from controller.jobs.plan import Plan, Window
from controller.store.engine import writing
from tests.support.jobs import JobDesk

HOUR_S = 3_600


def of_wave(desk: JobDesk, job_id: int, wave: int) -> list:  # type: ignore[type-arg]
    return [row for row in desk.commands(job_id) if row.wave == wave]


def test_where_nothing_runs_there_is_nothing_to_do(desk: JobDesk) -> None:
    assert not desk.tick(1)


def test_a_job_of_two_waves_runs_through(desk: JobDesk) -> None:
    plan = Plan(waves=("50%", "100%"), pause_s=30)
    job_id = desk.ask(desk.wish("reboot", *desk.names()[:20], plan=plan))
    assert not desk.tick(1)
    desk.answer(of_wave(desk, job_id, 1), "succeeded")
    assert not desk.tick(29)
    assert desk.tick(1)
    assert desk.job(job_id).wave == 2
    assert all(row.due == desk.now for row in of_wave(desk, job_id, 2))
    desk.answer(of_wave(desk, job_id, 2), "succeeded")
    assert desk.tick(1)
    job = desk.job(job_id)
    assert (job.state, job.state_why) == ("finished", "20 of 20 kiosks succeeded")
    assert not desk.tick(1)


def test_too_many_failures_hold_it_until_a_person_decides(desk: JobDesk) -> None:
    plan = Plan(waves=("50%", "100%"))
    job_id = desk.ask(desk.wish("reboot", *desk.names()[:20], plan=plan))
    rows = of_wave(desk, job_id, 1)
    desk.answer(rows[:3], "failed")
    desk.answer(rows[3:], "succeeded")
    assert desk.tick(1)
    assert desk.job(job_id).state == "held"
    assert not desk.tick(60)
    with writing(desk.engine) as conn:
        steer.resume(conn, desk.people["siti"], job_id, desk.now)
    desk.tick(1)
    assert (desk.job(job_id).state, desk.job(job_id).wave) == ("running", 2)


def test_the_silence_of_a_kiosk_that_is_there_is_a_failure(desk: JobDesk) -> None:
    job_id = desk.ask(desk.wish("noop", *desk.names()[:3]))
    desk.answer(desk.commands(job_id), "sent")
    desk.tick(60)
    assert desk.job(job_id).state == "running"
    desk.tick(15)
    assert desk.job(job_id).state == "held"


def test_a_kiosk_that_is_away_holds_nothing_and_proves_nothing(desk: JobDesk) -> None:
    plan = Plan(waves=("2", "100%"))
    job_id = desk.ask(desk.wish("noop", *desk.names()[:6], plan=plan))
    first = of_wave(desk, job_id, 1)
    desk.answer(first, "sent")
    desk.presence(first, "offline")
    desk.tick(600)
    assert (desk.job(job_id).state, desk.job(job_id).wave) == ("running", 1)
    desk.answer(first[:1], "succeeded")
    desk.tick(1)
    assert desk.job(job_id).wave == 2


def test_row_50_a_destructive_job_waits_for_people_then_for_its_cool_off(desk: JobDesk) -> None:
    job_id = desk.ask(desk.wish("noop", *desk.names(), plan=Plan(stop_failed_percent=0)))
    desk.agree(job_id, "budi")
    desk.tick(1_000)
    assert desk.job(job_id).state == "waiting"
    desk.agree(job_id, "rini")
    desk.tick(899)
    assert desk.job(job_id).state == "ready"
    desk.tick(1)
    assert (desk.job(job_id).state, desk.job(job_id).wave) == ("running", 1)
    desk.answer(of_wave(desk, job_id, 1), "failed")
    desk.tick(1)
    assert desk.job(job_id).state == "held"
    assert desk.job(job_id).state_why == "1 of 1 kiosks failed before the last wave"


def test_a_job_whose_people_came_late_keeps_its_rate_and_its_window(desk: JobDesk) -> None:
    plan = Plan(rate_per_min=1, window=Window("0 * * * *", 2, "UTC"))
    job_id = desk.ask(desk.wish("clear_queue", *desk.names()[:5], plan=plan, valid_s=90_000))
    desk.now += 10 * HOUR_S * 1000
    desk.agree(job_id, "budi")
    desk.tick()
    due = [row.due for row in desk.commands(job_id)]
    minutes = [one // 60_000 % 60 for one in due]
    assert minutes == [0, 1, 0, 1, 0]
    assert min(due) >= desk.now
    assert max(due) - min(due) == 2 * HOUR_S * 1000


def test_what_came_too_late_for_every_window_is_never_due(desk: JobDesk) -> None:
    plan = Plan(window=Window("0 * * * *", 2, "UTC"))
    job_id = desk.ask(desk.wish("clear_queue", plan=plan, valid_s=HOUR_S + 60))
    (row,) = desk.commands(job_id)
    desk.now = row.expires - 600_000
    if row.after <= desk.now:
        desk.agree(job_id, "budi")
        desk.tick()
        assert desk.commands(job_id)[0].due > row.expires


def test_a_job_whose_time_was_over_before_it_began_lapses(desk: JobDesk) -> None:
    waiting = desk.ask(desk.wish("clear_queue", valid_s=60))
    desk.tick(60)
    assert desk.job(waiting).state == "refused"
    ready = desk.ask(desk.wish("wipe", desk.names()[0], valid_s=60))
    desk.agree(ready, "budi")
    desk.agree(ready, "rini")
    desk.tick(2_000)
    assert desk.job(ready).state == "refused"
    assert {row.state for row in desk.commands(ready)} == {"cancelled"}


def test_what_dispatch_forgot_is_given_up_at_last(desk: JobDesk) -> None:
    job_id = desk.ask(desk.wish("noop", *desk.names()[:3], valid_s=60))
    desk.presence(desk.commands(job_id), "offline")
    desk.tick(61)
    assert desk.job(job_id).state == "running"
    desk.tick(120)
    assert {row.state for row in desk.commands(job_id)} == {"overdue"}
    assert desk.job(job_id).state == "finished"


def test_a_paused_job_whose_last_answer_came_is_finished(desk: JobDesk) -> None:
    job_id = desk.ask(desk.wish())
    with writing(desk.engine) as conn:
        steer.pause(conn, desk.people["siti"], job_id, desk.now)
    assert not desk.tick(1)
    desk.answer(desk.commands(job_id), "succeeded")
    assert desk.tick(1)
    assert desk.job(job_id).state == "finished"
