"""Content: brought into use by the portal taking it up, well when portal and screen prove it.

Owns the courtesy (never under a citizen's hands, as long as the portal's lease on their session
lasts) and the proof. A portal or browser that was silent before the switch is not held against the
release: what cannot be seen before cannot be proven after.
"""

from collections.abc import Callable
from typing import Final

from agent.content import health
from agent.content.activation import Later
from agent.content.health import Portal, Unwell
from agent.content.journal import Row
from agent.content.light import Light
from agent.content.stop import Stop
from wire.messages import Facts

POLITE_S: Final = 60.0  # within one run of the child, then it is started again
AGAIN_S: Final = 60.0
TAKEN_UP_S: Final = 20.0
LIT_S: Final = 45.0  # a page looks every two seconds; a slow one loads large pictures
SILENT: Final = "browser_silent"


class Shown:
    """`portal` and `light` None: this kiosk has none, and nothing is asked of them.

    `patience`: how often a silent portal is waited for before it is done without its word.
    """

    def __init__(
        self,
        portal: Portal | None,
        light: Light | None,
        stop: Stop,
        waited: Callable[[Row], int],
        patience: int = 15,
    ) -> None:
        self._portal, self._light, self._stop = portal, light, stop
        self._waited, self._patience = waited, patience

    def check(self, _row: Row, /) -> None:
        """Whether it can be shown, the portal says when it has it."""

    def ready(self, row: Row) -> Facts:
        facts: Facts = {}
        if self._portal is not None:
            if not self._stop.until(self._is_free, POLITE_S):
                raise Later("a citizen is using it", AGAIN_S)
            facts["portal_before"] = answers = self._portal.ask() is not None
            if not answers and self._waited(row) < self._patience:
                raise Later("the portal does not answer", AGAIN_S)
        if self._light is not None:
            facts["light_before"] = self._light.is_there()
        return facts

    def prepare(self, _row: Row, /) -> None:
        """Nothing: the portal looks by itself."""

    def confirm(self, row: Row) -> Facts:
        facts: Facts = {}
        try:
            if self._portal is not None:
                health.shows(self._portal, row.seq, self._stop.until, TAKEN_UP_S)
                facts["portal"] = True
            if self._light is not None:
                facts["light"] = self._lit(self._light, row)
        except Unwell:
            if self._portal is not None and not self._is_free():
                raise Later("a citizen is using it", AGAIN_S) from None
            raise
        return facts

    def back(self, _row: Row, /) -> None:
        """The page goes back by itself; whether it does, the next look at the kiosk tells."""

    def finish(self, _row: Row, /) -> None:
        """Nothing is left over."""

    def _lit(self, light: Light, row: Row) -> bool:
        try:
            light.prove(row.seq, self._stop.until, LIT_S)
        except Unwell as unwell:
            if unwell.code == SILENT and row.facts.get("light_before") is False:
                return False
            raise
        return True

    def _is_free(self) -> bool:
        found = self._portal.ask() if self._portal else None
        return found is None or found.session != "open"
