"""A broker that forgives nothing: MQTT 5, QoS 0 and 1, in this process, on a private port.

Owns what real brokers let pass: it ends a connection that exceeds its Receive Maximum (0x93),
keeps within the client's own, says 0x8E at a takeover, answers PUBACK codes it is told to answer,
and writes every breach into `breaches`. It keeps nothing over `stop` or `kill9`.
Sessions and routing are in `strict_sessions`.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from mqtt5 import PubAckReasonCode

from tests.support.ports import free_port
from tests.support.strict_connection import Connection
from tests.support.strict_sessions import Sessions

T = TypeVar("T")


class StrictBroker:
    """`receive_maximum` is what it allows clients; methods may be called from any thread."""

    kind = "strict"
    host = "127.0.0.1"
    pid = 0

    def __init__(self, receive_maximum: int = 20) -> None:
        self.port = free_port()
        self.receive_maximum = receive_maximum
        self.breaches: list[str] = []
        self.received = 0  # publishes taken from clients
        self.sessions = Sessions()
        self.connections: set[Connection] = set()
        self.hold_acks = False
        self._orders: list[PubAckReasonCode] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._server: asyncio.Server | None = None

    def start(self) -> None:
        self._loop = asyncio.new_event_loop()
        self.sessions = Sessions()
        self._thread = threading.Thread(target=self._loop.run_forever, name="strict", daemon=True)
        self._thread.start()
        self._do(self._listen())

    def stop(self) -> None:
        if self._loop is None or self._thread is None:
            return
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()
        self._loop = None

    kill9 = stop

    def restart(self) -> None:
        self.stop()
        self.start()

    def answer_next(self, code: int, times: int = 1) -> None:
        """The next PUBACKs carry this code (0x10, 0x87, 0x97), and nobody is delivered to."""
        self._orders += [PubAckReasonCode(code)] * times

    def drop(self, client_id: str | None = None) -> None:
        """Cut the line without a word: of one client, or of all."""
        self._do(self._drop(client_id))

    def release_acks(self) -> None:
        """After `hold_acks = True`: send every PUBACK held back, and hold no more."""
        self.hold_acks = False
        self._do(self._each(Connection.flush_acks))

    def next_code(self, *, matched: bool) -> PubAckReasonCode:
        if self._orders:
            return self._orders.pop(0)
        return PubAckReasonCode.SUCCESS if matched else PubAckReasonCode.NO_MATCHING_SUBSCRIBERS

    def refuses_next(self) -> bool:
        return bool(self._orders) and self._orders[0] != PubAckReasonCode.SUCCESS

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), self.host, self.port)

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        self.sessions.forget_timers()
        for connection in list(self.connections):
            connection.cut()
        with suppress(TimeoutError):
            await asyncio.sleep(0)

    async def _drop(self, client_id: str | None) -> None:
        for connection in list(self.connections):
            if client_id in (None, connection.client_id):
                connection.cut()

    async def _each(self, act: Callable[[Connection], None]) -> None:
        for connection in list(self.connections):
            act(connection)

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        assert self._loop is not None, "the strict broker is not running"
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(5)
