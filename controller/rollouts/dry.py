"""What a rollout would mean before anybody says go: kiosks, phases, bytes, time, cost.

Reads only. Bytes are what crosses a kiosk's line at most: chunks it finds in its own older
releases, or at a neighbour, cost nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, select

from controller.deeds import Doer
from controller.jobs.problems import Problem
from controller.rollouts.weigh import Request, Weighed, weigh
from controller.store.release_tables import reported
from controller.store.slices import slices

__all__ = ["DryRun", "KioskCost", "Line", "Problem", "Request", "bytes_for", "dry_run"]

METADATA: Final = 3_000  # bytes of signed metadata, when something is new
SHOWN: Final = 20
_HAS: Final = select(reported.c.kiosk_id, reported.c.seq, reported.c.facts).where(
    reported.c.bundle == bindparam("the_bundle"),
    reported.c.kiosk_id.in_(bindparam("kiosks", expanding=True)),
)


class Line(NamedTuple):
    """What is assumed of kiosks that never told their rate. `price_per_mb` in any currency."""

    kbit: float = 2_000.0
    price_per_mb: float = 0.0


class KioskCost(NamedTuple):
    """`since`: what it has now, 0 for nothing. `bytes`: at most so many cross its line.

    `seconds`: at the rate of its last fetch (`measured`), or as assumed.
    """

    kiosk: str
    phase: int
    control: bool
    since: int
    bytes: int
    seconds: float
    cost: float
    measured: bool


class DryRun(NamedTuple):
    """`phases`: kiosks in each, those held back last. `by_since`: release in use -> kiosks.

    `slowest_s`: of the slowest kiosk; `bytes` and `cost` of all together. `costliest`: at most 20
    kiosks, the slowest first. `begins` and `ends` (ms): when nobody has to agree, no window has to
    open, and no kiosk is away. `warnings`: sentences for whoever asks, nothing forbids it.
    """

    kiosks: int
    online: int
    held_back: int
    phases: tuple[int, ...]
    by_since: dict[int, int]
    bytes: int
    slowest_s: float
    cost: float
    approvals: int
    begins: int
    ends: int
    costliest: tuple[KioskCost, ...]
    warnings: tuple[str, ...]
    problems: tuple[Problem, ...]


USUAL_LINE: Final = Line()


def dry_run(
    conn: Connection, by: Doer, request: Request, now: int, line: Line = USUAL_LINE
) -> DryRun:
    """Raises Refused (`unknown`: no such release or kiosk, `asked`), Lacks, BadQuestion, Outside.

    Everything else that forbids it stands in `problems`. The canary that is drawn when it is asked
    for is another, of the same size.
    """
    weighed = weigh(conn, by, request, seed="")
    costs = [*_costs(conn, weighed, line)]
    slowest_s = max((one.seconds for one in costs), default=0.0)
    begins = max(now, request.not_before)
    placed = Counter(place.phase for place in weighed.places.values())
    by_since = Counter(one.since for one in costs)
    return DryRun(
        kiosks=len(weighed.targets),
        online=sum(one.presence == "online" for one in weighed.targets),
        held_back=sum(place.control for place in weighed.places.values()),
        phases=tuple(placed[number] for number in range(1, max(placed, default=0) + 1)),
        by_since=dict(sorted(by_since.items())),
        bytes=sum(one.bytes for one in costs),
        slowest_s=slowest_s,
        cost=round(sum(one.cost for one in costs), 2),
        approvals=weighed.approvals,
        begins=begins,
        ends=begins + len(placed) * int(request.plan.soak_min * 60_000 + slowest_s * 1000),
        costliest=tuple(sorted(costs, key=lambda one: (-one.seconds, one.kiosk))[:SHOWN]),
        warnings=tuple(_warnings(weighed, by_since)),
        problems=weighed.problems,
    )


def _costs(conn: Connection, weighed: Weighed, line: Line) -> Iterator[KioskCost]:
    has = _has(conn, weighed)
    for one in weighed.targets:
        since, rate = has.get(one.id, (0, 0.0))
        sent = bytes_for(weighed.release, since)
        place = weighed.places.get(one.id)
        yield KioskCost(
            kiosk=one.name,
            phase=place.phase if place else 0,
            control=place.control if place else False,
            since=since,
            bytes=sent,
            seconds=round(sent / (rate or line.kbit * 125), 1),
            cost=round(sent / 1e6 * line.price_per_mb, 2),
            measured=bool(rate),
        )


def _has(conn: Connection, weighed: Weighed) -> dict[int, tuple[int, float]]:
    """Kiosk id -> release in use, and the bytes a second of its last fetch (0: not known)."""
    ids, found = [one.id for one in weighed.targets], {}
    for some in slices(ids):
        these = {"the_bundle": weighed.release.bundle, "kiosks": some}
        for row in conn.execute(_HAS, these):
            found[row.kiosk_id] = (row.seq, _rate(row.facts))
    return found


def _rate(facts: Mapping[str, Any]) -> float:
    """Facts come from the kiosk: what is no number is not believed."""
    sent, seconds = facts.get("line"), facts.get("seconds")
    numbers = all(isinstance(one, int | float) and one > 0 for one in (sent, seconds))
    return min(1e9, float(sent) / float(seconds)) if numbers else 0.0  # type: ignore[arg-type]


def bytes_for(release: Any, since: int) -> int:
    """What crosses the line of a kiosk that has release `since`; 0: that has nothing.

    `release`: its row. Without a pack from there it is at most what a kiosk needs that has nothing.
    """
    about: Mapping[str, Any] = release.about
    if since == release.seq:
        return METADATA
    packs = {one["since"]: one["size"] for one in about.get("packs", ())}
    whole = packs.get(0, about.get("unpacked", 0))
    return int(packs.get(since, whole) + release.index_sent + METADATA)


def _warnings(weighed: Weighed, by_since: Mapping[int, int]) -> Iterator[str]:
    release = weighed.release
    if newer := sum(many for since, many in by_since.items() if since > release.seq):
        yield f"{newer} kiosks have a newer release: this one takes them back"
    least = release.about.get("min_seq", 0)
    if stuck := sum(many for since, many in by_since.items() if since < max(1, least)):
        yield f"{stuck} kiosks cannot go back if it does harm: they have nothing that may come back"
    controls = sum(place.control for place in weighed.places.values())
    if weighed.places and not controls:
        yield "nobody is held back: in the last phase there is nothing to compare with"
    first = [one for one in weighed.targets if weighed.places.get(one.id, (0,))[0] == 1]
    if first and all(one.presence != "online" for one in first):
        yield "no kiosk of the first phase is online now"
