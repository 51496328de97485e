"""Whether a rollout's next phase opens, waits, is held, or a harmful release goes back. Pure.

Harm is judged by what citizens get: kiosks that were told of the release against those that were
not yet, drawn by lot, all of them served when the rollout began. A kiosk is bad when some service
cannot be had at it, when it went back by itself, or when it is silent for longer than is usual for
it. Three exact one-sided tests look at that:

- comparison, by Fisher: so many more bad ones among the told than among the others, by chance?
- losses, by Fisher: so many more that went back or are silent? They are rare without harm, so few
  of them tell much;
- returns, binomial: so many that went back by themselves, when of a good release SPURIOUS do? This
  one needs nobody to compare with.

The probability that a release which does no harm is stopped by any look of a whole rollout is at
most ERROR: it is spent in advance, over phases (most of it on the first, where harm is small) and
over LOOKS looks in each (most of it on the last, which knows most). A look comes when a further
quarter of the phase has been watched; whatever was not looked at is not spent.
Who cannot be judged by these (no comparison, too few) is held for people: the gate never guesses.
"""

import math
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

ERROR: Final = 0.01
PARTS: Final = {"comparison": 0.6, "losses": 0.3, "returns": 0.1}  # of ERROR, by test
FIRST: Final = 0.85  # the part of ERROR for the first phase
LOOKS: Final = 4
LATE: Final = 5  # so much more of the error is left for the last look than for the first
SPURIOUS: Final = 0.001  # so many go back from a good release: a screen broke just then
STRAGGLERS: Final = 0.05  # so many of a phase need not be waited for


class Tally(NamedTuple):
    """One phase. Every kiosk is in exactly one of the fields from `installed` to `waiting`.

    `silent` were told and are away for longer than is usual for them, whatever they installed;
    `working` were told, or are there to be told, and have not ended; `away` were never told, and
    are not there. `soaking` of the installed are still watched, until `soaked_at` (ms). `gone` were
    told, left before they had been watched for long enough, and may still come back. `watched`: how
    much of the phase has been watched, 0 to 1.
    """

    kiosks: int
    installed: int = 0
    returned: int = 0
    failed: int = 0
    silent: int = 0
    working: int = 0
    away: int = 0
    waiting: int = 0
    soaking: int = 0
    soaked_at: int = 0
    gone: int = 0
    watched: float = 0.0

    @property
    def amiss(self) -> int:
        return self.returned + self.failed + self.silent


class Group(NamedTuple):
    """Kiosks that can be compared, see shapes.py."""

    kiosks: int = 0
    bad: int = 0
    unserved: int = 0
    silent: int = 0
    returned: int = 0

    @property
    def lost(self) -> int:
        return self.silent + self.returned


class Rules(NamedTuple):
    """`phase_at`: since when (ms) the open phase may lose patience.

    `pardoned` kiosks amiss were looked at by a person who resumed it; phases up to `trusted` need
    not prove themselves any more.
    """

    patience_ms: int
    stop_percent: int
    phase_at: int
    pardoned: int = 0
    trusted: int = 0


class Seen(NamedTuple):
    """`opened`: phases up to this one may go, from 1. `looks`: how many the open phase has had."""

    phases: Sequence[Tally]
    opened: int
    updated: Group
    control: Group
    looks: int


class Test(NamedTuple):
    """`chance`: of so great a difference without harm; harm is stated when it is below `limit`."""

    name: Literal["comparison", "losses", "returns"]
    chance: float
    limit: float

    @property
    def harm(self) -> bool:
        return self.chance <= self.limit


class Decision(NamedTuple):
    """`looks`: how many the open phase has had by now."""

    what: Literal["open", "wait", "hold", "stop", "finish"]
    why: str  # with numbers, English
    looks: int
    tests: tuple[Test, ...] = ()


def decide(rules: Rules, seen: Seen, now: int) -> Decision:
    """`now` in ms. Waiting is the answer whenever nothing else is."""
    waits = _waits(rules, seen, now)
    so_far = int(seen.phases[seen.opened - 1].watched * LOOKS)
    look = max(seen.looks, min(LOOKS - 1, so_far) if waits else LOOKS)
    tests = examine(seen, look)
    if harmful := next((one for one in tests if one.harm), None):
        return Decision("stop", _harm(seen, harmful), look, tests)
    if too_many := _too_many(rules, seen):
        return Decision("hold", too_many, look, tests)
    if waits:
        return Decision("wait", waits, look, tests)
    if unproven := _unproven(rules, seen):
        return Decision("hold", unproven, look, tests)
    return _on(seen, look, tests)


def _on(seen: Seen, look: int, tests: tuple[Test, ...]) -> Decision:
    if seen.opened < len(seen.phases):
        return Decision("open", f"phase {seen.opened + 1}: {_good(seen)}", look, tests)
    installed = sum(one.installed for one in seen.phases)
    return Decision("finish", f"{installed} of {_kiosks(seen.phases)} kiosks have it", look, tests)


def examine(seen: Seen, look: int) -> tuple[Test, ...]:
    """What this look tells; nothing when there was one as far as this."""
    if look <= seen.looks:
        return ()
    limit = limit_of(seen.opened, len(seen.phases), seen.looks, look)
    ours, others = seen.updated, seen.control
    comparison = chance_of_difference(ours.bad, ours.kiosks, others.bad, others.kiosks)
    losses = chance_of_difference(ours.lost, ours.kiosks, others.lost, others.kiosks)
    returns = chance_of_returns(ours.returned, ours.kiosks)
    return (
        Test("comparison", comparison, limit * PARTS["comparison"]),
        Test("losses", losses, limit * PARTS["losses"]),
        Test("returns", returns, limit * PARTS["returns"]),
    )


def limit_of(phase: int, phases: int, looked: int, look: int) -> float:
    """What of ERROR is spent on this look of this phase (from 1) after `looked` others."""
    of_phase = FIRST if phase == 1 else (1 - FIRST) / (phases - 1)
    if phases == 1:
        of_phase = 1.0
    return ERROR * of_phase * ((look / LOOKS) ** LATE - (looked / LOOKS) ** LATE)


def chance_of_difference(bad: int, kiosks: int, others_bad: int, others: int) -> float:
    """Fisher's exact test: as many bad ones or more among `kiosks`, if all had the same luck."""
    if not bad or not others:
        return 1.0
    count, every = kiosks + others, bad + others_bad
    ways = _log_ways(count, kiosks)
    term = math.exp(_log_ways(every, bad) + _log_ways(count - every, kiosks - bad) - ways)
    total = 0.0
    for many in range(bad, min(kiosks, every) + 1):
        total += term
        rest = count - every - kiosks + many + 1
        term *= (every - many) * (kiosks - many) / ((many + 1) * rest)
    return min(1.0, total)


def chance_of_returns(returned: int, kiosks: int) -> float:
    """Binomial: as many or more of `kiosks` go back by themselves when SPURIOUS of them do."""
    if not returned:
        return 1.0
    odds, total = SPURIOUS / (1 - SPURIOUS), 0.0
    term = math.exp(
        _log_ways(kiosks, returned)
        + returned * math.log(SPURIOUS)
        + (kiosks - returned) * math.log1p(-SPURIOUS)
    )
    for many in range(returned, kiosks + 1):
        total += term
        term *= odds * (kiosks - many) / (many + 1)
    return min(1.0, total)


def _log_ways(of: int, some: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(some + 1) - math.lgamma(of - some + 1)


def _harm(seen: Seen, test: Test) -> str:
    ours, others = seen.updated, seen.control
    chance = f"the chance of that without harm is {test.chance:.2g}, the limit {test.limit:.2g}"
    if test.name == "returns":
        return f"{ours.returned} of {ours.kiosks} updated kiosks went back by themselves: {chance}"
    bad, other, what = ours.bad, others.bad, "do not serve"
    if test.name == "losses":
        bad, other, what = ours.lost, others.lost, "went back or are silent"
    both = f"{bad} of {ours.kiosks} updated kiosks and {other} of {others.kiosks} others"
    return f"{both} {what}: {chance}"


def _too_many(rules: Rules, seen: Seen) -> str:
    """Why people must look, though nothing is proven; empty while it can be borne."""
    ours = seen.phases[: seen.opened]
    amiss, kiosks = sum(one.amiss for one in ours), _kiosks(ours)
    if not rules.stop_percent or amiss <= rules.pardoned:
        return ""
    if (amiss - rules.pardoned) * 100 < rules.stop_percent * kiosks:
        return ""
    parts = (("went back", "returned"), ("failed to install", "failed"), ("silent", "silent"))
    said = [f"{many} {word}" for word, name in parts
            if (many := sum(getattr(one, name) for one in ours))]  # fmt: skip
    return f"of {kiosks} kiosks {', '.join(said)}: the limit is {rules.stop_percent} %"


def _waits(rules: Rules, seen: Seen, now: int) -> str:
    """What the open phase waits for; empty when no more is to be learnt from it.

    A few stragglers hold up no phase but the last: of many kiosks some are always away. In the
    first phase whoever went away after it was told is waited for: that may be the harm.
    """
    phase, last = seen.phases[seen.opened - 1], seen.opened == len(seen.phases)
    at_work, patient = phase.working + phase.waiting, now - rules.phase_at < rules.patience_ms
    few = 0 if last else int(phase.kiosks * STRAGGLERS)
    if phase.soaking and phase.soaking + at_work > few:
        minutes = max(0, phase.soaked_at - now) // 60_000 + 1
        return f"{phase.soaking} kiosks have it and are watched, for {minutes} min more"
    if patient and at_work > few:
        return f"{at_work} of {phase.kiosks} kiosks are at work"
    if phase.gone and seen.opened == 1:
        return f"{phase.gone} of {phase.kiosks} kiosks were told and are away"
    if patient and phase.away and (last or (phase.installed + phase.amiss) * 2 < phase.kiosks):
        return f"{phase.away} of {phase.kiosks} kiosks are away"
    return ""


def _unproven(rules: Rules, seen: Seen) -> str:
    """Why what is open does not speak for more; empty when it does, and for the last phase."""
    phase = seen.phases[seen.opened - 1]
    if not phase.kiosks or seen.opened <= rules.trusted or seen.opened == len(seen.phases):
        return ""
    if phase.installed * 2 < phase.kiosks:
        return f"only {phase.installed} of {phase.kiosks} kiosks of phase {seen.opened} have it"
    if not seen.updated.kiosks:
        return "no kiosk that has it could serve citizens before: nothing can be compared"
    return ""


def _good(seen: Seen) -> str:
    ours, others = seen.updated, seen.control
    said = f"{ours.bad} of {ours.kiosks} updated kiosks do not serve"
    return f"{said}, of the others {others.bad} of {others.kiosks}" if others.kiosks else said


def _kiosks(phases: Sequence[Tally]) -> int:
    return sum(one.kiosks for one in phases)


def decide_back(outstanding: int, away: int, since: int, patience_ms: int, now: int) -> Decision:
    """Of a rollout that is taken back since `since` (ms).

    `outstanding` kiosks are there and have not gone back yet, `away` are not there.
    """
    if (outstanding or away) and now - since < patience_ms:
        return Decision("wait", f"{outstanding} kiosks are going back, {away} are away", 0)
    left = outstanding + away
    return Decision("finish", f"{left} kiosks have not gone back" if left else "all went back", 0)
