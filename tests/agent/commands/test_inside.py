"""A log level falls back by itself."""

import math
from pathlib import Path

from agent.commands.inside import USUAL, Loudness
from agent.journal import Journal
from agent.store import MEMORY, Store
from wire.actions import LogLevel


class Kiosk:
    def __init__(self) -> None:
        self.store = Store(Path(MEMORY))
        self.said: list[str] = []

    def loudness(self, boot: str, t: float) -> Loudness:
        return Loudness(Journal(self.store), boot, t, self.said.append)

    def set(self, t: float, minutes: int) -> Loudness:
        loudness = self.loudness("boot", t)
        write = loudness.set(LogLevel(level="debug", minutes=minutes), t)
        with self.store.transaction() as db:
            write(db)
        return loudness


def test_it_falls_back_after_its_minutes_and_says_when() -> None:
    kiosk = Kiosk()
    loudness = kiosk.set(100.0, 5)
    assert loudness.until == 400.0
    loudness.look(399.0)
    assert kiosk.said == ["debug"]
    loudness.look(400.0)
    loudness.look(500.0)
    assert kiosk.said == ["debug", USUAL]
    assert loudness.until == math.inf


def test_a_restart_of_the_agent_keeps_it_for_what_is_left() -> None:
    kiosk = Kiosk()
    kiosk.set(100.0, 5)
    again = kiosk.loudness("boot", 200.0)
    assert kiosk.said == ["debug", "debug"]
    again.look(400.0)
    assert kiosk.said[-1] == USUAL


def test_after_its_time_or_a_reboot_nobody_remembers_it() -> None:
    kiosk = Kiosk()
    kiosk.set(100.0, 5)
    for boot, t in (("boot", 401.0), ("another", 150.0), ("", 150.0)):
        assert kiosk.loudness(boot, t).until == math.inf
    assert kiosk.said == ["debug"]
