"""The true state of each tile: what works, what does not, since when, and what still does. Pure.

Owns the judgement, from what the agent says of this kiosk (Local), from the catalogue and from the
counter's hours. A tile is never hidden and never lies: "ok" works whole, "limited" works in part,
"shut" does not work now. Every sentence is a key of the texts below `state.`; whoever shows it
fills in the moments.
"""

from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple

from portal.hours import Now
from wire.local import Local

State = Literal["ok", "limited", "shut"]
SILENT_MS: Final = 180_000  # the agent says something every minute
PRINTERS: Final = ("printer", "escpos")


class Facts(NamedTuple):
    """`why_not` of portal/handover.py; `waits_since`: how old the oldest in a full tray is.

    `synced` is when the office last told something.
    `offered` says how many there are of what a tile leads to, by its code.
    """

    now: int
    local: Local | None
    why_not: str
    waits_since: int
    counter: Now
    synced: int
    offered: Mapping[str, int]


class Shown(NamedTuple):
    """`key` below `state.` of the texts; `since` fills in its {since}, 0 when it has none."""

    state: State
    key: str
    since: int = 0


def online(local: Local | None, now: int) -> bool:
    """Whether the office is heard, as far as somebody on this kiosk knows."""
    return local is not None and _is_new(local, now) and local.online


def printer_down(local: Local | None) -> int:
    """Since when the printer does not print, 0 when it does or nobody says otherwise."""
    probes = local.probes if local else {}
    return min((p.since for name, p in probes.items() if _is_bad(name, p.state)), default=0)


def judge(facts: Facts) -> dict[str, Shown]:
    """By the code of the tile."""
    return {code: rule(facts) for code, rule in _RULES.items()}


def _is_new(local: Local, now: int) -> bool:
    """A clock that was put back makes nothing newer than it is."""
    return abs(now - local.at) <= SILENT_MS


def _is_bad(name: str, state: str) -> bool:
    return name.startswith(PRINTERS) and state == "fail"


def _inform(facts: Facts) -> Shown:
    return Shown("ok", "inform") if facts.offered.get("inform") else Shown("shut", "nothing")


def _apply(facts: Facts) -> Shown:
    return _hands_in(facts, "apply") if facts.offered.get("apply") else Shown("shut", "nothing")


def _complain(facts: Facts) -> Shown:
    return _hands_in(facts, "complain")


def _hands_in(facts: Facts, code: str) -> Shown:
    if facts.why_not == "full" and facts.waits_since:
        return Shown("shut", "full", facts.waits_since)
    if facts.why_not:
        return Shown("shut", "no_keys")
    if not online(facts.local, facts.now):
        return _offline(facts, "kept", "kept_unknown")
    if since := printer_down(facts.local):
        return Shown("limited", "no_printer", since)
    return Shown("ok", code)


def _visit(facts: Facts) -> Shown:
    if not facts.synced:
        return Shown("shut", "no_schedule")
    if online(facts.local, facts.now):
        return Shown("ok", "visit")
    return Shown("limited", "synced", facts.synced)


def _watch(facts: Facts) -> Shown:
    return Shown("ok", "watch") if facts.offered.get("watch") else Shown("shut", "no_films")


def _queue(facts: Facts) -> Shown:
    if not facts.counter.is_open:
        key = "counter_closed" if facts.counter.until else "counter_away"
        return Shown("limited", key, facts.counter.until)
    if not online(facts.local, facts.now):
        return _offline(facts, "status_old", "status_unknown")
    if since := printer_down(facts.local):
        return Shown("limited", "no_printer", since)
    return Shown("ok", "queue", facts.counter.until)


def _offline(facts: Facts, key: str, unknown: str) -> Shown:
    local = facts.local
    if local is None or local.online or not _is_new(local, facts.now):
        return Shown("limited", unknown)
    return Shown("limited", key, local.online_since)


_RULES: Final[Mapping[str, Callable[[Facts], Shown]]] = {
    "inform": _inform,
    "apply": _apply,
    "complain": _complain,
    "visit": _visit,
    "watch": _watch,
    "queue": _queue,
}
