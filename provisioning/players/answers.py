"""How a load kiosk answers orders: each envelope with a numbered fact, kept until it is stored.

Owns what was taken, what is still owed and the numbers of the facts. It checks no signature, no
policy and no time: it is weight on the office's scale and nothing to trust; kiosks that check
everything are played by `player.py`. Never touches a socket or a clock.
"""

from collections.abc import Iterable
from random import Random
from typing import Final, Literal, NamedTuple

import msgspec

from wire.errors import MalformedMessage

MOST_SENT: Final = 64  # facts sent and not acknowledged, as the protocol allows

Manner = Literal["good", "silent", "slow", "failing"]
End = Literal["succeeded", "failed"]


class Manners(NamedTuple):
    """Which share of a fleet (0..1 each) does not simply obey; the slow take `slow_s` seconds."""

    silent: float = 0.0
    slow: float = 0.0
    failing: float = 0.0
    slow_s: float = 5.0

    def of(self, dice: Random) -> Manner:
        drawn = dice.random()
        shares: tuple[tuple[Manner, float], ...] = (
            ("silent", self.silent),
            ("slow", self.slow),
            ("failing", self.failing),
        )
        for manner, share in shares:
            if drawn < share:
                return manner
            drawn -= share
        return "good"


class Kept(NamedTuple):
    """A fact: how a command ended, and when (milliseconds)."""

    fact: int
    command: str
    state: End
    at: int


class Heard(NamedTuple):
    """`now` is to be answered at once; `later` is begun, and answered when it has ended."""

    envelopes: int
    now: list[str]
    later: list[str]


class _Envelope(msgspec.Struct):
    command: str
    number: int


class _Batch(msgspec.Struct):
    nonce: str
    open: list[_Envelope] = []


_batch = msgspec.json.Decoder(_Batch)


class Answers:
    """One kiosk's. `number` is the highest of a command it has ever taken."""

    __slots__ = ("_acked", "_begun", "_ended", "_kept", "_last", "_sent", "manner", "number")

    def __init__(self, manner: Manner = "good") -> None:
        self.manner = manner
        self.number = 0
        self._last = self._acked = self._sent = 0
        self._kept: dict[int, Kept] = {}
        self._begun: set[str] = set()
        self._ended: dict[str, int] = {}  # command -> its newest fact

    @property
    def oldest(self) -> int:
        """Number of the oldest fact kept, or of the next one when none is."""
        return self._acked + 1

    @property
    def owed(self) -> int:
        return len(self._kept)

    def hear(self, signed: str, nonce: str) -> Heard | None:
        """What a Batch asks for; None when it is of another connection.

        Raises MalformedMessage.
        """
        try:
            batch = _batch.decode(signed)
        except msgspec.DecodeError as error:
            raise MalformedMessage("wrong_shape", str(error)) from None
        if batch.nonce != nonce:
            return None
        heard = Heard(len(batch.open), [], [])
        if self.manner != "silent":
            for one in batch.open:
                self._take(one, heard)
        return heard

    def end(self, command: str, at: int) -> None:
        """It is done: from now on a fact."""
        self._begun.discard(command)
        self._last += 1
        self._ended[command] = self._last
        state: End = "failed" if self.manner == "failing" else "succeeded"
        self._kept[self._last] = Kept(self._last, command, state, at)

    def send(self) -> Iterable[Kept]:
        """Facts to send now, oldest first; they count as sent."""
        upto = min(self._last, self._acked + MOST_SENT)
        sent, self._sent = self._sent, max(self._sent, upto)
        return [self._kept[number] for number in range(sent + 1, self._sent + 1)]

    def go_back(self) -> None:
        """A birth was said, the office shows a hole, or it is silent: again from the oldest."""
        self._sent = self._acked

    def acknowledged(self, upto: int) -> bool:
        """False when this shows a hole."""
        if upto <= self._acked:
            return self._sent <= self._acked
        for number in range(self._acked + 1, min(upto, self._last) + 1):
            del self._kept[number]
        self._acked = min(upto, self._last)
        self._sent = max(self._sent, self._acked)
        return True

    def _take(self, one: _Envelope, heard: Heard) -> None:
        fact = self._ended.get(one.command)
        if fact is not None:
            if fact <= self._acked:  # the office has forgotten what it had stored
                heard.now.append(one.command)
            return
        self.number = max(self.number, one.number)
        if self.manner == "slow":
            if one.command not in self._begun:
                heard.later.append(one.command)
            self._begun.add(one.command)
        else:
            heard.now.append(one.command)
