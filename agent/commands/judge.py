"""Whether this kiosk does a command now, later, or never. Pure: values in, a verdict out.

Owns the order of questions that are the kiosk's own, after those of the policy (wire/policy.py
permit): the highest number it has ever taken, what agent.toml forbids, whether it can write down
what it does, how often an hour. Never does anything, never writes, asks no clock.
"""

from collections.abc import Callable
from typing import NamedTuple

from wire.actions import KINDS
from wire.envelope import Envelope, Order, order_of
from wire.messages import End
from wire.policy import Policy, Refusal, Time, Verify, permit


class Take(NamedTuple):
    """Its time is now."""

    order: Order


class Wait(NamedTuple):
    """Allowed, but not before `until` (office milliseconds, a lower bound)."""

    order: Order
    until: int


class Refuse(NamedTuple):
    """Its end, and nothing was done."""

    state: End
    code: str
    why: str


Verdict = Take | Wait | Refuse


class Rules(NamedTuple):
    """What holds on this kiosk. `begun` counts those of a kind begun within the last hour.

    `wiped`: citizens' data are gone, and the rest goes when the office has heard of it.
    """

    kiosk: str
    policy: Policy
    verify: Verify
    disabled: frozenset[str]
    durable: bool
    begun: Callable[[str], int]
    wiped: bool = False


def weigh(envelope: Envelope, rules: Rules, time: Time, highest: int) -> Verdict:
    """For a command that was never seen."""
    if envelope.cancel:
        return Refuse("cancelled", "cancelled", "it had not been begun")
    verdict = _weighed(envelope, rules, time, highest)
    if not isinstance(verdict, Refuse) and envelope.number <= highest:
        why = f"its number {envelope.number} is not above {highest}"
        return Refuse("rejected", "replayed", why)
    return verdict


def weigh_again(envelope: Envelope, rules: Rules, time: Time) -> Verdict:
    """For one that was taken and has waited: time, policy and rates may have changed."""
    return _weighed(envelope, rules, time, envelope.number)


def _weighed(envelope: Envelope, rules: Rules, time: Time, highest: int) -> Verdict:
    try:
        order = permit(rules.policy, envelope, rules.kiosk, time, rules.verify, highest=highest)
    except Refusal as refusal:
        if refusal.code == "too_soon":
            order = order_of(envelope)
            return _local(order, rules) or Wait(order, max(order.not_before, envelope.after))
        state: End = "expired" if refusal.code == "expired" else "rejected"
        return Refuse(state, refusal.code, refusal.why[:300])
    return _local(order, rules) or _too_often(order.kind, rules) or Take(order)


def _local(order: Order, rules: Rules) -> Refuse | None:
    if rules.wiped and order.kind != "wipe":
        return Refuse("rejected", "wiping", "this kiosk is wiped and about to lose its identity")
    if order.kind in rules.disabled:
        return Refuse("rejected", "disabled", f"this kiosk does not do {order.kind}")
    if not rules.durable and KINDS[order.kind].again != "repeatable":
        why = "the disk cannot be written: whether it was done would be forgotten"
        return Refuse("rejected", "no_disk", why)
    return None


def _too_often(kind: str, rules: Rules) -> Refuse | None:
    most = rules.policy.an_hour.get(kind)
    if most is None or rules.begun(kind) < most:
        return None
    return Refuse("rejected", "too_often", f"{kind}: at most {most} an hour")
