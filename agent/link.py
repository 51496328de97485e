"""The one MQTT connection: the only file of the kiosk that knows the MQTT client.

Owns what paho does not do well: a fresh client for every connection (its queue would resend behind
our back), callbacks that cannot raise (one that does kills paho's loop in silence), and a wait that
sleeps until something is due instead of waking every second. Used by one thread, the line's.
Never decides what to say, nor when to connect again.
"""

import contextlib
import select
import socket
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from agent.config import Broker
from agent.dial import plain
from agent.identity import dates, trust
from agent.lean import without

# Never by itself: Mosquitto 2.0.11 dies of sessions that end, after a reload (docs/adr/0009).
SESSION_EXPIRY_S: Final = 0xFFFFFFFF
WINDOW_MOST: Final = 20
CONNECT_WITHIN_S: Final = 10.0
TAKEN_OVER: Final = 0x8E
REFUSED_FROM: Final = 0x10  # PUBACK: "no matching subscribers" is not delivered either


try:
    import socks  # type: ignore[import-untyped,import-not-found,unused-ignore]
except ImportError:
    socks = None

# paho imports a web client to find a proxy, which it can use only when `socks` is there: 3 MiB.
with without(*(() if socks else ("urllib.request",))):
    import paho.mqtt.client as mqtt
    from paho.mqtt.enums import CallbackAPIVersion, LogLevel
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties


class Opened(NamedTuple):
    window: int  # publishes that may be in flight


class Delivered(NamedTuple):
    mid: int


class Refused(NamedTuple):
    mid: int
    why: str


class Heard(NamedTuple):
    topic: str
    payload: bytes


class Closed(NamedTuple):
    """`mistrusted`: TLS stood or nearly so, and one side did not take the other for what it is."""

    why: str
    taken_over: bool = False
    mistrusted: bool = False


Event = Opened | Delivered | Refused | Heard | Closed


class Will(NamedTuple):
    topic: str
    payload: bytes


class Link:
    """One connection from its birth to its end. Not to be used again after `Closed`."""

    def __init__(
        self,
        broker: Broker,
        name: str,
        will: Will,
        *,
        filters: tuple[str, ...],
        wake_fd: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._broker = broker
        self._filters = filters
        self._monotonic = monotonic
        self._events: list[Event] = []
        self._closed = self._opened = False
        self._trouble = ""
        self._floor_ms: int | None = None
        self._last_in = self._last_out = monotonic()
        self._wake_fd = wake_fd
        self._poll = select.poll()
        self._poll.register(wake_fd, select.POLLIN)
        self._client = self._make_client(name, will)

    def connect(self) -> None:
        """Sends CONNECT; `Opened` or `Closed` follows from `step`. Raises OSError.

        Blocks up to twice CONNECT_WITHIN_S (and as long as the name service likes).
        """
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = SESSION_EXPIRY_S
        self._client.connect(
            plain(self._broker.host),
            self._broker.port,
            self._broker.keepalive_s,
            # the default wipes the session at every start of the process
            clean_start=False,
            properties=properties,
        )
        self._last_in = self._last_out = self._monotonic()
        if self._floor_ms is not None and trust.dates(self._client.socket())[1] < self._floor_ms:
            raise OSError("[SSL] the broker's certificate ended long ago")
        self._write()

    def publish(self, topic: str, payload: bytes) -> int:
        """The mid that `Delivered` or `Refused` will name. Sent by the next `step`."""
        return self._client.publish(topic, payload, qos=1).mid

    def due(self) -> float:
        """When `step` must be called even if nothing happens: to ping, or to miss the answer."""
        return min(self._last_in, self._last_out) + self._client.keepalive

    def step(self, timeout_s: float) -> list[Event]:
        """Waits for the socket, the wake-up or the time-out; then says what happened."""
        sock: Any = self._client.socket()
        if sock is not None and not self._closed:
            self._wait_and_do(sock, timeout_s)
        if self._client.socket() is None:
            self._close("the broker closed the connection")
        events, self._events = self._events, []
        return events

    def hang_up(self, *, politely: bool) -> None:
        """Ends the connection; when not politely, the broker sends the will."""
        if politely:
            with contextlib.suppress(OSError, ValueError):
                self._client.disconnect()
                self._write()
        sock: Any = self._client.socket()
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.close()
        self._closed = True

    def _wait_and_do(self, sock: Any, timeout_s: float) -> None:
        want = select.POLLIN | (select.POLLOUT if self._client.want_write() else 0)
        self._poll.register(sock, want)
        ready = dict(self._poll.poll(max(0, int(timeout_s * 1000) + 1)))
        self._poll.unregister(sock)
        if ready.get(sock.fileno(), 0) & ~select.POLLOUT:
            self._read(sock)
        self._client.loop_misc()
        self._write()

    def _read(self, sock: Any) -> None:
        self._last_in = self._monotonic()
        self._client.loop_read()
        # What TLS has already decrypted is not seen by poll.
        while self._client.socket() is sock and getattr(sock, "pending", int)():
            self._client.loop_read()

    def _write(self) -> None:
        if self._client.want_write():
            self._last_out = self._monotonic()
            self._client.loop_write()

    def _make_client(self, name: str, will: Will) -> mqtt.Client:
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=name,
            protocol=mqtt.MQTTv5,
            reconnect_on_failure=False,
        )
        client.suppress_exceptions = True
        client.connect_timeout = CONNECT_WITHIN_S
        client.max_inflight_messages_set(WINDOW_MOST)
        properties = Properties(PacketTypes.WILLMESSAGE)  # type: ignore[no-untyped-call]
        properties.WillDelayInterval = self._broker.will_delay_s
        client.will_set(will.topic, will.payload, qos=1, properties=properties)
        if self._broker.ca:
            client.tls_set_context(self._tls())
            # The only place where paho says what TLS said; silent again once the connection stands.
            client.on_log = self._on_log
        # Being registered keeps paho from writing within publish: `step` writes.
        client.on_socket_register_write = lambda *_: None
        client.on_socket_open = _at_once
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        client.on_message = lambda _c, _u, m: self._events.append(Heard(m.topic, bytes(m.payload)))
        return client

    def _on_connect(self, client: mqtt.Client, _u: Any, _f: Any, code: Any, given: Any) -> None:
        if code.is_failure:
            self._close(f"the broker refused us: {code}")
            return
        self._opened = True
        client.on_log = None
        window = getattr(given, "ReceiveMaximum", WINDOW_MOST)
        # Every time, even when the session is said to be present: some brokers forget.
        client.subscribe([(topic, 1) for topic in self._filters])
        self._events.append(Opened(min(window, WINDOW_MOST)))

    def _on_publish(self, _c: Any, _u: Any, mid: int, code: Any, _p: Any) -> None:
        refused = code.value >= REFUSED_FROM
        self._events.append(Refused(mid, str(code)) if refused else Delivered(mid))

    def _on_log(self, _c: Any, _u: Any, level: int, text: str) -> None:
        if level == LogLevel.MQTT_LOG_ERR:
            self._trouble = text

    def _on_disconnect(self, _c: Any, _u: Any, _f: Any, code: Any, _p: Any) -> None:
        why = self._trouble or f"the connection ended: {code}"
        self._close(why, taken_over=code.value == TAKEN_OVER)

    def _close(self, why: str, *, taken_over: bool = False) -> None:
        if not self._closed:
            self._closed = True
            mistrusted = bool(self._broker.ca) and not self._opened
            self._events.append(Closed(why, taken_over, mistrusted))

    def _tls(self) -> Any:
        """Made anew for every connection, so that a renewed certificate is used at once."""
        broker = self._broker
        self._floor_ms = dates.floor_if_clock_is_wrong(broker.cert)
        try:
            context = trust.verified(cafile=broker.ca, dates=self._floor_ms is None)
            if broker.cert:
                context.load_cert_chain(broker.cert, broker.key or None)
        except FileNotFoundError as error:
            why = f"no identity at {broker.ca}: a technician must type anjungan join"
            raise FileNotFoundError(why) from error
        return context


def _at_once(_client: Any, _userdata: Any, sock: Any) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
