"""A desk at which jobs are asked for: a fleet, a policy in force, people with keys, a clock.

Everything is real: accounts, policy, signatures. Only the kiosks' answers are written down here as
dispatch would write them.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from controller import policies
from controller.deeds import Doer
from controller.jobs import agree, ask, clerk, keys
from controller.jobs.agree import Agreed
from controller.jobs.asked import Asked
from controller.jobs.plan import Plan
from controller.jobs.weigh import Wish
from controller.people.audit import By, Row, walk
from controller.people.powers import Grant, Person
from controller.store.command_tables import command, job
from controller.store.engine import writing
from controller.store.tables import kiosk, kiosk_status
from tests.support.fleet import NOW, seed_fleet
from tests.support.people import add_person
from tests.support.signing import Ceremony, id_of, public_of
from wire.envelope import text_of
from wire.policy import SignedPolicy

BANDUNG, ELSEWHERE = "32.73", "32.04"
SECOND = 1_000
ADMIN = ("admin", "")


class JobDesk:
    """`now` is the office's clock, moved by tests."""

    def __init__(
        self, engine: Engine, kiosks: int = 40, *people: str, sites: int = 4, policy: bool = True
    ) -> None:
        self.engine = engine
        self.now = NOW
        seed_fleet(engine, kiosks=kiosks, sites=sites, probes=False)
        self.ceremony = Ceremony(*(people or ("siti", "budi", "rini")))
        self.people = {who: self.person(who, ADMIN) for who in self.ceremony.people}
        if policy:
            self.put_in_force(self.ceremony.signed_policy())
        with writing(engine) as conn:
            conn.execute(update(kiosk_status).values(presence="online"))
            for who, doer in self.people.items():
                keys.add(conn, doer, self.public(who), "telepon", NOW)

    def person(self, login: str, *grants: tuple[str, str]) -> Doer:
        """An account with these (role, district), as a route lets it in."""
        number = add_person(self.engine, login, *grants)
        held = tuple(Grant(*one) for one in grants)
        person = Person(number, login, login.title(), held)
        return Doer(person, person.scope("command.see"), "192.0.2.7")

    def public(self, who: str) -> str:
        return text_of(public_of(self.ceremony.people[who]))

    def put_in_force(self, signed: SignedPolicy) -> None:
        with writing(self.engine) as conn:
            policies.store(conn, signed, By("test"), NOW)

    def names(self, district: str = "") -> list[str]:
        query = select(kiosk.c.name).order_by(kiosk.c.name)
        with self.engine.connect() as conn:
            return list(conn.scalars(query.where(kiosk.c.site_code.startswith(district))))

    def wish(self, kind: str = "noop", *names: str, **more: Any) -> Wish:
        args = more.pop("args", {"kiosk": names[0]} if kind == "wipe" and names else {})
        plan = more.pop("plan", Plan())
        asked = more.pop("asked", Asked(kiosks=names or tuple(self.names()[:1])))
        return Wish(kind, args, asked, plan, **{"why": "a reason", **more})

    def ask(self, wish: Wish, who: str = "siti") -> int:
        with writing(self.engine) as conn:
            return ask.ask(conn, self.people[who], wish, self.now)

    def agree(self, job_id: int, who: str, **wrong: Any) -> Agreed:
        """As the person's browser does it; `wrong` changes what is handed in."""
        key = self.ceremony.people[wrong.pop("key_of", who)]
        at = wrong.pop("at", self.now)
        said = self.ceremony.approve(who, wrong.pop("order", self.job(job_id).order_text), at)
        given = {"key_id": id_of(key), "at": at, "signature": said.signature, **wrong}
        with writing(self.engine) as conn:
            return agree.agree(conn, self.people[who], job_id, **given, now=self.now)

    def tick(self, seconds: float = 0) -> bool:
        self.now += int(seconds * SECOND)
        with writing(self.engine) as conn:
            return clerk.tick(conn, self.now)

    def job(self, job_id: int) -> Any:
        with self.engine.connect() as conn:
            return conn.execute(select(job).where(job.c.id == job_id)).one()

    def jobs(self) -> int:
        with self.engine.connect() as conn:
            return len(conn.execute(select(job.c.id)).all())

    def commands(self, job_id: int) -> list[Any]:
        """By wave and turn, each with the kiosk's `name`."""
        query = select(command, kiosk.c.name).join(kiosk).where(command.c.job_id == job_id)
        with self.engine.connect() as conn:
            return list(conn.execute(query.order_by(command.c.wave, command.c.id)))

    def answer(self, rows: Iterable[Any], state: str, **values: Any) -> None:
        """As dispatch would write down what these kiosks said, or that they were told."""
        ended = state not in ("queued", "sent", "accepted", "running")
        said = {"state": state, "state_at": self.now, "ended_at": self.now if ended else None}
        self.change(rows, sent_at=self.now, **said | values)

    def change(self, rows: Iterable[Any], **values: Any) -> None:
        ids = [row.id for row in rows]
        with writing(self.engine) as conn:
            conn.execute(update(command).where(command.c.id.in_(ids)).values(values))

    def presence(self, rows: Iterable[Any], presence: str) -> None:
        ids = [row.kiosk_id for row in rows]
        with writing(self.engine) as conn:
            query = update(kiosk_status).where(kiosk_status.c.kiosk_id.in_(ids))
            conn.execute(query.values(presence=presence))

    def log(self, what: str) -> list[Row]:
        with self.engine.connect() as conn:
            return [row for row in walk(conn) if row.what.startswith(what)]

    def reading(self) -> Connection:
        return self.engine.connect()
