"""What becomes of every command on this kiosk, from the office's word to its result.

Owns the order of writing: intent, effect, end. What is judged is judged by `judge`, what is
remembered by `book`; processes are the worker's. Called from two threads, so everything happens
under one lock; nothing here waits, but for the disk.

One action runs at a time, lowest number first. What is done at once does not wait behind it, nor
does a restart of the agent, the remedy for one that hangs. What was taken and is not yet begun is
asked again before it begins: its time, the policy and the rates may have changed.
"""

import math
import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from agent.commands import judge
from agent.commands.book import Book, Ending
from agent.commands.inside import AT_ONCE, HERE, Loudness
from agent.commands.judge import Refuse, Rules, Take, Wait
from agent.commands.ledger import Row
from agent.commands.office_clock import OfficeClock
from agent.commands.recovery import PROVEN, Again, Life, Over, TakeBack, recover
from agent.session import Under
from agent.store import StorageFailing
from wire.actions import KINDS, LogLevel, parse_args
from wire.envelope import Batch, Envelope, Order, canonical, order_of, parse
from wire.errors import MalformedMessage
from wire.messages import Attachment
from wire.policy import Time

MOST_TAKEN: Final = 32  # and not ended
LOOK_AGAIN_S: Final = 15.0
LATE: Final = "it cannot be cancelled because it is under way already"


class Task(NamedTuple):
    """What a process is to do. `args` are JSON values."""

    row: Row
    args: dict[str, Any]
    mode: str = "do"


class Hands(NamedTuple):
    """`boottime` is CLOCK_BOOTTIME in seconds. `wake` the worker and `restart` return at once."""

    boottime: Callable[[], float]
    wake: Callable[[], None]
    restart: Callable[[], None]


class Executor:
    """`recover` once, before anything else."""

    def __init__(
        self, life: Life, book: Book, clock: OfficeClock, loudness: Loudness, hands: Hands
    ) -> None:
        self._life = life
        self._book = book
        self._clock = clock
        self._loudness = loudness
        self._hands = hands
        self._lock = threading.RLock()
        self._tasks: deque[Task] = deque()
        self._busy = False  # a process runs, or will in a moment
        self._not_before: dict[str, float] = {}
        self._prove_by: dict[str, float] = {}
        self._cancelled: set[str] = set()
        self._leaving = False

    @property
    def has_news(self) -> bool:
        return self._book.has_news

    def trouble(self) -> str:
        return self._book.trouble(self._hands.boottime())

    def recover(self) -> None:
        """Decides on what an earlier life has left. Raises StorageFailing."""
        with self._lock:
            over = []
            for row in self._book.left_behind():
                found = Again() if row.state == "accepted" else recover(row, self._life)
                if isinstance(found, Over):
                    over.append(Ending(row, found))
                    continue
                state = "running" if isinstance(found, TakeBack) else "accepted"
                self._book.open[row.id] = replace(row, state=state)
                if isinstance(found, TakeBack):
                    self._tasks.append(_task(row, "undo"))
            self._end(over)

    def answer(self, batch: Batch, rules: Rules) -> None:
        """All that is open for this kiosk: known commands are answered, new ones taken."""
        with self._lock:
            t = self._hands.boottime()
            try:
                self._book.settle()
                self._answer(_once_each(batch.open), rules, t)
                self._book.keep_clock(self._clock.known)
                self._book.untroubled()
            except StorageFailing as failing:
                self._book.failed("what is to be done", failing)
            # The time is known now: what waited for it is looked at again.
            self._not_before = {i: at for i, at in self._not_before.items() if at < math.inf}
            if self._book.open:
                self._hands.wake()

    def begin_anew(self, issuers: frozenset[str]) -> None:
        """A key of the office was taken away: nothing that waits is done on its word any more.

        Raises StorageFailing; then it must be asked for again.
        """
        with self._lock:
            self._clock.forget()
            self._book.begin_anew(issuers, self._clock.known)
            verdict = Refuse("rejected", "unknown_key", "a key of the office was taken away since")
            for row in self._accepted():
                self._over(row, verdict)

    def refuse_all(self, batch: Batch, code: str, why: str) -> None:
        """For a kiosk that can judge nothing."""
        with self._lock:
            t = self._hands.boottime()
            try:
                self._book.settle()
                past = self._book.past([one.command for one in batch.open])
            except StorageFailing as failing:
                self._book.failed("what is to be done", failing)
                return
            refusal = Refuse("rejected", code, why)
            new = [one for one in _once_each(batch.open) if self._book.is_new(one.command, past)]
            self._end([self._refused(one, refusal) for one in new if self._book.may_refuse(t)])

    def take_news(self) -> Under | None:
        with self._lock:
            return self._book.take_news()

    def next_task(self, rules: Rules | None) -> Task | None:
        """What is to be done now by a process of its own; it is begun, and that is on the disk."""
        with self._lock:
            t = self._hands.boottime()
            self._give_up_proofs(t)
            self._loudness.look(t)
            if self._leaving:
                return None
            task = self._tasks.popleft() if self._tasks else self._begin_next(rules, t)
            self._busy = task is not None
            return task

    def due(self) -> float:
        """When `next_task` may have something although nothing happens (CLOCK_BOOTTIME s)."""
        with self._lock:
            if self._leaving:
                return min(self._prove_by.values(), default=math.inf)
            if self._tasks:
                return 0.0
            waiting = (self._not_before.get(row.id, 0.0) for row in self._accepted())
            return min((*waiting, *self._prove_by.values(), self._loudness.until))

    def wants_cancelled(self, command: str) -> bool:
        return command in self._cancelled

    def progressed(self, command: str, percent: int, note: str) -> None:
        with self._lock:
            self._book.tell(Under(command, "running", percent, note))

    def noted(self, command: str, undo: str) -> bool:
        """Whether what is needed to take it back is on the disk."""
        with self._lock:
            return self._book.note_undo(command, undo)

    def undo_of(self, command: str) -> Task | None:
        """The task of taking it back, if anything was noted."""
        with self._lock:
            row = self._book.open[command]
            return None if row.undo is None else _task(row, "undo")

    def finished(self, command: str, how: Over, attachment: Attachment | None = None) -> None:
        """The process of this command has ended so."""
        with self._lock:
            self._busy = False
            row = self._book.open[command]
            if row.kind in PROVEN and how.state == "succeeded":
                self._await_proof(row, "it was set going; its proof comes after")
            else:
                self._end([Ending(row, how, attachment)])

    def _answer(self, envelopes: Sequence[Envelope], rules: Rules, t: float) -> None:
        past = self._book.past([one.command for one in envelopes])
        new = [one for one in envelopes if self._book.is_new(one.command, past)]
        for one in envelopes:
            if one.command in self._book.open:
                self._answer_open(self._book.open[one.command], cancel=one.cancel)
            elif one.command in past:
                self._book.tell_again(past[one.command], t)
        if new:
            self._take_all(new, rules, t)

    def _answer_open(self, row: Row, *, cancel: bool) -> None:
        if cancel and row.state == "accepted":
            self._over(row, Refuse("cancelled", "cancelled", "it was cancelled before it began"))
            return
        under = self._book.told(row.id) or Under(row.id, row.state)
        if cancel and (row.id in self._prove_by or row.kind in HERE):
            under = under._replace(note=LATE)
        elif cancel and row.id not in self._cancelled:
            self._cancelled.add(row.id)
            under = under._replace(note="it was asked to stop")
        self._book.tell(under)

    def _take_all(self, envelopes: Sequence[Envelope], rules: Rules, t: float) -> None:
        time, highest = self._time(t), self._book.highest
        waiting = Counter(row.kind for row in self._accepted())

        def begun(kind: str) -> int:
            return rules.begun(kind) + waiting[kind]

        refused: list[Ending] = []
        taken: list[tuple[Envelope, Take | Wait]] = []
        for one in envelopes:
            verdict = judge.weigh(one, rules._replace(begun=begun), time, highest)
            if isinstance(verdict, Refuse):
                if self._book.may_refuse(t):
                    refused.append(self._refused(one, verdict))
            elif len(self._book.open) + len(taken) < MOST_TAKEN:
                highest = one.number
                waiting[verdict.order.kind] += 1
                taken.append((one, verdict))
            else:
                break  # not taken: the office says it again
        if all(isinstance(v, Take) and v.order.kind in AT_ONCE for _, v in taken):
            # The quick way: one transaction for all of it.
            rows = [self._begun(_row(one, v), t) for one, v in taken]
            self._end([*refused, *(self._done_inside(row, t) for row in rows)])
        else:
            self._end(refused)
            self._write_down(taken, time, t)

    def _write_down(self, given: list[tuple[Envelope, Take | Wait]], time: Time, t: float) -> None:
        """Taken, in one transaction; the first is begun with it when nothing else goes on."""
        first = self._first_to_begin(given)
        rows = [_row(one, verdict) for one, verdict in given]
        rows = [self._begun(row, t) if row.id == first else row for row in rows]
        self._book.take(rows, self._clock.known)
        for row, (_, verdict) in zip(rows, given, strict=True):
            if isinstance(verdict, Wait):
                self._not_before[row.id] = t + max(0.0, (verdict.until - time.earliest) / 1000)
            if row.state == "running":
                self._set_going(row)
            elif isinstance(verdict, Take) and row.kind in AT_ONCE:
                self._end([self._done_inside(self._begun(row, t), t)])
            else:
                self._book.tell(Under(row.id, "accepted"))

    def _first_to_begin(self, given: list[tuple[Envelope, Take | Wait]]) -> str:
        ready = [(one.command, v.order.kind) for one, v in given if isinstance(v, Take)]
        if self._leaving:
            return ""
        restart = [command for command, kind in ready if kind == "restart_agent"]
        idle = not (self._busy or self._tasks or self._accepted())
        actions = [command for command, kind in ready if kind not in HERE] if idle else []
        return next(iter(restart or actions), "")

    def _set_going(self, row: Row, mode: str = "do") -> None:
        """It is on the disk that it begins."""
        self._not_before.pop(row.id, None)
        if row.kind == "restart_agent":
            self._leaving = True
            self._await_proof(row, "the agent starts anew")
            self._hands.restart()
        else:
            self._book.tell(Under(row.id, "running"))
            self._tasks.append(_task(row, mode))

    def _begin_next(self, rules: Rules | None, t: float) -> Task | None:
        for row in sorted(self._accepted(), key=lambda one: one.number):
            if self._not_before.get(row.id, 0.0) <= t:
                self._try_to_begin(row, rules, t)
            if self._tasks:
                return self._tasks.popleft()
            if self._leaving:
                break
        return None

    def _try_to_begin(self, row: Row, rules: Rules | None, t: float) -> None:
        time = self._clock.time(t)
        if time is None or rules is None:
            self._not_before[row.id] = math.inf  # until the office has told the time
            if self._clock.known.floor >= _order(row).expires:
                self._over(row, Refuse("expired", "expired", "its time is over"))
            return
        match judge.weigh_again(parse(row.envelope, Envelope), rules, time):
            case Wait(_, until):
                pause_s = max((until - time.earliest) / 1000, 0.0)
                self._not_before[row.id] = t + (pause_s or LOOK_AGAIN_S)
            case Refuse() as verdict:
                self._over(row, verdict)
            case Take():
                self._begin(row, t)

    def _begin(self, row: Row, t: float) -> None:
        begun = self._begun(row, t)
        if row.kind in AT_ONCE:
            self._end([self._done_inside(begun, t)])
        elif self._book.begin(begun):
            self._set_going(begun, "recover" if row.lived else "do")
        else:
            self._not_before[row.id] = t + LOOK_AGAIN_S

    def _over(self, row: Row, verdict: Refuse) -> None:
        """It was taken, and will not be begun, or not again."""
        if row.lived and verdict.state != "cancelled":
            why = f"it was interrupted in its middle and may not be done again: {verdict.why}"
            verdict = Refuse("failed", "interrupted", why[:300])
        self._end([Ending(row, Over(*verdict))])

    def _end(self, endings: Sequence[Ending]) -> None:
        for ending in endings:
            self._not_before.pop(ending.row.id, None)
            self._prove_by.pop(ending.row.id, None)
            self._cancelled.discard(ending.row.id)
        self._book.end(endings)

    def _refused(self, envelope: Envelope, verdict: Refuse) -> Ending:
        row = Row(envelope.command, envelope.number, _kind(envelope), "refused", "")
        return Ending(row, Over(*verdict))

    def _done_inside(self, row: Row, t: float) -> Ending:
        if row.kind != "set_log_level":
            return Ending(row, Over("succeeded"))
        level = parse_args(row.kind, _order(row).args)
        assert isinstance(level, LogLevel)
        more = self._loudness.set(level, t)
        return Ending(row, Over("succeeded", facts={"level": level.level}), None, more)

    def _await_proof(self, row: Row, note: str) -> None:
        self._prove_by[row.id] = self._hands.boottime() + KINDS[row.kind].all_s
        self._book.tell(Under(row.id, "running", 50, note))

    def _give_up_proofs(self, t: float) -> None:
        for command in [command for command, by in self._prove_by.items() if t >= by]:
            row = self._book.open[command]
            self._leaving = self._leaving and row.kind != "restart_agent"
            self._end([Ending(row, Over("failed", "timeout", "nothing came of it in time"))])

    def _begun(self, row: Row, t: float) -> Row:
        return self._book.begun(row, self._clock.lived(t))

    def _accepted(self) -> list[Row]:
        return [row for row in self._book.open.values() if row.state == "accepted"]

    def _time(self, t: float) -> Time:
        time = self._clock.time(t)
        assert time is not None  # a Batch has just proven it
        return time


def _once_each(envelopes: Sequence[Envelope]) -> list[Envelope]:
    """Lowest number first, each command once; a wish to cancel it counts."""
    found: dict[str, Envelope] = {}
    for one in sorted(envelopes, key=lambda one: (one.number, not one.cancel)):
        found.setdefault(one.command, one)
    return list(found.values())


def _row(envelope: Envelope, verdict: Take | Wait) -> Row:
    kind = verdict.order.kind
    return Row(envelope.command, envelope.number, kind, "accepted", canonical(envelope))


def _order(row: Row) -> Order:
    return order_of(parse(row.envelope, Envelope))


def _task(row: Row, mode: str = "do") -> Task:
    return Task(row, dict(_order(row).args), mode)


def _kind(envelope: Envelope) -> str:
    try:
        return order_of(envelope).kind
    except MalformedMessage:
        return ""
