"""A slip from the receipt printer, and what the printer says before and after.

One connection for all of it where it can be: the port serves one client at a time. A printer that
is busy with somebody's receipt is waited for a moment. `confirmed` is true when the printer has
answered a question that it only reaches after it has worked through the slip.
"""

import os
import select
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from agent.actions import leaf
from agent.actions.base import Context, Failed
from agent.probes.base import Facts, Finding

PATIENCE_S: Final = 4.0
BUSY_S: Final = 10.0
SENSOR: Final = b"\x1dr\x01"  # GS r 1: in its turn, unlike DLE EOT which is answered at once


def printed(context: Context, lines: Sequence[str]) -> Facts:
    """The proof. Raises Failed `paper`, `not_ok`, `unreachable`."""
    address = str(context.device("receipt", "address"))
    before = _observe(context)
    facts: Facts = {"before": before.state}
    _must_be_well(before, facts, "before")
    with context.stop.too_late("the slip is with the printer"):
        try:
            with _opened(address) as handle:
                _write(handle, leaf.receipt(lines) + SENSOR)
                confirmed = _answers(handle)
        except OSError as error:
            raise Failed("unreachable", f"the receipt printer: {error}", facts) from error
        after = _observe(context)
    _must_be_well(after, facts, "after")
    return {**facts, "after": after.state, "confirmed": confirmed, "slips": 1}


def _observe(context: Context) -> Finding:
    """Once more while it may only be busy."""
    probe = context.probe("receipt")
    seen: list[Finding] = []

    def answers() -> bool:
        seen.append(probe.observe())
        return seen[-1].state != "unknown"

    context.stop.until(answers, BUSY_S, 1.0)
    return seen[-1]


def _must_be_well(seen: Finding, facts: Facts, when: str) -> None:
    told = {**facts, when: seen.state}
    if "receipt.paper_out" in seen.codes:
        raise Failed("paper", f"no paper {when} the test", told)
    if seen.state not in ("ok", "warn"):
        raise Failed("not_ok", f"{when} the test: {seen.why}", told)


@contextmanager
def _opened(address: str) -> Iterator[int]:
    if not address.startswith("/"):
        host, _, port = address.rpartition(":")
        with socket.create_connection((host, int(port)), PATIENCE_S) as link:
            yield link.fileno()
        return
    handle = os.open(address, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        yield handle
    finally:
        os.close(handle)


def _write(handle: int, content: bytes) -> None:
    poll = select.poll()
    poll.register(handle, select.POLLOUT)
    while content:
        if not poll.poll(PATIENCE_S * 1000):
            raise TimeoutError("it takes nothing more")
        content = content[os.write(handle, content) :]


def _answers(handle: int) -> bool:
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    if not poll.poll(PATIENCE_S * 1000):
        return False
    answer = os.read(handle, 1)
    return bool(answer) and answer[0] & 0x90 == 0x00  # fixed bits of the answer to GS r
