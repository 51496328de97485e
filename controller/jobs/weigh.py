"""What a wish would mean under the policy in force: how many kiosks, what power, who must agree.

Reads only. The kiosks ask the same policy again before they do anything.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection

from controller import policies
from controller.deeds import Doer
from controller.jobs import asked as asked_
from controller.jobs import plan as plan_
from controller.jobs.asked import Asked, Target
from controller.jobs.plan import CannotPlan, Plan, Slot
from controller.jobs.problems import Problem, of_any
from controller.jobs.refused import Lacks, Refused
from controller.words import is_text
from wire.actions import KINDS, BadArguments, Power, parse_args
from wire.envelope import Order
from wire.policy import Policy, Rule, power_of, power_of_kind

LEAST_VALID_S: Final = 60
MOST_VALID_S: Final = 30 * 86_400
_NO_ROOT: Final = "0" * 64


class Wish(NamedTuple):
    """`valid_s`: how long kiosks may begin it.

    `token`: 32 hex, the same for every repetition of one click; empty makes a new one. `at_most`:
    so many kiosks its asker has seen, 0 for one who did not look: a filter may find more meanwhile.
    """

    kind: str
    args: Mapping[str, Any]
    asked: Asked
    plan: Plan = Plan()
    why: str = ""
    valid_s: int = 3600
    token: str = ""
    retry_of: int | None = None
    at_most: int = 0


class Preview(NamedTuple):
    """What asking would mean. Times are milliseconds; 0 where a problem leaves them open.

    `offline`: they get it when they return, if they do before `expires`. `first` and `last`: the
    earliest moments at which the first and the last kiosk may begin. `waves`: kiosks in each.
    """

    kiosks: int
    online: int
    offline: int
    power: Power
    approvals: int
    cool_off_s: int
    first: int
    last: int
    expires: int
    waves: tuple[int, ...]
    problems: tuple[Problem, ...]


class Weighed(NamedTuple):
    """`order` lacks the root of its tree. `slots` are empty where there is a problem."""

    preview: Preview
    order: Order
    plan: Plan
    targets: list[Target]
    slots: dict[str, Slot]


class _Under(NamedTuple):
    """The policy's word for this many kiosks."""

    policy: Policy
    power: Power
    rule: Rule


def weigh(conn: Connection, by: Doer, wish: Wish, now: int, seed: str) -> Weighed:
    """`seed` decides who is in the first waves. Raises Refused, Lacks, BadQuestion, Outside."""
    policy = in_force(conn)
    args = _args(wish)
    born = power_of_kind(policy, wish.kind)
    scope = by.person.scope(f"command.{born}")
    if not scope.districts:
        raise Lacks(f"command.{born}")
    targets = asked_.resolve(conn, scope, wish.asked)
    order = Order(
        fleet=policy.fleet,
        order=seed or "0" * 32,
        kind=wish.kind,
        args=args,
        kiosks=_NO_ROOT,
        count=max(1, len(targets)),
        issued=now,
        not_before=now,
        expires=now,
    )
    power = power_of(policy, order)
    rule = policy.rules.get(power, Rule(approvals=0, most=1))
    under = _Under(policy, power, rule)
    order = _timed(order, wish, rule, now)
    plan = plan_.careful(wish.plan) if power == "destructive" else wish.plan
    problems = [*of_any(targets, wish.at_most, wish.why), *_problems(wish, under, targets)]
    problems += _lacking(by, power, targets)
    slots: dict[str, Slot] = {}
    if not problems:
        try:
            slots = _slots(plan, targets, order, seed)
        except CannotPlan as error:
            problems = [Problem("plan", str(error))]
    return Weighed(_preview(under, order, targets, slots, problems), order, plan, targets, slots)


def in_force(conn: Connection) -> Policy:
    """Raises Refused (`no_policy`)."""
    found = policies.newest(conn)
    if found is None:
        raise Refused("no_policy", "nobody may command yet: the office must make its policy first")
    return found.policy


def _args(wish: Wish) -> dict[str, Any]:
    """Every argument, also those left out: people sign what is done, not what is meant."""
    try:
        typed = parse_args(wish.kind, dict(wish.args))
    except BadArguments as error:
        raise Refused("arguments", str(error)) from None
    found: dict[str, Any] = msgspec.to_builtins(typed)
    if not all(is_text(one) for one in found.values() if isinstance(one, str)):
        raise Refused("arguments", f"{wish.kind}: text without control characters")
    return found


def _timed(order: Order, wish: Wish, rule: Rule, now: int) -> Order:
    begin = now + rule.cool_off_s * 1000
    valid_s = min(max(wish.valid_s, LEAST_VALID_S), MOST_VALID_S)
    return msgspec.structs.replace(order, not_before=begin, expires=begin + valid_s * 1000)


def _problems(wish: Wish, under: _Under, targets: list[Target]) -> list[Problem]:
    rule, power = under.rule, under.power
    found = []
    if KINDS[wish.kind].power == "destructive" and not wish.asked.kiosks:
        found.append(Problem("asked", f"{wish.kind} takes names of kiosks, no filter and no list"))
    named = wish.args.get("kiosk")
    if named is not None and [one.name for one in targets] != [named]:
        found.append(Problem("arguments", f"{wish.kind} is for the one kiosk it names"))
    if power not in under.policy.rules:
        found.append(Problem("power", f"the policy allows nothing that is {power}"))
    elif len(targets) > rule.most:
        why = f"{len(targets)} kiosks, {rule.most} is the most for {power}"
        found.append(Problem("too_many", why))
    if power != "routine" and not wish.why.strip():
        found.append(Problem("why", f"what is {power} needs a reason"))
    if not LEAST_VALID_S <= wish.valid_s <= MOST_VALID_S:
        found.append(Problem("plan", f"it is valid for {LEAST_VALID_S} to {MOST_VALID_S} s"))
    people = {key.who for key in under.policy.keys if key.use == "person"}
    if len(people) < rule.approvals:
        why = f"{rule.approvals} people must agree, {len(people)} have a key in the policy"
        found.append(Problem("keys", why))
    return found


def _lacking(by: Doer, power: Power, targets: list[Target]) -> list[Problem]:
    """So many kiosks may need more than one of them does."""
    needed = f"command.{power}"
    scope = by.person.scope(needed)
    if not scope.districts:
        return [Problem("power", Lacks(needed).why, needed)]
    outside = next((one for one in targets if not scope.holds(one.site_code)), None)
    if outside is None:
        return []
    why = f"this needs the power {needed}, which you have not where {outside.name} is"
    return [Problem("power", why, needed)]


def _slots(plan: Plan, targets: list[Target], order: Order, seed: str) -> dict[str, Slot]:
    """Kiosks that are online come first: who is away proves nothing in a first wave."""

    def place(one: Target) -> tuple[bool, bytes]:
        return one.presence != "online", hashlib.sha256(f"{seed}{one.name}".encode()).digest()

    names = [one.name for one in sorted(targets, key=place)]
    return plan_.schedule(plan, names, order.not_before, order.expires, seed)


def _preview(
    under: _Under,
    order: Order,
    targets: list[Target],
    slots: dict[str, Slot],
    problems: list[Problem],
) -> Preview:
    moments = [slot.after for slot in slots.values()]
    waves = [slot.wave for slot in slots.values()]
    online = sum(one.presence == "online" for one in targets)
    return Preview(
        kiosks=len(targets),
        online=online,
        offline=len(targets) - online,
        power=under.power,
        approvals=under.rule.approvals,
        cool_off_s=under.rule.cool_off_s,
        first=min(moments, default=0),
        last=max(moments, default=0),
        expires=order.expires,
        waves=tuple(waves.count(wave) for wave in range(1, max(waves, default=0) + 1)),
        problems=tuple(problems),
    )
