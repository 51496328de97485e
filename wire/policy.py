"""Who may command a fleet, as signed by keys that are not in the office; and what that allows.

The kiosk asks `permit` before it does anything, so a stolen office cannot lower a threshold: a new
policy must be signed by the roots of the one before. Pure: signatures are checked by a function
that is given, the time is given as an interval, because a kiosk's own clock may be dead.
Sits on both sides: the office asks the same question, to say beforehand what is still missing.
"""

import itertools
from collections.abc import Callable
from typing import Annotated, Final, Literal, NamedTuple

from msgspec import Meta, Struct

from wire.actions import KINDS, POWERS, BadArguments, Power, Wipe, parse_args, stronger
from wire.envelope import (
    Envelope,
    Fleet,
    Order,
    Public,
    SignedText,
    Word,
    approval_message,
    command_id,
    fits,
    is_of,
    key_id,
    order_of,
    parse,
    policy_message,
    raw,
)
from wire.errors import MalformedMessage
from wire.messages import Millis, RootSignature

AHEAD_MS: Final = 600_000  # so far may a number lie beyond the time, and beyond what was taken
FURTHEST: Final = 2**52  # beyond it numbers grow by steps only: there is always one left
FEWEST: Final = 2  # different people for what is destructive: no policy may ask for less

Verify = Callable[[bytes, bytes, bytes], bool]
"""(public key, signature, message): whether this Ed25519 key signed this message."""


class Refusal(Exception):  # noqa: N818 - says what happened
    """`code` is for programs: one of the words of docs/protocol.md. Nothing was done."""

    def __init__(self, code: str, why: str) -> None:
        self.code = code
        self.why = why
        super().__init__(f"{code}: {why}")


# One spelling of a person, as accounts have it: else one person counts twice.
Login = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}[a-z0-9]$(?!\n)")]


class _Signed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Key(_Signed, frozen=True, kw_only=True):
    """`who`: a login for a person's key; a person may have several, they count once."""

    public: Public
    who: Login
    use: Literal["office", "person"]


class Rule(_Signed, frozen=True, kw_only=True):
    """`approvals` of different people, `cool_off_s` after the last, `most` kiosks in an order."""

    approvals: Annotated[int, Meta(ge=0, le=8)]
    cool_off_s: Annotated[int, Meta(ge=0, le=604_800)] = 0
    most: Annotated[int, Meta(ge=1, le=1_000_000)] = 1_000_000


class Policy(_Signed, frozen=True, kw_only=True):
    """`fleet_wide`: an order to more kiosks than this needs what a destructive one needs.

    `raised` makes kinds more dangerous than they are by birth. `an_hour`: how often at most a
    kiosk does this kind, whoever asks.
    """

    v: Literal[1] = 1
    fleet: Fleet
    version: Annotated[int, Meta(ge=1, le=2**53)]
    issued: Millis
    roots: Annotated[tuple[Public, ...], Meta(min_length=1, max_length=8)]
    threshold: Annotated[int, Meta(ge=1, le=8)]
    keys: Annotated[tuple[Key, ...], Meta(max_length=200)]
    rules: dict[Power, Rule]
    fleet_wide: Annotated[int, Meta(ge=1, le=1_000_000)]
    raised: dict[Word, Power] = {}
    an_hour: dict[Word, Annotated[int, Meta(ge=1, le=10_000)]] = {}


class SignedPolicy(_Signed, frozen=True, kw_only=True):
    """What is stored and sent."""

    policy: SignedText
    signatures: Annotated[tuple[RootSignature, ...], Meta(max_length=16)]


class Time(NamedTuple):
    """The office's clock now lies between these two, as far as a kiosk can know (ms).

    `floor`: the latest it was ever proven to be. An office's clock may have been put right since;
    but what people agreed to is over when it ever was, whatever the office says the time is now.
    """

    earliest: int
    latest: int
    floor: int = 0


def first(signed: SignedPolicy, verify: Verify) -> Policy:
    """The policy a kiosk is born with: its own roots sign it. Raises Refusal."""
    policy = _parsed(signed)
    _check_roots(policy, policy, signed, verify)
    return policy


def next_policy(present: Policy, signed: SignedPolicy, verify: Verify) -> Policy:
    """A newer policy, signed by enough roots of the present one and of its own. Raises Refusal."""
    policy = _parsed(signed)
    if policy.fleet != present.fleet:
        raise Refusal("fleet", f"a policy for {policy.fleet}")
    if policy.version <= present.version:
        raise Refusal("old_policy", f"version {policy.version}, in force is {present.version}")
    _check_roots(present, policy, signed, verify)
    _check_roots(policy, policy, signed, verify)
    return policy


def power_of(policy: Policy, order: Order) -> Power:
    """How dangerous this order is. Raises Refusal for a kind nobody knows."""
    if order.kind not in KINDS:
        raise Refusal("unknown_kind", f"there is no command {order.kind!r}")
    power = power_of_kind(policy, order.kind)
    return stronger(power, "destructive") if order.count > policy.fleet_wide else power


def power_of_kind(policy: Policy, kind: str) -> Power:
    """How dangerous one of these is to one kiosk. `kind` is a known one."""
    return stronger(KINDS[kind].power, policy.raised.get(kind, "routine"))


def office_key(policy: Policy, wanted: str) -> bytes:
    """The office's key of this name. Raises Refusal."""
    return _key(policy, wanted, "office")[0]


def permit(
    policy: Policy,
    envelope: Envelope,
    kiosk: str,
    time: Time | None,
    verify: Verify,
    *,
    highest: int = 0,
) -> Order:
    """The order, if this kiosk may act on it now. Raises Refusal, in the order that costs least.

    `highest`: the highest number it has taken; an office whose clock was ahead goes on from there.

    The signature on the batch is checked before, the number and the ledger after. Without a `time`
    nothing is judged by it: that is for the office, which asks who must still agree.
    """
    try:
        order = order_of(envelope)
        args = parse_args(order.kind, dict(order.args))
    except MalformedMessage as error:
        raise Refusal("malformed", str(error)) from None
    except BadArguments as error:
        code = "arguments" if order.kind in KINDS else "unknown_kind"
        raise Refusal(code, str(error)) from None
    if order.fleet != policy.fleet:
        raise Refusal("fleet", f"an order for {order.fleet}")
    if not fits(order.count, envelope.proof):
        raise Refusal("address", f"no way in a tree of {order.count} kiosks")
    if not is_of(order.kiosks, kiosk, envelope.after, envelope.proof):
        raise Refusal("address", "this kiosk is not among those the order names")
    if isinstance(args, Wipe) and args.kiosk != kiosk:
        raise Refusal("address", "this order wipes another kiosk")
    if envelope.command != command_id(envelope.order, kiosk):
        raise Refusal("address", "the name of the command is not that of this kiosk's share")
    ready = _check_approvals(policy, order, envelope, verify)
    if time is not None:
        _check_time(order, envelope, time, ready, highest)
    return order


def approvers(policy: Policy, envelope: Envelope, verify: Verify) -> dict[str, int]:
    """Who has agreed, each person once: login -> when. Raises Refusal for a word nobody gave."""
    found: dict[str, int] = {}
    for one in envelope.approvals:
        public, who = _key(policy, one.key, "person")
        if not verify(public, raw(one.signature), approval_message(envelope.order, one.at)):
            raise Refusal("approval", f"the signature of {one.key} does not hold")
        found[who] = min(found.get(who, one.at), one.at)
    return found


def _check_approvals(policy: Policy, order: Order, envelope: Envelope, verify: Verify) -> int:
    """When the cool-off is over."""
    power = power_of(policy, order)
    rule = policy.rules.get(power)
    if rule is None:
        raise Refusal("power", f"the policy allows nothing that is {power}")
    if order.count > rule.most:
        raise Refusal("too_many", f"{order.count} kiosks, {rule.most} is the most for {power}")
    agreed = approvers(policy, envelope, verify)
    if len(agreed) < rule.approvals:
        raise Refusal("threshold", f"{rule.approvals} people must agree, {len(agreed)} did")
    if not rule.cool_off_s:
        return 0
    return max(agreed.values(), default=order.issued) + rule.cool_off_s * 1000


def _check_time(order: Order, envelope: Envelope, time: Time, ready: int, highest: int) -> None:
    """What ends for good comes first: who waits for ever is answered never."""
    latest = max(time.latest, time.floor) if envelope.approvals else time.latest
    if latest >= order.expires:
        raise Refusal("expired", "its time is over")
    if envelope.number > max(min(time.latest, FURTHEST), highest) + AHEAD_MS:
        raise Refusal("future", "its number lies in the future")
    if time.earliest < max(order.not_before, envelope.after):
        raise Refusal("too_soon", "its time has not come")
    if time.earliest < ready:
        raise Refusal("too_soon", "the cool-off is not over")


def _key(policy: Policy, wanted: str, use: str) -> tuple[bytes, str]:
    for key in policy.keys:
        public = raw(key.public)
        if key.use == use and key_id(public) == wanted:
            return public, key.who
    raise Refusal("unknown_key", f"the policy knows no such key of use {use}: {wanted}")


def _parsed(signed: SignedPolicy) -> Policy:
    try:
        policy = parse(signed.policy, Policy)
    except MalformedMessage as error:
        raise Refusal("malformed", str(error)) from None
    if policy.threshold > len(set(policy.roots)):
        raise Refusal("malformed", "a threshold that its roots cannot reach")
    publics = [key.public for key in policy.keys]
    if len(set(publics)) < len(publics):
        raise Refusal("malformed", "a key that is named twice")
    _check_rules(policy.rules)
    return policy


def _check_rules(rules: dict[Power, Rule]) -> None:
    """What is more dangerous never needs less: else a larger order would be the easier one."""
    asked = [rules[power] for power in POWERS if power in rules]
    for less, more in itertools.pairwise(asked):
        if more.approvals < less.approvals or more.cool_off_s < less.cool_off_s:
            raise Refusal("malformed", "what is more dangerous needs less")
    if "destructive" in rules and rules["destructive"].approvals < FEWEST:
        raise Refusal("malformed", f"{FEWEST} people must agree to what is destructive")


def _check_roots(of: Policy, policy: Policy, signed: SignedPolicy, verify: Verify) -> None:
    """Enough different roots of `of` have signed it; a signature that does not hold counts not."""
    message = policy_message(signed.policy)
    roots = {key_id(raw(one)): raw(one) for one in of.roots}
    held = {
        one.key
        for one in signed.signatures
        if one.key in roots and verify(roots[one.key], raw(one.signature), message)
    }
    if len(held) < of.threshold:
        why = f"{of.threshold} roots of version {of.version} must sign {policy.version}"
        raise Refusal("roots", f"{why}, {len(held)} did")
