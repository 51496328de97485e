"""A kiosk with a good certificate that says as much as it can: `python -m tests.support.flooder`.

A process of its own, so that it takes no turns from those who measure. It says readings that the
office must believe, comes back at once when it is thrown out, and tells on its standard output, a
line of JSON each, when its connection ended and in the end how much it said.
"""

import argparse
import json
import ssl
import sys
import threading
import time
from typing import TYPE_CHECKING

import mqtt5
from mqtt5 import PublishPacket, QoS

from tests.support.identity import TlsDoor
from tests.support.mqtt import Closed, Player
from tests.support.office import Teller, seen
from wire import topics
from wire.codec import encode, kind_of

if TYPE_CHECKING:
    from wire.messages import Up

AT_ONCE = 50
MADE = 20_000  # messages made beforehand: then it begins again


class Flooder:
    """`rate`: messages a second it means to say. `qos` 0 or 1."""

    def __init__(self, door: TlsDoor, name: str, qos: int, rate: float) -> None:
        self._door, self._name, self._qos, self._rate = door, name, QoS(qos), rate
        self.sent = self.ended = 0
        self.refused: dict[int, int] = {}  # reason code of a PUBACK -> how often
        self._teller = Teller(name)
        self._pace = threading.Event()
        self._teller.now = time.time_ns() // 1_000_000
        self._made = self._messages()

    def run(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                with Player(self._door, self._name, timeout_s=10.0) as line:
                    self._flood(line, end)
                    return
            except (Closed, OSError, AssertionError) as why:
                self.ended += 1
                tell(ended=self.ended, sent=self.sent, why=str(why)[:80], at=time.time())

    def _flood(self, line: Player, end: float) -> None:
        most = line.connack.receive_max or 65_535
        said = self._made
        if not self.sent:
            tell(begun=time.time())
        start, first = time.monotonic(), self.sent
        number, waiting = 0, 0
        while (now := time.monotonic()) < end:
            ahead = (self.sent - first) / self._rate - (now - start)
            if ahead > 0:
                self._pace.wait(
                    min(ahead, 0.05)
                )  # nobody sets it: a pace, not a wait for something
            few = AT_ONCE if self._qos == QoS.AT_MOST_ONCE else min(AT_ONCE, most - waiting)
            packets = []
            for _ in range(few):
                number = number % 60_000 + 1
                topic, payload = said[self.sent % len(said)]
                self.sent += 1
                packets.append(self._packet(topic, payload, number))
            line.socket.sendall(b"".join(packets))
            if self._qos == QoS.AT_LEAST_ONCE:
                waiting += few
                while waiting > most - AT_ONCE:
                    waiting -= self._answered(line)

    def _answered(self, line: Player) -> int:
        packet = line.read()
        if not isinstance(packet, mqtt5.PubAckPacket):
            return 0
        code = int(packet.reason_code)
        self.refused[code] = self.refused.get(code, 0) + 1
        return 1

    def _packet(self, topic: str, payload: bytes, number: int) -> bytes:
        if self._qos == QoS.AT_MOST_ONCE:
            return PublishPacket(topic, payload, qos=self._qos).write()
        return PublishPacket(topic, payload, qos=self._qos, packet_id=number).write()

    def _messages(self) -> list[tuple[str, bytes]]:
        """A birth, and readings that each say something new."""
        teller = self._teller
        made: list[Up] = [teller.birth(probes=("system",))]
        made += [
            teller.reading(seen("system", facts={"cpu_percent": number % 100}, at=teller.now))
            for number in range(MADE)
        ]
        return [(topics.up(self._name, kind_of(one)), encode(one)) for one in made]


def tell(**words: object) -> None:
    print(json.dumps(words), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    for option in ("ca", "cert", "key"):
        parser.add_argument(f"--{option}", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--qos", type=int, default=0)
    parser.add_argument("--rate", type=float, default=10_000)
    parser.add_argument("--seconds", type=float, default=10)
    given = parser.parse_args()
    context = ssl.create_default_context(cafile=given.ca)
    context.load_cert_chain(given.cert, given.key)
    flooder = Flooder(TlsDoor("127.0.0.1", given.port, context), given.name, given.qos, given.rate)
    flooder.run(given.seconds)
    tell(sent=flooder.sent, ended=flooder.ended, refused=flooder.refused, done=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
