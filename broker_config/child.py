"""One program kept alive: started, waited for, started again when it dies, stopped by its pid.

Owns its process and its log. Never blocks while watching: `check` looks once and says what it did,
so that one loop can keep many. Never stops a process it did not start.
"""

import ctypes
import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from broker_config.backoff import Backoff

LOG_LIMIT = 5_000_000  # bytes; at a start a longer log becomes <name>.log.1
PR_SET_PDEATHSIG = 1


class ChildFailed(RuntimeError):  # noqa: N818 - what happened, not a kind of error
    """The program could not be started or never became ready. Its log says why."""


@dataclass(kw_only=True)
class Child:
    """`ready` is asked by `wait_ready` and may be absent. Times are seconds of `clock`."""

    name: str
    argv: Sequence[str]
    log: Path
    ready: Callable[[], bool] = lambda: True
    env: Mapping[str, str] | None = None
    backoff: Backoff = field(default_factory=Backoff)
    clock: Callable[[], float] = time.monotonic
    open_files: int = 0  # raise its limit to this, as far as the administrator allows
    pass_fds: Sequence[int] = ()  # what the program holds open for as long as it lives
    _process: "subprocess.Popen[bytes] | None" = None
    _started: float = 0.0
    _again_at: float | None = None

    @property
    def pid(self) -> int:
        """Of the running process, 0 when there is none."""
        return self._process.pid if self.running and self._process else 0

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Raises ChildFailed if the program is not there."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        _keep_log_short(self.log)
        with self.log.open("ab") as log:
            try:
                self._process = subprocess.Popen(
                    self.argv,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=self.env,
                    pass_fds=tuple(self.pass_fds),
                    # Own session: Ctrl-C reaches only the parent, which stops us in order.
                    start_new_session=True,
                    preexec_fn=self._prepare,  # noqa: PLW1509 - one thread starts children
                )
            except OSError as error:
                raise ChildFailed(f"{self.name}: cannot start {self.argv[0]}: {error}") from None
        self._started, self._again_at = self.clock(), None

    def wait_ready(self, within_s: float = 10.0) -> None:
        """Raises ChildFailed with the end of the log if it dies or stays deaf."""
        deadline = self.clock() + within_s
        while self.clock() < deadline:
            if not self.running:
                raise ChildFailed(f"{self.name} died at once: {self.last_words()}")
            if self.ready():
                return
            time.sleep(0.02)
        raise ChildFailed(f"{self.name} not ready after {within_s:g} s: {self.last_words()}")

    def check(self) -> str:
        """What was noticed or done now, for a person; empty when all is well or still waiting."""
        if self._process is None or self.running:
            _keep_open_log_short(self.log)
            return ""
        now = self.clock()
        if self._again_at is None:
            delay = self.backoff.after(now - self._started)
            self._again_at = now + delay
            how = _how(self._process.returncode)
            return f"{self.name} {how}, starting again in {delay:g} s ({self.last_words()})"
        if now < self._again_at:
            return ""
        try:
            self.start()
        except ChildFailed as error:
            self._again_at = now + self.backoff.after(0)
            return str(error)
        return f"{self.name} started again, pid {self.pid}"

    def stop(self, grace_s: float = 10.0) -> None:
        """SIGTERM, then SIGKILL to it and what it started. Returns when it is gone."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(grace_s)
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def kill9(self) -> None:
        """As the out-of-memory killer would, leaving the restart to `check`."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _prepare(self) -> None:
        """In the child, before it becomes the program."""
        _die_with_parent()
        _allow_files(self.open_files)

    def last_words(self) -> str:
        """The last line of its log, cut to what fits in one line for a person."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(0, self.log.stat().st_size - 4096))
                lines = log.read().decode("utf-8", "replace").split("\n")
        except OSError:
            lines = []
        said = [line.strip() for line in lines if line.strip()]
        return said[-1][:200] if said else f"nothing in {self.log}"


def _allow_files(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _how(code: int) -> str:
    if code >= 0:
        return f"ended with code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


def _keep_log_short(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_name(log.name + ".1"))


def _keep_open_log_short(log: Path) -> None:
    """Strangers at a door fill a log: while it is written, only its text can be put aside."""
    with suppress(FileNotFoundError):
        if log.stat().st_size > LOG_LIMIT:
            shutil.copyfile(log, log.with_name(log.name + ".1"))
            os.truncate(log, 0)


def _die_with_parent() -> None:
    """Ask Linux for SIGTERM when the parent is gone, kill -9 included."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
