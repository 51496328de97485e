"""The parts of the child put together for one kiosk, as agent.toml says.

Owns which bundle stands in which folder and is brought into use in which way. Decides nothing, and
touches the line only when somebody asks for a release.
"""

import platform
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Final

from agent import disk
from agent.actions.page import Place
from agent.config import BadConfig, Config
from agent.content import fetch, plan, standing
from agent.content.activation import Activation
from agent.content.board import Board
from agent.content.floor import Floor
from agent.content.health import Portal
from agent.content.held import Held
from agent.content.install import Clocks, Install, Source
from agent.content.journal import Journal, Row
from agent.content.light import Light
from agent.content.neighbour import Neighbour
from agent.content.new_agent import NewAgent
from agent.content.new_portal import NewPortal
from agent.content.office_time import Times
from agent.content.one_line import OneLine
from agent.content.reports import Reports
from agent.content.shown import Shown
from agent.content.slots import Slots
from agent.content.stop import Stop
from agent.content.told import AGENT, Told
from agent.content.trust import ROOT, Release, Trust
from agent.content.upkeep import Upkeep
from agent.content.wanted import Kept
from agent.content.work import Tools, Work
from agent.software import launch
from wire.content import PROGRAMS

CLOCK: Final = "content.clock"
MB: Final = 1_000_000


class Kiosk:
    """All parts of one run. Raises BadConfig for whoever wrote agent.toml, OSError."""

    def __init__(self, config: Config, kept: Kept, told: Told, stop: Stop) -> None:
        if config.content is None:
            raise BadConfig("agent.toml has no [content]: nothing is installed on this kiosk")
        self._config, self._content, self.kept = config, config.content, kept
        self._told, self._stop = told, stop
        self.state = Path(config.state_dir) / "content"
        self.floor = Floor(self.state / "floor.json")
        self.floor.heard(told.floor)
        self.times = Times(told, _rtc, _boottime, self.floor.moment)
        self.board = Board(self.state / "status.json", _rtc, time.monotonic)
        reports = Reports(self.state / "reports")
        self.journal = Journal(self.state / "install.json", reports, told.taken)
        self._trust: Trust | None = None
        self.wire = OneLine(config, kept, self.times, stop)

    def work(self) -> Work:
        programs = Path(self._content.programs) if self._content.programs else None
        running = self._told.trial.release or None
        stand = standing.Standing(Path(self._content.folder), programs, running)
        return Work(self.kept.wants, self.journal, self.board, self.tools, stand.in_use)

    def tools(self, bundle: str) -> Tools:
        slots, source = self.slots(bundle), self.source(bundle)
        install = Install(
            slots,
            source,
            self.activation(bundle, slots),
            journal=self.journal,
            floor=self.floor,
            board=self.board,
            clocks=Clocks(_rtc, self.times.office),
            stop=self._stop,
        )
        upkeep = Upkeep(
            slots, source, journal=self.journal, board=self.board, now=_rtc, stop=self._stop
        )
        return Tools(install, upkeep)

    def slots(self, bundle: str) -> Slots:
        """Raises BadConfig for a program where none may come."""
        folder = self._content.programs if bundle in PROGRAMS else self._content.folder
        if not folder:
            raise BadConfig(f"agent.toml names no folder of programs: {bundle} is not updated so")
        return Slots(Path(folder) / bundle)

    def source(self, bundle: str) -> Source:
        room = fetch.Room(self.slots(bundle).folder, self._content.keep_free_mb * MB)
        neighbours = [Neighbour(f"{one}") for one in self._content.neighbour.ask]

        def bring(release: Release, held: Held, say: Callable[[int, int], None]) -> fetch.Brought:
            room.folder.mkdir(parents=True, exist_ok=True)
            return fetch.bring(
                release, held, self.wire.line(), room=room, neighbours=neighbours, say=say
            )

        return Source(self.release, _unfit, bring)

    def release(self, bundle: str, seq: int) -> Release:
        """As it is signed. Raises Trouble."""
        if self._trust is None:
            self._first_root()
            self._trust = Trust(self.state, self.wire.line(), self.times.clock, self.floor)
        try:
            return self._trust.release(bundle, seq)
        finally:
            if self._trust.moment is not None and not self._trust.moment.believed:
                self.board.fault(CLOCK, "the kiosk's clock lies far from the last signed moment")

    def _first_root(self) -> None:
        """The one that came with the identity goes before one from a file."""
        root = self.state / ROOT
        if not root.exists() and self._content.roots:
            disk.write(root, Path(self._content.roots).read_bytes())

    def activation(self, bundle: str, slots: Slots) -> Activation:
        portal, trial_s = self._portal(), self._content.trial_s
        if bundle == AGENT:
            return NewAgent(slots, launch.now, trial_s, self._told.trial)
        if bundle in PROGRAMS:
            if portal is None:
                raise BadConfig("agent.toml names no port of the portal under [content]")
            words = self._content.restart_portal
            return NewPortal(slots, launch.now, trial_s, portal, restart=words, stop=self._stop)
        return Shown(portal, self._light(), self._stop, _tries)

    def _portal(self) -> Portal | None:
        port = _port(self._content.portal, self._config, "portal")
        return Portal(port) if port else None

    def _light(self) -> Light | None:
        port = _port(self._content.browser, self._config, "browser")
        options = self._config.options().get("browser", {})
        portal = _port(self._content.portal, self._config, "portal")
        expected = str(options.get("expected", f"http://127.0.0.1:{portal}/"))
        return Light(Place(port, expected)) if port else None


def _port(chosen: int, config: Config, probe: str) -> int:
    """That of the probe, unless agent.toml says another; 0 when there is none."""
    return chosen or int(config.options().get(probe, {}).get("port", 0))


def _tries(row: Row) -> int:
    return row.tries


def _unfit(release: Release) -> str:
    return plan.unfit(
        release.about,
        agent=_version(),
        machine=platform.machine(),
        python=".".join(platform.python_version_tuple()[:2]),
    )


def _version() -> str:
    try:
        return metadata.version("anjungan")
    except metadata.PackageNotFoundError:
        return "0"


def _rtc() -> int:
    return time.time_ns() // 1_000_000


def _boottime() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)
