"""Cards for the parts of a kiosk: what a citizen touches first, the rest behind. Pure.

To give a probe a place, add its kind to ORDER; a kind nobody knows comes last, with its own name.
"""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from controller.kiosk_page import ProbeNow
from dashboards.console import words
from dashboards.console.sayings import Piece
from dashboards.console.texts import Texts
from dashboards.console.words import Fact

ORDER: Final = (
    "screen", "browser", "printer", "queue", "receipt", "portal",
    "network", "system", "disk", "temperature", "power", "agent",
)  # fmt: skip
MAIN: Final = (("screen",), ("browser",), ("printer", "receipt"))  # one of each will do
GAUGES: Final = {
    # fact -> at or below this it is low (None: it never is)
    "paper_percent": 15.0,
    "toner_percent": 10.0,
    "battery_percent": 25.0,
    "cpu_percent": None,
    "memory_percent": None,
    "used_percent": None,
}
HIDDEN: Final = frozenset({"picture"})  # a fingerprint for machines


class Gauge(NamedTuple):
    """`value` from 0 to 100."""

    name: str
    text: str
    value: float
    low: bool


class Card(NamedTuple):
    probe: str
    kind: str
    name: str
    state: str
    why: tuple[Piece, ...]
    gauges: tuple[Gauge, ...]
    facts: tuple[Fact, ...]
    at: int
    took: str


def cards(probes: Iterable[ProbeNow], t: Texts) -> list[Card]:
    return [card(probe, t) for probe in sorted(probes, key=place)]


def absent(watched: Iterable[str], t: Texts) -> str:
    """One sentence about the main devices nobody watches here, empty when all are watched."""
    kinds = {words.kind_of(name) for name in watched}
    missing = [one[0] for one in MAIN if not kinds.intersection(one)]
    if not missing:
        return ""
    names = ", ".join(words.probe_name(kind, t).lower() for kind in missing)
    tables = ", ".join(f"[probes.{kind}]" for kind in missing)
    return t("kiosk.absent", probes=names, tables=tables)


def place(probe: ProbeNow) -> tuple[int, str]:
    kind = words.kind_of(probe.probe)
    return ORDER.index(kind) if kind in ORDER else len(ORDER), probe.probe


def card(probe: ProbeNow, t: Texts) -> Card:
    gauges = tuple(
        gauge(name, probe.facts[name], t) for name in GAUGES if is_percent(probe.facts.get(name))
    )
    shown = {name for name in GAUGES if is_percent(probe.facts.get(name))}
    codes = ", ".join(words.name_of(code, t) for code in probe.codes)
    return Card(
        probe=probe.probe,
        kind=words.kind_of(probe.probe),
        name=words.probe_name(probe.probe, t),
        state=probe.state,
        why=(Piece(codes),) if codes else words.said(probe.why, t) if probe.why else (),
        gauges=gauges,
        facts=words.facts(probe.facts, t, HIDDEN | shown),
        at=probe.observed_at,
        took=f"{words.number(round(probe.latency_ms), t)} ms" if probe.latency_ms >= 1 else "",
    )


def is_percent(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 100


def gauge(name: str, value: float, t: Texts) -> Gauge:
    limit = GAUGES[name]
    low = limit is not None and value <= limit
    return Gauge(words.fact_name(name, t), words.value_text(name, value, t), value, low)
