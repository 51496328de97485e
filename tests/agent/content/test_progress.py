"""What is said of releases on their way: states at once, bytes now and then, ends never."""

from pathlib import Path

import pytest

from agent.content import status
from agent.content.progress import AT_LEAST_S, Progress, Way
from agent.content.status import Installing, Status
from wire.wants import Want

TOTAL = 1_000_000


class Child:
    """Writes its status; `look` is the resident agent's."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "status.json"
        self.progress = Progress(self.path)

    def says(self, state: str, done: int = 0, *, note: str = "", at: float = 0.0) -> list[Way]:
        one = Installing(
            bundle="layanan", seq=2, attempt=1, state=state, done=done, total=TOTAL, note=note
        )
        status.write(self.path, Status(installs=[one]))
        self.progress.look(at)
        return self.news()

    def news(self) -> list[Way]:
        found = []
        while (way := self.progress.take()) is not None:
            found.append(way)
        return found


@pytest.fixture
def child(tmp_path: Path) -> Child:
    return Child(tmp_path)


def test_a_new_state_is_told_at_once(child: Child) -> None:
    told = child.says("downloading") + child.says("verifying") + child.says("staged")
    assert [way.state for way in told] == ["downloading", "verifying", "staged"]
    assert not child.progress.has_news


def test_bytes_are_told_when_there_are_enough_and_not_too_often(child: Child) -> None:
    child.says("downloading")
    assert child.says("downloading", TOTAL // 2, at=1.0) == []
    assert child.says("downloading", TOTAL // 100, at=20.0) == []
    (way,) = child.says("downloading", TOTAL // 2 + 1, at=21.0)
    assert way == Way("layanan", 2, 1, "downloading", TOTAL // 2 + 1, TOTAL)


def test_a_slow_line_is_heard_of_too(child: Child) -> None:
    child.says("downloading")
    assert child.says("downloading", 1, at=AT_LEAST_S)
    assert child.says("downloading", 1, at=3 * AT_LEAST_S) == []


def test_why_it_waits_is_told(child: Child) -> None:
    child.says("staged")
    (way,) = child.says("staged", note="a citizen is using it")
    assert way.note == "a citizen is using it"


@pytest.mark.parametrize("state", ["installed", "rolled_back", "failed", "dancing"])
def test_an_end_is_a_fact_and_nothing_to_tell_here(child: Child, state: str) -> None:
    assert child.says(state) == []


def test_what_the_office_desires_is_known_at_once(child: Child) -> None:
    child.progress.heard(Want(bundle="layanan", seq=2, number=1))
    assert child.news() == [Way("layanan", 2, 1, "pending")]
    child.says("downloading", 5)
    child.progress.heard(Want(bundle="layanan", seq=2, number=1))
    assert child.news() == [Way("layanan", 2, 1, "downloading", 5, TOTAL)]
    child.progress.heard(Want(bundle="layanan", seq=2, number=2, attempt=2))
    assert child.news() == [Way("layanan", 2, 2, "pending")]


def test_only_the_newest_of_a_bundle_waits(child: Child) -> None:
    child.progress.heard(Want(bundle="layanan", seq=2, number=1))
    child.progress.heard(Want(bundle="layanan", seq=3, number=2))
    assert [way.release for way in child.news()] == [3]


def test_what_an_earlier_life_left_is_no_news(child: Child) -> None:
    child.says("downloading")
    later = Progress(child.path)
    assert not later.has_news
    assert later.status is not None


def test_a_damaged_status_is_none(child: Child) -> None:
    child.path.write_bytes(b"{")
    assert not child.progress.look(0.0)
    assert child.progress.status is None
