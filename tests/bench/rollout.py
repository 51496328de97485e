"""The gate on ten thousand kiosks: what it costs, how often it errs, how soon it stops what harms.

Cost: a rollout of four phases through the real clerk and the real ear, on SQLite, with every report
of every kiosk; the processor time of both against the time that went by.
Errors: the gate alone, on fleets drawn by seed. Kiosks break and are mended, and lines fail, as in
a field without any rollout (BREAKS, MENDED_H, see `_Field`). A harmful release breaks HARM of the
kiosks that install it: a third notice and go back, a third only citizens notice, a third go dark.
"""

import random
import tempfile
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import process_time
from typing import Final, NamedTuple

from controller.rollouts.gate import Group, Rules, Seen, Tally, decide
from controller.rollouts.plan import Phase, Plan
from controller.store.engine import open_engine
from controller.store.migrate import migrate
from tests.bench.figures import Figure
from tests.support.rollouts import RolloutDesk

KIOSKS: Final = 10_000
HELD: Final = 500
PHASES: Final = (500, 1_900, 4_750, 9_500)  # in all after each: 5, 20, 50 and 100 %
HARM: Final = 0.03
BREAKS: Final = 0.003  # a kiosk stops serving by itself so often an hour
MENDED_H: Final = 2.0  # and is mended after so long, on average
DARK: Final = 0.15  # of these go silent for longer than is usual for them
INSTALL_MIN: Final = 20  # the slowest kiosk that is there takes so long
SOAK_MIN: Final = 30
USUAL_MIN: Final = 60
SEEDS: Final = 100
GOOD_SEEDS: Final = 200
EACH_MIN: Final = 2  # it is looked at so often; the real clerk looks more often
SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
RULES: Final = Rules(patience_ms=24 * 60 * MINUTE, stop_percent=20, phase_at=0)


class Ended(NamedTuple):
    """`what`: finish, stop or hold; `phase`: which was open; `updated`: kiosks told by then."""

    what: str
    phase: int
    updated: int


class _Field:
    """What befalls kiosks 0 to KIOSKS, without any release, over so many hours, and then with one.

    Times are minutes. `told`: when each was told; the first PHASES[-1] are told in their order.
    """

    def __init__(self, seed: int, harm: float, hours: int = 12) -> None:
        dice = random.Random(seed)
        self.spells: dict[int, list[tuple[float, float]]] = {}
        for _ in range(round(KIOSKS * BREAKS * hours * dice.uniform(0.7, 1.3))):
            begins = dice.uniform(0, hours * 60)
            spell = (begins, begins + dice.expovariate(1 / (MENDED_H * 60)))
            self.spells.setdefault(dice.randrange(KIOSKS), []).append(spell)
        self.dark = {one for one in self.spells if dice.random() < DARK}
        harmed = (one for one in range(PHASES[-1]) if dice.random() < harm)
        self.harmed = {one: dice.choice(("returns", "unserved", "dark")) for one in harmed}
        self.takes = [dice.uniform(1, INSTALL_MIN) for _ in range(PHASES[-1])]
        self.by_takes = [sorted(self.takes[one] for one in _kiosks(n)) for n in range(1, 5)]

    def broken(self, kiosk: int, now: float) -> bool:
        return any(since <= now < until for since, until in self.spells.get(kiosk, ()))


def run(seed: int, harm: float) -> Ended:
    """One rollout."""
    field, opened, looks, told_at = _Field(seed, harm), 1, 0, [0.0]
    for now in range(0, 12 * 60, EACH_MIN):
        seen = Seen(
            [_tally(field, phase, told_at, now) for phase in range(1, len(PHASES) + 1)],
            opened,
            _updated(field, opened, told_at, now),
            _control(field, opened, now),
            looks,
        )
        said = decide(RULES._replace(phase_at=int(told_at[-1]) * MINUTE), seen, now * MINUTE)
        looks = said.looks
        if said.what == "open":
            opened, looks = opened + 1, 0
            told_at.append(now)
        elif said.what != "wait":
            return Ended(said.what, opened, PHASES[opened - 1])
    return Ended("hold", opened, PHASES[opened - 1])


def _kiosks(phase: int) -> range:
    return range(PHASES[phase - 2] if phase > 1 else 0, PHASES[phase - 1])


def _tally(field: _Field, phase: int, told_at: Sequence[float], now: float) -> Tally:
    kiosks, takes = _kiosks(phase), field.by_takes[phase - 1]
    if phase > len(told_at):
        return Tally(len(kiosks), waiting=len(kiosks))
    since = now - told_at[phase - 1]
    installed = bisect_left(takes, since)
    soaked = bisect_left(takes, since - SOAK_MIN)
    soaking = sum(since - one for one in takes[soaked:installed]) / SOAK_MIN
    fates = [(field.harmed[one], since - field.takes[one]) for one in field.harmed if one in kiosks]
    returned = sum(fate == "returns" and has > 0 for fate, has in fates)
    silent = sum(fate == "dark" and has > USUAL_MIN for fate, has in fates)
    gone = sum(fate == "dark" and 0 < has <= USUAL_MIN for fate, has in fates)
    return Tally(
        len(kiosks),
        installed=installed - returned - silent,
        returned=returned,
        silent=silent,
        working=len(kiosks) - installed,
        soaking=max(gone, installed - soaked),
        gone=gone,
        watched=(soaked + soaking) / len(kiosks),
    )


def _updated(field: _Field, opened: int, told_at: Sequence[float], now: float) -> Group:
    """Every kiosk that was told, whatever it has installed: as the office counts them."""
    sums = {"unserved": 0, "silent": 0, "returned": 0}
    told = range(PHASES[opened - 1])
    broken = {one for one in field.spells if one in told and field.broken(one, now)}
    for one in broken | {one for one in field.harmed if one in told}:
        phase = next(number for number, upto in enumerate(PHASES, 1) if one < upto)
        has = now - told_at[phase - 1] - field.takes[one]
        fate = field.harmed.get(one) if has > 0 else None
        if fate == "returns":
            sums["returned"] += 1
        elif fate == "dark":
            sums["silent"] += has > USUAL_MIN
        elif fate == "unserved" or one in broken:
            sums["silent" if one in field.dark and one in broken else "unserved"] += 1
    return Group(len(told), sum(sums.values()), **sums)


def _control(field: _Field, opened: int, now: float) -> Group:
    bad = [one for one in field.spells if one >= PHASES[opened - 1] and field.broken(one, now)]
    silent = sum(one in field.dark for one in bad)
    return Group(KIOSKS - PHASES[opened - 1], len(bad), len(bad) - silent, silent)


def _cost() -> Iterator[Figure]:
    """A good release to all of them, by the real clerk; the ear takes in all of their reports."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder)}/office.db"
        migrate(url)
        desk = RolloutDesk(open_engine(url), kiosks=KIOSKS, sites=61)
        phases = tuple(Phase(one) for one in ("500", "20%", "50%", "100%"))
        rollout = desk.ask(plan=Plan(phases=phases, soak_min=10))
        began, busiest, ticks = desk.now, 0.0, 0.0
        spent = process_time()
        while desk.row(rollout).state in ("ready", "running"):
            before = process_time()
            desk.tick(1 / 60)
            took = process_time() - before
            busiest, ticks = max(busiest, took), ticks + took
            if (desk.now - began) // SECOND % 60 == 0:  # in a minute all that were told have it
                wanted = [one.kiosk_id for one in desk.shares(rollout, state="wanted")]
                desk.settle(wanted)
        seconds = (desk.now - began) / SECOND
        whole = process_time() - spent
        kiosks = sum(one.state == "installed" for one in desk.shares(rollout))
    yield Figure("rollout.kiosks", kiosks, "kiosks", goal=f">= {KIOSKS}", note="finished")
    note = f"{seconds / 60:.0f} min, a look each {1 + KIOSKS // 1000} s; with every report heard"
    yield Figure("rollout.core", 100 * whole / seconds, "% of core", goal="<= 5", note=note)
    yield Figure("rollout.gate", 100 * ticks / seconds, "% of core", note="the clerk alone")
    yield Figure("rollout.busiest", busiest * 1000, "ms", note="opens a phase of 4,750 kiosks")


def bench() -> Iterator[Figure]:
    bad = [run(seed, HARM) for seed in range(SEEDS)]
    stopped = sum(one.what == "stop" and one.phase == 1 for one in bad)
    note = f"breaks {HARM:.0%}; the rest: {sorted({one for one in bad if one.phase > 1})}"
    yield Figure("rollout.stopped", stopped, f"of {SEEDS}", goal=">= 99", note=note)
    good = [run(1_000 + seed, 0.0) for seed in range(GOOD_SEEDS)]
    chance = 100 * sum(one.what != "finish" for one in good) / GOOD_SEEDS
    yield Figure("rollout.by_chance", chance, "%", goal="<= 1", note=f"{GOOD_SEEDS} good releases")
    yield from _cost()
