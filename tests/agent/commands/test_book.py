"""Memory and disk agree although the disk refuses: nothing forgotten, nothing done twice."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from tests.agent.commands.failing import Disk
from tests.agent.commands.played import Played

OK = ("succeeded", "")
Mood = Literal["refuses", "lies"]
MOODS: tuple[Mood, ...] = ("refuses", "lies")


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def played(tmp_path: Path, disk: Disk) -> Iterator[Played]:
    made = Played(tmp_path, connects=disk.store)
    made.lay_policy()
    made.begin().do()
    yield made
    disk.mood = "well"
    made.end()


@pytest.mark.parametrize("mood", MOODS)
@pytest.mark.parametrize("kind", ["reload_page", "test_print", "restart_agent", "screen"])
def test_an_intent_the_disk_refuses_is_not_acted_upon_and_is_taken_the_next_time(
    played: Played, disk: Disk, mood: Mood, kind: str
) -> None:
    one = played.envelope(kind, {"on": True} if kind == "screen" else {})
    disk.mood = mood
    played.do(one)
    assert (played.asked, played.restarts, played.results) == ([], [], [])
    assert "the disk refuses" in played.commands.trouble()
    disk.mood = "well"
    played.do(one)
    assert played.commands.trouble() == ""
    if kind == "restart_agent":
        played.again()
    assert played.ends() == [OK]
    assert len(played.asked) + len(played.restarts) == 1


@pytest.mark.parametrize("mood", MOODS)
def test_an_end_the_disk_refuses_is_neither_forgotten_nor_done_twice(
    played: Played, disk: Disk, mood: Mood
) -> None:
    one = played.envelope("test_print", {})
    played.hear(one)
    disk.mood = mood
    played.commands.run_pending()
    assert played.outbox.waiting == 1
    for _ in range(3):
        played.do(one)
    disk.mood = "well"
    played.do(one)
    assert played.outbox.flush()
    played.do(one)
    assert played.results == [(one.command, *OK)]
    assert len(played.asked) == 1


@pytest.mark.parametrize("mood", MOODS)
def test_an_end_the_disk_refused_until_the_power_was_cut_is_unknown_or_there(
    played: Played, disk: Disk, mood: Mood
) -> None:
    one = played.envelope("test_print", {})
    played.hear(one)
    disk.mood = mood
    played.commands.run_pending()
    disk.mood = "well"
    played.reboot().do(one)
    assert played.ends() == [("unknown", "interrupted") if mood == "refuses" else OK]
    assert len(played.asked) == 1


@pytest.mark.parametrize("mood", MOODS)
def test_a_no_op_the_disk_refuses_is_answered_when_it_takes_it(
    played: Played, disk: Disk, mood: Mood
) -> None:
    one, later = played.envelope(), played.envelope("reload_page")
    disk.mood = mood
    played.do(one)
    played.do(one, later)  # whose number may not be written before that of the first
    assert played.asked == []
    disk.mood = "well"
    played.do(one, later)
    assert played.ends() == [OK, OK]


def test_a_disk_that_refuses_how_to_undo_lets_nothing_be_done(played: Played, disk: Disk) -> None:
    played.program = "say(undo='50')\nprint(sys.stdin.readline(), file=open('/dev/null'))\ndone()"
    played.hear(played.envelope("set_volume", {"percent": 10}))
    disk.mood = "refuses"
    played.commands.run_pending()
    disk.mood = "well"
    assert played.outbox.flush()
    assert played.ends() == [("failed", "no_disk")]


def test_nothing_is_refused_for_good_because_the_disk_cannot_be_read(
    played: Played, disk: Disk
) -> None:
    one = played.envelope("reload_page", expires=played.office_now + 10)
    disk.mood = "refuses"
    played.do(one)
    disk.mood = "well"
    played.now += 60
    played.do(one)
    assert played.ends() == [("expired", "expired")]
