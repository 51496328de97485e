"""The thread in which actions are done: one process after another, each within its time.

Owns the nested limits (a step's silence, all of it), what a process's words and its end mean, and
that whatever was half done and can be taken back is. Never knows what an action does. A process
that is ended because the agent stops leaves its command open: the next life decides.
"""

import contextlib
import logging
import math
import os
import select
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from agent.commands.executor import Executor, Task
from agent.commands.judge import Rules
from agent.commands.recovery import PROVEN, Over
from agent.commands.runner import Child, Gone, Nonsense, Outcome, Percent, Saying, Undo, request
from wire.actions import KINDS
from wire.messages import Attachment

GRACE_S: Final = 5.0  # it knows its time itself; and to leave after its last word
LEAVE_WITHIN_S: Final = 3.0  # when the agent stops
TELL_EVERY_S: Final = 1.0
_log = logging.getLogger("anjungan.commands")


class End(NamedTuple):
    """`sure`: the process itself said so, and has put in order what it began."""

    how: Over
    attachment: Attachment | None = None
    sure: bool = False


class _Watch:
    """One process and its limits."""

    def __init__(self, child: Child, task: Task, now: float) -> None:
        self.child = child
        self.task = task
        self.command = task.row.id
        self.kind = KINDS[task.row.kind]
        self.began = self.heard = now
        self.told = -math.inf
        self.asked = task.mode == "undo"  # which nobody can cancel

    @property
    def limit(self) -> float:
        return min(self.heard + self.kind.step_s, self.began + self.kind.all_s + GRACE_S)

    def too_long(self, now: float) -> Over:
        if now >= self.began + self.kind.all_s + GRACE_S:
            why = f"it had not ended after {self.kind.all_s} s"
        else:
            why = f"nothing was heard of it for {self.kind.step_s} s"
        return Over("failed", "timeout", f"{why} and was stopped")


class Worker:
    """`rules` is None while there is no policy. `argv` starts an action's process."""

    def __init__(
        self,
        executor: Executor,
        rules: Callable[[], Rules | None],
        argv: Callable[[], Sequence[str]],
        *,
        boottime: Callable[[], float],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._executor = executor
        self._rules = rules
        self._argv = argv
        self._boottime = boottime
        self._monotonic = monotonic
        self._stopping = False
        self._wake_lock = threading.Lock()
        self._wake_fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._thread = threading.Thread(target=self._run, name="commands", daemon=True)
        self.back_by = math.inf
        """The moment by which the loop means to be awake again: beyond it, it hangs."""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self.wake()
        if self._thread.ident is not None:
            self._thread.join(LEAVE_WITHIN_S + GRACE_S)
        with self._wake_lock:
            if not self._thread.is_alive():
                os.close(self._wake_fd)
                self._wake_fd = -1

    def wake(self) -> None:
        with self._wake_lock:
            if self._wake_fd >= 0:
                os.eventfd_write(self._wake_fd, 1)

    def step(self) -> bool:
        """Does the next action from its beginning to its end; False when none is to be done."""
        task = self._executor.next_task(self._rules())
        if task is not None:
            self._do(task)
        return task is not None

    def _run(self) -> None:
        while not self._stopping:
            try:
                if not self.step():
                    self._sleep()
            except Exception:  # noqa: BLE001 - whatever happens here must not end all commands
                _log.exception("commands broke")
                self._sleep(GRACE_S)

    def _sleep(self, most_s: float = math.inf) -> None:
        left_s = min(self._executor.due() - self._boottime(), most_s)
        self.back_by = self._monotonic() + max(left_s, 0.0)
        poll = select.poll()
        poll.register(self._wake_fd, select.POLLIN)
        poll.poll(None if left_s == math.inf else int(max(left_s, 0.0) * 1000) + 1)
        self._drain()

    def _do(self, task: Task) -> None:
        end = self._end_of(task)
        if end is None:
            return
        if task.mode == "undo":
            end = End(_taken_back(end.how, Over("failed", "undone", "it was interrupted")))
        elif not end.sure and end.how.state == "failed":
            back = self._executor.undo_of(task.row.id)
            undone = back and self._end_of(back)
            if back and undone is None:
                return
            end = End(_taken_back(undone.how, end.how)) if undone else end
        self._executor.finished(task.row.id, end.how, end.attachment)

    def _end_of(self, task: Task) -> End | None:
        """None when the agent stops before it has ended."""
        row = task.row
        told = request(row.id, row.kind, task.args, KINDS[row.kind].all_s)
        try:
            child = Child(self._argv(), {**told, "mode": task.mode, "undo": row.undo})
        except OSError as error:
            return End(Over("failed", "broken", f"its process cannot be started: {error}"[:300]))
        watch = _Watch(child, task, self._monotonic())
        end: End | None = None
        try:
            end = self._watch(watch)
            if end is not None and end.sure:
                self._let_leave(watch)
        finally:
            child.close()
        return end

    def _watch(self, watch: _Watch) -> End | None:
        while (now := self._monotonic()) < watch.limit:
            if self._stopping:
                return self._leave(watch)
            if not watch.asked and self._executor.wants_cancelled(watch.command):
                watch.asked = True
                watch.child.terminate()
            self.back_by = watch.limit
            for saying in watch.child.step(self._wake_fd, watch.limit - now):
                end = self._hear(saying, watch)
                if end is not None:
                    return end
            self._drain()
        return End(watch.too_long(now))

    def _hear(self, saying: Saying, watch: _Watch) -> End | None:
        now = watch.heard = self._monotonic()
        match saying:
            case Percent(percent, note):
                if watch.asked or now - watch.told >= TELL_EVERY_S:
                    watch.told = now
                    self._executor.progressed(watch.command, percent, note)
            case Undo(text):
                if not self._executor.noted(watch.command, text):
                    return End(Over("failed", "no_disk", "how to undo could not be written down"))
                watch.child.ok()
            case Outcome():
                how = Over(saying.state, saying.code, saying.why, saying.facts)
                return End(how, saying.attachment, sure=True)
            case Nonsense(why):
                return End(Over("failed", "nonsense", f"its process talked nonsense: {why}"))
            case Gone(code):
                return End(Over("failed", "died", f"its process ended without a word, code {code}"))
        return None

    def _leave(self, watch: _Watch) -> End | None:
        """The agent stops. Only a success is believed: a failure may be our own doing."""
        until = self._monotonic() + LEAVE_WITHIN_S
        if watch.task.row.kind in PROVEN:
            return None
        watch.child.terminate()
        while (left_s := until - self._monotonic()) > 0:
            self._drain()
            for saying in watch.child.step(self._wake_fd, left_s):
                if isinstance(saying, Outcome) and saying.state == "succeeded":
                    return self._hear(saying, watch)
                if isinstance(saying, Gone):
                    return None
        return None

    def _let_leave(self, watch: _Watch) -> None:
        """It has said its last word; what it still says is not heard."""
        until = self._monotonic() + GRACE_S
        while (left_s := until - self._monotonic()) > 0 and not self._stopping:
            if any(isinstance(one, Gone) for one in watch.child.step(self._wake_fd, left_s)):
                return
            self._drain()

    def _drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.eventfd_read(self._wake_fd)


def _taken_back(undone: Over, why: Over) -> Over:
    """How a command ends whose half was undone."""
    if undone.state == "succeeded":
        return Over("failed", why.code, f"{why.why}; what was done is undone"[:300], undone.facts)
    text = f"{why.why}; it could not be undone: {undone.why or undone.code}"
    return Over("failed", "not_undone", text[:300], undone.facts)
