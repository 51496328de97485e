"""One load kiosk's MQTT 5 connection, without a client library: packets in, packets out.

Owns one socket, its window and its numbering of packets. It speaks as the agent does: will,
subscriptions at every connect, birth and full reading first, never more in flight than allowed,
roll calls, rebirths and orders answered. It keeps no reading: what is unacknowledged at a cut is
gone. Facts outlive it: they are the Sayings' Answers'.
"""

import asyncio
import socket
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from random import random
from typing import Final

import mqtt5
from mqtt5 import ConnectPacket, PublishPacket, QoS, SubscribePacket, TopicFilter, Will

from provisioning.players.sayings import Sayings
from provisioning.players.tally import Tally
from wire import topics
from wire.codec import decode_down, encode, kind_of
from wire.errors import MalformedMessage
from wire.messages import Ack, Orders, Rebirth, RollCall, Up

WINDOW: Final = 20
NEVER: Final = 0xFFFFFFFF  # as the agent asks; why: docs/adr/0009
WILL_DELAY_S: Final = 5
ACK_WITHIN_S: Final = 20.0
PING: Final = mqtt5.PingReqPacket().write()

Say = Callable[[int], Up]  # given the time in milliseconds, makes the next numbered message


class RawKiosk(asyncio.Protocol):
    """`lost` is called once with the reason when the connection has ended or was refused."""

    def __init__(
        self,
        sayings: Sayings,
        tally: Tally,
        lost: Callable[["RawKiosk", str], None],
        *,
        slow_s: float = 5.0,
    ) -> None:
        self.sayings, self.ready = sayings, False
        self.since: float | None = None  # when it was let in, by the monotonic clock
        self._tally, self._lost = tally, lost
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._window = WINDOW
        self._in_flight: dict[int, float] = {}
        self._later: deque[Say] = deque()  # must be said, numbered only when it is
        self._last_id = 0
        self._why = "cut"
        self._timer: asyncio.TimerHandle | None = None
        self._again: asyncio.TimerHandle | None = None  # when the office owes an acknowledgement
        self._slow_s = slow_s

    @property
    def in_flight(self) -> int:
        return len(self._in_flight)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        said = self.sayings
        said.connecting()
        will = Will(
            topics.up(said.name, "death"),
            payload=encode(said.death()),
            qos=QoS.AT_LEAST_ONCE,
            will_delay_interval=WILL_DELAY_S,
        )
        connect = ConnectPacket(
            said.name,
            clean_start=False,
            will=will,
            keep_alive=said.keepalive_s,
            session_expiry_interval=NEVER,
            receive_max=WINDOW,
        )
        transport.write(connect.write())

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._again is not None:
            self._again.cancel()
        if self.ready:
            self._tally.connected -= 1
        self.ready, self._transport = False, None
        self._in_flight.clear()
        self._lost(self, type(exc).__name__ if exc is not None else self._why)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        view, at = memoryview(self._buffer), 0
        try:
            while at < len(view):
                packet, size = mqtt5.read(view[at:])
                at += size
                self._take(packet)
        except IndexError:
            pass  # the rest is still on its way
        except ValueError as error:
            self._why = f"not MQTT: {error}"
            self.cut()
        self._buffer = self._buffer[at:]

    def change(self) -> bool:
        """Send one small reading now. False when the window is full: the agent would thin it."""
        if not self.ready or self._later or len(self._in_flight) >= self._window:
            self._tally.held += 1
            return False
        self._tally.readings += 1
        self._publish(self.sayings.say_change)
        return True

    def leave(self) -> None:
        """Say a planned death and a goodbye."""
        if self._transport is None:
            return
        if self.ready:
            self._send(self.sayings.death(planned=True))
        self._why = "left"
        self._transport.write(mqtt5.DisconnectPacket().write())
        self._transport.close()

    def cut(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _take(self, packet: mqtt5.Packet) -> None:
        match packet:
            case mqtt5.PubAckPacket():
                self._acknowledged(packet)
            case mqtt5.PublishPacket():
                self._hear(packet)
            case mqtt5.ConnAckPacket():
                self._welcome(packet)
            case mqtt5.DisconnectPacket():
                self._why = f"broker: 0x{int(packet.reason_code):02x}"
                self.cut()

    def _welcome(self, packet: mqtt5.ConnAckPacket) -> None:
        if int(packet.reason_code) != 0 or self._transport is None:
            self._why = f"refused: 0x{int(packet.reason_code):02x}"
            self.cut()
            return
        self._window = min(packet.receive_max, WINDOW)
        filters = [
            TopicFilter(pattern, max_qos=QoS.AT_LEAST_ONCE)
            for pattern in topics.kiosk_filters(self.sayings.name)
        ]
        self._transport.write(SubscribePacket(self._id(), filters).write())
        self.ready, self.since = True, time.monotonic()
        self._tally.connected += 1
        self._tally.connects += 1
        self._tally.births += 1
        self._be_born()
        self._ping_later(random())  # noqa: S311 - so that ten thousand do not ping together

    def _acknowledged(self, packet: mqtt5.PubAckPacket) -> None:
        sent = self._in_flight.pop(packet.packet_id, None)
        if sent is not None:
            self._tally.pubacks[int(packet.reason_code)] += 1
            self._tally.took(time.monotonic() - sent)
        self._drain()

    def _hear(self, packet: PublishPacket) -> None:
        if packet.packet_id is not None and self._transport is not None:
            self._transport.write(mqtt5.PubAckPacket(packet.packet_id).write())
        try:
            said = decode_down(topics.kind_of_down(packet.topic), packet.payload)
        except MalformedMessage:
            self._tally.malformed += 1
            return
        match said:
            case Ack():
                self._tally.acks += 1
                self._stored(said)
            case Rebirth():
                self._tally.rebirths += 1
                self._be_born()
            case Orders():
                self._obey(said)
            case RollCall():
                wait = random() * said.within_s  # noqa: S311 - no secret
                asyncio.get_running_loop().call_later(wait, self._answer)

    def _be_born(self) -> None:
        self._must(self.sayings.say_birth, self.sayings.say_all)
        if self.sayings.answers is not None:
            self._begin_again()

    def _obey(self, orders: Orders) -> None:
        answers = self.sayings.answers
        if answers is None:
            return
        self._tally.orders += 1
        try:
            heard = answers.hear(orders.signed, self.sayings.nonce)
        except MalformedMessage:
            self._tally.malformed += 1
            return
        if heard is None:
            self._tally.stale += 1
            return
        self._tally.envelopes += heard.envelopes
        for command in heard.later:
            self._must(partial(self.sayings.say_progress, command))
            asyncio.get_running_loop().call_later(self._slow_s, self._end, command)
        for command in heard.now:
            answers.end(command, time.time_ns() // 1_000_000)
        self._say_facts()

    def _end(self, command: str) -> None:
        """Also when the line is down by now: the fact waits."""
        if self.sayings.answers is not None:
            self.sayings.answers.end(command, time.time_ns() // 1_000_000)
            if self.ready:
                self._say_facts()

    def _stored(self, ack: Ack) -> None:
        answers = self.sayings.answers
        if answers is None or ack.epoch != self.sayings.epoch:
            return
        if answers.acknowledged(ack.upto):
            self._say_facts()
        else:
            self._begin_again()

    def _begin_again(self) -> None:
        assert self.sayings.answers is not None
        self.sayings.answers.go_back()
        self._tally.resent += self._say_facts()

    def _say_facts(self) -> int:
        """What may be sent, and the watch over what is owed; how many were sent."""
        answers = self.sayings.answers
        assert answers is not None
        facts = list(answers.send())
        self._tally.results += len(facts)
        self._must(*(partial(self.sayings.say_result, one) for one in facts))
        if self._again is not None:
            self._again.cancel()
            self._again = None
        if answers.owed:
            loop = asyncio.get_running_loop()
            self._again = loop.call_later(ACK_WITHIN_S, self._begin_again)
        return len(facts)

    def _answer(self) -> None:
        if self.ready:
            self._tally.roll_calls += 1
            self._must(self.sayings.say_present)

    def _must(self, *says: Say) -> None:
        self._later += says
        self._drain()

    def _drain(self) -> None:
        while self._later and self.ready and len(self._in_flight) < self._window:
            self._publish(self._later.popleft())

    def _publish(self, say: Say) -> None:
        self._send(say(time.time_ns() // 1_000_000))

    def _send(self, message: Up) -> None:
        assert self._transport is not None
        number = self._id()
        self._in_flight[number] = time.monotonic()
        self._tally.published += 1
        topic = topics.up(self.sayings.name, kind_of(message))
        packet = PublishPacket(topic, encode(message), qos=QoS.AT_LEAST_ONCE, packet_id=number)
        self._transport.write(packet.write())

    def _id(self) -> int:
        while True:
            self._last_id = self._last_id % 65_535 + 1
            if self._last_id not in self._in_flight:
                return self._last_id

    def _ping_later(self, part: float) -> None:
        wait = self.sayings.keepalive_s * (0.5 + 0.3 * part)
        self._timer = asyncio.get_running_loop().call_later(wait, self._ping, part)

    def _ping(self, part: float) -> None:
        if self._transport is not None:
            self._transport.write(PING)
            self._ping_later(part)
