"""Observations for tests, short to write."""

from collections.abc import Iterable

from agent.outbox import KeptFact, KeptFlip
from wire.messages import Fact, Observation, State


def seen(
    probe: str = "printer",
    state: State = "ok",
    why: str = "",
    codes: tuple[str, ...] = (),
    at: int = 0,
    **facts: Fact,
) -> Observation:
    return Observation(probe=probe, state=state, why=why, codes=codes, at=at, facts=facts)


def flips(facts: Iterable[KeptFact]) -> list[KeptFlip]:
    return [fact for fact in facts if isinstance(fact, KeptFlip)]
