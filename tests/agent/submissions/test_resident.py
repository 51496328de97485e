"""The resident's part, joined: state for the portal, a child for the records."""

import random
from pathlib import Path

import msgspec
import pytest

from agent.config import Citizens
from agent.submissions.errand import LOOK_EVERY_S
from agent.submissions.resident import CLOCK_MS, Resident
from tests.support.citizens import NOW, Wall
from wire.local import STATE, Local
from wire.messages import Observation
from wire.policy import Time


def a_resident(folder: Path, *, brings: bool = False) -> Resident:
    where = str(folder)
    return Resident(
        Citizens(tray=where, notices=where, asks=where),
        (lambda words: pytest.fail(f"started {words}")) if brings else None,
        monotonic=lambda: 0.0,
        wall_ms=Wall(),
        rng=random.Random(1),
    )


@pytest.mark.parametrize(
    ("time", "clock"),
    [
        (None, "unsure"),
        (Time(NOW - 10, NOW + 10, 0), "sure"),
        (Time(NOW + CLOCK_MS, NOW + CLOCK_MS + 5, 0), "sure"),
        (Time(NOW + CLOCK_MS + 1, NOW + CLOCK_MS + 5, 0), "unsure"),
        (Time(NOW - CLOCK_MS - 9, NOW - CLOCK_MS - 1, 0), "unsure"),
    ],
)
def test_a_clock_is_believed_when_it_is_near_the_offices(
    tmp_path: Path, time: Time | None, clock: str
) -> None:
    resident = a_resident(tmp_path)
    resident.sighted(Observation(probe="printer", state="ok", at=NOW))
    resident.tick(online=True, time=time)
    said = msgspec.json.decode((tmp_path / STATE).read_bytes(), type=Local)
    assert (said.clock, said.online, said.probes["printer"].state) == (clock, True, "ok")


def test_who_brings_nothing_needs_no_look(tmp_path: Path) -> None:
    resident = a_resident(tmp_path)
    assert resident.due() == float("inf")
    assert resident.trouble == ""
    resident.stop()
    busy = a_resident(tmp_path, brings=True)
    busy.tick(online=True, time=None)
    assert busy.due() == LOOK_EVERY_S
    assert busy.trouble == ""
    busy.stop()


def test_the_offices_news_reach_the_child_and_nobody_where_there_is_none(tmp_path: Path) -> None:
    assert not a_resident(tmp_path).news()
    started: list[tuple[str, ...]] = []
    where, now = str(tmp_path), [0.0]
    resident = Resident(
        Citizens(tray=where, notices=where, asks=where),
        started.append,
        monotonic=lambda: now[0],
        wall_ms=Wall(),
        rng=random.Random(1),
    )
    now[0] = 1.0
    assert resident.news(), "and it wants to be looked at now"
    resident.tick(online=True, time=None)
    assert started == [()]
