"""The chore beside the line: when it asks, when it waits, when the line connects anew."""

from collections.abc import Callable
from itertools import pairwise
from random import Random

import msgspec
import pytest

from agent.identity import root
from agent.identity.chore import (
    ANEW_WITHIN_S,
    CALM_WITHIN_S,
    LOOK_EVERY_S,
    REFUSED_JITTER_S,
    WITHIN_S,
    Chore,
)
from agent.identity.plan import due_at
from agent.identity.slots import Slot, Slots, State
from tests.agent.identity.test_slots import NEW, OLD, about, pending, settle

DAY_S = 86_400.0
BEGIN = 1_700_000_000_000
END = BEGIN + 90 * 86_400_000


class Renewal:
    """A played process: runs until the test gives it an exit code."""

    def __init__(self) -> None:
        self.code: int | None = None

    def poll(self) -> int | None:
        return self.code

    def kill(self) -> None:
        if self.code is None:
            self.code = -9


class Agent:
    """The chore, a clock the test turns, and every renewal it started."""

    def __init__(self, slots: Slots, wall: int) -> None:
        self.slots, self.now, self.wall = slots, 0.0, wall
        self.started: list[Renewal] = []
        self.mistrusted = 0
        self.calm = self.up = True
        self.chore = self.boot()

    def boot(self) -> Chore:
        return Chore(
            self.slots,
            self._start,
            monotonic=lambda: self.now,
            wall_ms=lambda: self.wall,
            rng=Random(7),
        )

    def tick(self, after_s: float = 30.0) -> bool:
        self.now += after_s
        self.wall += int(after_s * 1000)
        return self.chore.tick(up=self.up, mistrusted=self.mistrusted, calm=self.calm)

    def run(self, seconds: float) -> int:
        """How often the line was told to connect anew in so long."""
        end, told = self.now + seconds, 0
        while self.now < end:
            told += self.tick()
        return told

    def _start(self) -> Renewal:
        self.started.append(Renewal())
        return self.started[-1]


Begin = Callable[..., Agent]
ROOT = '{"signatures":[1],"signed":{"_type":"root"}}'


@pytest.fixture
def begin(slots: Slots) -> Begin:
    """An agent that starts so many days after its certificate was made."""

    def begin(days: float = 1, **state: object) -> Agent:
        settle(slots, OLD)
        kept = about(OLD)
        store(slots, OLD, type(kept)(kept.kiosk, OLD, kept.door, kept.broker, BEGIN, END))
        slots.add_policy(current(slots), b"{}")
        assert root.keep(slots.state_dir, ROOT)
        slots.note(State(**{"used": OLD, **state}))  # type: ignore[arg-type]
        return Agent(slots, BEGIN + int(days * DAY_S * 1000))

    return begin


def current(slots: Slots) -> Slot:
    found = slots.current()
    assert found is not None
    return found


def store(slots: Slots, serial: str, said: object = None) -> None:
    """As the renewal's process leaves it."""
    kept = said or type(about(serial))(
        "bdg-andir-01", serial, about(serial).door, about(serial).broker, BEGIN, END
    )
    if serial != slots.serial():
        slots.begin(lambda: pending(serial))
        slots.store(kept, b"certificate", b"authority", b"{}")  # type: ignore[arg-type]
    (slots.folder / serial / "about.json").write_bytes(msgspec.json.encode(kept))
    slots.note(State(used=serial))


def test_a_young_certificate_is_looked_at_every_hour_and_nobody_is_asked(begin: Begin) -> None:
    agent = begin()
    assert agent.run(3 * DAY_S) == 0
    assert agent.started == []
    assert agent.chore.trouble == ""


def test_a_certificate_past_its_moment_is_renewed_and_the_line_connects_anew_once(
    begin: Begin,
) -> None:
    agent = begin(44.9)
    due = due_at("bdg-andir-01", BEGIN, END)
    agent.run((due - agent.wall) / 1000 - 60)
    assert agent.started == []
    while not agent.started:
        agent.tick()
    assert agent.wall < due + LOOK_EVERY_S * 1000 + 60_000
    store(agent.slots, NEW)
    agent.started[0].code = 0
    assert agent.run(ANEW_WITHIN_S + 60) == 1
    assert agent.run(5 * DAY_S) == 0


def test_a_line_that_is_busy_is_left_alone_for_a_while(begin: Begin) -> None:
    agent = begin()
    agent.calm = False
    agent.tick()
    store(agent.slots, NEW)
    assert agent.run(ANEW_WITHIN_S / 2) == 0
    assert agent.run(ANEW_WITHIN_S + CALM_WITHIN_S) == 1


def test_row_43_a_certificate_that_ended_in_storage_is_renewed_at_the_start(begin: Begin) -> None:
    agent = begin(100)
    agent.tick(0.1)
    assert len(agent.started) == 1
    agent.mistrusted, agent.up = 3, False
    store(agent.slots, NEW)
    agent.started[0].code = 0
    assert agent.tick()


def test_row_43_an_identity_that_is_over_says_so_and_asks_once_a_day(begin: Begin) -> None:
    agent = begin(130)
    agent.tick()
    agent.slots.note(State(used=OLD, needs_code=True, why="expired", tried_at=agent.wall))
    agent.started[0].code = 2
    agent.mistrusted = 9
    while agent.now < 10 * DAY_S:
        agent.tick()
        agent.started[-1].code = 2
    assert "must bring a new code: expired" in agent.chore.trouble
    assert 9 <= len(agent.started) <= 12


def test_an_earlier_life_s_pause_is_kept_over_a_restart(begin: Begin) -> None:
    agent = begin(130, needs_code=True, why="revoked")
    agent.slots.note(State(OLD, True, "revoked", agent.wall - 1000))
    agent.chore = agent.boot()
    agent.run(DAY_S - 7200)
    assert agent.started == []
    assert "revoked" in agent.chore.trouble
    agent.run(7300)
    assert len(agent.started) == 1


@pytest.mark.parametrize("days", [-20_000, 30_000])
def test_row_6_a_clock_that_cannot_be_right_asks_and_then_believes_the_office(
    begin: Begin, days: int
) -> None:
    agent = begin(days)
    agent.tick()
    assert len(agent.started) == 1
    off_ms = BEGIN + 86_400_000 - agent.wall
    agent.slots.note(State(used=OLD, clock_off_ms=off_ms))
    agent.started[0].code = 0
    agent.run(20 * DAY_S)
    assert len(agent.started) == 1


def test_a_broker_that_refuses_us_is_a_reason_to_ask_soon_and_then_seldom(begin: Begin) -> None:
    agent = begin()
    agent.run(100)
    agent.mistrusted = 2
    agent.run(REFUSED_JITTER_S + 30)
    assert len(agent.started) == 1
    tries = []
    while agent.now < DAY_S:
        agent.tick()
        if agent.started[-1].code is None:
            agent.started[-1].code = 0
            tries.append(agent.now)
    assert 20 < len(tries) < 45


def test_a_network_that_is_away_is_tried_again_with_growing_pauses(begin: Begin) -> None:
    agent = begin(60)
    tries = []
    while agent.now < 2 * DAY_S:
        agent.tick()
        if agent.started and agent.started[-1].code is None:
            agent.slots.note(State(used=OLD, why="no answer"))
            agent.started[-1].code = 75
            tries.append(agent.now)
    pauses = [b - a for a, b in pairwise(tries)]
    assert 8 < len(tries) < 25
    assert pauses[0] < 900 < 3 * 3600 < max(pauses) < 8 * 3600
    agent.tick()
    assert "could not be renewed: no answer" in agent.chore.trouble


def test_a_renewal_that_hangs_is_ended(begin: Begin) -> None:
    agent = begin(60)
    agent.run(WITHIN_S + 90)
    assert agent.started[0].code == -9
    agent.run(900)
    assert len(agent.started) == 2
    agent.chore.stop()
    assert agent.started[1].code == -9


def test_without_an_identity_it_says_what_to_do_and_uses_one_as_soon_as_it_is_there(
    slots: Slots,
) -> None:
    agent = Agent(slots, BEGIN + 1)
    agent.up = False
    agent.run(7200)
    assert agent.started == []
    assert "anjungan join" in agent.chore.trouble
    store(slots, NEW)
    root.keep(slots.state_dir, ROOT)
    assert agent.tick()
    assert agent.chore.trouble == ""


def test_a_technician_who_puts_another_identity_there_is_noticed(begin: Begin) -> None:
    agent = begin()
    agent.run(600)
    store(agent.slots, NEW)
    assert agent.run(ANEW_WITHIN_S + 30) == 1


def test_an_identity_without_a_policy_asks_for_one_each_hour_until_it_has_one(
    begin: Begin,
) -> None:
    agent = begin()
    current(agent.slots).policy.unlink()
    agent.tick()
    for asked in (1, 2, 3):
        assert len(agent.started) == asked
        agent.started[-1].code = 0
        agent.run(LOOK_EVERY_S + 60)
    assert agent.chore.trouble == ""
    agent.slots.add_policy(current(agent.slots), b"{}")
    agent.started[-1].code = 0
    asked = len(agent.started)
    assert agent.run(DAY_S) == 0
    assert len(agent.started) == asked


def test_an_identity_without_a_root_of_releases_asks_once_a_day(begin: Begin) -> None:
    agent = begin()
    root.path_of(agent.slots.state_dir).unlink()
    for _ in range(3 * 24):
        agent.run(3600)
        for one in agent.started:
            one.code = 0
    assert len(agent.started) == 3
    assert root.keep(agent.slots.state_dir, ROOT)
    agent.run(3 * DAY_S)
    assert len(agent.started) == 3
