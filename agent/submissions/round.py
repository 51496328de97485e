"""One round of the child: citizens who wait first, then the key, the records, and the news.

Owns the order and what is told of it afterwards (child.json). A record that cannot be brought does
not hold up the others; a line that is gone ends the round. Everything may be cut anywhere and done
again: what the office has it says so, and nothing goes but by its signed word.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import msgspec

from agent import disk
from agent.actions.base import Failed
from agent.actions.office import Away
from agent.submissions.asks import Asks
from agent.submissions.basket import Basket, Waiting, text_of
from agent.submissions.counter import Counter
from agent.submissions.judged import judged
from agent.submissions.ring import KeyRing, NoKeys
from wire.citizen import Issued, RecordKey, Told
from wire.local import CHILD, ISSUED, KEY, SYNC, ChildSays
from wire.submission import Ack, Acks

TRIES: Final = 4  # to hear the registrar's word of what was just brought
PAUSE_S: Final = 1.5
MOST_REFUSED: Final = 3  # in a row: then it is not the record
MOST_SAID: Final = 64 * 1024  # bytes of what the portal says of itself
REGISTERED: Final = "registered.json"  # the child's own: which key the office was told
T = TypeVar("T")


class Around(NamedTuple):
    """What a round touches. `keys` raises NoKeys; `wait` may raise what ends the child."""

    kiosk: str
    tray: Path
    asks: Asks
    counter: Counter
    keys: Callable[[], KeyRing]
    wall_ms: Callable[[], int]
    wait: Callable[[float], object]


class Round:
    """Once. `run` returns what is to be told; Away and Failed are told, OSError comes through."""

    def __init__(self, around: Around) -> None:
        self._around, self._tray = around, around.tray
        self._basket, self._counter = Basket(around.tray), around.counter
        self._ring: KeyRing | None = None
        self._why: list[str] = []

    def run(self, *, sync: bool) -> ChildSays:
        """`sync`: the news is wanted, too, even when nothing waits."""
        reached = False
        try:
            self._answer()
            self._register()
            brought = self._bring()
            if sync or brought:
                self._sync()
            reached = True
        except Away as away:
            self._why.insert(0, f"the office cannot be reached: {away}")
        except Failed as failed:
            self._why.insert(0, failed.why)
        self._around.asks.sweep(every=not reached)
        return self._told(reached=reached)

    def _answer(self) -> None:
        self._around.asks.sweep()
        self._around.asks.call(self._counter.call)
        self._around.asks.each(self._counter.answer)

    def _register(self) -> None:
        key = _read(self._tray / KEY, RecordKey)
        if key is None or key == _read(self._tray / REGISTERED, RecordKey):
            return
        self._counter.register(key)
        disk.write(self._tray / REGISTERED, msgspec.json.encode(key))

    def _bring(self) -> bool:
        """Whether anything went. Raises Away, Failed."""
        found = self._basket.waiting()
        if not found:
            return False
        self._keys()
        # A line that is gone is noticed before the whole tray is read.
        known = [*self._counter.said_of([one.id for one in found])]
        waiting = self._hashed(found)
        begun = len(waiting)
        has = self._heed(known, waiting)
        refused = 0
        for sha256, one in [*waiting.items()]:
            self._answer()
            if sha256 in waiting and sha256 not in has and refused < MOST_REFUSED:
                taken = self._hand_in(one, waiting)
                refused, has = (0, has | taken) if taken is not None else (refused + 1, has)
        self._hear_more(waiting, has)
        return len(waiting) < begun

    def _hashed(self, found: Iterable[Waiting]) -> dict[str, Waiting]:
        """One that the disk does not give any more holds up no other."""
        waiting = {}
        for one in found:
            try:
                waiting[self._basket.hash_of(one)] = one
            except OSError as error:
                self._why.append(f"{one.path.name} cannot be read: {error.strerror}")
        return waiting

    def _hand_in(self, one: Waiting, waiting: dict[str, Waiting]) -> set[str] | None:
        """What the office has and has not judged yet; None when it does not take this one."""
        record = self._basket.read(one)
        try:
            return self._heed([self._counter.hand_in(record)], waiting)
        except Failed as failed:
            self._why.append(f"a record was not taken: {failed.why}")
            return None

    def _hear_more(self, waiting: dict[str, Waiting], has: set[str]) -> None:
        for _ in range(TRIES):
            ids = [waiting[sha256].id for sha256 in has if sha256 in waiting]
            if not ids:
                return
            self._around.wait(PAUSE_S)
            self._heed(self._counter.said_of(ids), waiting)

    def _heed(self, heard: Iterable[Acks], waiting: dict[str, Waiting]) -> set[str]:
        """What waits there unjudged; what it has answered for goes. Raises Failed `no_keys`."""
        ring, stored = self._keys(), set[str]()
        for acks in heard:
            stored.update(acks.stored)
            for ack in filter(None, map(ring.read, acks.acks)):
                self._judge(ack, waiting)
        return stored

    def _judge(self, ack: Ack, waiting: dict[str, Waiting]) -> None:
        one = waiting.get(ack.sha256)
        verdict = one and judged(ack, self._around.kiosk, one.id, ack.sha256)
        if one is None or verdict is None:
            return
        if verdict == "forget":
            self._basket.forget(one)
        else:
            self._basket.refuse(one)
            self._why.append(f"the office refuses {one.path.name}: {ack.why}")
        del waiting[ack.sha256]

    def _keys(self) -> KeyRing:
        try:
            self._ring = self._ring or self._around.keys()
        except NoKeys as none:
            raise Failed("no_keys", f"nothing can be acknowledged: {none}") from none
        return self._ring

    def _sync(self) -> None:
        waiting = self._basket.waiting()
        told = Told(
            issued=_read(self._tray / ISSUED, tuple[Issued, ...]) or (),
            waiting=len(waiting),
            oldest=waiting[0].made_at if waiting else 0,
        )
        news = msgspec.json.encode(self._counter.sync(told))
        disk.replace(self._tray / SYNC, news, 0o644, synced=True)

    def _told(self, *, reached: bool) -> ChildSays:
        waiting = self._basket.waiting()
        said = ChildSays(
            at=self._around.wall_ms(),
            records=len(waiting),
            size=sum(one.size for one in waiting),
            refused=self._basket.put_aside(),
            oldest=waiting[0].made_at if waiting else 0,
            reached=reached,
            why="; ".join(dict.fromkeys(self._why))[:300],
        )
        disk.replace(self._tray / CHILD, msgspec.json.encode(said), 0o644)
        return said


def _read(path: Path, kind: type[T]) -> T | None:
    """None when it is not there or says nothing."""
    try:
        return msgspec.json.decode(text_of(path, MOST_SAID), type=kind)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
