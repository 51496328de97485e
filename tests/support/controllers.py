"""Controllers as they run in production: processes of their own, beside a real broker."""

import json
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from tests.support.child import Child
from tests.support.mqtt import Door, Player
from tests.support.office import Teller
from tests.support.wait import until
from wire import topics
from wire.codec import encode, kind_of
from wire.messages import Up

QUICK = ("--roll-call-s", "1", "--roll-call-grace-s", "1")


def controller(
    url: str, door: Door, folder: Path, *more: str, env: Mapping[str, str] | None = None
) -> Child:
    """A running controller; not waited for. Its words are in `controller.log`."""
    broker = f"{door.host}:{door.port}"
    args = (sys.executable, "-m", "controller", "--database", url, "--broker", broker)
    return Child((*args, *QUICK, *more), folder / "controller.log", env)


def holds(engine: Engine, name: str = "%", partitions: int = 16) -> bool:
    """Whether controllers like `name` hold so many partitions and hear the broker."""
    held = f"SELECT count(*) FROM lease WHERE holder LIKE '{name}' AND holder <> ''"
    up = f"SELECT count(*) FROM controller WHERE name LIKE '{name}' AND link = 'up'"
    with engine.connect() as conn:
        return bool(conn.scalar(text(held)) == partitions and conn.scalar(text(up)))


def counters(engine: Engine) -> dict[str, Any]:
    """Of all controllers together, by metric."""
    total: dict[str, Any] = {}
    with engine.connect() as conn:
        for (found,) in conn.execute(text("SELECT counters FROM controller")):
            for name, values in (json.loads(found) if isinstance(found, str) else found).items():
                for labels, value in values.items():
                    key = f"{name}{{{labels}}}" if labels else name
                    total[key] = total.get(key, 0) + value
    return total


class Line:
    """A kiosk's line to the broker: says what its Teller says, hears what the office answers."""

    def __init__(self, door: Door, teller: Teller) -> None:
        self.teller = teller
        self._player = Player(door, teller.name, clean_start=False, expiry_s=3600)
        self._player.subscribe(*topics.kiosk_filters(teller.name))

    def say(self, *messages: Up) -> None:
        """Until the broker has each of them, and somebody to give it to."""
        for message in messages:
            topic = topics.up(self.teller.name, kind_of(message))
            until(partial(self._delivered, topic, encode(message)), 15)

    def _delivered(self, topic: str, payload: bytes) -> bool:
        code = self._player.publish(topic, payload)
        assert code in (0, 0x10), code  # 0x10: nobody listens just now
        return code == 0

    def post(self, *messages: Up) -> None:
        for message in messages:
            self._player.post(topics.up(self.teller.name, kind_of(message)), encode(message))

    def heard(self, kind: str, within_s: float = 10.0) -> Any:
        """The next message of this kind from the office."""

        def look() -> Any:
            packet = self._player.next(within_s)
            return json.loads(packet.payload or b"{}") if packet.topic.endswith(kind) else None

        return until(look, within_s)

    def cut(self) -> None:
        self._player.cut()
