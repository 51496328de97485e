"""A bad line between somebody and a server: counts bytes, and cuts, slows, swallows or loses them.

What it does may be changed while it runs. Knows nothing of what passes through it.
"""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

PIECE = 16 * 1024
STALL_S = 0.05  # what a lost packet costs until it is sent again


@dataclass
class Weather:
    """`cut_after`: bytes from the server after which a connection ends; `reset`: by RST.

    `partition`: nobody is let in. `swallow`: connections open, and nothing comes back. `loss`: the
    share of pieces that come late. `kbit`: of the whole line towards the client.
    """

    cut_after: int | None = None
    reset: bool = False
    partition: bool = False
    swallow: bool = False
    loss: float = 0.0
    kbit: float | None = None


@dataclass
class Proxy:
    """`down`: bytes that came from the server, `up`: that went to it. `opened`: connections."""

    port: int
    weather: Weather = field(default_factory=Weather)
    down: int = 0
    up: int = 0
    opened: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def bytes(self) -> int:
        return self.down + self.up


@contextmanager
def proxied(to: int, seed: int = 0) -> Iterator[Proxy]:
    """A line to 127.0.0.1:`to`, as long as the block lasts."""
    listener = socket.create_server(("127.0.0.1", 0))
    proxy = Proxy(listener.getsockname()[1])
    over = threading.Event()
    thread = threading.Thread(target=_accept, args=(listener, proxy, to, over, Random(seed)))
    thread.start()
    try:
        yield proxy
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)
        listener.close()


def _accept(
    listener: socket.socket, proxy: Proxy, to: int, over: threading.Event, lot: Random
) -> None:
    while not over.is_set():
        try:
            client, _ = listener.accept()
        except OSError:
            return
        proxy.opened += 1
        if proxy.weather.partition:
            _end(client, reset=True)
            continue
        try:
            server = socket.create_connection(("127.0.0.1", to))
        except ConnectionRefusedError:  # the server is away, as it would be without us
            _end(client, reset=True)
            continue
        for one in (client, server):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for pump in (_up, _down):
            args = (client, server, proxy, over, lot)
            threading.Thread(target=pump, args=args, daemon=True).start()


def _up(
    client: socket.socket, server: socket.socket, proxy: Proxy, _o: threading.Event, _l: Random
) -> None:
    with contextlib.suppress(OSError):
        while piece := client.recv(PIECE):
            proxy.up += len(piece)
            if not proxy.weather.swallow:
                server.sendall(piece)
    _end(server, reset=False)


def _down(
    client: socket.socket, server: socket.socket, proxy: Proxy, over: threading.Event, lot: Random
) -> None:
    passed, weather = 0, proxy.weather
    with contextlib.suppress(OSError):
        while piece := server.recv(PIECE if weather.kbit is None else 1024):
            if weather.cut_after is not None:
                piece = piece[: weather.cut_after - passed]
            if weather.kbit is not None:
                over.wait(len(piece) * 8 / 1000 / weather.kbit)
            if lot.random() < weather.loss:
                over.wait(STALL_S)
            client.sendall(piece)
            passed += len(piece)
            proxy.down += len(piece)
            if weather.cut_after is not None and passed >= weather.cut_after:
                break
    _end(client, reset=weather.reset)
    _end(server, reset=False)


def _end(one: socket.socket, *, reset: bool) -> None:
    with contextlib.suppress(OSError):
        if reset:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.shutdown(socket.SHUT_RD)  # wakes whoever reads, and sends nothing yet
        else:
            one.shutdown(socket.SHUT_RDWR)
    one.close()
