"""A blocking MQTT 5 player of twenty lines a packet: it does what a test says and nothing more.

It never acknowledges, reconnects or pings by itself unless told, so that brokers and links can be
asked about exactly one thing. Not a client library: those live behind the two links.
"""

import socket
from collections import deque
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

import mqtt5
from mqtt5 import ConnectPacket, PublishPacket, QoS, SubscribePacket, TopicFilter, Will

if TYPE_CHECKING:
    import ssl


class Door(Protocol):
    """Where to connect. One with a `tls` of its own (ssl.SSLContext) is spoken to behind it."""

    host: str
    port: int


class Closed(AssertionError):  # noqa: N818 - what happened
    """The broker ended the connection; `code` is its DISCONNECT reason, or None for none."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"closed by the broker: {code}")
        self.code = code


class Player:
    def __init__(
        self,
        door: Door,
        client_id: str,
        *,
        clean_start: bool = True,
        expiry_s: int = 0,
        receive_max: int = 65_535,
        keep_alive: int = 60,
        will: Will | None = None,
        username: str | None = None,
        auto_ack: bool = True,
        timeout_s: float = 5.0,
    ) -> None:
        self.auto_ack = auto_ack
        self.timeout_s = timeout_s
        self.acks: dict[int, int] = {}
        self._buffer = b""
        self._mail: deque[PublishPacket] = deque()
        self._next_id = 1
        self.socket = _connected(door, timeout_s)
        self.send(
            ConnectPacket(
                client_id,
                clean_start=clean_start,
                session_expiry_interval=expiry_s,
                receive_max=receive_max,
                keep_alive=keep_alive,
                will=will,
                username=username,
            )
        )
        answer = self.read()
        assert isinstance(answer, mqtt5.ConnAckPacket), answer
        self.connack = answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.cut()

    def send(self, packet: mqtt5.Packet) -> None:
        self.socket.sendall(packet.write())

    def read(self, timeout_s: float | None = None) -> mqtt5.Packet:
        """The next packet of any kind. Raises TimeoutError or Closed."""
        self.socket.settimeout(self.timeout_s if timeout_s is None else timeout_s)
        while True:
            try:
                packet, size = mqtt5.read(memoryview(self._buffer))
            except IndexError:
                self._more()
                continue
            self._buffer = self._buffer[size:]
            if isinstance(packet, mqtt5.DisconnectPacket):
                raise Closed(int(packet.reason_code))
            return packet

    def subscribe(self, *patterns: str, qos: QoS = QoS.AT_LEAST_ONCE) -> None:
        filters = [TopicFilter(pattern, max_qos=qos) for pattern in patterns]
        self.send(SubscribePacket(self._id(), filters))
        self._until(mqtt5.SubAckPacket)

    def post(self, topic: str, payload: bytes = b"", *, expiry_s: int | None = None) -> int:
        """Publish at QoS 1 without waiting; the packet's number."""
        number = self._id()
        self.send(
            PublishPacket(
                topic,
                payload,
                qos=QoS.AT_LEAST_ONCE,
                packet_id=number,
                message_expiry_interval=expiry_s,
            )
        )
        return number

    def publish(self, topic: str, payload: bytes = b"", *, expiry_s: int | None = None) -> int:
        """Publish at QoS 1 and wait; the PUBACK's reason code."""
        number = self.post(topic, payload, expiry_s=expiry_s)
        while number not in self.acks:
            self._note(self.read())
        return self.acks.pop(number)

    def next(self, timeout_s: float | None = None) -> PublishPacket:
        """The next publish that reached us. Raises TimeoutError or Closed."""
        while not self._mail:
            self._note(self.read(timeout_s))
        return self._mail.popleft()

    def quiet(self, for_s: float = 0.3) -> bool:
        """True if no publish comes within `for_s`."""
        try:
            self._mail.appendleft(self.next(for_s))
        except TimeoutError:
            return True
        return False

    def ack(self, packet: PublishPacket) -> None:
        if packet.packet_id is not None:
            self.send(mqtt5.PubAckPacket(packet.packet_id))

    def ping(self) -> None:
        """A round trip: everything sent before has been taken in."""
        self.send(mqtt5.PingReqPacket())
        self._until(mqtt5.PingRespPacket)

    def disconnect(self) -> None:
        self.send(mqtt5.DisconnectPacket())
        self.cut()

    def cut(self) -> None:
        """As if the line had been unplugged."""
        self.socket.close()

    def _until(self, kind: type[mqtt5.Packet]) -> None:
        while True:
            packet = self.read()
            if isinstance(packet, kind):
                return
            self._note(packet)

    def _note(self, packet: mqtt5.Packet) -> None:
        if isinstance(packet, PublishPacket):
            self._mail.append(packet)
            if self.auto_ack and packet.qos == QoS.AT_LEAST_ONCE:
                self.ack(packet)
        elif isinstance(packet, mqtt5.PubAckPacket):
            self.acks[packet.packet_id] = int(packet.reason_code)
        elif isinstance(packet, mqtt5.PubRelPacket):  # only the fallback speaks QoS 2
            self.send(mqtt5.PubCompPacket(packet.packet_id))

    def _more(self) -> None:
        data = self.socket.recv(65_536)
        if not data:
            raise Closed(None)
        self._buffer += data

    def _id(self) -> int:
        number, self._next_id = self._next_id, self._next_id % 65_535 + 1
        return number


def _connected(door: Door, timeout_s: float) -> socket.socket:
    plain = socket.create_connection((door.host, door.port), timeout_s)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    tls: ssl.SSLContext | None = getattr(door, "tls", None)
    if tls is None:
        return plain
    try:
        return tls.wrap_socket(plain, server_hostname="localhost")
    except OSError:
        plain.close()
        raise
