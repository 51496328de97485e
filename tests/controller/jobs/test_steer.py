"""Pausing, going on, cancelling, asking again: by whom, in which state, and written down."""

from collections.abc import Callable
from typing import Any

import pytest

from controller.jobs import steer
from controller.jobs.plan import Plan
from controller.jobs.refused import Lacks, Refused
from controller.scope import Outside
from controller.store.engine import writing
from tests.support.jobs import BANDUNG, ELSEWHERE, JobDesk

OVER = ["succeeded", "failed", "rejected", "expired", "cancelled", "unknown", "overdue", "silent"]


def do(desk: JobDesk, what: Callable[..., Any], *said: Any, who: str = "siti") -> Any:
    with writing(desk.engine) as conn:
        return what(conn, desk.people[who], *said, desk.now)


def ten(desk: JobDesk, **more: Any) -> int:
    return desk.ask(desk.wish("reboot", *desk.names()[:10], **more))


def test_a_paused_job_goes_on(desk: JobDesk) -> None:
    job_id = ten(desk)
    do(desk, steer.pause, job_id)
    assert (desk.job(job_id).state, desk.job(job_id).state_why) == ("paused", "paused by siti")
    with pytest.raises(Refused, match="is paused"):
        do(desk, steer.pause, job_id)
    do(desk, steer.resume, job_id)
    assert desk.job(job_id).state == "running"
    assert [row.what for row in desk.log("job")] == ["job.pause", "job.resume"]


def test_going_on_keeps_the_rate(desk: JobDesk) -> None:
    job_id = ten(desk, plan=Plan(rate_per_min=1))
    do(desk, steer.pause, job_id)
    desk.now += 1_800_000
    do(desk, steer.resume, job_id)
    due = [row.due for row in desk.commands(job_id)]
    assert due == [desk.now + 60_000 * number for number in range(10)]


def test_cancelling_ends_what_was_not_sent_and_asks_the_others(desk: JobDesk) -> None:
    job_id = ten(desk)
    rows = desk.commands(job_id)
    desk.answer(rows[:2], "sent")
    desk.answer(rows[2:4], "running")
    desk.answer(rows[4:5], "succeeded")
    do(desk, steer.cancel, job_id)
    assert desk.job(job_id).state == "cancelled"
    now = desk.commands(job_id)
    assert [row.state for row in now] == ["sent"] * 2 + ["running"] * 2 + ["succeeded"] + [
        "cancelled"
    ] * 5
    asked = [(row.cancel_at, row.cancel_by, row.due) for row in now[:4]]
    assert asked == [(desk.now, "siti", desk.now)] * 4
    assert now[4].cancel_at is None
    with pytest.raises(Refused):
        do(desk, steer.resume, job_id)


def test_one_command_is_cancelled_in_every_open_state(desk: JobDesk) -> None:
    job_id = ten(desk)
    rows = desk.commands(job_id)
    for row, state in zip(rows, ["queued", "sent", "accepted", "running"], strict=False):
        desk.answer([row], state)
        outcome = do(desk, steer.cancel_command, row.command_id)
        assert outcome == ("cancelled" if state == "queued" else "asked")
    assert [row.state for row in desk.commands(job_id)][:4] == [
        "cancelled",
        "sent",
        "accepted",
        "running",
    ]
    assert do(desk, steer.cancel_command, rows[1].command_id) == "asked"
    assert len(desk.log("command.cancel")) == 4


@pytest.mark.parametrize("state", OVER)
def test_what_is_over_says_so_when_it_is_cancelled(desk: JobDesk, state: str) -> None:
    (row,) = desk.commands(desk.ask(desk.wish()))
    desk.answer([row], state)
    with pytest.raises(Refused, match=f"it is over: {state}"):
        do(desk, steer.cancel_command, row.command_id)


def test_asking_again_leaves_out_what_succeeded_and_what_was_rejected(desk: JobDesk) -> None:
    job_id = ten(desk, plan=Plan(rate_per_min=60), valid_s=7200)
    rows = desk.commands(job_id)
    for row, state in zip(rows, [*OVER, "sent", "queued"], strict=True):
        desk.answer([row], state)
    again = do(desk, steer.retry_failed, job_id, "")
    failed = {row.name for row, state in zip(rows, OVER, strict=False) if state in steer.AGAIN}
    assert len(failed) == 5
    assert {row.name for row in desk.commands(again)} == failed
    job = desk.job(again)
    assert (job.retry_of, job.kind, job.plan["rate_per_min"]) == (job_id, "reboot", 60)
    assert job.expires - job.not_before == 7_200_000
    token = "f" * 32
    assert do(desk, steer.retry_failed, job_id, token) == do(
        desk, steer.retry_failed, job_id, token
    )


def test_where_nothing_failed_there_is_nothing_to_ask_again(desk: JobDesk) -> None:
    with pytest.raises(Refused, match="nothing of job"):
        do(desk, steer.retry_failed, ten(desk), "")


def test_row_69_only_where_every_kiosk_is_theirs(desk: JobDesk) -> None:
    both = desk.names(BANDUNG)[:1] + desk.names(ELSEWHERE)[:1]
    job_id = desk.ask(desk.wish("noop", *both))
    theirs = next(row for row in desk.commands(job_id) if row.name == both[1])
    desk.people["tono"] = desk.person("tono", ("technician", BANDUNG))
    desk.people["loket"] = desk.person("loket", ("officer", ""))
    for what in (steer.pause, steer.resume, steer.cancel):
        with pytest.raises(Outside):
            do(desk, what, job_id, who="tono")
        with pytest.raises(Lacks):
            do(desk, what, job_id, who="loket")
    with pytest.raises(Outside):
        do(desk, steer.cancel_command, theirs.command_id, who="tono")
    with pytest.raises(Lacks):
        do(desk, steer.cancel_command, theirs.command_id, who="loket")
    with pytest.raises(Outside):
        do(desk, steer.retry_failed, job_id, "", who="tono")


def test_letting_go_on_needs_the_power_of_the_job(desk: JobDesk) -> None:
    job_id = desk.ask(desk.wish("clear_queue"))
    desk.agree(job_id, "budi")
    desk.tick()
    desk.people["tono"] = desk.person("tono", ("technician", ""))
    do(desk, steer.pause, job_id, who="tono")
    with pytest.raises(Lacks):
        do(desk, steer.resume, job_id, who="tono")


def test_what_is_not_there_is_unknown(desk: JobDesk) -> None:
    for what, said in ((steer.pause, 99), (steer.cancel_command, "0" * 32)):
        with pytest.raises(Refused) as refused:
            do(desk, what, said)
        assert refused.value.code == "unknown"
