"""What a load of players counts: one object, written by all of them in one thread.

Owns counting and the summary; never talks to anybody.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

KEPT: Final = 50_000  # PUBACK times kept: a ring, so that a long run shows its end


@dataclass
class Tally:
    """Counts since the start. `pubacks` by reason code, `losses` by why a connection ended."""

    connected: int = 0  # right now
    connects: int = 0
    published: int = 0
    readings: int = 0
    held: int = 0  # readings not sent because the window was full, as the agent thins them
    births: int = 0
    rebirths: int = 0
    roll_calls: int = 0
    acks: int = 0
    malformed: int = 0
    orders: int = 0
    envelopes: int = 0
    stale: int = 0  # orders of another connection
    results: int = 0  # facts sent, again or for the first time
    resent: int = 0
    pubacks: Counter[int] = field(default_factory=Counter)
    losses: Counter[str] = field(default_factory=Counter)
    _times: list[float] = field(default_factory=list)
    _next: int = 0

    def took(self, seconds: float) -> None:
        if len(self._times) < KEPT:
            self._times.append(seconds)
        else:
            self._times[self._next] = seconds
            self._next = (self._next + 1) % KEPT

    @property
    def acknowledged(self) -> int:
        return sum(self.pubacks.values())

    @property
    def delivered(self) -> int:
        """Publishes somebody was there for. 0x10 and worse are not delivered."""
        return self.pubacks[0]

    def puback_ms(self, part: float) -> float | None:
        """The time below which `part` (0..1) of the PUBACKs came, in milliseconds."""
        if not self._times:
            return None
        ordered = sorted(self._times)
        return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))]

    def summary(self) -> dict[str, Any]:
        """For a JSON file; reason codes as 0x10."""
        plain = ("connected", "connects", "published", "readings", "held", "births", "rebirths")
        more = ("roll_calls", "acks", "malformed")
        commands = ("orders", "envelopes", "stale", "results", "resent")
        return {
            **{name: getattr(self, name) for name in plain + more + commands},
            "pubacks": {f"0x{code:02x}": count for code, count in sorted(self.pubacks.items())},
            "losses": dict(self.losses),
            "unacknowledged": self.published - self.acknowledged,
            "puback_p50_ms": self.puback_ms(0.5),
            "puback_p99_ms": self.puback_ms(0.99),
        }
