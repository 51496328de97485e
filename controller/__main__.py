"""`python -m controller`: builds the parts and runs the loop. Decides nothing.

Ends with 0 when told to stop, 2 when told nonsense, and 74 when the storage does not keep what it
took: its supervisor starts it again, and it begins from what is really there.
"""

import argparse
import gc
import os
import socket
import ssl
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import Connection

from controller import self_check
from controller.bell import Listener
from controller.commands.desk import Desk
from controller.commands.orders import UnusableKey, signer_of
from controller.commands.upkeep import Clerk, Upkeep
from controller.flood import MUTED_MS, Flood
from controller.ingest import Ingest
from controller.jobs import clerk as jobs_clerk
from controller.leases import LEASE_MS, Leases
from controller.link import Door
from controller.memory import Memory
from controller.metrics import Counters
from controller.nudges import Nudges
from controller.process import EX_IOERR, add_database, voice, wall
from controller.releases import clerk as releases_clerk
from controller.releases.folder import Releases
from controller.roll_call import GRACE_S, WITHIN_S
from controller.rollouts import clerk as rollouts_clerk
from controller.rollouts.desk import Desk as RolloutDesk
from controller.self_check import UnsafeStart
from controller.sessions import Link
from controller.store.engine import open_engine
from controller.store.failures import StoreBroken
from controller.store.migrate import migrate
from controller.store.salvage import rescue
from controller.timers import Timers
from controller.worker import Clocks, Parts, Worker

_say = voice("controller")


def main(argv: Sequence[str] | None = None) -> int:
    options = _options(argv)
    gc.set_threshold(100_000, 50, 100)  # a nation of kiosks in mind is slow to search for garbage
    clocks = Clocks(wall=wall, monotonic=time.monotonic)
    try:
        keys = [Path(key) for key in (options.command_key, options.release_key) if key]
        self_check.enforce(os.environ, options.database, keys)
        rescued = rescue(options.database, clocks.wall())
        if rescued is not None:
            _say(str(rescued))
        migrate(options.database)
        Worker(build(options, clocks), _say).run()
    except (UnsafeStart, UnusableKey) as error:
        _say(str(error))
        return 2
    except StoreBroken as error:
        _say(f"THE STORAGE FAILED: {error}. Nothing was acknowledged; ending to start afresh.")
        return EX_IOERR
    return 0


def build(options: argparse.Namespace, clocks: Clocks) -> Parts:
    engine, memory, counters = open_engine(options.database), Memory(), Counters()
    leases = Leases(options.name, clocks.wall, int(options.lease_s * 1000))
    door = Door(options.host, options.port, _tls(options), options.broker_user)
    shared = (engine, memory, leases, counters, clocks.wall)
    timers = Timers(*shared, within_s=options.roll_call_s, grace_s=options.roll_call_grace_s)
    flood = Flood(int(options.mute_s * 1000))
    signer = signer_of(Path(options.command_key)) if options.command_key else None
    return Parts(
        name=options.name,
        broker=str(door),
        engine=engine,
        memory=memory,
        leases=leases,
        link=Link(door, clocks.wall, clocks.monotonic),
        ingest=Ingest(*shared, flood=flood),
        timers=timers,
        desk=Desk(*shared, signer=signer, say=_say),
        rollouts=RolloutDesk(*shared, signer=signer, url=options.releases_url, say=_say),
        nudges=Nudges(engine, leases, clocks.wall),
        upkeep=Upkeep(engine, leases, counters, clocks.wall, _clerks(options), say=_say),
        bell=Listener(engine),
        counters=counters,
        clocks=clocks,
    )


def _clerks(options: argparse.Namespace) -> dict[str, Clerk]:
    """What moves on by itself, and only in one of all controllers. Raises UnusableKey."""
    clerks: dict[str, Clerk] = {"jobs": jobs_clerk.tick, "rollouts": rollouts_clerk.tick}
    if not options.release_key:
        if options.releases:
            _say("releases are not published here: start with --release-key FILE")
        return clerks
    try:
        online = releases_clerk.Online(Path(options.release_key))
    except (OSError, ValueError) as error:
        raise UnusableKey(f"the key for releases cannot be used: {error}") from error
    releases = Releases(Path(options.releases))

    def publish(conn: Connection, now: int) -> bool:
        return releases_clerk.tick(conn, releases, online, now)

    return clerks | {"releases": publish}


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    env = os.environ
    parser = argparse.ArgumentParser("anjungan controller", description=__doc__)
    add_database(parser)
    parser.add_argument("--broker", default=env.get("ANJUNGAN_BROKER"), help="host:port")
    parser.add_argument("--broker-user", default="", help="user name, where the broker wants one")
    parser.add_argument("--tls-ca", help="file with the authority of the broker's certificate")
    parser.add_argument("--tls-cert", help="our own certificate")
    parser.add_argument("--tls-key", help="the key of our own certificate")
    parser.add_argument("--name", default=socket.gethostname()[:64], help="one for each controller")
    parser.add_argument("--lease-s", type=float, default=LEASE_MS / 1000)
    parser.add_argument("--roll-call-s", type=int, default=WITHIN_S)
    parser.add_argument("--roll-call-grace-s", type=float, default=GRACE_S)
    key = "the office's key for commands; without one none are sent"
    parser.add_argument("--command-key", default=env.get("ANJUNGAN_COMMAND_KEY"), help=key)
    _add_releases(parser, env)
    muted = "how long a kiosk that floods is shut out"
    parser.add_argument("--mute-s", type=float, default=MUTED_MS / 1000, help=muted)
    options = parser.parse_args(argv)
    if not options.database or not options.broker:
        parser.error("say where the database and the broker are: --database URL --broker HOST:PORT")
    if options.release_key and not options.releases:
        parser.error("--release-key signs what lies in --releases DIR: say where that is")
    if options.releases_url and not options.releases_url.startswith(("http://", "https://")):
        parser.error(f"--releases-url {options.releases_url!r} is not http:// or https://")
    host, _, port = options.broker.rpartition(":")
    if not host or not port.isdigit():
        parser.error(f"--broker {options.broker!r} is not HOST:PORT")
    options.host, options.port = host.strip("[]"), int(port)
    return options


def _add_releases(parser: argparse.ArgumentParser, env: Mapping[str, str]) -> None:
    folder = "the folder of releases; controllers only need it with --release-key"
    parser.add_argument("--releases", default=env.get("ANJUNGAN_RELEASES"), help=folder)
    key = "the online key of releases: publishes what people have signed, and keeps it fresh"
    parser.add_argument("--release-key", default=env.get("ANJUNGAN_RELEASE_KEY"), help=key)
    url = "where kiosks find releases, if not at the office's door: http:// or https://"
    parser.add_argument("--releases-url", default=env.get("ANJUNGAN_RELEASES_URL", ""), help=url)


def _tls(options: argparse.Namespace) -> ssl.SSLContext | None:
    if not options.tls_ca:
        return None
    context = ssl.create_default_context(cafile=options.tls_ca)
    if options.tls_cert:
        context.load_cert_chain(options.tls_cert, options.tls_key)
    return context


if __name__ == "__main__":
    sys.exit(main())
