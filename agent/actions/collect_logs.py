"""The kiosk's log and its circumstances, for whoever looks for a mistake from far away.

What a citizen typed is masked in memory before anything is written or sent; a line whose beginning
is cut off is left out, for half a number is not known as one. The newest lines go first into what
the size allows. Holds no key: the configuration is told without what could open anything, and a
file is a plain one outside the agent's own folder, whatever links whoever writes there has laid.
"""

import errno
import glob
import gzip
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from agent.actions import diagnostics, masking, programs
from agent.actions.attaching import attach
from agent.actions.base import Context, Failed, Outcome
from agent.identity.slots import Slots
from wire.actions import CollectLogs
from wire.door import MOST_ATTACHMENT

if TYPE_CHECKING:
    from agent.probes.base import Facts

KIND: Final = "application/gzip"
HOUR_S: Final = 3600
MOST_LINES: Final = 20_000
MOST_FILE: Final = 4 * 1024 * 1024
JOURNAL_WITHIN_S: Final = 25.0
READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe must not hold us
UNITS: Final = ("anjungan-*", "cups.service", "ipp-usb.service", "systemd-timesyncd.service")


def do(context: Context) -> Outcome:
    args = context.args(CollectLogs)
    most = min(args.most_kb * 1024, MOST_ATTACHMENT[KIND])
    context.progress(5, "looking around")
    around, count = _masked(diagnostics.lines(context))
    context.progress(30, "reading the log")
    log, more = _masked(_log(context, _since_s(context, args.since)))
    context.progress(60, "packing")
    packed, kept = packed_within(around, log, most)
    context.progress(75, "handing it in")
    attachment = attach(context, packed, KIND)
    facts: Facts = {
        "lines": len(around) + kept,
        "left_out": len(log) - kept,
        "masked": count + more,
        "bytes": len(packed),
    }
    return Outcome(state="succeeded", facts=facts, attachment=attachment)


def packed_within(around: list[str], log: list[str], most: int) -> tuple[bytes, int]:
    """Packed, and how many lines of the log are in it: the newest that fit."""
    kept = len(log)
    while True:
        text = "\n".join([*around, *log[len(log) - kept :], ""])
        packed = gzip.compress(text.encode("utf-8", "replace"), 6, mtime=0)
        if len(packed) <= most:
            return packed, kept
        if not kept:
            raise Failed("too_large", f"not even the circumstances fit into {most} bytes")
        kept = min(kept - 1, int(kept * 0.9 * most / len(packed)))


def _since_s(context: Context, since_ms: int) -> int:
    """By the kiosk's own clock, by which its log is written. The office's differs."""
    if not since_ms:
        return int(time.time()) - HOUR_S
    return (since_ms - Slots(context.state_dir).state().clock_off_ms) // 1000


def _masked(lines: Iterator[str]) -> tuple[list[str], int]:
    done, count = [], 0
    for line in lines:
        masked = masking.mask(line)
        done.append(masked.text)
        count += masked.found
    return done, count


def _log(context: Context, since_s: int) -> Iterator[str]:
    if context.option("journal", bool, default=True):
        yield from _journal(context, since_s)
    for pattern in context.words("files"):
        for name in sorted(glob.glob(pattern)):  # noqa: PTH207 - the pattern is a whole path
            yield f"== {name}"
            yield from _tail(Path(name), context.state_dir)


def _journal(context: Context, since_s: int) -> Iterator[str]:
    units = context.words("units") or list(UNITS)
    named = [word for unit in units for word in ("-u", unit)]
    words = ["journalctl", "--no-pager", "-q", "-o", "short-iso", "-n", str(MOST_LINES)]
    yield "== journal"
    for extra in (named, ["-k", "-p", "warning"]):
        try:
            asked = [*words, f"--since=@{max(since_s, 0)}", *extra]
            ran = programs.run(asked, context.stop, JOURNAL_WITHIN_S)
        except Failed as failed:
            yield f"(no journal: {failed.why})"
            return
        yield from _whole(ran.out, cut=len(ran.out) >= programs.MOST_OUTPUT)
        if ran.code != 0:
            yield f"(journalctl: {ran.err.strip()})"


def _tail(path: Path, own: Path) -> Iterator[str]:
    try:
        if path.resolve().is_relative_to(own.resolve()):
            raise PermissionError(errno.EPERM, "it is the agent's own")
        with os.fdopen(os.open(path, READ), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise PermissionError(errno.EPERM, "it is no plain file")
            size = file.seek(0, 2)
            file.seek(max(size - MOST_FILE, 0))
            yield from _whole(file.read(MOST_FILE), cut=size > MOST_FILE)
    except (OSError, RuntimeError) as error:
        yield f"(cannot be read: {getattr(error, 'strerror', error)})"


def _whole(content: bytes, *, cut: bool) -> list[str]:
    """Its lines; without the first one where its beginning is cut off."""
    return content.decode("utf-8", "replace").splitlines()[cut:]
