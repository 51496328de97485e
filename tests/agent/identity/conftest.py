"""The door played for a kiosk, a clock that may be wrong, and a patience that does not wait."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.identity.asker import Patience
from agent.identity.slots import Slots
from tests.agent.identity.played_door import PlayedDoor


def hurried() -> Patience:
    """Waiting takes no time, and by its clock nothing else does: as many tries on any machine."""
    waited = list[float]()
    return Patience(10.0, waited.append, lambda: sum(waited))


HURRY = hurried()


class Wall:
    """The kiosk's clock or the office's: the real one, and as far off as a test wants. ms."""

    def __init__(self) -> None:
        self.off_ms = 0

    def __call__(self) -> int:
        return time.time_ns() // 1_000_000 + self.off_ms


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def office_clock() -> Wall:
    return Wall()


@pytest.fixture
def played(office_clock: Wall) -> Iterator[PlayedDoor]:
    played = PlayedDoor(office_clock)
    yield played
    played.close()


@pytest.fixture
def patience() -> Patience:
    return HURRY


@pytest.fixture
def slots(tmp_path: Path) -> Slots:
    return Slots(tmp_path / "state")
