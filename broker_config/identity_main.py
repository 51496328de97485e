"""Builds a keeper from the command line, and keeps its broker until told to stop.

Only wires: what the keeper does is decided in `keeper`. As a service it needs an account of its own
and no capability: it reads what was issued to it, writes its state folder (0700) and the exchange
folder, which belongs to the warden and a group of both (2770). Mosquitto is its child and the same
account, else the keeper could not look at its sockets. Limits: open files above the most kiosks,
memory 2.3 GB for 84,000 kiosks and up to 1.5 GB for what waits for an absent office.
"""

import fcntl
import os
import resource
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from broker_config.exchange import Exchange
from broker_config.in_force import InForce, files
from broker_config.keeper import Keeper
from broker_config.knock import is_taken
from broker_config.plan import SPARE_FILES, as_owner, choose, prepare
from broker_config.prove import Prover
from broker_config.serving import Serving
from broker_config.settings import BrokerRefused, Settings
from broker_config.stop import Stop

EVERY_S = 0.05
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where to knock instead
# Messages and bytes that wait for one session of the office. What is dropped beyond is sent
# again, for the office has not acknowledged it; without a bound a flood would fill the memory.
QUEUED_MESSAGES, QUEUED_BYTES = 200_000, 64 * 2**20
KEEPALIVE_S = 600
AUTOSAVE_S = 300  # should the keeper, which tells it when to save, be gone


def settings_of(args: Namespace) -> Settings:
    """Raises BrokerRefused."""
    if args.exchange is None or args.kiosk_port is None or args.office_port is None:
        raise BrokerRefused("--identities needs --exchange, --kiosk-port and --office-port")
    if args.fallback:
        raise BrokerRefused("the fallback broker knows no identities: install mosquitto")
    state = args.state.resolve()
    return Settings(
        port=args.kiosk_port,
        bind=args.kiosk_bind,
        state=state,
        identities=files(
            state / "in-force", args.office_bind, args.office_port, _allowed(args.most_kiosks)
        ),
        queued_messages=QUEUED_MESSAGES,
        queued_bytes=QUEUED_BYTES,
        most_keepalive_s=KEEPALIVE_S,
        autosave_s=AUTOSAVE_S,
    )


def keeper(args: Namespace, say: Callable[[str], None]) -> Keeper:
    """Raises BrokerRefused or OSError. New files are for their owner and group from here on."""
    os.umask(0o027)
    _alone(args.exchange)
    settings = as_owner(settings_of(args))
    assert settings.identities is not None
    kiosks = _knock_at(settings.bind), settings.port
    office = _knock_at(settings.identities.office_bind), settings.identities.office_port
    for host, port in (kiosks, office):
        if is_taken(host, port):
            raise BrokerRefused(f"port {port} is in use: stop that program or choose another")
    issued = args.identities.resolve()
    prover = Prover(kiosks, office, issued)
    child = prepare(choose(settings), settings, settings.state / "broker.log", prover.let_in)
    return Keeper(
        issued=issued,
        exchange=Exchange(args.exchange.resolve()),
        in_force=InForce(settings.identities.crl.parent, user=settings.user),
        serving=Serving(child, settings, prover),
        prover=prover,
        say=say,
    )


def run(kept: Keeper, stop: Stop, say: Callable[[str], None]) -> int:
    say(f"broker: {kept.stopped}")
    try:
        while not stop.wait(EVERY_S):
            kept.step()
    finally:
        kept.close()
    return 0


def _alone(exchange: Path | None) -> None:
    """One keeper answers in a folder: of two, one would say yes for what the other has not done."""
    if exchange is None or not exchange.is_dir():
        return
    handle = os.open(exchange, os.O_RDONLY | os.O_DIRECTORY)  # held for as long as we live
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise BrokerRefused(f"another keeper answers in {exchange}: stop it first") from None


def _allowed(kiosks: int) -> int:
    """Never more connections than files: a reload that finds none left forgets its lists."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = kiosks if hard == resource.RLIM_INFINITY else min(kiosks, hard - SPARE_FILES)
    if most < 1:
        raise BrokerRefused(
            f"{hard} open files are too few: the administrator must raise the limit"
        )
    return most


def _knock_at(bind: str) -> str:
    return ANYWHERE.get(bind, bind)
