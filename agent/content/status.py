"""What the child is at just now: one small file that the resident agent reads while it runs.

Owns status.json, whole at every moment and lost at a power cut: nothing depends on it. How a
release ended is a report (`reports`), never this. Imports little: the resident agent reads it.
"""

from pathlib import Path

import msgspec

from agent import disk
from wire.messages import Facts, Text


class Installing(msgspec.Struct, kw_only=True):
    """One release on its way or settled. `done` and `total`: bytes over the line."""

    bundle: str
    seq: int
    attempt: int
    state: str
    done: int = 0
    total: int = 0
    note: Text = ""


class Status(msgspec.Struct, kw_only=True):
    """`codes` are faults of the catalogue (content.*), `why` one sentence about the first.

    `releases`: bundle -> what is in use. `again_s`: when the child wants to be started again, null
    for not before something new is wanted. `at` in ms of the kiosk's clock.
    """

    installs: list[Installing] = []
    codes: list[str] = []
    why: Text = ""
    facts: Facts = {}
    releases: dict[str, int] = {}
    again_s: float | None = None
    at: int = 0


def write(path: Path, status: Status) -> None:
    """Raises OSError; what stood there stands there then."""
    disk.replace(path, msgspec.json.encode(status))


def read(path: Path) -> Status | None:
    """None when there is none, or when it is damaged."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Status)
    except (OSError, msgspec.MsgspecError):
        return None
