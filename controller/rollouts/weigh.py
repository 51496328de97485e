"""What a request for a rollout means: the release, its kiosks, their places, why it cannot be.

Reads only. Used alike by who asks (ask.py) and by who only wants to know (dry.py).
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, bindparam, or_, select

from controller.deeds import Doer
from controller.jobs import asked as asked_
from controller.jobs.asked import Asked, Target
from controller.jobs.problems import Problem, of_any
from controller.jobs.refused import Lacks, Refused
from controller.people.powers import Scope
from controller.rollouts import plan as plan_
from controller.rollouts.plan import CannotPlan, Place, Plan, Spot
from controller.rollouts.shapes import LIVING
from controller.store.release_tables import release, rollout, share
from controller.store.slices import slices
from controller.store.tables import kiosk_status
from wire.content import PROGRAMS

POWER: Final = "rollout.ask"
MOST_APPROVALS: Final = 3
CANARY: Final = 10  # a first phase of more kiosks and a greater share than this (%) is no canary
_VERDICTS: Final = tuple(kiosk_status.c[n] for n in ("inform", "apply", "complain", "watch"))
_READY: Final = (
    select(kiosk_status.c.kiosk_id)
    .where(
        kiosk_status.c.kiosk_id.in_(bindparam("kiosks", expanding=True)),
        kiosk_status.c.presence == "online",
        and_(*(one != "no" for one in _VERDICTS)),
        or_(*(one == "yes" for one in _VERDICTS)),
    )
)  # fmt: skip
_BUSY: Final = (
    select(rollout.c.id)
    .join(share, share.c.rollout_id == rollout.c.id)
    .where(
        rollout.c.bundle == bindparam("the_bundle"),
        rollout.c.state.in_(LIVING),
        rollout.c.id != bindparam("but"),
        share.c.kiosk_id.in_(bindparam("kiosks", expanding=True)),
    )
    .limit(1)
)


class Request(NamedTuple):
    """`not_before`: office ms, 0 for at once. `approvals`: people who must agree beside the asker.

    `token`: 32 hex, the same for every repetition of one click; empty makes a new one. `at_most`:
    so many kiosks its asker has seen, 0 for one who did not look.
    """

    bundle: str
    seq: int
    asked: Asked
    plan: Plan = Plan()
    why: str = ""
    not_before: int = 0
    approvals: int = 0
    token: str = ""
    at_most: int = 0


class Weighed(NamedTuple):
    """`release`: its row. `places` by kiosk id, empty where the plan is a problem."""

    release: Any
    targets: list[Target]
    places: dict[int, Place]
    approvals: int
    problems: tuple[Problem, ...]


def weigh(conn: Connection, by: Doer, request: Request, seed: str) -> Weighed:
    """`seed` draws the lots. Raises Refused (`unknown`, `asked`), Lacks, BadQuestion, Outside."""
    scope = by.person.scope(POWER)
    if not scope.districts:
        raise Lacks(POWER)
    found = _release(conn, request)
    targets = asked_.resolve(conn, scope, request.asked)
    problems = [*of_any(targets, request.at_most, request.why), *_problems(request, found)]
    problems += _busy(conn, request, targets)
    places: dict[int, Place] = {}
    try:
        plan_.check(request.plan)
        places = plan_.assign(request.plan, _spots(conn, scope, request.plan, targets), seed)
    except CannotPlan as error:
        problems.append(Problem("plan", str(error)))
    return Weighed(found, targets, places, _approvals(request, places), tuple(problems))


def _release(conn: Connection, request: Request) -> Any:
    here = (release.c.bundle == request.bundle, release.c.seq == request.seq)
    found = conn.execute(select(release).where(*here)).one_or_none()
    if found is None:
        raise Refused("unknown", f"there is no release {request.seq} of {request.bundle[:32]!r}")
    return found


def _problems(request: Request, found: Any) -> Iterator[Problem]:
    if found.state != "published":
        yield Problem("state", f"release {found.seq} of {found.bundle} is {found.state}")
    if not request.why.strip():
        yield Problem("why", "a rollout needs a reason")
    if not 0 <= request.approvals <= MOST_APPROVALS:
        yield Problem("plan", f"0 to {MOST_APPROVALS} people may have to agree")


def _busy(conn: Connection, request: Request, targets: Sequence[Target]) -> Iterator[Problem]:
    if why := busy(conn, request.bundle, [one.id for one in targets]):
        yield Problem("state", why)


def busy(conn: Connection, bundle: str, kiosks: list[int], but: int = 0) -> str:
    """What a kiosk shall have is said by one rollout at a time: which other does, else empty."""
    for some in slices(kiosks):
        other = conn.scalar(_BUSY, {"the_bundle": bundle, "kiosks": some, "but": but})
        if other is not None:
            why = f"rollout {other} of {bundle} is under way on some of these kiosks"
            return f"{why}: let it end, or abort it"
    return ""


def _spots(conn: Connection, scope: Scope, plan: Plan, targets: Sequence[Target]) -> list[Spot]:
    ids = [one.id for one in targets]
    ready = {row[0] for some in slices(ids) for row in conn.execute(_READY, {"kiosks": some})}
    listed: dict[int, int] = {}
    for number, phase in enumerate(plan.phases, 1):
        if not phase.bound:
            for one in asked_.resolve(conn, scope, phase.asked):
                listed.setdefault(one.id, number)
    return [Spot(one, one in ready, listed.get(one, 0)) for one in ids]


def _approvals(request: Request, places: dict[int, Place]) -> int:
    """Programs, and what begins without a canary, need a second person.

    The first phase that has a kiosk counts: one whose list or filter finds nobody opens at once.
    """
    begins = min((one.phase for one in places.values()), default=1)
    first = sum(1 for one in places.values() if one.phase == begins)
    careful = first <= CANARY or first * 100 <= CANARY * len(places)
    least = int(request.bundle in PROGRAMS or not careful)
    return max(least, request.approvals)
