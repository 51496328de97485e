"""A flow ended before its n-th system call, whichever it is: killed, or its power cut.

The kernel itself stops the flow and every process it has started before each call that changes
something (seccomp, user notification): nothing is missed because some library calls another way.
Owns the list of those calls. What a call has changed is seen before the next one, so "before every
call, and after the last" is every state there can be. Needs no compiler and, but for the disk whose
power is cut (`PowerDisk`), no root. A flow that makes threads makes them after it was armed.
"""

import contextlib
import ctypes
import errno
import fcntl
import json
import os
import platform
import select
import signal
import struct
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

PATIENCE_S: Final = 60.0
"""So long may a flow, or its recovery, do nothing at all."""

# name -> (its number on a PC, on a 64-bit ARM); None where there is no such call
CALLS: Final[dict[str, tuple[int | None, int | None]]] = {
    "write": (1, 64), "pwrite64": (18, 68), "writev": (20, 66), "pwritev": (296, 70),
    "pwritev2": (328, 287), "sendfile": (40, 71), "copy_file_range": (326, 285),
    "fsync": (74, 82), "fdatasync": (75, 83), "sync_file_range": (277, 84), "msync": (26, 227),
    "truncate": (76, 45), "ftruncate": (77, 46), "fallocate": (285, 47),
    "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276),
    "unlink": (87, None), "unlinkat": (263, 35), "rmdir": (84, None),
    "mkdir": (83, None), "mkdirat": (258, 34), "link": (86, None), "linkat": (265, 37),
    "symlink": (88, None), "symlinkat": (266, 36), "chmod": (90, None), "fchmod": (91, 52),
    "fchmodat": (268, 53), "chown": (92, None), "fchown": (93, 55), "fchownat": (260, 54),
    "creat": (85, None), "sendto": (44, 206), "sendmsg": (46, 211), "connect": (42, 203),
    "fork": (57, None), "vfork": (58, None), "clone": (56, 220), "clone3": (435, 435),
    "execve": (59, 221), "kill": (62, 129), "pidfd_send_signal": (424, 424),
    "exit_group": (231, 94),
}  # fmt: skip
# Of these only those that may write or make a file: (numbers, which argument has the flags)
OPENS: Final = {"open": ((2, None), 1), "openat": ((257, 56), 2)}
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_HERE: Final = ("x86_64", "aarch64").index(platform.machine())
NAMES: Final = {
    numbers[_HERE]: name
    for name, numbers in (*CALLS.items(), *((n, o[0]) for n, o in OPENS.items()))
    if numbers[_HERE] is not None
}

_SECCOMP: Final = (317, 277)[_HERE]
_PIDFD_GETFD: Final = 438
_NEW_LISTENER: Final = 8
_NO_NEW_PRIVS: Final = 38
_RECEIVE, _ANSWER = 0xC0502100, 0xC0182101
_GO_ON: Final = 1
_ALLOW, _ASK = 0x7FFF0000, 0x7FC00000
_NUMBER, _ARGUMENTS = 0, 16  # offsets in what a filter sees
_LOAD, _EQUAL, _ANY, _RETURN = 0x20, 0x15, 0x45, 0x06
_TELL: Final = 900  # a handle nobody else has: what is written to it is not part of the flow

_libc = ctypes.CDLL(None, use_errno=True)
T = TypeVar("T")


class Run(NamedTuple):
    """`killed`: it was ended before call `len(calls)`; else it made all of these and is done."""

    killed: bool
    calls: tuple[str, ...]


def run(flow: Callable[[Callable[[], None]], object], at: int = 0) -> Run:
    """Runs `flow(arm)` in a process of its own and ends it before call `at`, counted from arm().

    0: never. Whatever it has started by then is ended with it. AssertionError when it fails itself.
    """
    here, there = os.pipe()
    pid = os.fork()
    if pid == 0:
        _as_child(lambda: flow(lambda: _arm(there)))
    os.close(there)
    try:
        return _Watch(pid, at).to_the_end(here)
    finally:
        os.close(here)


def told(work: Callable[[], T]) -> T:
    """What `work` returns (as JSON), done in a process of its own: a start after a cut."""
    here, there = os.pipe()
    pid = os.fork()
    if pid == 0:

        def tell() -> None:
            text = json.dumps(work()).encode()
            while text:
                text = text[os.write(there, text) :]

        _as_child(tell)
    os.close(there)
    with os.fdopen(here, "rb") as said:
        text = said.read()
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert status == 0, f"the work itself failed: {status}"
    value: T = json.loads(text)
    return value


def _as_child(work: Callable[[], object]) -> None:
    try:
        work()
    except BaseException:  # noqa: BLE001 - nothing of the child may come back into pytest
        traceback.print_exc()
        os._exit(3)
    os._exit(0)


def _arm(tell: int) -> None:
    """From here on each call is asked for."""
    os.dup2(tell, _TELL, inheritable=False)
    program = b"".join(_filter())
    length = len(program) // 8
    room = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", length, ctypes.addressof(room)))
    assert _libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    handle = _libc.syscall(_SECCOMP, 1, _NEW_LISTENER, header)
    assert handle >= 0, os.strerror(ctypes.get_errno())
    os.set_inheritable(handle, False)
    os.write(_TELL, struct.pack("i", handle))


def _filter() -> Iterator[bytes]:
    """The kernel's little program: which calls are asked for. One return for each outcome, last."""

    def step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
        return struct.pack("HBBI", code, yes, no, value)

    yield step(_LOAD, _NUMBER)
    write = CALLS["write"][_HERE]
    for number in (numbers[_HERE] for numbers in CALLS.values()):
        if number is None:
            continue
        if number == write:
            yield step(_EQUAL, number, 0, 4)
            yield step(_LOAD, _ARGUMENTS)
            yield step(_EQUAL, _TELL, 1, 0)
            yield step(_RETURN, _ASK)
            yield step(_RETURN, _ALLOW)
        else:
            yield step(_EQUAL, number, 0, 1)
            yield step(_RETURN, _ASK)
    for numbers, argument in OPENS.values():
        if numbers[_HERE] is not None:
            yield step(_EQUAL, numbers[_HERE] or 0, 0, 4)
            yield step(_LOAD, _ARGUMENTS + 8 * argument)
            yield step(_ANY, _WRITING, 0, 1)
            yield step(_RETURN, _ASK)
            yield step(_RETURN, _ALLOW)
    yield step(_RETURN, _ALLOW)


class _Watch:
    """Lets a flow go on call by call."""

    def __init__(self, pid: int, at: int) -> None:
        self._pid = pid
        self._at = at
        self._end = os.pidfd_open(pid)
        self._calls: list[str] = []

    def to_the_end(self, tell: int) -> Run:
        poll = select.poll()
        poll.register(self._end, select.POLLIN)
        poll.register(tell, select.POLLIN)
        listener = -1
        try:
            while True:
                ready = dict(poll.poll(PATIENCE_S * 1000))
                assert ready, f"the flow does nothing after {self._calls[-5:]}"
                if tell in ready:
                    poll.unregister(tell)
                    listener = self._listener(tell)
                    if listener >= 0:
                        poll.register(listener, select.POLLIN)
                elif listener in ready and self._one(listener):
                    return Run(True, tuple(self._calls))
                elif self._end in ready:
                    return self._over()
        finally:
            self._kill()
            os.close(self._end)
            if listener >= 0:
                os.close(listener)

    def _listener(self, tell: int) -> int:
        said = os.read(tell, 4)
        if len(said) < 4:
            return -1
        handle = _libc.syscall(_PIDFD_GETFD, self._end, struct.unpack("i", said)[0], 0)
        assert handle >= 0, os.strerror(ctypes.get_errno())
        return int(handle)

    def _one(self, listener: int) -> bool:
        """One call: counted, and let through unless it is the one. True when it is."""
        asked = bytearray(80)
        try:
            fcntl.ioctl(listener, _RECEIVE, asked)
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.EINTR):  # who asked was ended meanwhile
                raise
            return False
        identity, _, _, number = struct.unpack_from("QIIi", asked)
        self._calls.append(NAMES[number])
        if len(self._calls) == self._at:
            return True
        with contextlib.suppress(FileNotFoundError):
            fcntl.ioctl(listener, _ANSWER, struct.pack("QqiI", identity, 0, 0, _GO_ON))
        return False

    def _over(self) -> Run:
        status = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        self._pid = 0
        assert status == 0, f"the flow itself failed: {status}, after {self._calls[-5:]}"
        return Run(False, tuple(self._calls))

    def _kill(self) -> None:
        """All of it, and it is gone on return. Nobody forks meanwhile: that is asked for, too."""
        if not self._pid:
            return
        tree = [*_tree(self._pid)]
        for handle in tree:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        for handle in tree:
            assert select.select([handle], [], [], PATIENCE_S)[0], "a process does not end"
            os.close(handle)


def _tree(pid: int) -> Iterator[int]:
    """Handles of a process and of all it has started."""
    with contextlib.suppress(OSError):
        yield os.pidfd_open(pid)
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _tree(int(child))


def each(
    flow: Callable[[int, Callable[[], None]], object],
    check: Callable[[int, Run], object],
    *,
    every: int = 1,
    most: int = 5_000,
) -> list[Any]:
    """Runs `flow(n, arm)` ended before call n for n = 1, 1 + every, ... and once to its end.

    What `check(n, run)` returned each time: it looks at what is left, and goes on from there.
    """
    found = []
    for n in range(1, most, every):
        one = run(lambda arm, n=n: flow(n, arm), n)  # type: ignore[misc]
        found.append(check(n, one))
        if not one.killed:
            return found
    raise AssertionError(f"no end after {most} calls")
