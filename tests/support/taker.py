"""A kiosk that takes orders, played: it checks them for real and keeps a ledger, and no more.

`Taker` is the counterpart of the office's desk: what it did is in `effects`, what it still has to
say is in `kept`. `Bureau` writes jobs and commands into the books as asking for them would.
"""

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import Engine, func, insert, select

from controller import policies
from controller.jobs import plan
from controller.people.audit import By
from controller.store.command_tables import command, job
from controller.store.engine import writing
from controller.store.tables import kiosk
from tests.support.office import START, Teller
from tests.support.signing import FLEET, Ceremony, verify
from wire.codec import decode_down
from wire.envelope import (
    Batch,
    Envelope,
    Order,
    Tree,
    canonical,
    command_id,
    orders_message,
    parse,
    raw,
)
from wire.messages import Ack, Down, NewPolicy, Orders, Progress, Result, Up
from wire.policy import Policy, Refusal, SignedPolicy, Time, next_policy, office_key, permit
from wire.topics import kind_of_down

HOUR_MS = 3_600_000


class Taker(Teller):
    """`slow`: commands run until `finish`. `mute`: takes orders and never answers."""

    def __init__(self, name: str, policy: Policy, **more: Any) -> None:
        super().__init__(name, **more)
        self.policy = policy
        self.nonce = ""
        self.ledger: dict[str, str] = {}  # command -> running, or how it ended
        self.highest = 0
        self.effects: Counter[str] = Counter()
        self.kept: dict[int, dict[str, Any]] = {}  # facts not yet acknowledged
        self.told: list[Batch] = []
        self.slow = False

    def born(self) -> list[Up]:
        """What it says when it has connected: its birth, and what the office has not stored."""
        self.nonce = os.urandom(16).hex()
        oldest = min(self.kept, default=self.facts + 1)
        known: dict[str, Any] = {
            "nonce": self.nonce,
            "policy": self.policy.version,
            "number": self.highest,
        }
        return [self.birth(oldest=oldest, **known), *self.again()]

    def again(self) -> list[Up]:
        return [self._result(fact) for fact in sorted(self.kept)]

    def hear(self, message: Down) -> list[Up]:
        """What it answers to a message of the office."""
        if isinstance(message, Ack) and message.epoch == self.epoch:
            self.kept = {n: one for n, one in self.kept.items() if n > message.upto}
        if isinstance(message, NewPolicy):
            signed = SignedPolicy(policy=message.policy, signatures=message.signatures)
            self.policy = next_policy(self.policy, signed, verify)
            return self.born()
        if not isinstance(message, Orders):
            return []
        key = office_key(self.policy, message.key)
        assert verify(key, raw(message.signature), orders_message(message.signed))
        batch = parse(message.signed, Batch)
        if batch.nonce != self.nonce:
            return []
        assert batch.kiosk == self.name
        assert [one.number for one in batch.open] == sorted(one.number for one in batch.open)
        self.told.append(batch)
        return [said for one in batch.open for said in self._take(one, batch.now)]

    def finish(self, state: str = "succeeded") -> list[Up]:
        """Everything that runs ends now."""
        running = [name for name, how in self.ledger.items() if how == "running"]
        return [self._end(name, state) for name in running]

    def progress(self, name: str, percent: int, note: str = "") -> Progress:
        how: dict[str, Any] = {"state": "running", "percent": percent, "note": note}
        return Progress(**self._header(), command=name, **how)

    def result(self, name: str, state: str = "succeeded", **more: Any) -> Result:
        """A new fact, whatever the ledger says."""
        self.facts += 1
        self.kept[self.facts] = {"command": name, "state": state, **more}
        return self._result(self.facts)

    def _take(self, one: Envelope, now: int) -> list[Up]:
        known = self.ledger.get(one.command)
        if known is not None:
            return [self._known(one, known)]
        try:
            permit(self.policy, one, self.name, Time(now, now), verify)
        except Refusal as refusal:
            state = "expired" if refusal.code == "expired" else "rejected"
            over = refusal.code != "too_soon"
            return [self._end(one.command, state, code=refusal.code)] if over else []
        if one.number <= self.highest:
            return [self._end(one.command, "rejected", code="replayed")]
        self.highest = one.number
        return [self._end(one.command, "cancelled")] if one.cancel else self._do(one.command)

    def _known(self, one: Envelope, known: str) -> Up:
        if known != "running":
            return self.result(one.command, known)
        return self._end(one.command, "cancelled") if one.cancel else self.progress(one.command, 10)

    def _do(self, name: str) -> list[Up]:
        self.ledger[name] = "running"
        self.effects[name] += 1
        accepted = Progress(**self._header(), command=name, state="accepted")
        return [accepted] if self.slow else [accepted, self._end(name, "succeeded")]

    def _end(self, name: str, state: str, **more: Any) -> Result:
        self.ledger[name] = state
        return self.result(name, state, **more)

    def _result(self, fact: int) -> Result:
        return Result(**self._header(), fact=fact, began=self.at, ended=self.at, **self.kept[fact])


def heard(topic: str, payload: bytes) -> Down:
    return decode_down(kind_of_down(topic), payload)


class Bureau:
    """Whoever asks for things, over a database. `fleet` is under the ceremony's policy."""

    def __init__(self, engine: Engine, ceremony: Ceremony | None = None) -> None:
        self.engine = engine
        self.ceremony = ceremony or Ceremony("adi", "budi")
        self.policy = self.ceremony.policy(fleet_wide=100_000)
        self.put(self.policy)

    def put(self, policy: Policy) -> None:
        self.policy = policy
        with writing(self.engine) as conn:
            policies.store(conn, self.ceremony.signed_policy(policy), By("test"), START)

    def ask(
        self,
        *kiosks: str,
        kind: str = "noop",
        args: Mapping[str, Any] | None = None,
        now: int = START,
        lasts_ms: int = HOUR_MS,
        after: int | None = None,
        wave: int = 1,
        waves: Mapping[str, int] | None = None,
        state: str = "running",
        approvals: Iterable[str] = (),
        spread: plan.Plan | None = None,
    ) -> int:
        """The job's number. `waves`: kiosk -> its wave; `wave`: up to which one they may go."""
        begin = now if after is None else after
        tree = Tree(dict.fromkeys(kiosks, begin))
        order = Order(
            fleet=FLEET, order=os.urandom(16).hex(), kind=kind, args=dict(args or {}),
            kiosks=tree.root, count=len(kiosks), issued=now, not_before=now,
            expires=now + lasts_ms,
        )  # fmt: skip
        text = canonical(order)
        with writing(self.engine) as conn:
            row = {
                "order_id": order.order, "order_text": text, "kind": kind, "args": args or {},
                "power": "routine", "count": len(kiosks), "why": "a test", "asked_by": "adi",
                "asked_at": now, "asked": {}, "state": state,
                "plan": plan.to_json(spread or plan.Plan()), "state_at": now,
                "state_why": "", "approvals": len(list(approvals)), "not_before": now,
                "expires": order.expires, "wave": wave,
            }  # fmt: skip
            made = insert(job).values(row).returning(job.c.id)
            job_id: int = conn.scalars(made).one()
            ids, last = _kiosks(conn, kiosks), dict(_highest(conn))
            shared = {
                "job_id": job_id, "after": begin, "due": begin, "expires": order.expires,
                "state": "queued", "state_at": now, "facts": {},
            }  # fmt: skip
            rows = [
                {
                    **shared, "command_id": command_id(text, name), "kiosk_id": ids[name][0],
                    "partition": ids[name][1], "wave": (waves or {}).get(name, 1),
                    "number": max(now, last.get(ids[name][0], 0) + 1),
                }
                for name in kiosks
            ]  # fmt: skip
            conn.execute(insert(command), rows)
        return job_id

    def states(self, job_id: int | None = None) -> list[str]:
        """Of a job's commands, or of all, in the order they were asked for."""
        query = select(command.c.state).order_by(command.c.id)
        if job_id is not None:
            query = query.where(command.c.job_id == job_id)
        with self.engine.connect() as conn:
            return list(conn.scalars(query))

    def rows(self) -> list[Any]:
        with self.engine.connect() as conn:
            return list(conn.execute(select(command).order_by(command.c.id)))


def _highest(conn: Any) -> list[tuple[int, int]]:
    query = select(command.c.kiosk_id, func.max(command.c.number)).group_by(command.c.kiosk_id)
    return [(row[0], row[1]) for row in conn.execute(query)]


def _kiosks(conn: Any, names: Iterable[str]) -> dict[str, tuple[int, int]]:
    wanted = set(names)
    rows = conn.execute(select(kiosk.c.name, kiosk.c.id, kiosk.c.partition))
    return {row[0]: (row[1], row[2]) for row in rows if row[0] in wanted}


def key_file(ceremony: Ceremony, folder: Path) -> Path:
    """The office's key for commands, as its controllers are given it."""
    path = folder / "command.pem"
    plain = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(ceremony.office.private_bytes(*plain))
    path.chmod(0o600)
    return path
