"""The words and colours of rollouts, wherever they stand. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from dashboards.console import words
from dashboards.console.pages.ask import Ask

TONES: Final = {
    "waiting": "warn", "ready": "work", "running": "work", "held": "fail", "paused": "warn",
    "rolling_back": "fail", "rolled_back": "offline", "finished": "ok", "aborted": "none",
    "refused": "offline",
}  # fmt: skip
SHARE_TONES: Final = {
    "installed": "ok", "failed": "fail", "rolled_back": "warn", "wanted": "work", "waiting": "none",
}  # fmt: skip
INSTALL_TONES: Final = {
    "pending": "work", "downloading": "work", "verifying": "work", "staged": "work",
    "activating": "work", "confirming": "work", "installed": "ok", "rolling_back": "warn",
    "rolled_back": "warn", "failed": "fail",
}  # fmt: skip
VERDICT_TONES: Final = {
    "served": "ok", "unserved": "fail", "silent": "offline", "unknown": "unknown",
}  # fmt: skip
SETTLED: Final = ("installed", "failed", "rolled_back")
NEED_PEOPLE: Final = ("waiting", "held", "paused")
MOVING: Final = ("ready", "running", "rolling_back")


def vocabulary(ask: Ask) -> dict[str, Any]:
    """What templates about rollouts say besides."""
    return {
        "rollout_tones": TONES,
        "share_tones": SHARE_TONES,
        "share_bars": bars,
        "settled_of": settled,
        "percent": lambda part: words.chance(part, ask.t),
    }


def settled(counts: Mapping[str, int]) -> int:
    return sum(counts.get(state, 0) for state in SETTLED)


def bars(counts: Mapping[str, int], kiosks: int) -> list[tuple[str, float, float]]:
    """(tone, where it begins, how wide) of a bar 100 wide: what ended well first."""
    found, at = [], 0.0
    for state, tone in SHARE_TONES.items():
        wide = 100 * counts.get(state, 0) / max(1, kiosks)
        if wide:
            found.append((tone, round(at, 2), round(wide, 2)))
            at += wide
    return found
