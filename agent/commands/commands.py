"""All that a kiosk does about commands, joined: what the session asks, and the worker beside it.

Owns how the parts are joined and nothing else. It can be built on a folder without any network:
`born` gives the nonce, `heard` takes what the office says, `run_pending` does in the calling thread
what otherwise the worker's own does, results are in the outbox.
"""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from agent.commands import verify
from agent.commands.book import Book
from agent.commands.executor import Executor, Hands
from agent.commands.inside import HERE, Loudness
from agent.commands.intake import Intake
from agent.commands.judge import Rules
from agent.commands.ledger import Ledger
from agent.commands.office_clock import OfficeClock
from agent.commands.policies import Policies
from agent.commands.recovery import Life
from agent.commands.worker import Worker
from agent.identity.slots import Slots
from agent.journal import Journal
from agent.outbox import Outbox
from agent.session import Standing, Under
from agent.store import StorageFailing, Store
from agent.wiping import marked
from wire.actions import KINDS
from wire.envelope import key_id, raw
from wire.messages import Desired, NewPolicy, Orders
from wire.policy import Time
from wire.wants import Wants

UNRULED: Final = "commands are refused: no policy has come with the identity, type anjungan join"
HOUR_MS: Final = 3_600_000


def _boottime() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _nothing() -> None:
    pass


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


class Outside(NamedTuple):
    """What commands touch of the process around them, and its clocks.

    `argv` starts the process of an action, None when there is none; `restart` asks for a new
    process of the agent and returns at once; `set_level` makes the log as loud as it says.
    """

    argv: Callable[[], Sequence[str]] | None = None
    restart: Callable[[], None] | None = None
    set_level: Callable[[str], object] = str
    boottime: Callable[[], float] = _boottime
    wall_ms: Callable[[], int] = _wall_ms
    monotonic: Callable[[], float] = time.monotonic


class Commands:
    """Raises StorageFailing when the disk fails at the start. `wake_line`: something is to be said.

    `off`: kinds that agent.toml forbids.
    """

    def __init__(
        self,
        kiosk: str,
        store: Store,
        outbox: Outbox,
        *,
        state_dir: Path,
        boot_id: str,
        outside: Outside,
        off: Sequence[str] = (),
        wake_line: Callable[[], None] = lambda: None,
    ) -> None:
        self._kiosk = kiosk
        self._store = store
        self._folder = state_dir
        self._boottime = outside.boottime
        journal, self._ledger = Journal(store), Ledger(store)
        self._verify, self._deaf = verify.find()
        self._unruled = False
        self._heeded: object = None
        self.policies = Policies(journal, Slots(state_dir), self._verify)
        self._clock = OfficeClock(boot_id, self._ledger.clock())
        self._intake = Intake(kiosk, self.policies, self._clock, self._verify)
        life = Life(boot_id, os.urandom(8).hex())
        book = Book(life, self._ledger, outbox, outside.wall_ms, wake_line)
        loudness = Loudness(journal, boot_id, self._boottime(), outside.set_level)
        hands = Hands(self._boottime, self._wake, outside.restart or _nothing)
        self._executor = Executor(life, book, self._clock, loudness, hands)
        self._off = frozenset((*off, *_impossible(outside)))
        self._worker = Worker(
            self._executor,
            self._rules,
            outside.argv or tuple,
            boottime=self._boottime,
            monotonic=outside.monotonic,
        )
        self._executor.recover()

    def start(self) -> None:
        self._worker.start()

    def stop(self) -> None:
        """What is under way is asked to end, and left open for the next life if it does not."""
        self._worker.stop()

    def run_pending(self) -> None:
        """All that is to be done now, in this thread: instead of `start`."""
        while self._worker.step():
            pass

    @property
    def back_by(self) -> float:
        return self._worker.back_by

    @property
    def has_news(self) -> bool:
        return self._executor.has_news

    def take_news(self) -> Under | None:
        return self._executor.take_news()

    def born(self) -> Standing:
        """With a new nonce: what the office said to an earlier birth proves nothing any more."""
        self.policies.look()
        self._heed_keys()
        nonce = os.urandom(16).hex()
        self._clock.drew(nonce, self._boottime())
        return Standing(nonce, self.policies.version, self._ledger.highest)

    def look(self) -> bool:
        """Whether what lies beside the identity has put another policy in force."""
        return self.policies.look()

    def heard(self, message: Orders | NewPolicy) -> bool:
        """True when a birth must be said again: another policy is in force."""
        if isinstance(message, NewPolicy):
            return self.policies.newer(message)
        self._heed_keys()
        rules = self._rules()
        self._unruled = rules is None
        if rules is None:
            batch = self._intake.unsigned(message)
            if batch is not None:
                self._executor.refuse_all(batch, "no_policy", UNRULED)
        elif (batch := self._intake.open(message, self._boottime())) is not None:
            self._executor.answer(batch, rules)
        return False

    def open_wants(self, message: Desired) -> Wants | None:
        """What the office desires of releases, if it is the office that says so, and just now.

        Without a policy nothing can be checked, and nothing is installed.
        """
        self._heed_keys()
        return self._intake.open_wants(message, self._boottime())

    def office_keys(self) -> frozenset[str]:
        """Names of the keys by which the office is believed now."""
        policy = self.policies.policy
        keys = policy.keys if policy else ()
        return frozenset(key_id(raw(one.public)) for one in keys if one.use == "office")

    def office_time(self) -> tuple[Time | None, int, float]:
        """What is known of it now, the latest moment ever proven (ms), and CLOCK_BOOTTIME (s)."""
        t = self._boottime()
        return self._clock.time(t), self._clock.known.floor, t

    def trouble(self) -> str:
        """One sentence for a technician, or nothing."""
        return (
            (self._deaf if self.policies.policy else "")
            or self.policies.trouble
            or (UNRULED if self._unruled else "")
            or self._executor.trouble()
            or self._intake.trouble(self._boottime())
        )

    def _rules(self) -> Rules | None:
        policy = self.policies.policy
        if policy is None:
            return None
        marker = marked(self._folder)
        return Rules(
            self._kiosk,
            policy,
            self._verify,
            self._off,
            self._store.durable,
            self._begun,
            wiped=marker is not None and marker.data_gone,
        )

    def _begun(self, kind: str) -> int:
        """By the kiosk's own clock: whoever signs the office's time must not stretch an hour."""
        since = self._clock.lived(self._boottime()) - HOUR_MS
        return self._ledger.begun_since(kind, since)

    def _heed_keys(self) -> None:
        """The time is the office's word: taken back with the key that gave it."""
        policy = self.policies.policy
        if policy is None or policy is self._heeded:
            return
        issuers = self.office_keys()
        try:
            if self._ledger.issuers - issuers:
                self._executor.begin_anew(issuers)
            elif self._ledger.issuers != issuers:
                self._ledger.believe(issuers, self._clock.known)
        except StorageFailing:
            return  # again with the next word: without a disk nothing is taken either
        self._heeded = policy

    def _wake(self) -> None:
        self._worker.wake()


def _impossible(outside: Outside) -> set[str]:
    without = set() if outside.argv else set(KINDS) - set(HERE)
    return without if outside.restart else {*without, "restart_agent"}
