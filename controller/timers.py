"""What happens because time passed: suspicions fall due, roll calls end, old detail is forgotten.

Owns no state of kiosks: it thinks about them like ingest does and stores by the same unit of work,
under the same fence. Called by the loop; never sleeps and never starts a thread.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, Engine, delete, select

from controller import aging, changes, ended, faults, letters, readings, readmitted
from controller.conclude import claims, conclude, held
from controller.effects import Effects
from controller.judge import Claim
from controller.known import Known
from controller.leases import LeaseLost, Leases
from controller.memory import Memory
from controller.metrics import Counters
from controller.roll_call import RollCalls, Think
from controller.store import failures
from controller.store.engine import writing
from controller.store.tables import controller, kiosk
from controller.work import Work

DUE_SLICE = 200
PRUNE_SLICE = 50  # kiosks
CHANGES_KEPT_MS = 15 * 60_000
CONTROLLERS_KEPT_MS = readings.DAY_MS


class Timers:
    """`clock` gives office milliseconds."""

    def __init__(
        self,
        engine: Engine,
        memory: Memory,
        leases: Leases,
        counters: Counters,
        clock: Callable[[], int],
        *,
        within_s: int,
        grace_s: float,
    ) -> None:
        self._engine = engine
        self._memory = memory
        self._leases = leases
        self._counters = counters
        self._clock = clock
        self._pruned = 0  # id of the last kiosk whose figures were pruned
        self.roll_calls = RollCalls(self.apply, counters, within_s=within_s, grace_s=grace_s)

    def tick(self) -> bool:
        """Everything that is due, a slice of each. True when there is more to do at once.

        Raises StoreAway or StoreBroken.
        """
        now = self._clock()
        try:
            with self._engine.connect() as conn:
                due = faults.due(conn, self._leases.held, now, DUE_SLICE)
            self._suspicions(due, now)
            self._ended(now)
            self._readmitted(now)
            with self._engine.connect() as conn:
                more = self.roll_calls.tick(conn, now)
        except LeaseLost as lost:
            self._memory.forget_partitions(lost.partitions)
            self.roll_calls.drop(lost.partitions)
            return True
        return more or len(due) == DUE_SLICE

    def look_at_certificates(self) -> None:
        """Faults of kiosks that do not renew. Raises StoreAway or StoreBroken."""
        now = self._clock()
        with self._engine.connect() as conn:
            said = aging.claims(conn, self._leases.held, now)
        try:
            self._claim(said, now)
        except LeaseLost as lost:
            self._memory.forget_partitions(lost.partitions)

    def apply(self, names: list[str], think: Think) -> None:
        """Think about each of these kiosks and store what changed, in one transaction."""
        work = Work(self._memory)
        try:
            with writing(self._engine) as conn:
                self._memory.load(conn, names)
                for name in names:
                    _think(work, name, think)
                self._leases.check(conn, work.partitions)
                work.store(conn, self._clock())
        except LeaseLost:
            work.undo()
            raise
        except Exception as error:
            work.undo()
            failures.refuse(error)
            raise
        work.settle()
        for turn in work.effects.turns:
            label = "turn=opened" if turn.opened else "turn=cleared"
            self._counters.add("anjungan_faults_total", labels=label)

    def prune(self) -> None:
        """Forget a slice of what is old; what a cut of the power brings back is forgotten again.

        Raises StoreAway or StoreBroken.
        """
        now = self._clock()
        try:
            with writing(self._engine, relaxed=True) as conn:
                self._prune_telemetry(conn, now)
                changes.prune(conn, now - CHANGES_KEPT_MS)
                letters.prune(conn)
                old = controller.c.heard_at < now - CONTROLLERS_KEPT_MS
                conn.execute(delete(controller).where(old))
        except Exception as error:
            failures.refuse(error)
            raise

    def _prune_telemetry(self, conn: Connection, now: int) -> None:
        ours = kiosk.c.partition.in_(list(self._leases.held))
        query = select(kiosk.c.id).where(ours, kiosk.c.id > self._pruned)
        ids = list(conn.scalars(query.order_by(kiosk.c.id).limit(PRUNE_SLICE)))
        self._pruned = ids[-1] if len(ids) == PRUNE_SLICE else 0
        if ids:
            readings.prune(conn, ids, now - readings.DAY_MS)

    def _ended(self, now: int) -> None:
        """The broker refuses them: they are not there any more, whatever they said last."""
        with self._engine.connect() as conn:
            found = ended.events(conn, self._leases.held)

        def think(draft: Known, effects: Effects) -> None:
            ended.conclude_end(draft, found[draft.name], effects, now)

        if found:
            self.apply(list(found), think)

    def _readmitted(self, now: int) -> None:
        with self._engine.connect() as conn:
            said = readmitted.claims(conn, self._leases.held)
        self._claim(said, now)

    def _claim(self, said: Mapping[str, Claim], now: int) -> None:
        def think(draft: Known, effects: Effects) -> None:
            if claims(draft, [said[draft.name]], effects, now):
                conclude(draft, effects, now)

        if said:
            self.apply(list(said), think)

    def _suspicions(self, due: list[tuple[str, str]], now: int) -> None:
        codes: dict[str, list[str]] = {}
        for name, code in due:
            codes.setdefault(name, []).append(code)

        def think(draft: Known, effects: Effects) -> None:
            changed = [held(draft, code, effects, now) for code in codes[draft.name]]
            if any(changed):
                conclude(draft, effects, now)

        if codes:
            self.apply(list(codes), think)


def _think(work: Work, name: str, think: Think) -> None:
    draft = work.draft(name)
    if draft is not None:
        effects = Effects()
        think(draft, effects)
        work.keep(draft, effects)
