"""A kiosk that takes what the office desires, played: it checks the signature and keeps the wish.

What it installs is a number: `will` says how each release ends there. What it has in use and wants
is its disk, which a test may lose or put back. `Registry` writes wishes into the books as a rollout
does.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, insert, select, update

from controller.rollouts import plan, want
from controller.store.engine import writing
from controller.store.release_tables import desired, reported, rollout, share
from controller.store.tables import kiosk
from tests.support.office import START
from tests.support.signing import verify
from tests.support.taker import Taker
from wire.envelope import parse, raw
from wire.messages import Desired, Down, Fetching, Install, Result, Up
from wire.policy import Policy, office_key
from wire.wants import Want, Wants, wants_message


class Wisher(Taker):
    """`will`: release -> how it ends; installed unless said. `slow`: only `finish` ends it."""

    def __init__(self, name: str, policy: Policy, **more: Any) -> None:
        super().__init__(name, policy, **more)
        self.in_use: dict[str, int] = {}
        self.wants: dict[str, Want] = {}
        self.will: dict[int, str] = {}
        self.wished: list[Wants] = []
        self.ended: dict[str, tuple[int, int]] = {}  # bundle -> release and attempt
        self.installs: Counter[tuple[str, int, int]] = Counter()

    def born(self) -> list[Up]:
        birth, *rest = super().born()
        return [type(birth)(**{**_fields(birth), "releases": dict(self.in_use)}), *rest]

    def hear(self, message: Down) -> list[Up]:
        if not isinstance(message, Desired):
            return super().hear(message)
        key = office_key(self.policy, message.key)
        assert verify(key, raw(message.signature), wants_message(message.signed))
        wants = parse(message.signed, Wants)
        if wants.nonce != self.nonce:
            return []
        assert wants.kiosk == self.name
        self.wished.append(wants)
        return [said for one in wants.wants for said in self._wish(one)]

    def finish_installs(self) -> list[Up]:
        """What is wanted ends now."""
        return [self._install(one) for one in self.unfinished]

    @property
    def unfinished(self) -> list[Want]:
        every, ended = self.wants.values(), self.ended
        return [one for one in every if ended.get(one.bundle) != (one.seq, one.attempt)]

    def fetching(self, one: Any, **more: Any) -> Fetching:
        way = {"bundle": one.bundle, "release": one.seq, "attempt": one.attempt}
        return Fetching(**self._header(), **{"state": "downloading", **way, **more})

    def install(self, bundle: str, seq: int, state: str = "installed", **more: Any) -> Install:
        """A new fact, whatever was wished."""
        self.facts += 1
        said: dict[str, Any] = {"attempt": 1, "now": seq, "state": state, **more}
        self.kept[self.facts] = {"bundle": bundle, "release": seq, **said}
        return self._result(self.facts)  # type: ignore[return-value]

    def _wish(self, one: Want) -> list[Up]:
        old = self.wants.get(one.bundle)
        if old is not None and one.number < old.number:
            return []  # says nothing new
        self.wants[one.bundle] = one
        if one not in self.unfinished and self.in_use.get(one.bundle) == one.seq:
            return [self._say_end(one, "installed")]  # the office asks as if it had never heard
        return [self.fetching(one), *([] if self.slow else [self._install(one)])]

    def _install(self, one: Want) -> Install:
        state = self.will.get(one.seq, "installed")
        self.ended[one.bundle] = (one.seq, one.attempt)
        self.installs[one.bundle, one.seq, one.attempt] += 1
        if state == "installed":
            self.in_use[one.bundle] = one.seq
        return self._say_end(one, state)

    def _say_end(self, one: Want, state: str) -> Install:
        now = self.in_use.get(one.bundle, 0)
        why = "" if state == "installed" else "as the test wants it"
        return self.install(one.bundle, one.seq, state, attempt=one.attempt, now=now, why=why)

    def _result(self, fact: int) -> Result:
        if "bundle" not in self.kept[fact]:
            return super()._result(fact)
        times: dict[str, Any] = {"began": self.at, "ended": self.at}
        return Install(**self._header(), fact=fact, **times, **self.kept[fact])  # type: ignore[return-value]


class Registry:
    """Whoever desires something, over a database."""

    def __init__(self, engine: Engine, bundle: str = "layanan") -> None:
        self.engine = engine
        self.bundle = bundle

    def roll(self, *kiosks: str, seq: int, before: int = 0, now: int = START) -> int:
        """A rollout of one phase, open and left alone by the clerk; its number."""
        with writing(self.engine) as conn:
            ids = _ids(conn, kiosks)
            made = self._rollout(conn, seq, now, state="finished", phase=1, kiosks=len(ids))
            mine = {
                "rollout_id": made, "phase": 1, "control": False, "before_seq": before,
                "state": "wanted", "wanted_at": now,
            }  # fmt: skip
            conn.execute(insert(share), [{**mine, "kiosk_id": one} for one in ids])
            want.want(conn, self.bundle, dict.fromkeys(ids, seq), now, rollout_id=made)
        return made

    def asks(self, phases: Mapping[str, int], seq: int, *, now: int, how: plan.Plan) -> int:
        """A rollout that is agreed to and begins by itself. `phases`: kiosk -> its phase."""
        with writing(self.engine) as conn:
            ids = {name: _ids(conn, [name])[0] for name in phases}
            its = {"state": "ready", "phase": 0, "plan": plan.to_json(how)}
            made = self._rollout(conn, seq, now, kiosks=len(ids), **its)
            mine = {"rollout_id": made, "control": False, "before_seq": 0, "state": "waiting"}
            rows = [{**mine, "kiosk_id": ids[k], "phase": phase} for k, phase in phases.items()]
            conn.execute(insert(share), rows)
        return made

    def wish(self, *kiosks: str, seq: int, now: int = START, **more: Any) -> None:
        """Without a rollout."""
        with writing(self.engine) as conn:
            want.want(conn, self.bundle, dict.fromkeys(_ids(conn, kiosks), seq), now, **more)

    def shares(self, rollout_id: int) -> list[Any]:
        query = select(share).where(share.c.rollout_id == rollout_id).order_by(share.c.kiosk_id)
        return self._rows(query)

    def reported(self) -> list[Any]:
        return self._rows(select(reported).order_by(reported.c.kiosk_id, reported.c.bundle))

    def desired(self) -> list[Any]:
        return self._rows(select(desired).order_by(desired.c.kiosk_id, desired.c.bundle))

    def put_back(self, **columns: Any) -> None:
        """All that is desired, as an older copy of the books says it."""
        with writing(self.engine) as conn:
            conn.execute(update(desired).values(columns))

    def _rollout(self, conn: Any, seq: int, now: int, **its: Any) -> int:
        row = {
            "token": f"{self.bundle} {seq} {now}", "bundle": self.bundle, "seq": seq,
            "state_at": now, "state_why": "", "why": "a test", "asked_by": "adi", "asked_at": now,
            "asked": {}, "plan": {}, "approvals": 0, "not_before": 0, "phase_at": now,
        }  # fmt: skip
        made = insert(rollout).values({**row, **its}).returning(rollout.c.id)
        number: int = conn.scalars(made).one()
        return number

    def _rows(self, query: Any) -> list[Any]:
        with self.engine.connect() as conn:
            return list(conn.execute(query))


def _ids(conn: Any, names: Sequence[str]) -> list[int]:
    return list(
        conn.scalars(select(kiosk.c.id).where(kiosk.c.name.in_(names)).order_by(kiosk.c.id))
    )


def _fields(message: Up) -> dict[str, Any]:
    return {name: getattr(message, name) for name in message.__struct_fields__}
