"""`anjungan up`: a whole fleet on this machine: broker, controller, console, portal, kiosks.

The composition root of the demonstration: finds ports, fills the database, starts everything in
order, watches it, stops it by pid. The first kiosk is this machine with the real agent; the others
are played. What runs how is `layout`, keeping it alive is `supervise`.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from broker_config.child import Child, ChildFailed
from broker_config.knock import free_port, is_taken
from broker_config.plan import as_owner, choose, prepare
from broker_config.settings import BrokerRefused, Settings
from broker_config.stop import Stop
from controller.store.engine import open_engine
from controller.store.tables import kiosk, kiosk_status
from provisioning import layout, printer
from provisioning.kiosks import register
from provisioning.layout import HOST, Options, OptionsRefused
from provisioning.lock import AlreadyUp, Lock
from provisioning.sites import FileRefused, Placed, place, read_sites, write_kiosks
from provisioning.supervise import Milestone, Say, Stopped, Supervisor

Programs = Callable[[Options, str], Mapping[str, tuple[str, ...]]]
TOLD: Final = (
    AlreadyUp, BrokerRefused, ChildFailed, FileRefused, OptionsRefused, OSError, SQLAlchemyError,
    ValueError,
)  # fmt: skip
FEATURES: Final = {"console": "port", "portal": "portal_port"}  # ready when their port answers


@dataclass
class House:
    """Everything of one `up`. `programs` may be replaced by tests.

    `look` finds this machine's printer when none was named; None: do not look.
    """

    options: Options
    say: Say
    stop: Stop
    programs: Programs = layout.programs
    look: Callable[[], printer.Found] | None = None
    _engine: Engine | None = field(default=None, init=False)

    def run(self) -> None:
        """From an empty folder to a page, until `stop` is set. Raises one of TOLD."""
        options = self.options
        options.logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = Lock(options.state / "up.lock").take()
        lock.tell(options.address)
        supervisor = Supervisor(self.say, self.stop)
        try:
            refuse_taken_ports(options)
            first = self._settle()
            supervisor.start(self._broker(lock))
            for name, argv in self.programs(options, first).items():
                supervisor.start(self._child(name, argv, lock))
            self.say(f"waiting for the first kiosk, {first}: this machine")
            supervisor.watch([self._first_online(first)])
        except Stopped:
            pass
        finally:
            self.say("stopping")
            supervisor.stop_all()
            if self._engine is not None:
                self._engine.dispose()
            lock.release()
            self.say("stopped")

    def _settle(self) -> str:
        """Printer, database and files; the name of the first kiosk."""
        if self.look is not None:
            found = self.look()
            self.say(found.said)
            self.options = replace(self.options, printer=found.printer, queue=found.queue)
        options, sites = self.options, read_sites()
        kiosks = place(sites, options.kiosks)
        done = register(options.url, sites, kiosks, time.time_ns() // 1_000_000)
        if done.kiosks_added:
            self.say(f"registered {done.kiosks_added} kiosks at {len(sites)} sites")
        self._write(kiosks)
        self._engine = open_engine(options.url)
        return kiosks[0].kiosk

    def _write(self, kiosks: tuple[Placed, ...]) -> None:
        options, first = self.options, kiosks[0].kiosk
        write_kiosks(options.players_file, kiosks[1:])
        (options.state / "agent" / first).mkdir(parents=True, exist_ok=True)
        (options.state / "players").mkdir(exist_ok=True)
        options.agent_file.write_text(layout.agent_toml(options, first), encoding="utf-8")

    def _broker(self, lock: Lock) -> Child:
        options = self.options
        settings = as_owner(
            Settings(port=options.broker_port, state=options.broker_state, bind=HOST)
        )
        plan = choose(settings, only_fallback=options.fallback)
        if plan.why:
            self.say(f"the broker is the loopback fallback, not Mosquitto ({plan.why})")
        for lack in plan.lacks:
            self.say(f"  it lacks: {lack}")
        child = prepare(plan, settings, options.logs / "broker.log")
        child.pass_fds = (lock.fd,)
        return child

    def _child(self, name: str, argv: tuple[str, ...], lock: Lock) -> Child:
        port = getattr(self.options, FEATURES[name]) if name in FEATURES else 0
        return Child(
            name=name,
            argv=argv,
            log=self.options.logs / f"{name}.log",
            env=layout.environment(self.options, os.environ),
            ready=(lambda: is_taken(HOST, port)) if port else (lambda: True),
            pass_fds=(lock.fd,),
        )

    def _first_online(self, name: str) -> Milestone:
        options = self.options
        return Milestone(
            lambda: self._presence(name) == "online",
            f"{options.kiosks} kiosks are up: open {options.address}  (Ctrl-C stops everything)",
            late=f"{name} is not online yet: see agent.log and controller.log in {options.logs}",
        )

    def _presence(self, name: str) -> str:
        query = select(kiosk_status.c.presence).join(kiosk, kiosk.c.id == kiosk_status.c.kiosk_id)
        assert self._engine is not None
        try:
            with self._engine.connect() as conn:
                return str(conn.scalar(query.where(kiosk.c.name == name)))
        except SQLAlchemyError:  # the office says so itself; here it is only "not yet"
            return "unknown"


def refuse_taken_ports(options: Options) -> None:
    """Raises OptionsRefused naming the port and the flag that changes it."""
    flags = {
        "--port": options.port,
        "--broker-port": options.broker_port,
        "--portal-port": options.portal_port,
    }
    for flag, port in flags.items():
        if is_taken(HOST, port):
            raise OptionsRefused(
                f"port {port} is in use: stop the program that listens there, "
                f"or choose another with {flag}"
            )


def main(argv: list[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    stop = Stop()
    _obey(stop)
    say = _Voice(args.state.resolve() / "logs" / "up.log")
    try:
        look = None if args.printer or args.queue else printer.look
        House(_options(args), say, stop, look=look).run()
    except TOLD as error:
        say(f"anjungan up: {_first_line(error)}")
        return 2
    return 0


class _Voice:
    """One line an event, to the terminal as long as there is one, and to a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self, line: str) -> None:
        with suppress(OSError, ValueError):  # the terminal may be gone: the fleet goes on
            print(line, flush=True)  # noqa: T201 - this is a command
        with suppress(OSError), self._file.open("a", encoding="utf-8") as file:
            file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {line}\n")


def _obey(stop: Stop) -> None:
    numbers = [signal.SIGINT, signal.SIGTERM]
    # A closed terminal stops everything in order; under nohup it is none of our business.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    stop.obey(numbers)


def _options(args: argparse.Namespace) -> Options:
    return Options(
        state=args.state.resolve(),
        port=args.port,
        broker_port=args.broker_port or free_port(),
        portal_port=args.portal_port or free_port(),
        kiosks=args.kiosks,
        seed=args.seed,
        speed=args.speed,
        database=args.database,
        printer=_named(args.printer),
        queue=_named(args.queue),
        browser_port=args.browser_port,
        fallback=args.fallback,
    )


def _named(uri: str) -> str:
    return "" if uri == "none" else uri


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan up", description=__doc__)
    add = parser.add_argument
    add("--kiosks", type=int, default=61, help="the first is this machine, the others are played")
    add("--seed", type=int, default=7, help="the same seed plays the same life")
    add("--speed", type=float, default=1.0, help="how fast the played kiosks live")
    add("--state", type=Path, default=Path("var"), help="folder for everything that is kept")
    add("--port", type=int, default=8080, help="of the console")
    add("--database", default=os.environ.get("ANJUNGAN_DATABASE", ""), help="default: SQLite")
    add("--printer", default="", help="this machine's printer, ipp://host:port/path, or none")
    add("--queue", default="", help="its queue, ipp://localhost/printers/name (default: ask CUPS)")
    add("--browser-port", type=int, default=0, help="debugging port of this kiosk's Chromium")
    add("--broker-port", type=int, default=0, help="default: a free one")
    add("--portal-port", type=int, default=0, help="default: a free one")
    add("--fallback", action="store_true", help="use the loopback broker, not Mosquitto")
    return parser


def _first_line(error: BaseException) -> str:
    original = getattr(error, "orig", None)  # of the database's driver, without our SQL
    said = str(original or error).strip()
    return said.splitlines()[0] if said else type(error).__name__


if __name__ == "__main__":
    sys.exit(main())
