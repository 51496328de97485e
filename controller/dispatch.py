"""Everything that leaves the office for a kiosk: what is said, and how surely.

An Ack may be lost: the kiosk asks again by sending again. A Rebirth or a RollCall may not.
"""

from collections.abc import Iterable
from typing import NamedTuple

from controller.known import Known
from wire import topics
from wire.codec import encode
from wire.messages import Ack, News, Rebirth, RollCall

OLD_MEMORY = "old memory"  # why a kiosk is asked for a rebirth: it was put back to an older copy


class Outgoing(NamedTuple):
    partition: int
    topic: str
    payload: bytes
    qos: int


def ack(known: Known) -> Outgoing | None:
    """What is stored of the facts of the kiosk's present epoch."""
    if known.thread is None:
        return None
    message = Ack(epoch=known.thread.epoch, upto=known.thread.fact_upto)
    return Outgoing(known.partition, topics.down(known.name, "ack"), encode(message), 0)


def rebirth(known: Known, why: str) -> Outgoing:
    topic = topics.down(known.name, "rebirth")
    message = Rebirth(why=why)
    if why == OLD_MEMORY and known.thread is not None:
        message = Rebirth(why=why, birth=known.thread.birth, upto=known.thread.fact_upto)
    return Outgoing(known.partition, topic, encode(message), 1)


def roll_call(partition: int, call: str, within_s: int) -> Outgoing:
    message = RollCall(call=call, within_s=within_s)
    return Outgoing(partition, topics.down_everyone(partition, "rollcall"), encode(message), 1)


def news(partition: int, name: str) -> Outgoing:
    """Whoever is away hears it when they are back."""
    return Outgoing(partition, topics.down(name, "news"), encode(News()), 1)


def mail(acks: Iterable[Known], rebirths: Iterable[tuple[Known, str]]) -> list[Outgoing]:
    """One Ack a kiosk however many facts it sent."""
    told = [ack(known) for known in acks]
    asked = [rebirth(known, why) for known, why in rebirths]
    return [one for one in told if one is not None] + asked
