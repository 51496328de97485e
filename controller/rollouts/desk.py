"""The desk at which kiosks are told what releases they shall have: when they come, and when due.

Owns the transaction that writes that it was said before anything is handed to the broker, fenced
by the lease of the partition. A crash between the two is healed by `due`. Decides nothing: tell.py
does; writes no wish: rollouts do. Speaks with the key of commands and as long as kiosks would
believe it. Keeps nothing in memory but what it has complained of.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.exc import SQLAlchemyError

from controller import changes, policies
from controller.commands.desk import Said
from controller.commands.orders import Signer
from controller.commands.plan import Kiosk
from controller.commands.voice import Voice
from controller.dispatch import Outgoing
from controller.leases import LeaseLost, Leases
from controller.memory import Memory
from controller.metrics import Counters
from controller.rollouts import heard
from controller.rollouts.tell import Turn, Wanted, tell
from controller.store import failures
from controller.store.engine import writing
from controller.store.release_tables import desired, reported
from controller.store.tables import kiosk, kiosk_status, thread

SILENT: Final = "kiosks are not told of releases"
SLICE: Final = 500  # kiosks at a time
BROKEN_MS: Final = 300_000
_REPORTED: Final = {"in_use": "seq", "wanted_seq": "wanted_seq", "wanted_attempt": "attempt"}
_COLUMNS: Final = (
    *(desired.c[name] for name in Wanted._fields[:10]),
    *(func.coalesce(reported.c[of], 0).label(name) for name, of in _REPORTED.items()),
    func.coalesce(reported.c.state, "").label("state"),
)
_SAME: Final = and_(
    reported.c.kiosk_id == desired.c.kiosk_id, reported.c.bundle == desired.c.bundle
)
_OF_KIOSK: Final = (kiosk.c.name, desired.c.partition, thread.c.nonce, kiosk_status.c.presence)
_QUERY: Final = (
    select(*_COLUMNS, *_OF_KIOSK)
    .select_from(desired)
    .join(kiosk, kiosk.c.id == desired.c.kiosk_id)
    .outerjoin(reported, _SAME)
    .outerjoin(thread, thread.c.kiosk_id == desired.c.kiosk_id)
    .outerjoin(kiosk_status, kiosk_status.c.kiosk_id == desired.c.kiosk_id)
    .order_by(desired.c.kiosk_id, desired.c.bundle)  # the order in which everybody locks
    .with_for_update(of=desired)
)
_ripe = desired.alias("ripe")
_IS_RIPE: Final = (
    _ripe.c.partition.in_(bindparam("partitions", expanding=True)),
    _ripe.c.due.is_not(None),
    _ripe.c.due <= bindparam("now"),
)
_ANY: Final = select(exists().where(*_IS_RIPE))
_RIPE: Final = select(_ripe.c.kiosk_id).where(*_IS_RIPE).order_by(_ripe.c.due).limit(SLICE)
_DUE: Final = _QUERY.where(desired.c.kiosk_id.in_(_RIPE))
_OF: Final = _QUERY.where(desired.c.kiosk_id.in_(bindparam("kiosks", expanding=True)))
_WANTED: Final = (  # of kiosks that have come: those to whom anything might have to be said
    select(desired.c.kiosk_id)
    .distinct()
    .select_from(desired.outerjoin(reported, _SAME))
    .where(
        desired.c.kiosk_id.in_(bindparam("kiosks", expanding=True)),
        or_(desired.c.due.is_not(None), func.coalesce(reported.c.seq, 0) != desired.c.seq),
    )
)


class _Waiting(NamedTuple):
    """One kiosk with everything that is desired of it."""

    kiosk: Kiosk
    rows: list[Wanted]


class _Round(NamedTuple):
    """One transaction at the desk. `signer`: when kiosks would believe it."""

    at: int
    born: frozenset[str]
    signer: Signer | None
    fleet: str
    mail: list[Outgoing]
    counters: Counters


class Desk:
    """`clock` gives office milliseconds; `url`: where releases are, empty for the office's door."""

    def __init__(
        self,
        engine: Engine,
        memory: Memory,
        leases: Leases,
        counters: Counters,
        clock: Callable[[], int],
        *,
        signer: Signer | None = None,
        url: str = "",
        say: Callable[[str], None] = lambda _text: None,
    ) -> None:
        self._engine = engine
        self._memory = memory
        self._leases = leases
        self._counters = counters
        self._clock = clock
        self._voice = Voice(signer, SILENT, say)
        self._url = url
        self._say = say

    def greet(self, born: Collection[str]) -> Said:
        """What kiosks that have come shall have, if it is not what they have."""
        known = [one for name in born if (one := self._memory.get(name)) is not None]
        here = {k.id: k.partition for k in known if k.thread is not None and k.thread.nonce}
        wanted = self._ask(lambda conn: conn.scalars(_WANTED, {"kiosks": sorted(here)}).all())
        if not wanted:
            return Said([])
        partitions = {here[kiosk_id] for kiosk_id in wanted}
        return self._hand_out(_OF, {"kiosks": sorted(wanted)}, partitions, frozenset(born))

    def look(self, up: Iterable[int]) -> Said:
        """What is due for kiosks of the partitions that can be reached. Raises StoreAway ..."""
        ours = self._leases.held.intersection(up)
        these = {"partitions": sorted(ours), "now": self._clock()}
        if not ours or not self._ask(lambda conn: conn.scalar(_ANY, these)):
            return Said([])
        return self._hand_out(_DUE, these, ours, frozenset())

    def _ask(self, question: Callable[[Connection], Any]) -> Any:
        try:
            with self._engine.connect() as conn:
                return question(conn)
        except Exception as error:
            failures.refuse(error)
            raise

    def _hand_out(
        self,
        query: Select[Any],
        these: dict[str, Any],
        partitions: Collection[int],
        born: frozenset[str],
    ) -> Said:
        now = self._clock()
        try:
            with writing(self._engine, relaxed=True) as conn:
                self._leases.check(conn, partitions)
                found = list(_waiting(conn, query, these))
                one = self._round(conn, now, born)
                turns = [turn for waiting in found for turn in self._serve_one(one, waiting)]
                news = heard.carry_out(conn, turns, now)
                changes.record_all(conn, news, now)
        except LeaseLost as lost:
            return Said([], lost.partitions)
        except Exception as error:
            failures.refuse(error)
            raise
        self._counters.merge(one.counters)
        return Said(one.mail, more=not born and sum(len(w.rows) for w in found) >= SLICE)

    def _round(self, conn: Connection, now: int, born: frozenset[str]) -> _Round:
        newest = policies.newest(conn)
        policy = newest.policy if newest is not None else None
        fleet = policy.fleet if policy is not None else ""
        return _Round(now, born, self._voice.usable(policy), fleet, [], Counters())

    def _serve_one(self, now: _Round, waiting: _Waiting) -> list[Turn]:
        """One whose books are broken must not stop the others, nor be looked at all the time."""
        try:
            return self._serve(now, waiting)
        except SQLAlchemyError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug of ours, said and counted
            self._say(f"{waiting.kiosk.name} cannot be told of releases: {error!r}")
            now.counters.add("anjungan_poisoned_total")
            return [Turn(row, {"due": now.at + BROKEN_MS}) for row in waiting.rows if row.due]

    def _serve(self, now: _Round, waiting: _Waiting) -> list[Turn]:
        one, signer = waiting.kiosk, now.signer
        listens = one.listens and signer is not None
        told = tell(waiting.rows, now.at, listens=listens, born=one.name in now.born)
        if told.say and signer is not None:
            now.mail.append(signer.desired(now.fleet, one, told.say, now.at, self._url))
            now.counters.add("anjungan_desired_total")
        believed = sum(1 for turn in told.turns if turn.believed)
        now.counters.add("anjungan_desired_believed_total", believed)
        return told.turns


def _waiting(conn: Connection, query: Select[Any], these: dict[str, Any]) -> Iterator[_Waiting]:
    for _, group in groupby(conn.execute(query, these), key=lambda row: row.kiosk_id):
        rows = list(group)
        yield _Waiting(_kiosk(rows[0]), [_wanted(row) for row in rows])


def _kiosk(row: Any) -> Kiosk:
    listens = row.presence == "online" and bool(row.nonce)
    return Kiosk(row.kiosk_id, row.name, row.partition, row.nonce or "", 0, 0, listens)


def _wanted(row: Any) -> Wanted:
    return Wanted(*(getattr(row, name) for name in Wanted._fields))
