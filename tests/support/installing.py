"""Fixtures: a kiosk as far as it installs: the child's own parts, a real portal, real releases.

`Installer.run` is one run of the child within this process; `child` starts it as one of its own.
"""

import dataclasses
import json
import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent.config import Config, parse
from agent.content import status, told, wanted
from agent.content.build import Kiosk
from agent.content.reports import Report, Reports
from agent.content.slots import Slots
from agent.content.status import Status
from agent.content.stop import Stop
from agent.content.told import Told, Trial
from agent.content.wanted import Kept
from agent.content.work import End
from agent.software.environment import VERSION
from portal.server import PortalServer
from tests.support.file_server import FileServer
from tests.support.signed_folder import NOW, SignedFolder
from wire.wants import Want

BUNDLE = "layanan"
ROOT = Path(__file__).parents[2]
SERVICE = {
    "picture": "inform",
    "name": "Informasi",
    "promise": "Syarat dan biaya",
    "soon": "Segera",
}


def page(opening: str, more: dict[str, bytes] | None = None, **words: Any) -> dict[str, bytes]:
    """A tree whose welcome page says so."""
    said = {"v": 1, "opening": opening, "services": [SERVICE], **words}
    return {"content.json": json.dumps(said).encode(), **(more or {})}


def program(module: str, seq: int, **changed: str) -> dict[str, bytes]:
    """A tree of a program that does nothing."""
    about = {"module": module, "version": "1", "python": VERSION, "machine": platform.machine()}
    code = f"SEQ = {seq}\n".encode()
    return {"software.json": json.dumps(about | changed).encode(), f"{module}/__main__.py": code}


class Hasty(Stop):
    """Looks once where others wait."""

    def until(self, is_true: Callable[[], bool], within_s: float) -> bool:
        return super().until(is_true, min(within_s, 0.0))


def number(report: Report, fact: str) -> int:
    """A fact of it that is a whole number."""
    found = report.facts[fact]
    assert isinstance(found, int)
    return found


@dataclasses.dataclass
class Installer:
    """`settings`: what stands in [content] of agent.toml beside the folders."""

    folder: Path
    releases: SignedFolder
    url: str
    settings: dict[str, Any] = dataclasses.field(default_factory=dict)
    probes: dict[str, Any] = dataclasses.field(default_factory=dict)
    trial: Trial = dataclasses.field(default_factory=Trial)
    now: int | None = NOW
    taken: int = 0
    number: int = 0
    stop: Stop = dataclasses.field(default_factory=Stop)

    @property
    def state(self) -> Path:
        return self.folder / "state" / "content"

    def slots(self, bundle: str = BUNDLE) -> Slots:
        programs = bundle in ("agent", "portal")
        return Slots(self.folder / ("programs" if programs else "folder") / bundle)

    def table(self) -> dict[str, Any]:
        content = {
            "folder": str(self.folder / "folder"),
            "programs": str(self.folder / "programs"),
            "url": self.url,
            "keep_free_mb": 0,
            **self.settings,
        }
        return {
            "kiosk": "bandung-coblong-01",
            "state_dir": str(self.folder / "state"),
            "broker": {"host": "127.0.0.1", "plain": True},
            "probes": self.probes,
            "content": content,
        }

    def config(self) -> Config:
        return parse(self.table())

    def want(self, seq: int, bundle: str = BUNDLE, **more: Any) -> Want:
        """The office says so, after all it has said before."""
        self.number += 1
        want = Want(bundle=bundle, seq=seq, number=NOW + self.number, **more)
        others = tuple(one for one in wanted.read(self.state).wants if one.bundle != bundle)
        wanted.write(self.state, Kept((*others, want)))
        return want

    def told(self) -> Told:
        at = time.clock_gettime(time.CLOCK_BOOTTIME)
        when = None if self.now is None else (self.now, self.now + 1, at)
        return Told(time=when, trial=self.trial, taken=self.taken)

    def kiosk(self) -> Kiosk:
        """As after a start."""
        return Kiosk(self.config(), wanted.read(self.state), self.told(), self.stop)

    def hurry(self) -> None:
        """Waits last one look, pauses none."""
        self.stop = Hasty()

    def run(self) -> End:
        return self.kiosk().work().run()

    def install(self, seq: int, **more: Any) -> Report:
        """Wanted and run; the report of it."""
        self.want(seq, **more)
        self.run()
        return self.reports[-1]

    @property
    def reports(self) -> list[Report]:
        found = Reports(self.state / "reports")
        read = [found.read(number) for number in found.numbers()]
        return [one for one in read if one is not None]

    @property
    def status(self) -> Status:
        found = status.read(self.state / "status.json")
        assert found is not None
        return found

    def child(self, *words: str) -> "Running":
        """`python -m agent.content`, told the time."""
        toml = self.folder / "agent.toml"
        toml.write_text(_toml(self.table()))
        args = [sys.executable, "-m", "agent.content", "--config", str(toml), *words]
        return Running(args, told.write(self.told()))


class Running:
    """The child as a process of its own."""

    def __init__(self, args: list[str], said: bytes) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            args,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        self.pid = self._process.pid
        assert self._process.stdin is not None
        self._process.stdin.write(said)
        self._process.stdin.flush()

    def end(self, within_s: float = 60.0) -> tuple[int, str, str]:
        """Its exit code, and what it said."""
        out, err = self._process.communicate(timeout=within_s)
        return self._process.returncode, out.decode(), err.decode()


def _toml(table: dict[str, Any]) -> str:
    lines = [f"{name} = {json.dumps(v)}" for name, v in table.items() if not isinstance(v, dict)]
    for name in ("broker", "content"):
        lines.append(f"[{name}]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in table[name].items()]
    return "\n".join(lines) + "\n"


@pytest.fixture
def bare(tmp_path: Path, releases: SignedFolder, server: FileServer) -> Installer:
    """Without a portal: nothing has to be proven."""
    made = Installer(tmp_path / "kiosk", releases, server.url)
    made.state.mkdir(parents=True)
    (made.state / "root.json").write_bytes(releases.root)
    return made


@pytest.fixture
def shown(bare: Installer) -> Iterator[PortalServer]:
    """The portal of that kiosk."""
    with portal_of(bare.slots().folder) as running:
        bare.settings["portal"] = running.server_port
        yield running


@pytest.fixture
def installer(bare: Installer, shown: PortalServer) -> Installer:
    """A kiosk with a real portal that shows what is installed."""
    assert bare.settings["portal"] == shown.server_port
    return bare


class portal_of:  # noqa: N801 - used as a function
    """A running portal; a context."""

    def __init__(self, content: Path, clock: Callable[[], float] = time.monotonic) -> None:
        since = "2026-01-02T03:04:05+00:00"
        self._server = PortalServer(0, "uji", "1", since, content=content, clock=clock)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    def __enter__(self) -> PortalServer:
        self._thread.start()
        return self._server

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()


def decoded(path: Path) -> Any:
    return msgspec.json.decode(path.read_bytes())
