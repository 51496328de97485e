"""Where a message belongs in the conversation with its kiosk: next, again, late or after a gap.

Pure. The order is (epoch, birth, seq). An epoch begins with a Birth only; without one the office
knows nothing to hang the message on and asks for a rebirth.
"""

from typing import Literal, NamedTuple

from controller.known import Thread
from wire.messages import Birth, Death, Header

Place = Literal["next", "duplicate", "stale", "unborn"]


class Placed(NamedTuple):
    """`missing` counts the messages lost between the last accepted one and this."""

    place: Place
    missing: int = 0


_NEXT = Placed("next")
_DUPLICATE = Placed("duplicate")
_STALE = Placed("stale")
_UNBORN = Placed("unborn")


def place(thread: Thread | None, message: Header) -> Placed:
    if thread is None or message.epoch != thread.epoch:
        return _NEXT if isinstance(message, Birth) else _UNBORN
    if message.birth < thread.birth:
        return _STALE
    if message.birth > thread.birth:
        return Placed("next", message.seq) if message.seq else _NEXT
    if message.seq <= thread.seq:
        return _DUPLICATE
    return _NEXT if message.seq == thread.seq + 1 else _gap(thread, message)


def ends(thread: Thread | None, death: Death) -> bool:
    """Whether this will is of the connection we know, or of a later one whose birth was lost.

    An older one says nothing about now.
    """
    return thread is not None and death.epoch == thread.epoch and death.birth >= thread.birth


def _gap(thread: Thread, message: Header) -> Placed:
    return Placed("next", message.seq - thread.seq - 1)
