"""What every simulated network device is: a listener whose life a script can steer.

One DeviceLoop (one thread, one event loop) carries the devices of many kiosks. A device can be
frozen (accepts and stays silent, like a stopped process), killed (its port refuses, and stays its
own so that nobody else takes it) and started again. Steering is thread-safe; a device answers with
the state it has at that moment. It never starts a thread or a process of its own.
"""

import asyncio
import socket
import threading
from abc import ABC, abstractmethod
from asyncio import StreamReader, StreamWriter
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class DeviceLoop:
    """One thread for all devices. `close` ends it; devices still open are dropped."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="devices", daemon=True)
        self._thread.start()

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Do `work` in the loop and wait for its result. Never from within the loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()
        while tasks := asyncio.all_tasks(self.loop):  # a client may come while others are sent off
            for task in tasks:
                task.cancel()
            self.loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self.loop.close()


class Device(ABC):
    """A listener on 127.0.0.1: `freeze`, `thaw`, `kill`, `start`, `close`; `port` never changes."""

    def __init__(self, loop: DeviceLoop) -> None:
        self._loop = loop
        self._awake = asyncio.Event()
        self._awake.set()
        self._clients: set[StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._socket = _bound(0)
        self.port = int(self._socket.getsockname()[1])
        self.start()

    @abstractmethod
    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Talk with one client until it is done. Dropped connections need no care."""

    def freeze(self) -> None:
        self._loop.call(self._set_awake(awake=False))

    def thaw(self) -> None:
        self._loop.call(self._set_awake(awake=True))

    def start(self) -> None:
        """Listen again after `kill`; nothing when it listens already."""
        self._loop.call(self._start())

    def kill(self) -> None:
        """Gone: open connections break and new ones are refused."""
        self._loop.call(self._kill())

    def close(self) -> None:
        """The end: the port is given back."""
        self.kill()
        self._socket.close()

    async def awake(self) -> None:
        """Returns when the device is not frozen. A device waits for it before each answer."""
        await self._awake.wait()

    async def _set_awake(self, *, awake: bool) -> None:
        if awake:
            self._awake.set()
        else:
            self._awake.clear()

    async def _start(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._accept, sock=self._socket)

    async def _kill(self) -> None:
        if self._server is None:
            return
        self._server.close()
        self._server = None
        for client in self._clients:
            client.transport.abort()
        self._socket = _bound(self.port)  # bound but not listening: refused, and not taken

    async def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._clients.add(writer)
        try:
            await self.awake()
            await self.serve(reader, writer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # clients come and go
        finally:
            self._clients.discard(writer)
            writer.close()


def _bound(port: int) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    return made
