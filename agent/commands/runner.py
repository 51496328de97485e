"""One action in a process of its own: started, listened to, asked to stop, ended.

Owns the pipes, and that whatever the process says or does becomes a Saying: a line too long, too
many bytes, no JSON, another shape are all Nonsense; its end, however it came, is Gone. Decides
nothing: how long to wait and what to make of it is the worker's. No thread: one poll on its mouth
and its end (subprocess would cost the agent 0.4 MiB of memory).
"""

import os
import select
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec
from msgspec import Meta, Struct

from wire.messages import Attachment, Facts, Text

MOST_LINE: Final = 64 * 1024
MOST_SAID: Final = 1024 * 1024
MOST_UNDO: Final = 4096
Mode = Literal["do", "undo", "recover"]


class Percent(Struct, frozen=True):
    percent: Annotated[int, Meta(ge=0, le=100)] = 0
    note: Text = ""


class Outcome(Struct, frozen=True, kw_only=True):
    """How it ended, in the words of the process that did it."""

    state: Literal["succeeded", "failed", "cancelled", "unknown"]
    code: Annotated[str, Meta(pattern=r"^([a-z][a-z0-9_]{0,31})?$(?!\n)")] = ""
    why: Text = ""
    facts: Facts = {}
    attachment: Attachment | None = None


class Undo(NamedTuple):
    """It will act when told that this is written down."""

    text: str


class Nonsense(NamedTuple):
    why: str


class Gone(NamedTuple):
    """Its exit code, negative when a signal ended it."""

    code: int


Saying = Percent | Outcome | Undo | Nonsense | Gone


class _Line(Struct, frozen=True):
    progress: Percent | None = None
    undo: Annotated[str, Meta(max_length=MOST_UNDO, pattern=r"^[^\x00]*$")] | None = None
    outcome: Outcome | None = None


_decode = msgspec.json.Decoder(_Line).decode


def read(line: bytes) -> Saying:
    """What one line of the process means."""
    try:
        said = _decode(line)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return Nonsense(str(error)[:200])
    found = said.progress or said.outcome
    if found is not None:
        return found
    return Nonsense("a line that says nothing") if said.undo is None else Undo(said.undo)


def request(command: str, kind: str, args: Mapping[str, Any], until_s: int) -> dict[str, Any]:
    """What the process is told, but for its mode and what it noted."""
    return {"command": command, "kind": kind, "args": dict(args), "until_s": until_s}


class Child:
    """Started at once; raises OSError when it cannot be. `close` ends it, whatever it does."""

    def __init__(self, argv: Sequence[str], told: Mapping[str, Any]) -> None:
        ear, self._mouth = os.pipe2(os.O_CLOEXEC)
        self._ear, mouth = os.pipe2(os.O_CLOEXEC)
        actions = [(os.POSIX_SPAWN_DUP2, ear, 0), (os.POSIX_SPAWN_DUP2, mouth, 1)]
        try:
            self.pid = os.posix_spawn(
                argv[0],
                list(argv),
                os.environ,
                file_actions=actions,
                setpgroup=0,  # so that what it starts ends with it
            )
        except OSError:
            os.close(self._mouth)
            os.close(self._ear)
            raise
        finally:
            os.close(ear)
            os.close(mouth)
        self._end = os.pidfd_open(self.pid)
        self._code: int | None = None
        self._rest = b""
        self._said = 0
        self._poll = select.poll()
        self._poll.register(self._ear, select.POLLIN)
        self._poll.register(self._end, select.POLLIN)
        os.set_blocking(self._ear, False)
        os.set_blocking(self._mouth, False)
        self._write(msgspec.json.encode(told) + b"\n")

    def step(self, wake_fd: int, timeout_s: float) -> list[Saying]:
        """Waits for a word, its end, the wake-up or the time-out; then what was said."""
        if self._code is not None:  # its end came together with its last word
            return [Gone(self._code)]
        self._poll.register(wake_fd, select.POLLIN)
        ready = dict(self._poll.poll(max(0, int(timeout_s * 1000) + 1)))
        sayings = self._listen() if self._ear in ready or self._end in ready else []
        if self._end in ready:
            sayings.append(Gone(self._reap()))
        return sayings

    def ok(self) -> None:
        """What it noted is written down: it may act."""
        self._write(b"ok\n")

    def terminate(self) -> None:
        """Please stop."""
        if self._code is None:
            os.kill(self.pid, signal.SIGTERM)

    def close(self) -> None:
        """If it has not ended, it ends now, and all it has started."""
        if self._code is None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
                os.kill(self.pid, signal.SIGKILL)
            self._reap()
        for handle in (self._ear, self._mouth, self._end):
            os.close(handle)

    def _listen(self) -> list[Saying]:
        sayings: list[Saying] = []
        while True:
            try:
                piece = os.read(self._ear, MOST_LINE)
            except BlockingIOError:
                return sayings
            if not piece:  # it will say no more; its end is awaited
                with suppress(KeyError):
                    self._poll.unregister(self._ear)
                return sayings
            self._said += len(piece)
            *lines, self._rest = (self._rest + piece).split(b"\n")
            sayings += [read(line) for line in lines]
            if len(self._rest) > MOST_LINE or self._said > MOST_SAID:
                return [*sayings, Nonsense("it talks without end")]

    def _reap(self) -> int:
        if self._code is None:
            self._code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            with suppress(KeyError):
                self._poll.unregister(self._end)
        return self._code

    def _write(self, line: bytes) -> None:
        with suppress(BrokenPipeError, BlockingIOError):  # then it will not act, and end
            os.write(self._mouth, line)
