"""Counting a job's commands by wave, as the gate wants them."""

from controller.jobs import states, tally
from controller.jobs.gate import Rules, Tally
from controller.jobs.plan import Plan
from tests.support.jobs import JobDesk


def waves(desk: JobDesk, job_id: int) -> list[Tally]:
    with desk.reading() as conn:
        return tally.waves(conn, states.find(conn, job_id), desk.now)


def test_every_command_is_counted_in_its_wave(desk: JobDesk) -> None:
    plan = Plan(waves=("8", "100%"))
    job_id = desk.ask(desk.wish("noop", *desk.names()[:10], plan=plan))
    rows = desk.commands(job_id)
    ends = ["succeeded", "failed", "rejected", "unknown", "silent", "expired", "cancelled"]
    for row, state in zip(rows, ends, strict=False):
        desk.answer([row], state)
    desk.presence(rows[9:], "offline")
    assert waves(desk, job_id) == [
        Tally(8, succeeded=1, failed=4, working=1, gone=2, last_end=desk.now),
        Tally(2, working=1, away=1),
    ]


def test_a_kiosk_that_is_there_and_says_nothing_is_silent_after_its_usual_time(
    desk: JobDesk,
) -> None:
    job_id = desk.ask(desk.wish("noop", *desk.names()[:2]))
    rows = desk.commands(job_id)
    desk.answer(rows, "running")
    desk.presence(rows[1:], "unknown")
    desk.now += 70_001
    assert waves(desk, job_id) == [Tally(2, failed=1, silent=1, away=1)]


def test_the_rules_are_those_of_the_plan(desk: JobDesk) -> None:
    plan = Plan(pause_s=3, stop_failed_percent=4, stop_failed_count=5)
    usual = desk.ask(desk.wish(plan=plan))
    wipe = desk.ask(desk.wish("wipe", desk.names()[0]))
    with desk.reading() as conn:
        assert tally.rules(states.find(conn, usual)) == Rules(3_000, 4, 5, canary=False)
        assert tally.rules(states.find(conn, wipe)).canary
