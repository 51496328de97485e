"""The bell on the controllers' desk: somebody has stored something that cannot wait for the poll.

Says nothing but "look". Whoever commits rings, every controller hears; a ring that is lost costs
the second until the next poll, so nothing here is ever waited for, retried or raised. With SQLite
each controller has a datagram socket beside the database file; with PostgreSQL it is a NOTIFY.
"""

import contextlib
import hashlib
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Engine

from controller.store.engine import sqlite_path

CHANNEL: Final = "anjungan_bell"
CONNECT_S: Final = 2
_LONGEST: Final = 100  # bytes of a socket's address; the system allows 107


def ring(engine: Engine) -> None:
    """Tell every controller to look. Called after the commit; never raises and never blocks."""
    with contextlib.suppress(Exception):
        path = sqlite_path(engine.url)
        if path is not None:
            _ring_beside(path)
        elif engine.dialect.name == "postgresql":
            # A connection may have to be made: that is not for the caller to wait for.
            threading.Thread(target=_notify, args=(engine,), name="bell").start()


class Listener:
    """Hears rings. `fileno` for a selector, -1 while it cannot hear; `read` when it is readable."""

    def __init__(self, engine: Engine) -> None:
        self._path = sqlite_path(engine.url)
        self._url = engine.url
        self._ear: _Socket | _Channel | None = None
        self.rung = 0

    def fileno(self) -> int:
        return self._ear.fileno() if self._ear is not None else -1

    def tend(self) -> None:
        """Begin to hear, or begin again. At most one attempt; never raises."""
        if self._ear is not None and not self._ear.is_whole():
            self.close()
        if self._ear is None:
            with contextlib.suppress(OSError):
                self._ear = _Socket(self._path) if self._path else _Channel(self._url)

    def read(self, _most: int = 0) -> None:
        """Take in every ring that has arrived. Never raises."""
        if self._ear is None:
            return
        try:
            self.rung += self._ear.take()
        except OSError:
            self.close()

    def close(self) -> None:
        ear, self._ear = self._ear, None
        if ear is not None:
            with contextlib.suppress(OSError):
                ear.close()


class _Socket:
    """A name of its own: a controller that comes after a killed one must not share its ear."""

    def __init__(self, database: Path) -> None:
        self._folder = database.resolve().parent
        self._name = f"{_prefix(database)}{os.urandom(4).hex()}"
        _sweep(database)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        try:
            with _address(self._folder, self._name) as address:
                self._socket.bind(address)
            (self._folder / self._name).chmod(0o660)
        except OSError:
            self._socket.close()
            raise

    def fileno(self) -> int:
        return self._socket.fileno()

    def is_whole(self) -> bool:
        return (self._folder / self._name).exists()

    def take(self) -> int:
        heard = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                self._socket.recv(16)
                heard += 1
        return heard

    def close(self) -> None:
        self._socket.close()
        (self._folder / self._name).unlink(missing_ok=True)


class _Channel:
    """Whatever is wrong with the connection is an OSError here."""

    def __init__(self, url: URL) -> None:
        import psycopg  # noqa: PLC0415 - slow to load, and an office with SQLite never asks it

        self._wrong = psycopg.Error
        where = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with self._as_oserror():
            self._connection = psycopg.connect(where, autocommit=True, connect_timeout=CONNECT_S)
            self._connection.execute(f"LISTEN {CHANNEL}")

    def fileno(self) -> int:
        return self._connection.fileno() if not self._connection.closed else -1

    def is_whole(self) -> bool:
        return not self._connection.closed

    def take(self) -> int:
        with self._as_oserror():
            return sum(1 for _ in self._connection.notifies(timeout=0))

    def close(self) -> None:
        with self._as_oserror():
            self._connection.close()

    @contextmanager
    def _as_oserror(self) -> Iterator[None]:
        try:
            yield
        except self._wrong as error:
            raise OSError(str(error)) from error


def _ring_beside(database: Path) -> None:
    folder = database.resolve().parent
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as mouth:
        for name in _ears(database):
            try:
                with _address(folder, name) as address:
                    mouth.sendto(b"!", address)
            except ConnectionRefusedError:
                _forget(folder / name)
            except OSError:  # full: it has enough to wake up for; or not ours to ring
                continue


def _sweep(database: Path) -> None:
    """Remove what controllers that were killed have left."""
    folder = database.resolve().parent
    for name in _ears(database):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as probe:
            try:
                with _address(folder, name) as address:
                    probe.connect(address)
            except ConnectionRefusedError:
                _forget(folder / name)
            except OSError:
                continue


def _forget(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def _ears(database: Path) -> list[str]:
    prefix, beside = _prefix(database), database.resolve().parent.iterdir()
    return [one.name for one in beside if one.name.startswith(prefix)]


def _prefix(database: Path) -> str:
    """Short, whatever the database is called: a socket's address has little room."""
    return f"bell-{hashlib.sha256(database.name.encode()).hexdigest()[:8]}-"


@contextmanager
def _address(folder: Path, name: str) -> Iterator[str]:
    """By which the socket is reached; through an open folder where the path is too long."""
    path = str(folder / name)
    if len(os.fsencode(path)) <= _LONGEST:
        yield path
        return
    number = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{number}/{name}"
    finally:
        os.close(number)


def _notify(engine: Engine) -> None:
    with contextlib.suppress(Exception), engine.connect() as conn:
        conn.exec_driver_sql(f"NOTIFY {CHANNEL}")
        conn.commit()
