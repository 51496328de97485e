"""Releases of agent and portal made of the sources at hand, and a keeper that runs them as systemd.

A real release brings its packages along; these find them where the tests have them, or every one
would be thirty megabytes.
"""

import contextlib
import json
import os
import platform
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
import psutil

from agent.software.environment import VERSION
from provisioning.release.software import MANIFEST, OURS, Program

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = Path(msgspec.__file__).parents[1]
MUST_ACT: Final = 2
MOST_STARTS: Final = 25
LOOK_S: Final = 1.0
Tree = dict[str, bytes]


def tree(module: str, version: str, edits: Mapping[str, tuple[str, str]] | None = None) -> Tree:
    """Like what `anjungan software build` makes. `edits`: path -> what is replaced by what."""
    found = {
        str(path.relative_to(ROOT)): path.read_bytes()
        for room in OURS[module]
        for path in sorted((ROOT / room).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    found[f"{module}/__init__.py"] += f"__import__('sys').path.append({str(PACKAGES)!r})\n".encode()
    for path, (old, new) in (edits or {}).items():
        assert found[path].count(old.encode()) == 1, f"{path} has changed"
        found[path] = found[path].replace(old.encode(), new.encode())
    papers = f"Metadata-Version: 2.1\nName: anjungan\nVersion: {version}\n".encode()
    return {**found, f"anjungan-{version}.dist-info/METADATA": papers, **_about(module, version)}


def small(module: str, code: str) -> Tree:
    """One that does this and nothing else."""
    files = {f"{module}/__init__.py": b"", f"{module}/__main__.py": code.encode()}
    return {**files, **_about(module, "0.0.1")}


def _about(module: str, version: str) -> Tree:
    about = Program(module, version, VERSION, platform.machine())
    return {MANIFEST: json.dumps(about._asdict()).encode()}


def _ends(pid: int) -> Iterator[int]:
    """Handles of all that a process has started: they can be read when it is gone."""
    with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
        for child in psutil.Process(pid).children(recursive=True):
            yield os.pidfd_open(child.pid)


class Keeper:
    """systemd, as far as the unit of this program asks for it.

    Started again after any end but 2, with all that it has left behind ended. `guarded`: the timer
    of the guard runs, too. `starts` counts; `code`: how it ended last.
    """

    def __init__(
        self, programs: Path, module: str, words: Sequence[str], home: Path, *, guarded: bool
    ) -> None:
        self._programs, self._module, self._words = programs, module, list(words)
        self._home, self._guarded = home, guarded
        self.log = home / f"{module}.log"
        self.starts, self.pid, self.code = 0, 0, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    @property
    def release(self) -> int | None:
        """That of the process which runs, 0 for what was installed by hand; None for none."""
        try:
            words = Path(f"/proc/{self.pid}/environ").read_bytes().split(b"\0")
        except OSError:
            return None
        found = [word for word in words if word.startswith(b"ANJUNGAN_RELEASE=")]
        return int(found[0].split(b"=")[1]) if found else None

    def crashes(self) -> None:
        """And is started again."""
        self._end(signal.SIGKILL)

    def kill(self) -> None:
        """It and all that it has started, and nobody starts it again: as without power."""
        self._over.set()
        ends = [*_ends(self.pid)]
        self._end(signal.SIGKILL)
        self._thread.join(30)
        for end in ends:
            assert select.select([end], [], [], 30)[0], "a process does not end"
            os.close(end)

    def stop(self) -> None:
        self._over.set()
        self._end(signal.SIGTERM)
        self._thread.join(30)

    def _keep(self) -> None:
        while not self._over.is_set() and self.starts < MOST_STARTS:
            process = self._start()
            again = self._watch(process)
            self._end(signal.SIGKILL)
            self.code = process.wait()
            if self.code == MUST_ACT and not again:
                while not self._over.wait(LOOK_S) and not self._is_taken_back():
                    pass

    def _start(self) -> "subprocess.Popen[bytes]":
        launch = (sys.executable, "-I", "-OO", "-m", "agent.software.launch")
        self.starts += 1
        with self.log.open("ab") as out:
            process = subprocess.Popen(
                [*launch, str(self._programs), self._module, *self._words],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=self._home,
                env={"PATH": os.environ["PATH"], "MALLOC_ARENA_MAX": "1"},
                start_new_session=True,
            )
        self.pid = process.pid
        (self._home / f"{self._module}.pid").write_text(str(process.pid))
        return process

    def _watch(self, process: "subprocess.Popen[bytes]") -> bool:
        """To its end; whether the guard wants it started anew."""
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_S)
                return False
            if self._is_taken_back():
                return True

    def _is_taken_back(self) -> bool:
        """What the timer runs."""
        if not self._guarded or not (self._programs / self._module / "trial.json").exists():
            return False
        mark = self._home / "restart"
        guard = (sys.executable, "-I", "-OO", "-m", "agent.software.guard", str(self._programs))
        subprocess.run([*guard, self._module, "touch", str(mark)], check=True, capture_output=True)
        if not mark.exists():
            return False
        mark.unlink()
        return True

    def _end(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)
