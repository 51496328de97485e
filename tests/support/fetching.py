"""Fixtures: a folder of releases, a server of it, and the part of a kiosk that fetches from it."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.content.fetch import Brought, Room, bring
from agent.content.floor import Clock, Floor
from agent.content.held import Held
from agent.content.line import Line
from agent.content.meter import Meter
from agent.content.neighbour import Neighbour
from agent.content.trust import Release, Trust
from tests.support.file_server import FileServer, serving
from tests.support.signed_folder import NOW, SignedFolder, stand

BUNDLE = "layanan"


@dataclasses.dataclass
class Fetcher:
    """A kiosk as far as it fetches. `rtc` and `low` in ms; every call begins as after a start."""

    state: Path
    folder: Path
    url: str
    rtc: int = NOW
    low: int | None = None
    least_kbit: float = 4.0
    grace_s: float = 20.0
    meter: Meter | None = None
    pauses: list[float] = dataclasses.field(default_factory=list)

    @property
    def floor(self) -> Floor:
        return Floor(self.state / "floor.json")

    def line(self) -> Line:
        return Line(
            self.url,
            self.meter,
            least_kbit=self.least_kbit,
            grace_s=self.grace_s,
            pause=self.pauses.append,
        )

    def trust(self, line: Line | None = None) -> Trust:
        clock = Clock(lambda: self.rtc, lambda: self.low)
        return Trust(self.state, line or self.line(), clock, self.floor)

    def held(self, bundle: str = BUNDLE) -> Held:
        return Held(self.folder / bundle / "slots", self.folder / bundle / "shelf")

    def fetch(self, seq: int, neighbours: tuple[Neighbour, ...] = ()) -> tuple[Release, Brought]:
        """All from the first question to the last chunk, over one line."""
        line = self.line()
        release = self.trust(line).release(BUNDLE, seq)
        return release, bring(release, self.held(), line, room=self.room(), neighbours=neighbours)

    def room(self) -> Room:
        return Room(self.folder)

    def install(self, seq: int) -> Brought:
        """Fetched, and standing in its slot."""
        release, brought = self.fetch(seq)
        stand(self.folder / BUNDLE, release, self.held().read)
        return brought


@pytest.fixture
def releases(tmp_path: Path) -> SignedFolder:
    return SignedFolder(tmp_path / "releases")


@pytest.fixture
def server(releases: SignedFolder) -> Iterator[FileServer]:
    with serving(releases.path) as running:
        yield running


@pytest.fixture
def fetcher(tmp_path: Path, releases: SignedFolder, server: FileServer) -> Fetcher:
    state, folder = tmp_path / "state", tmp_path / "folder"
    state.mkdir()
    (folder / BUNDLE).mkdir(parents=True)
    (state / "root.json").write_bytes(releases.root)
    return Fetcher(state, folder, server.url)
