"""What the office knows of one kiosk, as one value in memory.

Owns the shapes only. A `Known` is copied before a message is thought about and the copy kept only
when the thinking ended well, so a message that breaks something breaks nothing but itself.
Everything inside is immutable and may be shared between copies. Times are office milliseconds
unless named `kiosk_`.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from controller.twins import Boot  # noqa: TC001 - beside the types it stands with
from wire.messages import Fact, State

Evidence = Mapping[str, Any]
"""What a fault was opened on: the observation, or the figures of an office rule. JSON values."""


class Thread(NamedTuple):
    """The thread of the conversation. `seq` and `birth` are the last accepted ones."""

    epoch: str
    birth: int
    seq: int
    fact_upto: int
    last_heard: int
    clock_offset_ms: int
    agent: str
    boot_id: str
    keepalive_s: int
    probes: tuple[str, ...]
    nonce: str = ""  # of its birth: what orders must repeat
    policy: int = 0  # in force on the kiosk
    number: int = 0  # the highest command it has taken


class Presence(NamedTuple):
    """`why` is the event that led here: birth heard will farewell deaf silent shut bury."""

    state: str
    since: int
    why: str


class Latest(NamedTuple):
    """The last word of one probe. `stored_at` is when it was last news enough to be written."""

    state: State
    since: int
    facts: Mapping[str, Fact]
    codes: tuple[str, ...]
    why: str
    observed_at: int
    received_at: int
    latency_ms: float
    kiosk_at: int
    stored_at: int


class Standing(NamedTuple):
    """Where one fault code stands: pending, open or clearing. `due` is 0 while open."""

    state: str
    since: int
    due: int
    why: str
    evidence: Evidence


class Status(NamedTuple):
    """The worst of all. `why` is a fault code, a presence or `probe:<name>`."""

    state: str
    since: int
    why: str


class Answer(NamedTuple):
    """Can a citizen finish this service? `why` is empty for yes, see verdict.py."""

    answer: str
    why: str
    since: int = 0


class Known:
    """One kiosk. Mutable, but only ever as the draft of one message."""

    __slots__ = (
        "births", "boots", "faults", "id", "latest", "machines", "name", "partition", "presence",
        "rebirth_asked", "status", "telemetry_at", "thread", "verdicts",
    )  # fmt: skip

    def __init__(self, kiosk_id: int, name: str, partition: int) -> None:
        self.id = kiosk_id
        self.name = name
        self.partition = partition
        self.thread: Thread | None = None
        self.presence = Presence("never", 0, "")
        self.status = Status("never", 0, "never")
        self.latest: dict[str, Latest] = {}
        self.faults: dict[str, Standing] = {}
        self.verdicts: dict[str, Answer] = {}
        self.machines: tuple[Boot, ...] = ()
        # Only in memory: a restarted office starts counting anew.
        self.births: tuple[int, ...] = ()
        self.boots: tuple[int, ...] = ()
        self.telemetry_at = 0
        self.rebirth_asked = 0

    def draft(self) -> "Known":
        """A copy to think on. Written out because copy.copy costs more than the thinking."""
        new = Known.__new__(Known)
        new.id, new.name, new.partition = self.id, self.name, self.partition
        new.thread, new.presence, new.status = self.thread, self.presence, self.status
        new.latest, new.faults = self.latest.copy(), self.faults.copy()
        new.verdicts = self.verdicts
        new.births, new.boots, new.machines = self.births, self.boots, self.machines
        new.telemetry_at, new.rebirth_asked = self.telemetry_at, self.rebirth_asked
        return new
