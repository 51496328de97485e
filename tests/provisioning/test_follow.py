"""A job is watched until every answer is in; hostile words do not write on the terminal."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from controller import changes
from controller.people.powers import EVERYWHERE
from controller.store.engine import writing
from provisioning.follow import Follow
from tests.support.jobs import JobDesk


@pytest.fixture
def desk(office_engine: Engine) -> JobDesk:
    return JobDesk(office_engine, 4)


def follow(desk: JobDesk, job_id: int, *steps: Callable[[], object]) -> tuple[bool, list[str]]:
    """Each step happens while the watcher waits, and is told as the office tells it."""
    said: list[str] = []
    left = list(steps)

    def wait(_: float) -> None:
        left.pop(0)()
        with writing(desk.engine) as conn:
            changes.record(conn, "job", None, str(job_id), desk.now)

    return Follow(desk.engine, EVERYWHERE, job_id, said.append, wait).run(), said


def test_each_answer_is_said_once_and_the_end_is_told(desk: JobDesk) -> None:
    job_id = desk.ask(desk.wish("noop", *desk.names()[:2]))
    first, second = desk.commands(job_id)
    well, said = follow(
        desk,
        job_id,
        lambda: desk.answer([first], "succeeded", facts={"took_ms": 3}),
        lambda: desk.answer([second], "running"),
        lambda: desk.answer([second], "succeeded"),
        lambda: desk.tick(1),
    )
    assert well
    assert [line for line in said if line.startswith(first.name)] == [
        f"{first.name}  succeeded  took_ms=3"
    ]
    assert "finished" in said[-1]
    assert "2 succeeded" in said[-1]


def test_a_failure_is_not_well_and_says_why_without_control_characters(desk: JobDesk) -> None:
    job_id = desk.ask(desk.wish("noop", desk.names()[0]))
    (one,) = desk.commands(job_id)
    hostile = "\x1b[2J\x1b]0;owned\x07 broken"
    well, said = follow(
        desk,
        job_id,
        lambda: desk.answer([one], "failed", code="device", why=hostile),
        lambda: desk.tick(1),
    )
    assert not well
    (line,) = [line for line in said if line.startswith(one.name)]
    assert line.startswith(f"{one.name}  failed  device ?[2J?]0;owned? broken")
    assert "\x1b" not in "".join(said)


def test_a_guess_of_the_office_is_said_as_one_and_corrected(desk: JobDesk) -> None:
    job_id = desk.ask(desk.wish("noop", *desk.names()[:2]))
    first, second = desk.commands(job_id)
    well, said = follow(
        desk,
        job_id,
        lambda: desk.answer([first], "overdue"),
        lambda: desk.answer([first, second], "succeeded"),
        lambda: desk.tick(1),
    )
    assert well
    about = [line for line in said if line.startswith(first.name)]
    assert about == [f"{first.name}  expired (not heard of)", f"{first.name}  succeeded"]
