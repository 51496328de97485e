"""What a kiosk can be told to do: every kind of command with its typed arguments, in one table.

A kind that is not here exists nowhere: not on the kiosk, not in the office, not in the console.
Owns how dangerous a kind is by birth (a signed policy may raise that, never lower it), what may
happen to it when the power is cut in its middle, and its time limits. Knows no device.
"""

from typing import Annotated, Any, Final, Literal, NamedTuple, get_args

import msgspec
from msgspec import Meta, Struct

from wire.messages import Millis, Text

Power = Literal["routine", "sensitive", "destructive"]
POWERS: Final[tuple[Power, ...]] = get_args(Power)  # from the least to the most
Again = Literal["repeatable", "at_most_once", "undoable"]
Percent = Annotated[int, Meta(ge=0, le=100)]


class Args(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Arguments of a kind. An argument nobody knows is refused, not ignored."""


class Identify(Args, frozen=True, kw_only=True):
    """Make the kiosk known to whoever stands in the room with many."""

    beep: bool = True
    flash: bool = True
    slip: bool = False
    seconds: Annotated[int, Meta(ge=1, le=60)] = 10


class TestPrint(Args, frozen=True, kw_only=True):
    """`device`: the probe that watches it."""

    device: Literal["printer", "receipt"] = "printer"


class Level(Args, frozen=True, kw_only=True):
    percent: Percent


class Switch(Args, frozen=True, kw_only=True):
    on: bool


class Maintenance(Args, frozen=True, kw_only=True):
    """`why` is for citizens' eyes."""

    on: bool
    why: Annotated[str, Meta(max_length=120, pattern=r"^[^\x00]*$")] = ""


class CollectLogs(Args, frozen=True, kw_only=True):
    """`since` in milliseconds by the office's clock, 0 for the last hour."""

    since: Millis = 0
    most_kb: Annotated[int, Meta(ge=16, le=1024)] = 256


class LogLevel(Args, frozen=True, kw_only=True):
    """Falls back by itself: nobody remembers to turn it down."""

    level: Literal["debug", "info", "warning"]
    minutes: Annotated[int, Meta(ge=1, le=1440)] = 60


class Speed(Args, frozen=True, kw_only=True):
    """Bytes at most in each direction; the line may be paid by the megabyte."""

    most_kb: Annotated[int, Meta(ge=64, le=2048)] = 512


class Wipe(Args, frozen=True, kw_only=True):
    """`kiosk` once more, so that no list of many can carry it by mistake."""

    kiosk: Text


class Kind(NamedTuple):
    """`step_s`: the longest silence between two signs of progress; `all_s`: the longest run.

    `again` says what is done when the power was cut in its middle: done again, never again (and
    then its end is `unknown` unless the kiosk can prove it), or taken back.
    """

    args: type[Args]
    power: Power
    again: Again
    step_s: int
    all_s: int


KINDS: Final[dict[str, Kind]] = {
    "noop": Kind(Args, "routine", "repeatable", 10, 10),
    "reload_page": Kind(Args, "routine", "repeatable", 30, 60),
    "restart_browser": Kind(Args, "routine", "at_most_once", 60, 120),
    "restart_agent": Kind(Args, "routine", "at_most_once", 120, 120),
    "reboot": Kind(Args, "routine", "at_most_once", 600, 900),
    "screenshot": Kind(Args, "routine", "repeatable", 30, 90),
    "test_print": Kind(TestPrint, "routine", "at_most_once", 60, 180),
    "clear_queue": Kind(Args, "sensitive", "repeatable", 30, 60),
    "resume_queue": Kind(Args, "routine", "repeatable", 30, 60),
    "identify": Kind(Identify, "routine", "at_most_once", 60, 120),
    "set_volume": Kind(Level, "routine", "undoable", 15, 30),
    "set_brightness": Kind(Level, "routine", "undoable", 15, 30),
    "screen": Kind(Switch, "routine", "undoable", 20, 40),
    "maintenance": Kind(Maintenance, "routine", "undoable", 15, 30),
    "collect_logs": Kind(CollectLogs, "routine", "repeatable", 60, 300),
    "self_test": Kind(Args, "routine", "repeatable", 60, 180),
    "set_log_level": Kind(LogLevel, "routine", "undoable", 10, 10),
    "check_network": Kind(Args, "routine", "repeatable", 30, 90),
    "measure_speed": Kind(Speed, "routine", "repeatable", 60, 180),
    "rotate_key": Kind(Args, "sensitive", "repeatable", 120, 600),
    "wipe": Kind(Wipe, "destructive", "repeatable", 120, 600),
}


class BadArguments(ValueError):  # noqa: N818 - says what happened
    """The kind is not known or its arguments are not its own. Whoever asks must act."""


def parse_args(kind: str, given: Any) -> Args:
    """The typed arguments of `given`, JSON values by name. Raises BadArguments."""
    known = KINDS.get(kind)
    if known is None:
        raise BadArguments(f"there is no command {kind[:48]!r}")
    try:
        return msgspec.convert(given, known.args)
    except msgspec.ValidationError as error:
        raise BadArguments(f"{kind}: {error}") from None


def stronger(one: Power, other: Power) -> Power:
    return max(one, other, key=POWERS.index)
