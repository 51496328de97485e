"""What is wanted, and what it would cost to have it: bytes, seconds, money. Fetches only lists.

Owns the sums. What stands here already costs nothing; what neighbours may give is not counted on.
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from agent.content import fetch
from agent.content.held import Held
from agent.content.slots import Slots
from agent.content.trouble import Trouble
from agent.content.trust import Release
from agent.content.wanted import Kept

MB = 1_000_000


class Costs(NamedTuple):
    """`kbit`: of the line, a second; `per_mb`: price of a million bytes, in any money."""

    kbit: float
    per_mb: float


class Kiosk(Protocol):
    """What is asked of one."""

    @property
    def kept(self) -> Kept: ...
    def slots(self, bundle: str) -> Slots: ...
    def release(self, bundle: str, seq: int) -> Release: ...


def dry_run(kiosk: Kiosk, costs: Costs) -> Iterator[dict[str, object]]:
    """One for each bundle that is wanted and not in use; `why` where it cannot be told."""
    for want in kiosk.kept.wants:
        slots = kiosk.slots(want.bundle)
        line: dict[str, object] = {"bundle": want.bundle, "seq": want.seq, "now": slots.current}
        if slots.current == want.seq:
            yield {**line, "bytes": 0, "seconds": 0.0, "cost": 0.0}
            continue
        try:
            release = kiosk.release(want.bundle, want.seq)
        except Trouble as trouble:
            yield {**line, "why": trouble.why}
            continue
        dry = fetch.dry_run(release, Held(slots.folder / "slots", slots.shelf))
        yield {
            **line,
            "bytes": dry.bytes,
            "requests": dry.requests,
            "reused": dry.reused,
            "seconds": round(dry.seconds(costs.kbit), 1),
            "cost": round(dry.bytes / MB * costs.per_mb, 2),
        }
