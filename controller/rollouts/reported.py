"""What a kiosk's word makes of what it reports of one bundle: pure, a row and a message in.

The kiosk knows what it has: its latest word holds, whatever the office desires. What it cannot
mean (a bundle no bundle is called, more bundles than a kiosk has) is refused and changes nothing.
Touches no database and no clock; who calls stores the row, and puts aside what is refused.
"""

from typing import Any, Final, NamedTuple

from wire.content import MOST_SEQ, is_bundle
from wire.lifecycle import SETTLED
from wire.messages import Fetching, Install

MOST_BUNDLES: Final = 16
MOST_ATTEMPT: Final = 10_000


class Reported(NamedTuple):
    """A row of the table of that name. `state` is empty while only births have spoken of it."""

    kiosk_id: int
    bundle: str
    seq: int  # in use; 0: none
    wanted_seq: int = 0
    attempt: int = 0
    state: str = ""
    done: int = 0
    total: int = 0
    code: str = ""
    why: str = ""
    facts: dict[str, Any] = {}  # noqa: RUF012 - a default that is never changed
    at: int = 0

    def answers(self, seq: int, attempt: int) -> bool:
        """Whether what it says is about this."""
        return (self.wanted_seq, self.attempt) == (seq, attempt)

    @property
    def settled(self) -> bool:
        return self.state in SETTLED


class Refused(Exception):  # noqa: N818 - says what happened
    """`reason` is of a dead letter. Nothing changes."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        super().__init__(detail)


def in_use(row: Reported | None, kiosk_id: int, bundle: str, seq: int, now: int) -> Reported:
    """After a birth that says so; the very same row when that is no news."""
    if row is None:
        return Reported(kiosk_id, bundle, seq, at=now)
    return row if row.seq == seq else row._replace(seq=seq, at=now)


def is_plausible(bundle: str, seq: int) -> bool:
    """Whether a birth may say so; what is not is as if it were not said."""
    return is_bundle(bundle) and seq <= MOST_SEQ


def hear(
    row: Reported | None, kiosk_id: int, message: Fetching | Install, now: int, *, others: int = 0
) -> Reported:
    """The row after this word. `others`: bundles this kiosk reports already. Raises Refused."""
    if not is_bundle(message.bundle):
        raise Refused("no_bundle", f"no bundle is called {message.bundle}")
    now_used = message.now if isinstance(message, Install) else 0
    if max(message.release, now_used) > MOST_SEQ or message.attempt > MOST_ATTEMPT:
        raise Refused(
            "no_release", f"{message.bundle} {message.release}, attempt {message.attempt}"
        )
    if row is None:
        if others >= MOST_BUNDLES:
            raise Refused("too_many_bundles", f"{message.bundle} would be one more than {others}")
        row = Reported(kiosk_id, message.bundle, 0)
    row = row._replace(
        wanted_seq=message.release, attempt=message.attempt, state=message.state, at=now
    )
    if isinstance(message, Install):
        ended = row._replace(seq=message.now, done=row.total, facts=dict(message.facts))
        return ended._replace(code=message.code, why=message.why)
    under_way = row._replace(done=message.done, total=message.total, why=message.note)
    return under_way._replace(code="", facts={})
