"""What a process says, line by line; whatever the bytes, it is a Saying."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.commands.runner import (
    MOST_UNDO,
    Child,
    Gone,
    Nonsense,
    Outcome,
    Percent,
    Saying,
    Undo,
    read,
    request,
)

ECHO = "import sys\nsys.stdout.write(sys.stdin.readline())"


@pytest.mark.parametrize(
    ("line", "saying"),
    [
        (b'{"progress":{"percent":40,"note":"half"}}', Percent(40, "half")),
        (b'{"undo":"was 50"}', Undo("was 50")),
        (b'{"undo":""}', Undo("")),
        (
            b'{"outcome":{"state":"failed","code":"no_paper"}}',
            Outcome(state="failed", code="no_paper"),
        ),
        (b'{"outcome":{"state":"succeeded","new":1}}', Outcome(state="succeeded")),
    ],
)
def test_lines_mean_what_they_say(line: bytes, saying: Saying) -> None:
    assert read(line) == saying


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"[]",
        b'{"outcome":{"state":"rejected"}}',
        b'{"outcome":{"state":"failed","code":"No!"}}',
        b'{"undo":"' + b"x" * (MOST_UNDO + 1) + b'"}',
        b'{"progress":{"note":"\\u0000"}}',
        b"[" * 60_000,
    ],
)
def test_other_lines_are_nonsense(line: bytes) -> None:
    assert isinstance(read(line), Nonsense)


@given(st.binary(max_size=300))
def test_whatever_the_bytes_it_is_a_saying(line: bytes) -> None:
    assert isinstance(read(line), Saying)


@pytest.fixture
def wake_fd() -> Iterator[int]:
    made = os.eventfd(0)
    yield made
    os.close(made)


def handles() -> int:
    """What the tests before this one left to be collected is not of the child."""
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_process_hears_what_it_is_told_and_leaves_nothing_behind(wake_fd: int) -> None:
    before = handles()
    told = {"progress": {"percent": 3}}
    child = Child((sys.executable, "-S", "-c", ECHO), told)
    said: list[Saying] = []
    while not any(isinstance(one, Gone) for one in said):
        said += child.step(wake_fd, 30)
    child.close()
    assert said == [Percent(3), Gone(0)]
    assert handles() == before


def test_one_that_cannot_be_started_leaves_nothing_behind_either() -> None:
    before = handles()
    with pytest.raises(OSError, match="nowhere"):
        Child(("/nowhere",), {})
    assert handles() == before


def test_a_wake_up_ends_the_wait_and_close_ends_the_process(wake_fd: int) -> None:
    child = Child((sys.executable, "-S", "-c", "import time; time.sleep(60)"), {})
    os.eventfd_write(wake_fd, 1)
    assert child.step(wake_fd, 30) == []
    child.close()
    child.terminate()  # too late, and no other process's business


def test_the_request_is_what_the_action_reads() -> None:
    assert request("a" * 32, "screen", {"on": True}, 40) == {
        "command": "a" * 32,
        "kind": "screen",
        "args": {"on": True},
        "until_s": 40,
    }
