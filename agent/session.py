"""The conversation with the office: what to say next. No socket, no thread, no clock of its own.

Owns the order of a connection: birth, the whole picture, what is news, how commands and releases
get on, the facts kept (flips, results and installs, in one order); then by exception. Readings are
numbered only when they are sent, so that those never sent leave no gap.
Never knows MQTT: the link asks `next_message` while there is room, and tells what became of it.
`now` is monotonic seconds everywhere, `wall_ms` the kiosk's own and perhaps wrong clock.
"""

import math
import random
from collections.abc import Callable
from typing import Any, Final, NamedTuple, Protocol

import msgspec

from agent.content.progress import Way
from agent.outbox import KeptFact, KeptFlip, KeptResult
from agent.picture import Picture
from agent.replay import Facts, Replay
from wire.messages import (
    Ack,
    Birth,
    Desired,
    Down,
    Fetching,
    Flip,
    Install,
    NewPolicy,
    News,
    Orders,
    Present,
    Progress,
    Reading,
    Rebirth,
    Result,
    RollCall,
    Up,
)

FULL_EVERY_S: Final = 6 * 3600.0
BIRTH_APART_S: Final = 5.0  # mid-connection, however often the office asks
HELP_APART_S: Final = 30.0  # births of our own accord, when the office is behind
REFUSED_PAUSE_S: Final = 5.0
REFUSED_PAUSE_MOST_S: Final = 120.0
WAKE_WITHIN_S: Final = 5.0  # after a roll call: soon, but not all kiosks in one moment


class About(NamedTuple):
    """What a birth says of this process."""

    epoch: str
    agent: str
    boot_id: str
    started: int  # ms
    keepalive_s: int


class Standing(NamedTuple):
    """What a birth says of commands: a new nonce, the policy in force, the highest number taken."""

    nonce: str = ""
    policy: int = 0
    number: int = 0


class Under(NamedTuple):
    """A sign of life of a command that is under way (wire/messages.py Progress)."""

    command: str
    state: Any
    percent: int = 0
    note: str = ""


class Commands(Protocol):
    """What a session needs of those who carry out commands."""

    @property
    def has_news(self) -> bool: ...
    def born(self) -> Standing: ...
    def heard(self, message: Orders | NewPolicy) -> bool:
        """True when a birth must be said again: what the last one said no longer holds."""
        ...

    def take_news(self) -> Under | None: ...


class NoCommands:
    """A kiosk that takes none."""

    has_news = False

    def born(self) -> Standing:
        return Standing()

    def heard(self, message: Orders | NewPolicy) -> bool:
        del message
        return False

    def take_news(self) -> Under | None:
        return None


class Releases(Protocol):
    """What a session needs of those who install releases."""

    @property
    def has_news(self) -> bool: ...
    def in_use(self) -> dict[str, int]: ...
    def heard(self, message: Desired) -> None: ...
    def acknowledged(self) -> None: ...
    def take_news(self) -> Way | None: ...


class NoReleases:
    """A kiosk that installs none."""

    has_news = False

    def in_use(self) -> dict[str, int]:
        return {}

    def heard(self, message: Desired) -> None:
        del message

    def acknowledged(self) -> None:
        pass

    def take_news(self) -> Way | None:
        return None


class Session:
    """One kiosk's side of the conversation, over all its connections.

    `overtaken` is set when the office knows of later connections or facts of this memory: it is a
    copy put back, or its disk forgot, and must be brought up to there before the next connection.
    `news` is called when there is something new for citizens.
    """

    def __init__(
        self,
        about: About,
        picture: Picture,
        facts: Facts,
        wall_ms: Callable[[], int],
        rng: random.Random,
        *,
        commands: Commands | None = None,
        releases: Releases | None = None,
        news: Callable[[], object] = bool,
    ) -> None:
        self._commands: Commands = commands or NoCommands()
        self._releases: Releases = releases or NoReleases()
        self._news = news
        self._about = about
        self._facts = facts
        self._wall_ms = wall_ms
        self._rng = rng
        self._replay = Replay(facts)
        self._pause = REFUSED_PAUSE_S
        self.picture = picture
        self.birth = 0
        self.lost()

    @property
    def connected(self) -> bool:
        return self._window > 0

    def begin(self, birth: int, window: int, now: float) -> None:
        """A connection stands: `birth` is its number, `window` how much may be in flight."""
        self.birth = birth
        self._seq = 0
        self._window = window
        self._birth_at = now

    def lost(self) -> None:
        """The connection is gone, and with it whatever was in flight."""
        self._window = self._in_flight = self._seq = 0
        self._birth_at = self._full_at = self._present_at = math.inf
        self._born_at = -math.inf
        self._resume_at = 0.0
        self.overtaken: Rebirth | None = None

    def next_message(self, now: float) -> Up | None:
        """What to publish now; it counts as in flight until `delivered` or `refused`."""
        if self._in_flight >= self._window or now < self._resume_at:
            return None
        message = self._choose(now)
        if message is not None:
            self._in_flight += 1
            self._seq += 1
        return message

    def delivered(self) -> None:
        """The broker has taken one."""
        self._in_flight -= 1
        self._pause = REFUSED_PAUSE_S

    def refused(self, now: float) -> None:
        """The broker did not take one, so the thread is lost: pause, then begin with a birth."""
        self._in_flight -= 1
        if now < self._resume_at:
            return
        self._birth_at = now
        self._resume_at = now + self._pause * self._rng.uniform(0.5, 1.0)
        self._pause = min(2 * self._pause, REFUSED_PAUSE_MOST_S)

    def received(self, message: Down, now: float) -> None:
        """What the office said. What it says of another epoch is not for this memory."""
        self._wake(message, now)
        match message:
            case Ack() if message.epoch == self._about.epoch:
                self._acknowledged(message, now)
            case Rebirth() if message.birth > self.birth:
                self.overtaken = message
            case Rebirth():
                self._ask_birth(max(now, self._born_at + BIRTH_APART_S))
            case RollCall():
                # not at once: a whole partition was called
                at = now + self._rng.random() * message.within_s
                self._present_at = min(self._present_at, at)
            case Orders() | NewPolicy() if self.connected:
                if self._commands.heard(message):
                    self.say_birth(now)
            case Desired() if self.connected:
                self._releases.heard(message)
            case News():
                self._news()
            case _:
                pass

    def _acknowledged(self, message: Ack, now: float) -> None:
        self._releases.acknowledged()
        if message.upto > self._facts.newest:  # stored, and never made by this memory
            self.overtaken = Rebirth(birth=self.birth, upto=message.upto)
        elif not self._replay.acknowledged(message.upto, now):
            self._ask_birth(max(now, self._born_at + HELP_APART_S))

    def say_birth(self, now: float) -> None:
        """What the last birth said of this kiosk no longer holds."""
        if self.connected:
            self._ask_birth(now)

    def due(self, now: float) -> float:
        """The moment from which `next_message` may answer although nothing happens till then."""
        if self._in_flight >= self._window:
            return math.inf
        at_once = (
            self._replay.needs_birth
            or self.picture.has_news
            or self._commands.has_news
            or self._releases.has_news
        )
        moments = (
            now if at_once else math.inf,
            self._birth_at,
            self._full_at if self.picture.complete else math.inf,
            self._present_at,
            self._replay.due(),
        )
        return max(min(moments), self._resume_at)

    def farewell(self) -> tuple[str, int]:
        """Epoch and birth, for the death."""
        return self._about.epoch, self.birth

    def _wake(self, message: Down, now: float) -> None:
        """Refused for want of an office: whatever it says, there is one now."""
        if now < self._resume_at:
            everybody = isinstance(message, RollCall)
            soon = self._rng.random() * WAKE_WITHIN_S if everybody else 0.0
            self._resume_at = min(self._resume_at, now + soon)

    def _choose(self, now: float) -> Up | None:
        if now >= self._birth_at or self._replay.needs_birth:
            return self._give_birth(now)
        if now >= self._full_at and self.picture.complete:
            self._full_at = now + FULL_EVERY_S * self._rng.uniform(0.9, 1.0)
            return Reading(**self._header(), full=True, observations=self.picture.take_all())
        if self.picture.has_news:
            return Reading(**self._header(), observations=self.picture.take_news())
        if now >= self._present_at:
            self._present_at = math.inf
            return Present(**self._header())
        if (under_way := self._under_way()) is not None:
            return under_way
        fact = self._replay.next(now)
        return None if fact is None else self._told(fact)

    def _under_way(self) -> Progress | Fetching | None:
        if (under := self._commands.take_news()) is not None:
            return Progress(**self._header(), **under._asdict())
        if (way := self._releases.take_news()) is not None:
            return Fetching(**self._header(), **way._asdict())
        return None

    def _told(self, fact: KeptFact) -> Flip | Result | Install:
        header = self._header() | {"fact": fact.number}
        if isinstance(fact, KeptFlip):
            return Flip(**header, old=fact.old, observation=fact.observation)
        if isinstance(fact, KeptResult):
            return Result(**header, **msgspec.structs.asdict(fact.ended))
        said = msgspec.structs.asdict(fact.report)
        return Install(**header, release=said.pop("seq"), **said)

    def _give_birth(self, now: float) -> Birth:
        self._birth_at = math.inf
        self._born_at = now
        self._full_at = now
        self._present_at = math.inf  # a birth answers a roll call, too
        self.picture.forget_told()
        self._replay.begin(now)
        standing = self._commands.born()
        return Birth(
            **self._header(),
            agent=self._about.agent,
            boot_id=self._about.boot_id,
            started=self._about.started,
            oldest_fact=self._facts.oldest,
            keepalive_s=self._about.keepalive_s,
            probes=self.picture.probes,
            nonce=standing.nonce,
            policy=standing.policy,
            number=standing.number,
            releases=self._releases.in_use(),
        )

    def _ask_birth(self, at: float) -> None:
        self._birth_at = min(self._birth_at, at)

    def _header(self) -> dict[str, Any]:
        return {
            "epoch": self._about.epoch,
            "birth": self.birth,
            "seq": self._seq,
            "sent": self._wall_ms(),
        }
