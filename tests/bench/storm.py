"""Two thousand kiosks with certificates lose the broker at once: how soon all is as it was.

The whole road: warden, keeper, Mosquitto with mutual TLS, one controller on SQLite, and the load's
own 2,000 TLS clients, all on this machine. The broker is killed with -9; back means that every
kiosk was born again and stands in the database as online and well. The yardstick is the same storm
without TLS, certificates and controller: what the jitter of reconnecting alone costs.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import Engine, func, select

from controller import fleet
from controller.store.engine import open_engine, writing
from controller.store.migrate import migrate
from controller.store.tables import controller, fault, flip, kiosk_status, thread
from provisioning.authority.certificates import for_kiosk
from provisioning.authority.issued import Issuer
from provisioning.authority.pair import Pair, open_or_make
from provisioning.layout import Options, programs
from provisioning.players.load import Load
from provisioning.players.papers import Papers
from provisioning.players.sayings import name_of
from tests.bench.figures import Figure
from tests.bench.office import SITE
from tests.bench.processes import cpu_seconds, running, wait_until
from tests.support.broker import a_mosquitto
from tests.support.ports import free_port

KIOSKS = 2_000
CONNECT_RATE = 150.0
PATIENCE_S = 180.0
OFFICE = ("warden", "broker", "controller")


def bench() -> Iterator[Figure]:
    with TemporaryDirectory() as name:
        bare = asyncio.run(_bare(Path(name)))
    with TemporaryDirectory() as name:
        yield from _storm(Path(name), bare)


def _storm(folder: Path, bare: float) -> Iterator[Figure]:
    with _office(folder) as (options, engine, office):
        load = Load("127.0.0.1", options.broker_port, KIOSKS, connect_rate=CONNECT_RATE)
        load.papers = Papers(options.issued / "server-ca.pem", folder / "kiosks")
        before = cpu_seconds(office["controller"])
        wrong = 0

        def back() -> bool:
            nonlocal wrong
            wrong = _wrong(engine)
            return _well(engine)

        took = asyncio.run(_cut(load, lambda: _broker(office["broker"]).kill(), back))
        cpu = cpu_seconds(office["controller"]) - before
    note = f"{KIOSKS} kiosks, mutual TLS, kill -9 of the broker to all online and well"
    yield Figure("storm.back_s", took, "s", bare, "<= 30", note)
    yield Figure("storm.false", wrong, "faults and flips", None, "<= 0", "faults, presence offline")
    yield Figure("storm.cpu_s", cpu, "s", None, "", "controller, connecting and coming back")


async def _cut(load: Load, cut: Callable[[], object], back: Callable[[], bool]) -> float:
    """Seconds from the cut to `back`."""
    await load.connect(PATIENCE_S)
    await load.settle()
    start = time.monotonic()
    cut()
    async with asyncio.timeout(PATIENCE_S):
        while load.tally.connects < 2 * KIOSKS or not back():  # noqa: ASYNC110 - one look says all
            await asyncio.sleep(0.1)
    took = time.monotonic() - start
    await load.leave()
    return took


async def _bare(folder: Path) -> float:
    broker = a_mosquitto(folder)
    broker.start()
    try:
        load = Load("127.0.0.1", broker.port, KIOSKS, connect_rate=CONNECT_RATE)

        def cut() -> None:
            broker.kill9()
            broker.start()

        return await _cut(load, cut, lambda: load.tally.connected == KIOSKS)
    finally:
        broker.stop()


@contextmanager
def _office(folder: Path) -> Iterator[tuple[Options, Engine, dict[str, psutil.Process]]]:
    console, kiosks, office, door, portal = (free_port() for _ in range(5))
    options = Options(
        state=folder,
        port=console,
        broker_port=kiosks,
        office_port=office,
        door_port=door,
        portal_port=portal,
    )
    now = time.time_ns() // 1_000_000
    pair = open_or_make(options.authority, None, now)
    Issuer(options.authority, pair, (), {}).refresh(now)
    options.exchange.mkdir()
    _papers(pair, folder / "kiosks", now)
    migrate(options.url)
    engine = open_engine(options.url)
    with writing(engine) as conn:
        new = [fleet.NewKiosk(name_of(n + 1), SITE.code) for n in range(KIOSKS)]
        fleet.import_fleet(conn, [SITE], new, now)
    lines = programs(options, name_of(1))
    with ExitStack() as stack:
        processes = {
            name: stack.enter_context(running(*lines[name][1:], log=folder / f"{name}.log"))
            for name in OFFICE
        }
        wait_until(lambda: _listens(engine), 60, "the controller's link")
        yield options, engine, processes
    engine.dispose()


def _papers(pair: Pair, folder: Path, now: int) -> None:
    folder.mkdir()
    for number in range(KIOSKS):
        name, key = name_of(number + 1), ec.generate_private_key(ec.SECP256R1())
        made = for_kiosk(pair.device, name, key.public_key(), now)
        (folder / f"{name}.crt").write_bytes(made.public_bytes(Encoding.PEM))
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / f"{name}.key").write_bytes(pem)


def _listens(engine: Engine) -> bool:
    with engine.connect() as conn:
        return conn.scalar(select(controller.c.link)) == "up"


def _broker(keeper: psutil.Process) -> psutil.Process:
    """The keeper's Mosquitto."""
    return next(one for one in keeper.children() if one.name() == "mosquitto")


def _well(engine: Engine) -> bool:
    """Whether every kiosk was born again, is online and well."""
    born = select(func.count()).select_from(thread).where(thread.c.birth >= 2)
    known = kiosk_status.c
    here = select(func.count()).where(known.presence == "online", known.open_faults == 0)
    with engine.connect() as conn:
        return conn.scalar(born) == KIOSKS and conn.scalar(here) == KIOSKS


def _wrong(engine: Engine) -> int:
    offline = select(func.count()).where(flip.c.subject == "presence", flip.c.new == "offline")
    with engine.connect() as conn:
        faults = conn.scalar(select(func.count()).select_from(fault)) or 0
        return faults + (conn.scalar(offline) or 0)
