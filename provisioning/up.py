"""`anjungan up`: a whole fleet on this machine: office, broker, door, portal, kiosks.

The composition root of the demonstration: finds ports, fills the database, starts everything in
order, watches it, stops it by pid. The first kiosk is this machine with the real agent; the others
are played. All get their identities as in production: a code, a request at the door, a certificate.
What runs how is `layout`, keeping it alive is `supervise`.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from broker_config.child import Child, ChildFailed
from broker_config.knock import is_taken
from broker_config.plan import as_owner, choose, find_mosquitto, prepare
from broker_config.settings import BrokerRefused, Settings
from broker_config.stop import Stop
from controller.jobs.refused import Refused
from controller.people import links
from controller.people.audit import By
from controller.releases.folder import Releases
from controller.store.engine import open_engine, writing
from controller.store.tables import kiosk, kiosk_status
from provisioning import layout, newcomers, ports, printer
from provisioning.authority.certificates import BadName
from provisioning.authority.files import Unsafe
from provisioning.authority.issued import Issuer
from provisioning.authority.keys import KeyRefused
from provisioning.authority.pair import Busy, Missing, open_or_make
from provisioning.authority.passphrase import PassphraseRefused, passphrase
from provisioning.behalf import where
from provisioning.kiosks import register
from provisioning.layout import FLEET, HOST, Options, OptionsRefused
from provisioning.lock import AlreadyUp, Lock
from provisioning.policy import ceremony, keys
from provisioning.policy.ceremony import First
from provisioning.release import first as first_release
from provisioning.release.first import Keys
from provisioning.release.signed import Office
from provisioning.sites import FileRefused, Placed, first_at, place, read_sites, write_kiosks
from provisioning.supervise import Milestone, Say, Stopped, Supervisor
from wire.policy import Refusal

Programs = Callable[[Options, str], Mapping[str, tuple[str, ...]]]
TOLD: Final = (
    AlreadyUp, BadName, BrokerRefused, Busy, ChildFailed, FileRefused, KeyRefused, Missing,
    OptionsRefused, OSError, PassphraseRefused, Refusal, Refused, SQLAlchemyError, Unsafe,
    ValueError,
)  # fmt: skip
FEATURES: Final = {  # ready when their port answers
    "broker": "broker_port",
    "door": "door_port",
    "console": "port",
    "portal": "portal_port",
}
KEPT_PORTS: Final = ("broker_port", "office_port", "door_port", "portal_port")
PREVIEW_PORT: Final = "preview_port"  # nobody but the console asks there
JOIN_S: Final = 60.0


@dataclass
class House:
    """Everything of one `up`. `programs` may be replaced by tests.

    `look` finds this machine's printer when none was named; None: do not look. `join` gives the
    line by which the first kiosk gets its identity.
    """

    options: Options
    say: Say
    stop: Stop
    programs: Programs = layout.programs
    look: Callable[[], printer.Found] | None = None
    join: Callable[[Options, str, str], Sequence[str]] = layout.join
    _engine: Engine | None = field(default=None, init=False)
    _pin: bytes = field(default=b"", init=False)

    def run(self) -> None:
        """From an empty folder to a page, until `stop` is set. Raises one of TOLD."""
        options = self.options
        options.state.mkdir(parents=True, exist_ok=True, mode=0o700)  # hashes of passwords lie here
        options.logs.mkdir(exist_ok=True, mode=0o700)
        lock = Lock(options.state / "up.lock").take()
        lock.tell(options.address)
        supervisor = Supervisor(self.say, self.stop)
        try:
            refuse_taken_ports(options)
            kept = (*KEPT_PORTS, PREVIEW_PORT)
            ports.keep(options.state, {name: getattr(options, name) for name in kept})
            kiosks = self._settle()
            first = kiosks[0].kiosk
            if self.options.fallback:
                supervisor.start(self._fallback(lock))
            for name, argv in self.programs(self.options, first).items():
                if name == "agent":
                    self._bear(kiosks)
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

    def _settle(self) -> tuple[Placed, ...]:
        """Printer, authorities, database and files; the kiosks, the first is this machine."""
        if self.look is not None:
            found = self.look()
            self.say(found.said)
            self.options = replace(self.options, printer=found.printer, queue=found.queue)
        options, sites, now = self.options, read_sites(), _now()
        pair = open_or_make(options.authority, passphrase(os.environ), now)
        Issuer(options.authority, pair, (), {}).refresh(now)
        self._pin = pair.server.pin
        stands = first_at(sites, options.site) if options.site else sites
        kiosks = place(stands, options.kiosks)
        self.options = options = replace(options, site=kiosks[0].site.code)
        done = register(options.url, sites, kiosks, now)
        if done.kiosks_added:
            self.say(f"registered {done.kiosks_added} kiosks at {len(sites)} sites")
        self._write(kiosks)
        self._engine = open_engine(options.url)
        self._allow(self._engine, now)
        self._release(self._engine)
        return kiosks

    def _allow(self, engine: Engine, now: int) -> None:
        """The ceremony of who may command, once; a folder from before there was one has it now."""
        options = self.options
        word = keys.of_roots(os.environ)
        how = First(FLEET, options.roots, options.command_key, passphrase=word)
        policy, made = ceremony.init(engine, how, By("up", where()), now)
        if made:
            self.say(f"policy {policy.version} for commands is in force; its root: {options.roots}")

    def _release(self, engine: Engine) -> None:
        """The ceremony of releases and what kiosks show first, once."""
        options = self.options
        word = keys.of_roots(os.environ)
        office = Office(engine, Releases(options.releases), By("up", where()), _now)
        given = Keys(options.release_keys, options.release_key, options.registrar, word)
        for line in first_release.begin(office, given):
            self.say(line)

    def _write(self, kiosks: tuple[Placed, ...]) -> None:
        options, first = self.options, kiosks[0].kiosk
        write_kiosks(options.players_file, kiosks[1:])
        options.agent_home(first).mkdir(parents=True, exist_ok=True)
        (options.state / "players").mkdir(exist_ok=True)
        options.exchange.mkdir(mode=0o700, exist_ok=True)
        for shared in (options.asks, options.notices):
            shared.mkdir(parents=True, exist_ok=True)
        options.agent_file.write_text(layout.agent_toml(options, first), encoding="utf-8")

    def _bear(self, kiosks: tuple[Placed, ...]) -> None:
        """Codes for those without an identity; the first kiosk redeems its own now."""
        assert self._engine is not None
        options, first = self.options, kiosks[0].kiosk
        played = () if options.fallback else kiosks[1:]
        homes = {one.kiosk: options.player_home(one.kiosk) for one in played}
        wanting = newcomers.without_identity({first: options.agent_home(first), **homes})
        made = newcomers.invite(self._engine, wanting, self._pin, _now())
        if made:
            self.say(f"invited {len(made)} kiosks, each with a code of its own")
        mine = made.pop(first, None)
        newcomers.write_codes(options.codes, options.door, made)
        if mine is not None:
            argv = self.join(options, first, mine.code)
            newcomers.run(argv, options.logs / "join.log", self._environment(), self.stop, JOIN_S)

    def _fallback(self, lock: Lock) -> Child:
        options = self.options
        settings = as_owner(
            Settings(port=options.broker_port, state=options.broker_state, bind=HOST)
        )
        plan = choose(settings, only_fallback=True)
        self.say(f"the broker is the loopback fallback, not Mosquitto ({plan.why})")
        for lack in plan.lacks:
            self.say(f"  it lacks: {lack}")
        child = prepare(plan, settings, options.logs / "broker.log")
        child.pass_fds = (lock.fd,)
        return child

    def _environment(self) -> dict[str, str]:
        return layout.environment(self.options, os.environ)

    def _child(self, name: str, argv: tuple[str, ...], lock: Lock) -> Child:
        port = getattr(self.options, FEATURES[name]) if name in FEATURES else 0
        return Child(
            name=name,
            argv=argv,
            log=self.options.logs / f"{name}.log",
            env=self._environment(),
            ready=(lambda: is_taken(HOST, port)) if port else (lambda: True),
            pass_fds=(lock.fd,),
        )

    def _first_online(self, name: str) -> Milestone:
        options = self.options
        screen = f"what citizens see at {name}: http://{HOST}:{options.portal_port}/"
        up = f"{options.kiosks} kiosks are up: open {self._address()}  (Ctrl-C stops everything)"
        return Milestone(
            lambda: self._presence(name) == "online",
            f"{screen}\n{up}",
            late=f"{name} is not online yet: see agent.log and controller.log in {options.logs}",
        )

    def _address(self) -> str:
        """Of the console; while nobody has an account, of the page that makes the first one."""
        assert self._engine is not None
        try:
            with writing(self._engine) as conn:
                link = links.issue_setup(conn, By("up"), _now())
        except links.SetupDone:
            return self.options.address
        return f"{self.options.address}setup#{link.token}"

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
        "--office-port": options.office_port,
        "--door-port": options.door_port,
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
    state = args.state.resolve()
    known = ports.Ports(state)
    chosen: dict[str, Any] = {name: getattr(args, name) or known.get(name) for name in KEPT_PORTS}
    return Options(
        state=state,
        port=args.port,
        **chosen,
        preview_port=known.get(PREVIEW_PORT),
        kiosks=args.kiosks,
        seed=args.seed,
        speed=args.speed,
        database=args.database,
        printer=_named(args.printer),
        queue=_named(args.queue),
        browser_port=args.browser_port,
        site=args.site,
        fallback=args.fallback or find_mosquitto("mosquitto") is None,
    )


def _now() -> int:
    return time.time_ns() // 1_000_000


def _named(uri: str) -> str:
    return "" if uri == "none" else uri


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan up", description=__doc__)
    add = parser.add_argument
    add("--kiosks", type=int, default=61, help="the first is this machine, the others are played")
    add("--site", default="", help="code of where this machine stands: 32.04.37; default: Sukasari")
    add("--seed", type=int, default=7, help="the same seed plays the same life")
    add("--speed", type=float, default=1.0, help="how fast the played kiosks live")
    add("--state", type=Path, default=Path("var"), help="folder for everything that is kept")
    add("--port", type=int, default=8080, help="of the console")
    add("--database", default=os.environ.get("ANJUNGAN_DATABASE", ""), help="default: SQLite")
    add("--printer", default="", help="this machine's printer, ipp://host:port/path, or none")
    add("--queue", default="", help="its queue, ipp://localhost/printers/name (default: ask CUPS)")
    add("--browser-port", type=int, default=0, help="debugging port of this kiosk's Chromium")
    for name in ("broker", "office", "door", "portal"):
        add(f"--{name}-port", type=int, default=0, help="default: a free one, kept from then on")
    add("--fallback", action="store_true", help="use the loopback broker, not Mosquitto")
    return parser


def _first_line(error: BaseException) -> str:
    original = getattr(error, "orig", None)  # of the database's driver, without our SQL
    said = str(original or error).strip()
    return said.splitlines()[0] if said else type(error).__name__


if __name__ == "__main__":
    sys.exit(main())
