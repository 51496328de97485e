"""The kiosk's log and its circumstances, for whoever looks for a mistake from far away.

What a citizen typed is masked in memory before anything is written or sent. The newest lines go
first into what the size allows. Holds no key: the configuration is told without what could open
anything.
"""

import glob
import gzip
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
            yield from _tail(Path(name))


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
        yield from ran.text.splitlines()
        if ran.code != 0:
            yield f"(journalctl: {ran.err.strip()})"


def _tail(path: Path) -> Iterator[str]:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(size - MOST_FILE, 0))
            yield from file.read(MOST_FILE).decode("utf-8", "replace").splitlines()
    except OSError as error:
        yield f"(cannot be read: {error.strerror})"
