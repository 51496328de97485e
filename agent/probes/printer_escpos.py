"""The receipt printer, asked by DLE EOT 1 to 4: by network or by its device file.

It owns the meaning of four status bytes. It connects, asks and closes: the port serves one client
at a time, and whoever prints a receipt must find it free. For the same reason a refusal or silence
is first `busy?` (unknown) and only after several in a row a fault. A byte that is no status byte
makes the reading unknown: guessing "paper is fine" from noise is how kiosks lie. It never prints.
"""

import contextlib
import os
import select
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from agent.dial import dial
from agent.probes.base import Clock, Finding, cannot_tell, found

if TYPE_CHECKING:
    from wire.messages import Fact

PATIENCE_S: Final = 1.0


class NotEscpos(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """The byte has not the fixed bits of a status byte. Device or cable speaks something else."""


class Status(NamedTuple):
    """The four bytes, read."""

    offline: bool
    cover_open: bool
    paper: str  # ok, low or out
    cutter_jammed: bool
    overheated: bool
    broken: bool  # only power off and on, or repair, helps
    other_error: bool


class EscposPrinter:
    """`address` is host:port or a path such as /dev/usb/lp0."""

    name = "receipt"
    confirm = 2
    bands: Mapping[str, float] = {}

    def __init__(
        self,
        address: str,
        *,
        period_s: float = 5.0,
        timeout_s: float = PATIENCE_S,
        misses: int = 3,
        clock: Clock = time.monotonic,
    ) -> None:
        self._address = address
        self._place = _place(address)
        self._patience_s = timeout_s
        self._clock = clock
        self._misses_allowed = misses
        self._misses = 0
        self.period_s = period_s
        self.timeout_s = timeout_s + 1

    def observe(self) -> Finding:
        try:
            answer = self._ask()
        except OSError as error:
            return self._missed(error)
        self._misses = 0
        try:
            return judge(read(answer))
        except NotEscpos as error:
            return cannot_tell(str(error))

    def _missed(self, error: OSError) -> Finding:
        self._misses += 1
        why = f"the receipt printer does not answer: {error}"
        if self._misses < self._misses_allowed:
            return cannot_tell(f"{why} (busy?)")
        return found({"online": False}, ["receipt.unreachable"], why)

    def _ask(self) -> bytes:
        deadline = self._clock() + self._patience_s
        with self._open() as handle:
            poll = select.poll()  # not select(): that one refuses handles above 1023
            poll.register(handle, select.POLLIN)
            _forget_late_answers(handle, poll)
            # One after the other: real printers may drop a question asked before the last answer.
            return b"".join([self._status(handle, poll, n, deadline) for n in (1, 2, 3, 4)])

    @contextlib.contextmanager
    def _open(self) -> Iterator[int]:
        if self._address.startswith("/"):
            handle = os.open(self._address, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
            try:
                yield handle
            finally:
                os.close(handle)
            return
        with dial(*self._place, self._patience_s) as link:
            yield link.fileno()

    def _status(self, handle: int, poll: "select.poll", number: int, deadline: float) -> bytes:
        os.write(handle, bytes((0x10, 0x04, number)))
        if not poll.poll(max(deadline - self._clock(), 0) * 1000):
            raise TimeoutError("no status in time")
        answer = os.read(handle, 1)
        if not answer:
            raise ConnectionError("it hung up")
        return answer


def _place(address: str) -> tuple[str, int]:
    """Host and port, unused for a path. Raises ValueError: the configuration must be corrected."""
    if address.startswith("/"):
        return "", 0
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise ValueError(f"not an address like 10.0.0.5:9100 or /dev/usb/lp0: {address!r}")
    return host, int(port)


def _forget_late_answers(handle: int, poll: "select.poll") -> None:
    """What came after an earlier look gave up would be taken for the answer to another question."""
    while poll.poll(0):
        if not os.read(handle, 256):
            raise ConnectionError("it hung up")


def read(answer: bytes) -> Status:
    """Four status bytes to what they mean. Raises NotEscpos for anything else."""
    if len(answer) != 4:
        raise NotEscpos(f"{len(answer)} status bytes instead of 4")
    for number, byte in enumerate(answer, start=1):
        if byte & 0x93 != 0x12:
            raise NotEscpos(f"status {number} is {byte:#04x}: not a receipt printer's answer")
    general, cause, error, roll = answer
    return Status(
        offline=bool(general & 0x08),
        cover_open=bool(cause & 0x04),
        paper="out" if roll & 0x60 or cause & 0x20 else "low" if roll & 0x0C else "ok",
        cutter_jammed=bool(error & 0x08),
        overheated=bool(error & 0x40),
        broken=bool(error & 0x20),
        other_error=bool(cause & 0x40),
    )


def judge(status: Status) -> Finding:
    named = {
        "receipt.paper_out": status.paper == "out",
        "receipt.cover_open": status.cover_open,
        "receipt.cutter": status.cutter_jammed,
        "receipt.overheated": status.overheated,
    }
    codes = [code for code, holds in named.items() if holds]
    if status.broken or (status.other_error and not codes):
        codes.append("receipt.error")
    if status.offline and not codes:
        codes.append("receipt.offline")
    if status.paper == "low":
        codes.append("receipt.paper_low")
    facts: dict[str, Fact] = {
        "online": not status.offline,
        "paper": status.paper,
        "cover_open": status.cover_open,
        "cutter_ok": not status.cutter_jammed,
        "recoverable": not status.broken,
    }
    why = ", ".join(code.removeprefix("receipt.").replace("_", " ") for code in codes)
    return found(facts, codes, f"the receipt printer reports: {why}" if codes else "")
