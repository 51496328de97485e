"""What a measurement is: a value beside its yardstick from the same run, and a goal it must meet.

A bench is a function without arguments that yields Figures. It owns every process it starts and
ends them by their pid. Values are never compared across runs: machines are noisy, ratios less so.
"""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple


class Figure(NamedTuple):
    """One line of the table and one entry of build/bench.json."""

    name: str  # prefixed by its subject: agent. ingest. console.
    value: float
    unit: str
    yardstick: float | None = None  # the same quantity of the bare alternative, in the same run
    goal: str = ""  # "<= 30" or ">= 5000": the comparison the value must satisfy
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.yardstick if self.yardstick else None

    @property
    def ok(self) -> bool | None:
        """None when there is no goal: the figure is for information."""
        if not self.goal:
            return None
        comparison, bound = self.goal.split()
        return {"<=": self.value <= float(bound), ">=": self.value >= float(bound)}[comparison]

    def entry(self) -> dict[str, object]:
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "yardstick": self.yardstick,
            "ratio": self.ratio,
            "goal": self.goal,
            "ok": self.ok,
            "note": self.note,
        }


Bench = Callable[[], Iterable[Figure]]


def line(figure: Figure) -> str:
    ratio = f"{figure.ratio:9.2f}x" if figure.ratio is not None else " " * 10
    yardstick = f"{figure.yardstick:12.3f}" if figure.yardstick is not None else " " * 12
    verdict = {None: "", True: "ok", False: "MISSED"}[figure.ok]
    return (
        f"{figure.name:38} {figure.value:12.3f} {figure.unit:12} {yardstick} {ratio}"
        f"  {figure.goal:9} {verdict:6} {figure.note}"
    )


def heading() -> str:
    return (
        f"{'figure':38} {'value':>12} {'unit':12} {'yardstick':>12} {'ratio':>10}"
        f"  {'goal':9} verdict"
    )


def keep(figures: Iterable[Figure], path: Path) -> None:
    """Write the list, replacing the entries of the same name and keeping the others."""
    kept = {entry["name"]: entry for entry in _read(path)}
    kept.update({figure.name: figure.entry() for figure in figures})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(list(kept.values()), indent=1) + "\n")


def _read(path: Path) -> list[dict[str, object]]:
    try:
        entries: list[dict[str, object]] = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return []
    return entries
