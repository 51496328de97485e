"""A command as the executor gives it: within this process, or to the real child."""

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent.actions import asked, running
from agent.actions.asked import Asked, Outcome
from agent.actions.base import Context, Talk
from agent.actions.stop import Stop
from agent.config import parse
from portal.server import PortalServer
from wire.actions import KINDS, parse_args

ROOT = Path(__file__).parents[3]
COMMAND = "0123456789abcdef" * 2
Settings = dict[str, Any]


class Bench:
    """Where a kiosk's actions are tried. `said` is what they told, `noted` what is to be undone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "state"
        self.state.mkdir()
        self.root = folder
        self.settings: Settings = {
            "kiosk": "bdg-andir-01",
            "state_dir": str(self.state),
            "broker": {"host": "127.0.0.1", "port": 1883, "plain": True},
            "probes": dict.fromkeys(
                ("system", "disk", "network", "temperature", "power", "screen"), False
            ),
            "actions": {},
        }
        self.said: list[dict[str, Any]] = []
        self.noted: list[str] = []
        self.stop: Stop | None = None
        self.on_say: Callable[[dict[str, Any]], object] = lambda _: None

    def context(
        self, kind: str, *, mode: asked.Mode = "do", undo: str = "", until_s: float = 0, **args: Any
    ) -> Context:
        given = Asked(
            COMMAND, kind, parse_args(kind, args), until_s or KINDS[kind].all_s, mode, undo
        )
        self.stop = Stop(given.until_s)
        return Context(
            parse(self.settings),
            self.folder / "agent.toml",
            given,
            self.stop,
            Talk(self._say, self.noted.append),
            root=self.root,
        )

    def run(self, kind: str, **given: Any) -> Outcome:
        ended = running.run(self.context(kind, **given))
        asked.outcome(ended)  # what cannot be said is no outcome
        return ended

    def _say(self, line: bytes) -> None:
        self.said.append(json.loads(line))
        self.on_say(self.said[-1])


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


class RealChild:
    """`python -m agent.actions`, spoken to line by line."""

    def __init__(self, config: Path, **environment: str) -> None:
        self.heard = b""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "agent.actions", "--config", str(config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            cwd=config.parent,
        )

    def tell(self, line: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def ask(self, kind: str, **more: Any) -> None:
        line = {"command": COMMAND, "kind": kind, "args": {}, "until_s": 60, "mode": "do", **more}
        self.tell(msgspec.json.encode({"undo": None, **line}))

    def hear(self, within_s: float = 30) -> dict[str, Any]:
        """The next line. Empty at the end."""
        assert self.process.stdout is not None
        while b"\n" not in self.heard:
            ready, _, _ = select.select([self.process.stdout], [], [], within_s)
            assert ready, "nothing was said"
            if not (piece := os.read(self.process.stdout.fileno(), 65_536)):
                return {}
            self.heard += piece
        line, _, self.heard = self.heard.partition(b"\n")
        return dict(json.loads(line))

    def outcome(self, within_s: float = 60) -> dict[str, Any]:
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            if "outcome" in (line := self.hear(within_s)):
                return dict(line["outcome"])
            assert line, self.process.stderr.read() if self.process.stderr else ""
        raise AssertionError("no outcome")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()


@pytest.fixture
def child(bench: Bench) -> Iterator[Callable[[], RealChild]]:
    """The bench's kiosk, its configuration written down."""
    started: list[RealChild] = []

    def start() -> RealChild:
        started.append(RealChild(write_config(bench)))
        return started[-1]

    yield start
    for one in started:
        one.close()


def write_config(bench: Bench) -> Path:
    config = bench.folder / "agent.toml"
    config.write_text(_toml(bench.settings))
    return config


def _toml(table: Settings) -> str:
    """Enough of TOML for a configuration: what is nested is written inline."""
    return "".join(f"{name} = {_value(value)}\n" for name, value in table.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_value(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value)


def script(path: Path, text: str) -> str:
    """A program of the operating system, played."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str, str], str]:
    return lambda name, text: script(tmp_path / name, text)


@pytest.fixture(scope="session")
def one_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One real browser for all of these files; what a test does to it is put right after it."""
    from tests.agent.actions.browsers import a_kiosk_browser  # noqa: PLC0415 - imports this file

    with a_kiosk_browser(tmp_path_factory.mktemp("kiosk-browser")) as browser:
        yield browser


@pytest.fixture
def browser(one_browser: Any, bench: Bench) -> Iterator[Any]:
    """A `KioskBrowser` that the bench watches, with a fresh page."""
    one_browser.fresh()
    one_browser.watched_by(bench)
    yield one_browser
    one_browser.rest()


@pytest.fixture
def a_portal(tmp_path: Path) -> Iterator[PortalServer]:
    """The real portal, its notices in the bench's state folder."""
    server = PortalServer(0, "bdg-andir-01", "1", "2026-01-02T03:04:05+00:00", tmp_path / "state")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def office(bench: Bench) -> Iterator[Any]:
    """An `OfficeDoor` that knows the bench's kiosk."""
    from tests.agent.actions.offices import an_office  # noqa: PLC0415 - imports this file

    with an_office(bench) as played:
        yield played
