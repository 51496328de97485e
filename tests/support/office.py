"""An office without a broker: messages go in by hand, the database is asked what became of them.

`Teller` speaks as one kiosk would, numbering by itself; `Office` is the real ingest, leases and
timers over a real database, with a clock that tests move.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine, select, text

from controller import fleet
from controller.commands.desk import Desk, Said
from controller.commands.orders import Signer
from controller.ingest import Done, Incoming, Ingest
from controller.known import Known
from controller.leases import Leases
from controller.memory import Memory
from controller.metrics import Counters
from controller.rollouts.desk import Desk as RolloutDesk
from controller.store.engine import open_engine, writing
from controller.store.tables import flip, kiosk
from controller.timers import Timers
from wire import topics
from wire.codec import encode, kind_of
from wire.messages import Birth, Death, Flip, Observation, Present, Reading, State, Up

START = 1_790_000_000_000
PROBES = ("screen", "browser", "portal", "printer", "queue", "system")


def seen(probe: str = "printer", state: State = "ok", *codes: str, **more: Any) -> Observation:
    return Observation(probe=probe, state=state, codes=codes, **{"at": START, **more})


class Teller:
    """One kiosk talking. Its clock is the office's plus `skew`."""

    def __init__(self, name: str, epoch: str = "00000000000000aa", skew: int = 0) -> None:
        self.name = name
        self.epoch = epoch
        self.skew = skew
        self.births = 0
        self.seq = 0
        self.facts = 0
        self.now = START

    def birth(self, *, oldest: int = 1, again: bool = False, **more: Any) -> Birth:
        if not again:
            self.births, self.seq = self.births + 1, 0
        known: dict[str, Any] = {
            "agent": "0.1.0", "boot_id": "boot", "started": START, "keepalive_s": 60,
            "probes": PROBES, "oldest_fact": oldest,
        }  # fmt: skip
        return Birth(**self._header(), **{**known, **more})

    def reading(self, *observations: Observation, full: bool = False) -> Reading:
        return Reading(**self._header(), full=full, observations=observations)

    def flip(self, observation: Observation, old: State = "ok", fact: int | None = None) -> Flip:
        if fact is None:
            self.facts = fact = self.facts + 1
        return Flip(**self._header(), fact=fact, old=old, observation=observation)

    def present(self) -> Present:
        return Present(**self._header())

    def death(self, *, planned: bool = False) -> Death:
        return Death(epoch=self.epoch, birth=self.births, planned=planned)

    def well(self, *probes: str) -> Reading:
        """A full reading in which everything is well."""
        return self.reading(*(seen(p, at=self.at) for p in probes or PROBES), full=True)

    @property
    def at(self) -> int:
        return self.now + self.skew

    def _header(self) -> dict[str, Any]:
        seq, self.seq = self.seq, self.seq + 1
        return {"epoch": self.epoch, "birth": self.births, "seq": seq, "sent": self.at}


class Office:
    """`signer`: of its orders; without one it sends none. `said`: what it told its people."""

    def __init__(
        self, url: str, *names: str, name: str = "office", signer: Signer | None = None
    ) -> None:
        self.signer = signer
        self.said: list[str] = []
        self.engine = open_engine(url)
        self.now = START
        self.name = name
        with writing(self.engine) as conn:
            site = fleet.Site("32.73.01", "Sukasari", "Kota Bandung", -6.9, 107.6)
            new = [fleet.NewKiosk(one, site.code) for one in names]
            fleet.import_fleet(conn, [site], new, self.now)
        self.restart()

    def restart(self) -> None:
        """A new process over the same database."""
        self.memory, self.counters = Memory(), Counters()
        self.leases = Leases(self.name, lambda: self.now)
        with writing(self.engine) as conn:
            self.leases.renew(conn)
        parts = (self.engine, self.memory, self.leases, self.counters, lambda: self.now)
        self.ingest = Ingest(*parts)
        self.timers = Timers(*parts, within_s=30, grace_s=15)
        self.desk = Desk(*parts, signer=self.signer, say=self.said.append)
        self.rollouts = RolloutDesk(*parts, signer=self.signer, say=self.said.append)

    def take(self, teller: Teller, *messages: Up, late: bool = False) -> Done:
        return self.ingest.take([self.letter(teller, one, late=late) for one in messages])

    def greet(self, done: Done) -> Said:
        """What the loop does after a batch."""
        said, told = self.desk.greet(done.born, done.answered), self.rollouts.greet(done.born)
        return Said(said.mail + told.mail, said.lost | told.lost)

    def look(self) -> Said:
        return self.desk.look(self.leases.held)

    def letter(self, teller: Teller, message: Up, *, late: bool = False) -> Incoming:
        topic = topics.up(teller.name, kind_of(message))
        return Incoming(topic, encode(message), self.now, late, None)

    def raw(self, topic: str, payload: bytes) -> Done:
        return self.ingest.take([Incoming(topic, payload, self.now, late=False, token=None)])

    def known(self, name: str) -> Known:
        """As it is stored, not as it is remembered."""
        memory = Memory()
        with self.engine.connect() as conn:
            memory.load(conn, [name])
        known = memory.get(name)
        assert known is not None
        return known

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as conn:
            return [tuple(row) for row in conn.execute(text(sql))]

    def faults(self, name: str) -> dict[str, str]:
        return {code: one.state for code, one in self.known(name).faults.items()}

    def flips(self, name: str, like: str = "%") -> list[tuple[str, str, str]]:
        return [
            (row[0], row[1], row[2])
            for row in self.rows(
                "SELECT f.subject, f.old, f.new FROM flip f JOIN kiosk k ON k.id = f.kiosk_id "
                f"WHERE k.name = '{name}' AND f.subject LIKE '{like}' ORDER BY f.id"
            )
        ]


def facts_of(engine: Engine, name: str) -> list[tuple[str, int]]:
    """(epoch, number) of every fact stored for a kiosk, in order of storing."""
    query = (
        select(flip.c.epoch, flip.c.fact)
        .join(kiosk, kiosk.c.id == flip.c.kiosk_id)
        .where(kiosk.c.name == name, flip.c.fact.is_not(None))
        .order_by(flip.c.id)
    )
    with engine.connect() as conn:
        return [(row[0], row[1]) for row in conn.execute(query)]


def acks(done: Done) -> list[bytes]:
    return [one.payload for one in done.mail if one.topic.endswith("/ack")]


def rebirths(done: Done) -> Iterable[str]:
    return [one.topic for one in done.mail if one.topic.endswith("/rebirth")]
