"""What the portal is told of its kiosk: at once when it changes, and that the agent lives."""

from pathlib import Path

import msgspec
import pytest

from agent.submissions.seen import ANEW_S, Seen
from tests.support.citizens import NOW, Wall
from wire.local import STATE, Local
from wire.messages import Observation, State


class Bench:
    def __init__(self, folder: Path) -> None:
        self.path, self.now, self.wall = folder / STATE, 0.0, Wall()
        self.seen = Seen(folder, monotonic=lambda: self.now, wall_ms=self.wall)

    def tick(self, *, online: bool = True, sure: bool = True) -> Local | None:
        """What was written now, None when nothing was."""
        self.path.unlink(missing_ok=True)
        self.seen.tick(online=online, sure=sure)
        if not self.path.exists():
            return None
        return msgspec.json.decode(self.path.read_bytes(), type=Local)

    def saw(self, state: State, *codes: str, at: int = NOW) -> None:
        self.seen.sighted(Observation(probe="printer", state=state, codes=codes, at=at))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_change_is_written_at_once_and_nothing_else_is(bench: Bench) -> None:
    first = bench.tick()
    assert first is not None
    assert (first.online, first.clock, first.probes) == (True, "sure", {})
    assert bench.tick() is None
    bench.saw("ok")
    assert bench.tick() is not None
    bench.saw("ok", at=NOW + 5)
    assert bench.tick() is None
    assert bench.tick(sure=False) is not None


def test_since_when_a_part_is_so_outlives_other_codes_of_the_same_state(bench: Bench) -> None:
    bench.saw("warn", "printer.paper_low", at=NOW)
    bench.saw("warn", "printer.toner_low", at=NOW + 9)
    said = bench.tick()
    assert said is not None
    assert (said.probes["printer"].since, said.probes["printer"].codes) == (
        NOW,
        ("printer.toner_low",),
    )
    bench.saw("fail", "printer.paper_out", at=NOW + 12)
    said = bench.tick()
    assert said is not None
    assert said.probes["printer"].since == NOW + 12


def test_since_when_the_office_is_not_heard_is_told(bench: Bench) -> None:
    bench.tick()
    bench.wall.ms += 60_000
    said = bench.tick(online=False)
    assert said is not None
    assert (said.online, said.online_since) == (False, NOW + 60_000)


def test_that_the_agent_lives_is_seen_once_a_minute(bench: Bench) -> None:
    bench.tick()
    bench.now += ANEW_S - 1
    assert bench.tick() is None
    bench.now += 1
    bench.wall.ms += 60_000
    said = bench.tick()
    assert said is not None
    assert said.at == NOW + 60_000


def test_a_folder_that_is_not_there_yet_is_written_into_when_it_is(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "notices")
    assert bench.tick() is None
    (tmp_path / "notices").mkdir()
    assert bench.tick() is not None
