"""What the executor asks of this process, and what this process says: JSON lines, nothing else.

Pure. Any bytes give an Asked or BadRequest. Whatever is said fits what the office accepts: texts
are cut, odd characters and surplus facts left out, because a result that cannot be sent is lost.
"""

import math
import re
from typing import Any, Final, Literal

import msgspec

from agent.probes.base import Facts
from wire.actions import KINDS, Args, BadArguments, parse_args
from wire.messages import Attachment, CommandId, End

MOST_LINE: Final = 64 * 1024
MOST_TEXT: Final = 300
MOST_FACTS: Final = 48
MOST_UNDO: Final = 4096
_NAME: Final = re.compile(r"[a-z][a-z0-9_.:-]{0,47}", re.ASCII)
_CODE: Final = re.compile(r"([a-z][a-z0-9_]{0,31})?", re.ASCII)
_WHOLE: Final = 2**53

Mode = Literal["do", "undo", "recover"]


class BadRequest(ValueError):  # noqa: N818 - says what happened
    """The line is not what an executor says. Whoever started this process must act."""


class _Line(msgspec.Struct, frozen=True):
    command: CommandId
    kind: str
    args: Any = msgspec.field(default_factory=dict)
    until_s: float = 0.0
    mode: Mode = "do"
    undo: str | None = None


class Asked(msgspec.Struct, frozen=True):
    """`until_s`: seconds from now in which all must be over; `undo`: what was noted for it."""

    command: str
    kind: str
    args: Args
    until_s: float
    mode: Mode = "do"
    undo: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a command ended. `code` is for programs, `facts` are the proof."""

    state: End
    code: str = ""
    why: str = ""
    facts: Facts = {}
    attachment: Attachment | None = None


def parse(line: bytes) -> Asked:
    """Raises BadRequest only."""
    if len(line) > MOST_LINE:
        raise BadRequest(f"a line of more than {MOST_LINE} bytes")
    try:
        read = msgspec.json.decode(line, type=_Line)
        args = parse_args(read.kind, read.args)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, BadArguments) as error:
        raise BadRequest(str(error)[:MOST_TEXT]) from None
    most_s = float(KINDS[read.kind].all_s)
    until_s = min(read.until_s, most_s) if 0 < read.until_s < math.inf else most_s
    return Asked(read.command, read.kind, args, until_s, read.mode, read.undo or "")


def progress(percent: int, note: str) -> bytes:
    return _line({"progress": {"percent": max(0, min(percent, 100)), "note": text(note)}})


def undo(noted: str) -> bytes:
    """Raises ValueError when it is too long to be kept."""
    if len(noted) > MOST_UNDO:
        raise ValueError("too much to be taken back")
    return _line({"undo": noted})


def outcome(given: Outcome) -> bytes:
    return _line(
        {
            "outcome": {
                "state": given.state,
                "code": given.code if _CODE.fullmatch(given.code) else "broken",
                "why": text(given.why),
                "facts": facts(given.facts),
                "attachment": given.attachment,
            }
        }
    )


def facts(given: Facts) -> Facts:
    """Those the office takes."""
    kept = {name: _fact(value) for name, value in given.items() if _NAME.fullmatch(name)}
    return dict(list(kept.items())[:MOST_FACTS])


def text(given: str) -> str:
    """One line of at most 300 characters, without what no database keeps."""
    clean = "".join(sign if sign.isprintable() else " " for sign in given[: 4 * MOST_TEXT])
    return " ".join(clean.split())[:MOST_TEXT]


def _fact(value: Any) -> Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, float):
        return round(value, 3) if math.isfinite(value) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return max(-_WHOLE, min(value, _WHOLE))
    return value


def _line(value: Any) -> bytes:
    return msgspec.json.encode(value) + b"\n"
