"""The strict broker's memory: who subscribed to what, what waits for whom, whose will is due.

Owns sessions and routing, never a socket: a session's `deliver` is told where to write.
Times are seconds of the running event loop.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from mqtt5 import PublishPacket, QoS, Will

NEVER = 0xFFFFFFFF


@dataclass
class Waiting:
    """One publish on its way to one session."""

    packet: PublishPacket
    qos: QoS
    expires: float | None

    def stale(self, now: float) -> bool:
        return self.expires is not None and now >= self.expires


@dataclass
class Session:
    client_id: str
    expiry_s: int = 0
    subscriptions: dict[str, QoS] = field(default_factory=dict)
    queue: deque[Waiting] = field(default_factory=deque)
    in_flight: dict[int, Waiting] = field(default_factory=dict)
    window: int = 65_535
    write: Callable[[bytes], None] | None = None
    will: Will | None = None
    will_timer: asyncio.TimerHandle | None = None
    end_timer: asyncio.TimerHandle | None = None
    last_id: int = 0

    def best_qos(self, topic: str) -> QoS | None:
        grants = [qos for pattern, qos in self.subscriptions.items() if matches(pattern, topic)]
        return max(grants, key=int, default=None)  # the codec's enums know no order

    def resume(self, write: Callable[[bytes], None], window: int) -> None:
        """Connected (again): first what was sent and never acknowledged, marked as duplicate."""
        self.write, self.window = write, window
        for handle in (self.will_timer, self.end_timer):
            if handle is not None:
                handle.cancel()
        self.will_timer = self.end_timer = None
        for packet_id, waiting in self.in_flight.items():
            write(self._bytes(waiting, packet_id, duplicate=True))
        self.pump()

    def pump(self) -> None:
        """Write what may be written within the client's own receive maximum."""
        now = asyncio.get_running_loop().time()
        while self.write is not None and self.queue:
            waiting = self.queue[0]
            if waiting.stale(now):
                self.queue.popleft()
                continue
            if waiting.qos == QoS.AT_MOST_ONCE:
                self.write(self._bytes(self.queue.popleft(), None))
                continue
            if len(self.in_flight) >= self.window:
                return
            packet_id = self._free_id()
            self.in_flight[packet_id] = self.queue.popleft()
            self.write(self._bytes(waiting, packet_id))

    def acknowledged(self, packet_id: int) -> bool:
        known = self.in_flight.pop(packet_id, None) is not None
        self.pump()
        return known

    def _free_id(self) -> int:
        while True:
            self.last_id = self.last_id % 65_535 + 1
            if self.last_id not in self.in_flight:
                return self.last_id

    def _bytes(self, waiting: Waiting, packet_id: int | None, *, duplicate: bool = False) -> bytes:
        left = None
        if waiting.expires is not None:
            left = max(1, round(waiting.expires - asyncio.get_running_loop().time()))
        source = waiting.packet
        return PublishPacket(
            source.topic,
            source.payload,
            qos=waiting.qos,
            packet_id=packet_id,
            duplicate=duplicate,
            message_expiry_interval=left,
            content_type=source.content_type,
            response_topic=source.response_topic,
            correlation_data=source.correlation_data,
            user_properties=source.user_properties,
        ).write()


class Sessions(dict[str, Session]):
    """All sessions by client id."""

    def publish(self, packet: PublishPacket) -> bool:
        """To everybody who asked. True if somebody did."""
        found = False
        now = asyncio.get_running_loop().time()
        lifetime = packet.message_expiry_interval
        for session in list(self.values()):
            granted = session.best_qos(packet.topic)
            if granted is None:
                continue
            found = True
            qos = min(granted, packet.qos, key=int)
            if session.write is None and qos == QoS.AT_MOST_ONCE:
                continue
            expires = None if lifetime is None else now + lifetime
            session.queue.append(Waiting(packet, qos, expires))
            session.pump()
        return found

    def left(self, session: Session, *, with_will: bool) -> None:
        """The connection is gone: start the clocks of its will and of the session itself."""
        loop = asyncio.get_running_loop()
        session.write = None
        if not with_will:
            session.will = None
        if session.will is not None:
            delay = min(session.will.will_delay_interval, session.expiry_s)
            session.will_timer = loop.call_later(delay, self.speak_will, session)
        if session.expiry_s != NEVER:
            session.end_timer = loop.call_later(session.expiry_s, self._end, session)

    def speak_will(self, session: Session) -> None:
        will, session.will = session.will, None
        if will is not None:
            self.publish(PublishPacket(will.topic, will.payload or b"", qos=will.qos, packet_id=1))

    def forget_timers(self) -> None:
        for session in self.values():
            for handle in (session.will_timer, session.end_timer):
                if handle is not None:
                    handle.cancel()

    def _end(self, session: Session) -> None:
        if session.write is None and self.get(session.client_id) is session:
            del self[session.client_id]
            self.speak_will(session)


def matches(pattern: str, topic: str) -> bool:
    """MQTT's wildcards; a `$` topic is not matched by a leading wildcard."""
    if topic.startswith("$") and not pattern.startswith("$"):
        return False
    wanted, said = pattern.split("/"), topic.split("/")
    for place, part in enumerate(wanted):
        if part == "#":
            return True
        if place >= len(said) or part not in ("+", said[place]):
            return False
    return len(wanted) == len(said)
