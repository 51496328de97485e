"""What people type about commands, as values: arguments, times, waves, windows, when to stop. Pure.

Refuses rather than guesses: a number that was meant as a share must not be taken for a count.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from controller.jobs.plan import Plan, Window
from wire.actions import KINDS

_UNITS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_TIME: Final = re.compile(r"([0-9]{1,7})([smhd])")
_SHARE: Final = re.compile(r"[0-9]{1,7}%?")


class TypedWrong(ValueError):  # noqa: N818 - says what happened
    """Whoever typed it must type something else; the message shows how."""


def args(kind: str, pairs: Iterable[str]) -> dict[str, Any]:
    """`name=value` of --arg, as the arguments of this kind. Raises TypedWrong."""
    known = KINDS.get(kind)
    if known is None:
        raise TypedWrong(f"there is no command {kind!r}: {', '.join(KINDS)}")
    split = [pair.partition("=") for pair in pairs]
    given = {name: value for name, _, value in split}
    if len(given) < len(split) or not all(middle for _, middle, _ in split):
        raise TypedWrong("--arg is NAME=VALUE, each name once")
    try:
        made = msgspec.convert(given, known.args, strict=False)
    except msgspec.ValidationError as error:
        names = ", ".join(known.args.__struct_fields__) or "none"
        raise TypedWrong(f"{kind}: {error}; its arguments: {names}") from None
    found: dict[str, Any] = msgspec.to_builtins(made)
    return found


def seconds(text: str) -> int:
    """`90s`, `15m`, `1h`, `2d`. Raises TypedWrong."""
    found = _TIME.fullmatch(text)
    if found is None or not text.isascii():
        raise TypedWrong(f"{text!r} is no time: 90s, 15m, 1h or 2d")
    return int(found[1]) * _UNITS[found[2]]


def plan(waves: str = "", rate: int = 0, window: Sequence[str] = (), stop: str = "") -> Plan:
    """Of --waves, --rate, --window and --stop. Raises TypedWrong."""
    made = Plan(rate_per_min=rate)
    if waves:
        cuts = tuple(one.strip() for one in waves.split(","))
        made = made._replace(waves=cuts if cuts[-1] == "100%" else (*cuts, "100%"))
    if window:
        if len(window) != 3 or not (window[1].isascii() and window[1].isdigit()):
            raise TypedWrong("--window is CRON MINUTES TIMEZONE, e.g. '0 1 * * *' 120 Asia/Jakarta")
        made = made._replace(window=Window(window[0], int(window[1][:6]), window[2]))
    return _stopping(made, stop) if stop else made


def _stopping(made: Plan, stop: str) -> Plan:
    if not _SHARE.fullmatch(stop) or not stop.isascii():
        raise TypedWrong(f"--stop {stop!r}: a share of the kiosks such as 5%, or a number")
    if stop.endswith("%"):
        return made._replace(stop_failed_percent=int(stop[:-1]))
    return made._replace(stop_failed_percent=0, stop_failed_count=int(stop))
