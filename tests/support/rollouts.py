"""A desk at which rollouts are asked for: a fleet, a published release, people, a clock, kiosks.

Kiosks answer through the office's own ear (controller/rollouts/heard.py); nothing is written down
past it but who is there and what citizens can do.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine, insert, select, update

from controller.deeds import Doer
from controller.jobs.asked import EVERYBODY, Asked
from controller.people.audit import Row, walk
from controller.people.powers import Grant, Person
from controller.rollouts import agree, ask, clerk, dry, heard, read
from controller.rollouts.heard import Word
from controller.rollouts.plan import Phase, Plan
from controller.rollouts.shapes import Rollout
from controller.store.engine import writing
from controller.store.release_tables import decision, desired, release, rollout, share
from controller.store.tables import change, kiosk, kiosk_status
from tests.support.fleet import NOW, seed_fleet
from tests.support.people import add_person
from wire.messages import Birth, Fetching, Install

BUNDLE = "layanan"
MINUTE = 60_000
HOUR = 60 * MINUTE
CANARY = Plan(phases=(Phase("3"), Phase("100%")), soak_min=10)
_SERVED = dict.fromkeys(("inform", "apply", "complain", "watch"), "yes")


class RolloutDesk:
    """`now` is the office's clock, moved by tests. Release 1 is in use everywhere, 2 published."""

    def __init__(self, engine: Engine, kiosks: int = 61, sites: int = 6) -> None:
        self.engine, self.now, self._seq = engine, NOW, 0
        seed_fleet(engine, kiosks=kiosks, sites=sites, probes=False)
        self.people = {who: self.person(who, ("admin", "")) for who in ("siti", "budi", "rini")}
        with writing(engine) as conn:
            conn.execute(update(kiosk_status).values(**_SERVED, presence="online"))
            conn.execute(update(kiosk_status).values(presence_since=self.now - HOUR))
        self.publish(1)
        self.publish(2)
        with engine.connect() as conn:
            self.ids = {row.name: row.id for row in conn.execute(select(kiosk))}
        self.born(self.ids.values(), 1)

    def person(self, login: str, *grants: tuple[str, str]) -> Doer:
        number = add_person(self.engine, login, *grants)
        person = Person(number, login, login.title(), tuple(Grant(*one) for one in grants))
        return Doer(person, person.scope("release.see"), "192.0.2.7")

    def publish(self, seq: int, **about: Any) -> None:
        packs = [{"since": 0, "size": 9_000_000}, {"since": seq - 1, "size": 200_000}]
        values = {
            "bundle": BUNDLE, "seq": seq, "state": "published", "state_at": self.now,
            "note": f"Rilis {seq}", "made_by": "siti", "made_at": self.now, "parent_seq": seq - 1,
            "about": {"packs": packs, "unpacked": 9_500_000, "min_seq": 0, **about},
            "changes": {}, "warnings": [], "index_sent": 7_000, "published_at": self.now,
        }  # fmt: skip
        with writing(self.engine) as conn:
            conn.execute(insert(release).values(values))

    def request(self, *names: str, **more: Any) -> ask.Request:
        asked = Asked(kiosks=names) if names else Asked(query=EVERYBODY)
        given = {"bundle": BUNDLE, "seq": 2, "asked": asked, "plan": CANARY, "why": "new prices"}
        return ask.Request(**{**given, **more})

    def ask(self, *names: str, who: str = "siti", **more: Any) -> int:
        with writing(self.engine) as conn:
            return ask.ask(conn, self.people[who], self.request(*names, **more), self.now)

    def dry(self, *names: str, who: str = "siti", **more: Any) -> dry.DryRun:
        line = dry.Line(1_000, 100.0)
        with self.engine.connect() as conn:
            request = self.request(*names, **more)
            return dry.dry_run(conn, self.people[who], request, self.now, line)

    def agree(self, rollout_id: int, who: str) -> agree.Agreed:
        with writing(self.engine) as conn:
            return agree.agree(conn, self.people[who], rollout_id, self.now)

    def steer(self, what: Any, *given: Any, who: str = "siti") -> Any:
        """One of controller/rollouts/steer.py."""
        with writing(self.engine) as conn:
            return what(conn, self.people[who], *given, self.now)

    def tick(self, minutes: float = 0) -> bool:
        self.now += int(minutes * MINUTE)
        with writing(self.engine) as conn:
            return clerk.tick(conn, self.now)

    def row(self, rollout_id: int) -> Any:
        with self.engine.connect() as conn:
            return conn.execute(select(rollout).where(rollout.c.id == rollout_id)).one()

    def shown(self, rollout_id: int, who: str = "siti") -> Rollout:
        with self.engine.connect() as conn:
            return read.rollout(conn, self.people[who].scope, rollout_id, self.now)

    def shares(self, rollout_id: int, **values: Any) -> list[Any]:
        """Those with these values, by kiosk."""
        mine = (share.c.rollout_id == rollout_id, *(share.c[n] == v for n, v in values.items()))
        with self.engine.connect() as conn:
            return list(conn.execute(select(share).where(*mine).order_by(share.c.kiosk_id)))

    def desired(self) -> dict[int, Any]:
        with self.engine.connect() as conn:
            return {row.kiosk_id: row for row in conn.execute(select(desired))}

    def decisions(self, rollout_id: int) -> list[Any]:
        query = select(decision).where(decision.c.rollout_id == rollout_id)
        with self.engine.connect() as conn:
            return list(conn.execute(query.order_by(decision.c.id)))

    def log(self, what: str) -> list[Row]:
        with self.engine.connect() as conn:
            return [row for row in walk(conn) if row.what == what]

    def news(self, topic: str) -> list[str]:
        query = select(change.c.detail).where(change.c.topic == topic).order_by(change.c.id)
        with self.engine.connect() as conn:
            return list(conn.scalars(query))

    def status(self, kiosks: Iterable[int], **values: Any) -> None:
        """Who is there, and what citizens can do: as ingest writes it."""
        these = kiosk_status.c.kiosk_id.in_(list(kiosks))
        if "presence" in values:
            values = {"presence_since": self.now, **values}
        with writing(self.engine) as conn:
            conn.execute(update(kiosk_status).where(these).values(values))

    def born(self, kiosks: Iterable[int], seq: int) -> None:
        releases = {BUNDLE: seq} if seq else {}
        self._hear(kiosks, lambda head, _: Birth(
            **head, boot_id="b", agent="1", started=self.now,
            oldest_fact=1, keepalive_s=60, probes=(),
            releases=releases))  # fmt: skip

    def fetching(self, kiosks: Iterable[int], done: int = 1, total: int = 2) -> None:
        """As the kiosk says it of what is desired of it."""
        self._hear(kiosks, lambda head, want: Fetching(
            **head, bundle=BUNDLE, release=want.seq, attempt=want.attempt, state="downloading",
            done=done, total=total))  # fmt: skip

    def settle(self, kiosks: Iterable[int], state: Any = "installed", **more: Any) -> None:
        """How what is desired of these kiosks ended there."""

        def end(head: dict[str, Any], want: Any) -> Install:
            now = want.seq if state == "installed" else 1
            given = {"code": "", "why": "", "facts": {}, **more}
            return Install(
                **head, fact=1, bundle=BUNDLE, release=want.seq, attempt=want.attempt, state=state,
                now=now, began=self.now, ended=self.now, **given)  # fmt: skip

        self._hear(kiosks, end)

    def _hear(self, kiosks: Iterable[int], say: Any) -> None:
        wants, names = self.desired(), {one: name for name, one in self.ids.items()}
        self._seq += 1
        head = {"epoch": "0" * 16, "birth": 1, "seq": self._seq, "sent": self.now}
        words = [Word(one, names[one], say(head, wants.get(one))) for one in kiosks]
        with writing(self.engine) as conn:
            heard.store(conn, words, self.now)
