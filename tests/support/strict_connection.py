"""One connection of the strict broker: bytes to packets, every rule of the protocol enforced.

Owns one socket. What must be remembered beyond it belongs to its session.
"""

import asyncio
from collections import deque
from typing import TYPE_CHECKING

import mqtt5
from mqtt5 import ConnAckPacket, ConnAckReasonCode, DisconnectPacket, DisconnectReasonCode, QoS

from tests.support.strict_sessions import Session

if TYPE_CHECKING:
    from tests.support.strict import StrictBroker


class Breach(Exception):  # noqa: N818 - the protocol's word
    def __init__(self, code: DisconnectReasonCode, what: str) -> None:
        super().__init__(what)
        self.code = code


class Connection(asyncio.Protocol):
    def __init__(self, broker: "StrictBroker") -> None:
        self.broker = broker
        self.client_id = ""
        self.session: Session | None = None
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._unacked: deque[mqtt5.PubAckPacket] = deque()
        self._with_will = True
        self._patience: asyncio.TimerHandle | None = None
        self._keep_alive = 10  # seconds until CONNECT says better

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.broker.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self.broker.connections.discard(self)
        if self._patience is not None:
            self._patience.cancel()
        session, self.session = self.session, None
        if session is not None:
            self.broker.sessions.left(session, with_will=self._with_will)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._wait()
        try:
            self._read_all()
        except Breach as breach:
            self.refuse(breach.code, str(breach))
        except ValueError as error:
            self.refuse(DisconnectReasonCode.MALFORMED_PACKET, str(error))
        # Only now: what arrived in one piece was sent before any of our answers could be seen.
        if not self.broker.hold_acks:
            self.flush_acks()

    def write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def flush_acks(self) -> None:
        while self._unacked:
            self.write(self._unacked.popleft().write())

    def cut(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def refuse(self, code: DisconnectReasonCode, why: str) -> None:
        """Say why, and end the connection. Everything but a takeover is the client's breach."""
        if code != DisconnectReasonCode.SESSION_TAKEN_OVER:
            self.broker.breaches.append(f"{self.client_id}: {code.name}: {why}")
        self._unacked.clear()
        self.write(DisconnectPacket(reason_code=code, reason_str=why).write())
        if self._transport is not None:
            self._transport.close()

    def _read_all(self) -> None:
        while self._buffer and self._transport and not self._transport.is_closing():
            try:
                packet, size = mqtt5.read(memoryview(self._buffer))
            except IndexError:
                return  # the rest is still on its way
            self._buffer = self._buffer[size:]
            self._take(packet)

    def _take(self, packet: mqtt5.Packet) -> None:
        if self.session is None and not isinstance(packet, mqtt5.ConnectPacket):
            raise Breach(DisconnectReasonCode.PROTOCOL_ERROR, "the first packet was no CONNECT")
        match packet:
            case mqtt5.ConnectPacket():
                self._connect(packet)
            case mqtt5.PublishPacket():
                self._publish(packet)
            case mqtt5.PubAckPacket():
                self._acknowledged(packet.packet_id)
            case mqtt5.SubscribePacket():
                self._subscribe(packet)
            case mqtt5.UnsubscribePacket():
                self._unsubscribe(packet)
            case mqtt5.PingReqPacket():
                self.write(mqtt5.PingRespPacket().write())
            case mqtt5.DisconnectPacket():
                self._goodbye(packet)
            case _:
                raise Breach(DisconnectReasonCode.PROTOCOL_ERROR, type(packet).__name__)

    def _connect(self, packet: mqtt5.ConnectPacket) -> None:
        if self.session is not None:
            raise Breach(DisconnectReasonCode.PROTOCOL_ERROR, "a second CONNECT")
        self.client_id = packet.client_id or f"unnamed-{id(self)}"
        self._keep_alive = packet.keep_alive
        sessions = self.broker.sessions
        self._take_over(clean_start=packet.clean_start)
        known = sessions.get(self.client_id)
        if known is None or packet.clean_start:
            sessions[self.client_id] = Session(self.client_id)
        session = self.session = sessions[self.client_id]
        session.expiry_s, session.will = packet.session_expiry_interval, packet.will
        answer = ConnAckPacket(
            session_present=known is session,
            reason_code=ConnAckReasonCode.SUCCESS,
            receive_max=self.broker.receive_maximum,
            max_qos=QoS.AT_LEAST_ONCE,
            retain_available=False,
            shared_subscription_available=False,
            assigned_client_id=None if packet.client_id else self.client_id,
        )
        self.write(answer.write())
        session.resume(self.write, packet.receive_max)
        self._wait()

    def _take_over(self, *, clean_start: bool) -> None:
        for other in list(self.broker.connections):
            if other is self or other.client_id != self.client_id or other.session is None:
                continue
            session, other.session = other.session, None
            session.write = None
            if clean_start or (session.will and session.will.will_delay_interval == 0):
                self.broker.sessions.speak_will(session)
            other.refuse(DisconnectReasonCode.SESSION_TAKEN_OVER, "somebody else has this name")

    def _publish(self, packet: mqtt5.PublishPacket) -> None:
        if packet.qos == QoS.EXACTLY_ONCE:
            raise Breach(DisconnectReasonCode.QOS_NOT_SUPPORTED, "QoS 2")
        if packet.retain:
            raise Breach(DisconnectReasonCode.RETAIN_NOT_SUPPORTED, packet.topic)
        if not packet.topic or "+" in packet.topic or "#" in packet.topic:
            raise Breach(DisconnectReasonCode.TOPIC_NAME_INVALID, packet.topic)
        self.broker.received += 1
        if packet.qos == QoS.AT_MOST_ONCE:
            self.broker.sessions.publish(packet)
            return
        if len(self._unacked) >= self.broker.receive_maximum:
            raise Breach(DisconnectReasonCode.RECEIVE_MAX_EXCEEDED, f"{len(self._unacked) + 1}")
        matched = not self.broker.refuses_next() and self.broker.sessions.publish(packet)
        code = self.broker.next_code(matched=matched)
        assert packet.packet_id is not None
        self._unacked.append(mqtt5.PubAckPacket(packet.packet_id, reason_code=code))

    def _acknowledged(self, packet_id: int) -> None:
        if self.session is not None and not self.session.acknowledged(packet_id):
            raise Breach(DisconnectReasonCode.PROTOCOL_ERROR, f"PUBACK for unknown {packet_id}")

    def _subscribe(self, packet: mqtt5.SubscribePacket) -> None:
        assert self.session is not None
        codes = []
        for wanted in packet.topic_filters:
            granted = QoS(min(int(wanted.max_qos), 1))
            self.session.subscriptions[wanted.pattern] = granted
            codes.append(mqtt5.SubAckReasonCode(int(granted)))
        self.write(mqtt5.SubAckPacket(packet.packet_id, codes).write())

    def _unsubscribe(self, packet: mqtt5.UnsubscribePacket) -> None:
        assert self.session is not None
        codes = []
        for pattern in packet.patterns:
            known = self.session.subscriptions.pop(pattern, None) is not None
            codes.append(
                mqtt5.UnsubAckReasonCode.SUCCESS
                if known
                else mqtt5.UnsubAckReasonCode.NO_SUBSCRIPTION_EXISTED
            )
        self.write(mqtt5.UnsubAckPacket(packet.packet_id, codes).write())

    def _goodbye(self, packet: mqtt5.DisconnectPacket) -> None:
        self._with_will = packet.reason_code != DisconnectReasonCode.NORMAL_DISCONNECTION
        if packet.session_expiry_interval is not None and self.session is not None:
            self.session.expiry_s = packet.session_expiry_interval
        if self._transport is not None:
            self._transport.close()

    def _wait(self) -> None:
        """One and a half keep-alives of silence end the connection."""
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        if self._keep_alive:
            loop = asyncio.get_running_loop()
            self._patience = loop.call_later(1.5 * self._keep_alive, self._too_silent)

    def _too_silent(self) -> None:
        self.refuse(DisconnectReasonCode.KEEP_ALIVE_TIMEOUT, f"silent for {self._keep_alive} s")
