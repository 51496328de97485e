"""One kiosk: its probes, its memory and its line, started and stopped together.

Owns how the parts are joined and nothing else. Many may live in one process (players do that), so
nothing here is global and nothing belongs to the process: signals and watchdogs are `__main__`'s.
"""

import math
import random
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from agent.backoff import Backoff
from agent.belief import Sighting
from agent.commands.commands import Commands, Outside
from agent.commands.ledger import Ledger
from agent.config import Config
from agent.content.desk import Desk, Installer
from agent.content.standing import Standing
from agent.content.taken import Taker
from agent.journal import Births, Journal
from agent.line import Line
from agent.link import Link, Will
from agent.outbox import Outbox
from agent.picture import Picture
from agent.probes.base import Probe
from agent.probes.myself import MyselfProbe
from agent.sampler import Sampler
from agent.session import About, Session
from agent.store import StorageFailing, Store
from agent.wiping import is_told, marked
from wire.topics import kiosk_filters

if TYPE_CHECKING:
    from agent.submissions.resident import Resident, Start

VERSION: Final = "0.1.0"
PHASE_S: Final = 5.0
IDENTITY_EVERY_S: Final = 5.0  # `look` comes each second where citizens are served
SLACK_S: Final = 30.0  # how late a loop may be before it counts as hung


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


class Kiosk:
    """To be started once. Raises StateTaken when another agent holds the state folder.

    `trouble` is one sentence it reports among its own troubles, empty when there is none.
    `start_action` gives the words that start an action's process: without it only what needs none
    is done. `restart` is called when a command wants another process of the agent: it returns at
    once, and whoever gave it stops this kiosk and makes a new one. `set_level`: how loud to log.
    `installer` starts the child that installs releases and wants `look` to be called: without it,
    or without [content] in the configuration, none is installed. `bring` starts the child that
    brings away what citizens handed in: without it nothing is. `wake` is called, from any
    thread, when `look` is wanted now.
    """

    def __init__(
        self,
        config: Config,
        probes: Iterable[Probe],
        *,
        monotonic: Callable[[], float] = time.monotonic,
        wall_ms: Callable[[], int] = _wall_ms,
        rng: random.Random | None = None,
        boot_id: str = "",
        trouble: Callable[[], str] = str,
        start_action: Callable[[], Sequence[str]] | None = None,
        restart: Callable[[], None] | None = None,
        set_level: Callable[[str], object] = str,
        installer: Installer | None = None,
        bring: "Start | None" = None,
        wake: Callable[[], object] = bool,
    ) -> None:
        rng = rng or random.Random()  # noqa: S311 - jitter, not secrets
        self._monotonic = monotonic
        self._trouble = trouble
        self._wake = wake
        self._started = self._stopped = False
        self._identity_at = 0.0  # when to look again for a policy beside the identity
        self._folder = folder = Path(config.state_dir)
        folder.mkdir(parents=True, exist_ok=True)
        self.store = Store(folder / "agent.db")
        births = Births(Journal(self.store))
        self.outbox = Outbox(self.store)
        self.commands = self._commands(config, boot_id, Outside(start_action, restart, set_level))
        self.releases = self._releases(config, installer, rng)
        self.citizens = self._citizens(config, bring, wall_ms, rng)
        every = (*probes, MyselfProbe(self._why))
        about = About(births.epoch, VERSION, boot_id, wall_ms(), config.broker.keepalive_s)
        session = Session(
            about,
            Picture({probe.name: probe.bands for probe in every}),
            self.outbox,
            wall_ms,
            rng,
            commands=self.commands,
            releases=self.releases,
            news=self._news,
        )
        self.line = self._line(config, session, births, rng)
        phase_s = rng.random() * PHASE_S
        self.sampler = Sampler(every, self._sighted, monotonic, wall_ms, phase_s)

    def _line(self, config: Config, session: Session, births: Births, rng: random.Random) -> Line:
        broker = config.broker

        def make_link(will: Will, wake_fd: int) -> Link:
            return Link(
                broker,
                config.kiosk,
                will,
                filters=kiosk_filters(config.kiosk),
                wake_fd=wake_fd,
                monotonic=self._monotonic,
            )

        return Line(
            config.kiosk,
            session,
            self.outbox,
            births,
            make_link=make_link,
            backoff=Backoff(rng, broker.reconnect_min_s, broker.reconnect_max_s),
            monotonic=self._monotonic,
        )

    def _commands(self, config: Config, boot_id: str, outside: Outside) -> Commands:
        return Commands(
            config.kiosk,
            self.store,
            self.outbox,
            state_dir=Path(config.state_dir),
            boot_id=boot_id,
            outside=outside,
            off=[kind for kind, options in config.actions.items() if options is False],
            wake_line=self._wake_line,
        )

    def _releases(
        self, config: Config, installer: Installer | None, rng: random.Random
    ) -> Desk | None:
        if config.content is None or installer is None:
            return None
        folder = self._folder / "content"
        programs = Path(config.content.programs) if config.content.programs else None
        return Desk(
            folder,
            Standing(Path(config.content.folder), programs, installer.release).in_use,
            self.commands,
            Taker(folder / "reports", self.outbox, self.store),
            installer,
            wake_line=self._wake_line,
            monotonic=self._monotonic,
            rng=rng,
        )

    def _citizens(
        self,
        config: Config,
        bring: "Start | None",
        wall_ms: Callable[[], int],
        rng: random.Random,
    ) -> "Resident | None":
        if config.citizens is None:
            return None
        # A kiosk without a portal does not pay for it.
        from agent.submissions.resident import Resident  # noqa: PLC0415 - see above

        return Resident(config.citizens, bring, monotonic=self._monotonic, wall_ms=wall_ms, rng=rng)

    def start(self) -> None:
        self._started = True
        self.line.start()
        self.commands.start()
        self.sampler.start()

    def stop(self, *, planned: bool = True) -> None:
        """When not planned, the broker sends the will, as after a power cut."""
        if self._stopped:
            return
        self._stopped = True
        self.sampler.stop()
        if self.releases:
            self.releases.stop()
        if self.citizens:
            self.citizens.stop()
        self.commands.stop()
        self.line.stop(planned=planned)
        self.store.close()

    @property
    def healthy(self) -> bool:
        """All loops have ticked when they meant to, and the memory is whole."""
        now = self._monotonic()
        late = now - min(self.line.back_by, self.sampler.back_by, self.commands.back_by)
        return late < SLACK_S and not self.store.damaged

    @property
    def wiped(self) -> bool:
        """And the office knows it: whoever started it stops it and has `wipe` take the rest."""
        marker = marked(self._folder)
        try:
            return marker is not None and is_told(marker, Ledger(self.store), self.outbox)
        except StorageFailing:
            return False

    def look(self) -> None:
        """Now and then, and at `due`: a policy beside the identity, releases, and citizens."""
        now = self._monotonic()
        if now >= self._identity_at:
            self._identity_at = now + IDENTITY_EVERY_S
            if self.commands.look():
                self.line.say_birth()
        if self.releases:
            self.releases.tick()
        if self.citizens:
            self.citizens.tick(online=self.line.up, time=self.commands.office_time()[0])

    @property
    def due(self) -> float:
        """The moment from which `look` has something to do although nothing happens till then."""
        parts = (self.releases, self.citizens)
        return min((part.due() for part in parts if part), default=math.inf)

    def _sighted(self, sighting: Sighting) -> None:
        # News first: writing the fact waits for the disk, and people wait for the news.
        self.line.sighted(sighting.observation)
        if self.citizens:
            self.citizens.sighted(sighting.observation)
        if sighting.flipped_from is not None:
            self.outbox.put(sighting.flipped_from, sighting.observation)
            self.line.wake()

    def _news(self) -> None:
        if self.citizens and self.citizens.news():
            self._wake()

    def _wake_line(self) -> None:
        if self._started:  # what was found at the start is said by the first birth
            self.line.wake()

    def _why(self) -> str:
        return (
            self._trouble()
            or self.outbox.why()
            or self.store.mishap
            or self.commands.trouble()
            or (self.releases.trouble if self.releases else "")
            or (self.citizens.trouble if self.citizens else "")
        )
