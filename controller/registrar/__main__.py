"""`anjungan registrar run`: builds the parts and runs the loop. Decides nothing.

Ends with 0 when told to stop, 2 when something must be put right by the administrator first, and
74 when the storage does not keep what it took.
"""

import argparse
import fcntl
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from controller import self_check
from controller.back.post import Post
from controller.back.ways import way_to
from controller.inbox import closing
from controller.process import EX_IOERR, add_database, read_options, voice, wall
from controller.registrar import channel, opener, retention
from controller.registrar.brake import Brake
from controller.registrar.clerk import Clerk
from controller.registrar.desk import Desk
from controller.registrar.held import Held
from controller.registrar.keys import BadKeys
from controller.registrar.opener import Opener
from controller.registrar.server import Server
from controller.registrar.tries import FILE, Tries
from controller.self_check import UnsafeStart
from controller.store.engine import open_engine
from controller.store.failures import StoreBroken, absence
from controller.store.migrate import migrate

_say: Final = voice("registrar")
EVERY_S: Final = 0.5  # the door asks at once: this is for what it could not ask about
AWAY_S: Final = 1.0
DESTROY_S: Final = 3_600.0
SEND_S: Final = 2.0
STOP_S: Final = 5.0  # a sending that is cut off is sent again


class Registrar:
    """The loop. `say` gets one line an event; `stop` ends it."""

    def __init__(
        self, engine: Engine, clerk: Clerk, wall: Callable[[], int], say: Callable[[str], None]
    ) -> None:
        self._engine, self._clerk, self.wall, self._say = engine, clerk, wall, say
        self._away = ""
        self._destroyed = -DESTROY_S

    def run(self, stop: threading.Event) -> None:
        """Raises StoreBroken."""
        rest = 0.0
        while not stop.wait(rest):
            try:
                rest = 0.0 if self._turn() else EVERY_S
                self._complain("")
            except SQLAlchemyError as error:
                self._complain(f"the database is away: {absence(error)}")
                rest = AWAY_S

    def _turn(self) -> int:
        judged = self._clerk.step()
        if time.monotonic() - self._destroyed >= DESTROY_S:
            now = self.wall()
            if closing.step(self._engine, now) == closing.AT_ONCE:
                return 1
            if retention.step(self._engine, now) == retention.AT_ONCE:
                return 1
            self._destroyed = time.monotonic()
        return judged

    def _complain(self, why: str) -> None:
        if why != self._away:
            self._say(why or "goes on")
        self._away = why


def main(argv: Sequence[str] | None = None) -> int:
    options = _options(argv)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # By a thread: this one may hold the event's own lock at the moment it is interrupted.
        signal.signal(number, lambda *_: threading.Thread(target=stop.set).start())
    try:
        self_check.enforce(os.environ, options.database)
        ring = Held(options.keys, _say)
        with alone(options.keys):
            migrate(options.database)
            _serve(options, ring, stop)
    except StoreBroken as error:
        _say(f"THE STORAGE FAILED: {error}. Nothing was acknowledged; ending to start afresh.")
        return EX_IOERR
    except (BadKeys, UnsafeStart, OSError, ValueError) as error:
        _say(str(error))
        return 2
    return 0


def _serve(options: argparse.Namespace, ring: Held, stop: threading.Event) -> None:
    engine = open_engine(options.database)
    clerk = Clerk(engine, ring, wall)
    post = Post(engine, ring.unseal, partial(way_to, options.keys), wall)
    tries = Tries(options.keys / FILE, wall)
    opens = Opener(engine, ring, wall, Brake(opener.MOST_AN_HOUR, "looks", options.keys))
    handed = Brake(channel.MOST_AN_HOUR, "complaints", options.keys)
    desk = Desk(engine, ring, clerk, opens, wall, tries=tries, brake=handed)
    servers = [Server(options.listen, desk.answer)]
    if options.door:
        servers.append(Server(options.door, desk.answer_door))
    _say(f"opens what was sealed to {len(ring().seals)} keys; listens at {options.listen}")
    try:
        with sending(post, stop, _say):
            Registrar(engine, clerk, wall, _say).run(stop)
    finally:
        for server in servers:
            server.stop()
        engine.dispose()


@contextmanager
def sending(post: Post, stop: threading.Event, say: Callable[[str], None]) -> Iterator[None]:
    """Back systems get theirs meanwhile, by a thread of its own: a slow one delays no judgement."""

    def run() -> None:
        rest = 0.0
        while not stop.wait(rest):
            try:
                rest = 0.0 if post.step() else SEND_S
            except Exception:  # noqa: BLE001 - what hurts here must not end the registrar
                say(f"nothing was sent: {traceback.format_exc(limit=-2)}")
                rest = AWAY_S * 10

    thread = threading.Thread(target=run, name="registrar-sends", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(STOP_S)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else judges with these keys meanwhile. Raises BadKeys."""
    handle = os.open(folder / ".registrar", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise BadKeys(f"a registrar runs with {folder} already: stop it first") from None
    finally:
        os.close(handle)


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("anjungan registrar run", description=__doc__)
    add_database(parser)
    parser.add_argument("--keys", type=Path, required=True, help="the registrar's folder of keys")
    parser.add_argument("--listen", type=Path, required=True, help="the console's socket file")
    parser.add_argument("--door", type=Path, help="the door's: nothing is opened there")
    return read_options(parser, argv)


if __name__ == "__main__":
    sys.exit(main())
