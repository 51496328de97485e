"""An office that may be ended at any moment of a command's way, with everybody who takes part.

Real are the controller's loop and all beneath it, what a web process does (ask, agree, cancel), the
door's books and the database file; played are the broker (tests/support/swept_broker.py) and
kiosks with a ledger, which lose nothing. Whoever dies is thrown away whole and begins again from
the file. Time is the world's own. `Machine` says what else is lost with the office's power.
"""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Engine

from controller import fleet, policies
from controller.bell import Listener
from controller.commands.desk import Desk
from controller.commands.orders import Signer
from controller.commands.upkeep import Upkeep
from controller.deeds import Doer
from controller.dispatch import Outgoing
from controller.door import handed
from controller.ingest import Ingest
from controller.jobs import clerk, keys
from controller.leases import Leases
from controller.memory import Memory
from controller.metrics import Counters
from controller.nudges import Nudges
from controller.people.audit import By
from controller.people.powers import Grant, Person
from controller.rollouts.desk import Desk as RolloutDesk
from controller.store.engine import open_engine, writing
from controller.store.migrate import migrate
from controller.timers import Timers
from controller.worker import Clocks, Parts, Worker
from tests.agent.identity.cuts import PowerDisk
from tests.support.handing import JPEG
from tests.support.office import START
from tests.support.people import add_person
from tests.support.signing import Ceremony, public_of
from tests.support.swept_broker import Cut, Ended, Loss, PlayedBroker, PlayedLink, watch
from tests.support.taker import heard
from tests.support.wisher import Wisher
from wire.envelope import text_of
from wire.messages import Attachment, Up

KEYS: Final = Ceremony("siti", "budi")
KIOSKS: Final = ("kiosk-1", "kiosk-2")
SITE: Final = fleet.Site("32.73.01", "Sukasari", "Kota Bandung", -6.9, 107.6)
TURN_MS, SLOW_MS = 130, 5_000
FAST_TURNS: Final = 36
MOST_TURNS: Final = 400
SAYS_AGAIN_MS: Final = 20_000  # a kiosk whose facts nobody acknowledges


class Steady(Wisher):
    """A kiosk that takes some turns for all it does; `hands_in` takes a picture to the door."""

    def __init__(self, name: str, hands_in: Callable[[str, str, bytes], bool]) -> None:
        super().__init__(name, KEYS.policy(), epoch=os.urandom(8).hex())
        self.slow = True
        self._hands_in = hands_in
        self._steps: dict[str, int] = {}
        self._said_at = 0
        self.pictures: set[str] = set()

    def hears(self, out: Outgoing) -> list[Up]:
        if out.topic.endswith("/rollcall"):
            return [self.present()]
        if out.topic.endswith("/rebirth"):
            return self.born()
        self._said_at = self.now
        return self.hear(heard(out.topic, out.payload))

    def works(self) -> list[Up]:
        said: list[Up] = []
        for name in [name for name, how in self.ledger.items() if how == "running"]:
            self._steps[name] = step = self._steps.get(name, 0) + 1
            if step == 2:
                said.append(self.progress(name, 50, "half"))
            elif step >= 3:
                said += self._over(name)
        for one in self.unfinished:
            name = f"{one.bundle} {one.seq} {one.attempt}"
            self._steps[name] = step = self._steps.get(name, 0) + 1
            said.append(self.fetching(one) if step < 3 else self._install(one))
        if self.kept and self.now - self._said_at > SAYS_AGAIN_MS:
            self._said_at = self.now
            said += self.again()
        return said

    def _over(self, name: str) -> list[Up]:
        if name not in self.pictures:
            return [self._end(name, "succeeded")]
        body = JPEG[:-2] + name.encode() + JPEG[-2:]
        if not self._hands_in(self.name, name, body):
            return []  # the door is away: once more
        found = Attachment(
            sha256=hashlib.sha256(body).hexdigest(), size=len(body), type="image/jpeg"
        )
        return [self._end(name, "succeeded", attachment=found)]

    def _do(self, name: str) -> list[Up]:
        if self.told[-1].open and any(
            '"screenshot"' in one.order for one in self.told[-1].open if one.command == name
        ):
            self.pictures.add(name)
        return super()._do(name)


class Machine:
    """What the office runs on. Here a kill is all there is; `Mains` loses its power, too."""

    power = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "office.db"
        self.cut = Cut()
        self._engines: dict[str, Engine] = {}

    def engine(self, who: str) -> Engine:
        """Of this process. After its `dispose` nothing is left of it but the words it knows."""
        if who not in self._engines:
            self._engines[who] = open_engine(f"sqlite:///{self.path}")
            watch(self._engines[who], who, lambda: self.cut)
        return self._engines[who]

    def sync(self) -> None:
        """What was done so far is not what is lost."""

    def off(self) -> None:
        """From now on nothing reaches the disk."""

    def on(self) -> None:
        """What is on the disk is what there is."""


class Mains(Machine):
    """What was not synced is lost with everything that was on its way."""

    power = True

    def __init__(self, disk: PowerDisk) -> None:
        super().__init__(disk.folder)
        self._disk = disk

    def sync(self) -> None:
        self._disk.sync()

    def off(self) -> None:
        self._disk.switch_off()

    def on(self) -> None:
        self._disk.cut_power()


class Books(NamedTuple):
    """A database as an office has it that is about to be asked: copied for each life."""

    path: Path
    people: dict[str, Doer]


def books(folder: Path) -> Books:
    """Two kiosks, two people with keys, a policy in force."""
    path = folder / "template.db"
    migrate(f"sqlite:///{path}")
    engine = open_engine(f"sqlite:///{path}")
    people = {who: _person(engine, who) for who in KEYS.people}
    with writing(engine) as conn:
        fleet.import_fleet(conn, [SITE], [fleet.NewKiosk(one, SITE.code) for one in KIOSKS], START)
        policies.store(conn, KEYS.signed_policy(), By("test"), START)
        for who, doer in people.items():
            keys.add(conn, doer, text_of(public_of(KEYS.people[who])), "telepon", START)
    with engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return Books(path, people)


def _person(engine: Engine, login: str) -> Doer:
    number = add_person(engine, login, ("admin", ""))
    person = Person(number, login, login.title(), (Grant("admin", ""),))
    return Doer(person, person.scope("command.see"), "192.0.2.7")


Deed = Callable[["World", Engine], None]


class World:
    """One telling of a story: `deeds` are done at their turns, until everybody is at rest.

    `most`: see PlayedBroker. `absent`: kiosks that join only when a deed says so.
    """

    def __init__(
        self,
        made: Books,
        machine: Machine,
        cut: Cut,
        *,
        loss: Loss = "kept",
        broker_cut: Cut | None = None,
        absent: Iterable[str] = (),
        most: int = 1_000,
    ) -> None:
        self.now = START
        self.cut, self.machine, self.books = cut, machine, made
        machine.cut = cut
        shutil.copy(made.path, machine.path)
        machine.sync()
        self._open_file = self._look()
        self.broker = PlayedBroker(broker_cut, loss, most)
        self.said: list[str] = []
        self.kiosks = {name: Steady(name, self.hand_in) for name in KIOSKS}
        self.absent = set(absent)
        self.deaths = 0
        self.unattended = False  # no controller runs
        self.forgot = False  # the cut has taken it out of the books that something was sent
        self.jobs: list[int] = []
        self._office: tuple[Worker, Parts] | None = None
        self._connect()
        for _ in range(5):
            self.turn()
        assert all(kiosk.told for name, kiosk in self.kiosks.items() if name not in self.absent)
        self._cuts = (cut, *([broker_cut] if broker_cut else ()))
        self._arm(armed=True)

    def tell(self, deeds: Iterable[tuple[int, Deed]]) -> int:
        """How many turns it took until all was at rest. AssertionError when it never is."""
        waiting = sorted(deeds, key=lambda one: one[0])
        for turn in range(MOST_TURNS):
            while waiting and waiting[0][0] <= turn and self._does(waiting[0][1]):
                waiting.pop(0)
            self.turn(TURN_MS if turn < FAST_TURNS else SLOW_MS)
            if not waiting and self.at_rest:
                self._arm(armed=False)
                return turn
        raise AssertionError(f"never at rest: {self.states()} {self.broker.waiting()} {self.said}")

    def _arm(self, *, armed: bool) -> None:
        for cut in self._cuts:
            cut.armed = armed

    def turn(self, ms: int = TURN_MS) -> None:
        self.now += ms
        if self.broker.turn():
            self._connect()
        for name, kiosk in self.kiosks.items():
            kiosk.now = self.now
            if name in self.broker.here:
                self.broker.give(name, kiosk.hears)
                self.broker.said(name, kiosk.works())
        if not self.unattended:
            self._attend()

    def _attend(self) -> None:
        try:
            if self._office is None:
                self._office = self._open()
            self._office[0].turn()
        except Ended:
            self._die()

    def reconnect(self, *names: str) -> None:
        """Kiosks come (again)."""
        for name in names:
            self.absent.discard(name)
            self.broker.join(name)
            self.broker.said(name, self.kiosks[name].born())

    @property
    def at_rest(self) -> bool:
        if not self.broker.quiet or any(one.kept for one in self.kiosks.values()):
            return False
        ended = {"finished", "cancelled", "refused"}
        return {row[0] for row in self.rows("SELECT state FROM job")} <= ended and not self.rows(
            "SELECT 1 FROM command WHERE state IN ('queued', 'sent', 'accepted', 'running') "
            "UNION SELECT 1 FROM desired WHERE due IS NOT NULL"
        )

    def hand_in(self, kiosk: str, name: str, body: bytes) -> bool:
        """At the door, whose process may be ended as well."""

        def deed(_world: World, engine: Engine) -> None:
            with writing(engine) as conn:
                handed.keep(conn, handed.wanted(conn, name, kiosk), body, self.now)

        return self._does(deed, "door")

    def states(self) -> dict[str, str]:
        return {row[0]: row[1] for row in self.rows("SELECT command_id, state FROM command")}

    def rows(self, sql: str) -> list[Any]:
        return self._open_file.execute(sql).fetchall()

    def leave(self, ms: int) -> None:
        """For so long no controller runs; kiosks, broker and people go on."""
        self._stop()
        self.unattended = True
        for _ in range(4):
            self.turn(ms // 4)
        self.unattended = False

    def close(self) -> None:
        self._stop()
        self._open_file.close()

    def _stop(self) -> None:
        if self._office is not None:
            _throw_away(self._office[1])
            self._office = None

    def _does(self, deed: Deed, who: str = "web") -> bool:
        """Whether it is done. Who died within it begins again, and does not know what it did."""
        engine = self.machine.engine(who)
        try:
            deed(self, engine)
        except Ended:
            self._die(engine, office=self.machine.power)
            return False
        finally:
            engine.dispose()
        return True

    def _die(self, *others: Engine, office: bool = True) -> None:
        self.deaths += 1
        sent = "SELECT count(*) FROM command WHERE state = 'sent'"
        before = self.rows(sent)
        self.machine.off()
        for engine in others:
            engine.dispose()
        if office:
            self._stop()
        self._open_file.close()
        self.machine.on()
        self._open_file = self._look()
        self.forgot |= before > self.rows(sent)

    def _look(self) -> sqlite3.Connection:
        """Whoever closes a file last tidies it up: that must be nobody who was killed."""
        looks = sqlite3.connect(self.machine.path, isolation_level=None)
        looks.execute("SELECT count(*) FROM job").fetchone()
        return looks

    def _connect(self) -> None:
        self.reconnect(*(name for name in KIOSKS if name not in self.absent))

    def _open(self) -> tuple[Worker, Parts]:
        """As controller/__main__.py puts it together."""
        engine, memory, counters = self.machine.engine("office"), Memory(), Counters()

        def wall() -> int:
            return self.now

        clocks = Clocks(wall, lambda: self.now / 1000)
        leases = Leases("office", wall)
        shared = (engine, memory, leases, counters, wall)
        link: Any = PlayedLink(self.broker, self.cut, wall, buffered=self.machine.power)
        parts = Parts(
            name="office",
            broker="played",
            engine=engine,
            memory=memory,
            leases=leases,
            link=link,
            ingest=Ingest(*shared),
            timers=Timers(*shared, within_s=2, grace_s=2),
            desk=Desk(*shared, signer=Signer(KEYS.office), say=self.said.append),
            rollouts=RolloutDesk(*shared, signer=Signer(KEYS.office), say=self.said.append),
            upkeep=Upkeep(
                engine, leases, counters, wall, {"jobs": clerk.tick}, say=self.said.append
            ),
            nudges=Nudges(engine, leases, wall),
            bell=Listener(engine),
            counters=counters,
            clocks=clocks,
        )
        return Worker(parts, self.said.append), parts


def _throw_away(parts: Parts) -> None:
    """Without a word to anybody, as a kill does."""
    parts.bell.close()
    parts.engine.dispose()
