"""A probe that does what the test says."""

import threading
from collections.abc import Callable, Mapping

from agent.probes.base import Finding


class SaidProbe:
    """Each look calls `say`; `looks` counts them."""

    def __init__(
        self,
        name: str = "printer",
        say: Callable[[], object] = lambda: Finding("ok"),
        *,
        period_s: float = 0.2,
        timeout_s: float = 5.0,
        confirm: int = 1,
        bands: Mapping[str, float] | None = None,
    ) -> None:
        self.name = name
        self.say = say
        self.period_s = period_s
        self.timeout_s = timeout_s
        self.confirm = confirm
        self.bands = bands or {}
        self.looks = 0

    def observe(self) -> Finding:
        self.looks += 1
        return self.say()  # type: ignore[return-value]


class Gate:
    """A device that hangs until it is let go."""

    def __init__(self) -> None:
        self._open = threading.Event()

    def __call__(self) -> Finding:
        self._open.wait(30)
        return Finding("ok")

    def let_go(self) -> None:
        self._open.set()
