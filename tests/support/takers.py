"""Kiosks that take orders over a real broker, beside a controller process that hands them out."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from controller import bell
from tests.support.child import Child
from tests.support.controllers import controller, holds
from tests.support.mqtt import Closed, Door, Player
from tests.support.office import Office
from tests.support.taker import Bureau, Taker, heard, key_file
from tests.support.wait import until
from wire import topics
from wire.codec import encode, kind_of
from wire.messages import Up


class Counter:
    """An office with books, a key and people who ask; its controllers are processes."""

    def __init__(self, url: str, door: Door, folder: Path, *names: str) -> None:
        self.url, self.door, self.folder = url, door, folder
        self.office = Office(url, *names)
        with self.office.engine.begin() as conn:  # the controllers are others
            conn.execute(text("UPDATE lease SET holder = '', until = 0"))
        self.bureau = Bureau(self.office.engine)
        self.key = key_file(self.bureau.ceremony, folder)

    def opens(self, *more: str, ready: bool = True) -> Child:
        child = controller(self.url, self.door, self.folder, "--command-key", str(self.key), *more)
        if ready:
            until(lambda: holds(self.office.engine), 30)
        return child

    def ask(self, *kiosks: str, now: int, **more: object) -> int:
        job = self.bureau.ask(*kiosks, now=now, **more)  # type: ignore[arg-type]
        bell.ring(self.office.engine)
        return job


class Room:
    """One kiosk at the broker, answering in a thread of its own until `leave` or the line ends."""

    def __init__(self, door: Door, taker: Taker, now: int) -> None:
        self.taker = taker
        taker.now = now
        self._lock = threading.Lock()
        self._player = Player(door, taker.name, clean_start=False, expiry_s=86_400)
        self._player.subscribe(*topics.kiosk_filters(taker.name))
        self._left = False
        self._say(taker.born())
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def leave(self) -> None:
        """As if the plug were pulled."""
        self._left = True
        self._player.cut()
        self._thread.join(10)

    def begin_again(self) -> None:
        """A new birth on the same connection: also what nobody acknowledged is said again."""
        with self._lock:
            self._say(self.taker.born())

    def _listen(self) -> None:
        while not self._left:
            try:
                packet = self._player.next(0.5)
            except TimeoutError:
                continue
            except (Closed, OSError, ValueError):
                return
            with self._lock:
                self._hear(packet.topic, packet.payload or b"")

    def _hear(self, topic: str, payload: bytes) -> None:
        if topic.endswith("/rebirth"):
            self._say(self.taker.born())
        elif topic.endswith("/rollcall"):
            self._say([self.taker.present()])
        else:
            self._say(self.taker.hear(heard(topic, payload)))

    def _say(self, said: list[Up]) -> None:
        for message in said:
            try:
                self._player.post(topics.up(self.taker.name, kind_of(message)), encode(message))
            except OSError:
                return


@contextmanager
def room(door: Door, taker: Taker, now: int) -> Iterator[Room]:
    one = Room(door, taker, now)
    try:
        yield one
    finally:
        one.leave()
