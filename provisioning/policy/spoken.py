"""A policy in words, for those who sign it: who may what, and what changes. Pure.

Says everything a policy says: who signs by these words has seen all of it.
"""

from collections.abc import Iterator, Mapping

from provisioning.policy.keys import id_of
from wire.policy import Key, Policy, Rule


def whole(policy: Policy) -> list[str]:
    """Every line of it, the dangerous ones first."""
    return [
        f"policy {policy.version} of fleet {policy.fleet}",
        *(f"  {line}" for line in _lines(policy)),
    ]


def difference(present: Policy | None, policy: Policy) -> list[str]:
    """What is new (+) and what is gone (-) against `present`."""
    if present is None:
        return ["this is the first policy: kiosks that join from now on trust these roots for ever"]
    before, after = list(_lines(present)), list(_lines(policy))
    gone = [f"- {line}" for line in before if line not in after]
    new = [f"+ {line}" for line in after if line not in before]
    return [
        f"against version {present.version}:",
        *(gone + new or ["nothing changes but the number"]),
    ]


def _lines(policy: Policy) -> Iterator[str]:
    count = f"{policy.threshold} of {len(policy.roots)}"
    yield f"it is changed by {count} roots: {', '.join(sorted(map(id_of, policy.roots)))}"
    for key in sorted(policy.keys, key=lambda key: (key.use, key.who, key.public)):
        yield _key(key)
    for power, rule in policy.rules.items():
        yield _rule(power, rule)
    yield f"more than {policy.fleet_wide} kiosks at once need what is destructive needs"
    yield from (f"{kind} counts as {power}" for kind, power in _sorted(policy.raised))
    yield from (f"{kind}: at most {n} an hour on a kiosk" for kind, n in _sorted(policy.an_hour))


def _key(key: Key) -> str:
    if key.use == "office":
        return f"the office signs what it sends with key {id_of(key.public)}"
    return f"{key.who} may agree with key {id_of(key.public)}"


def _rule(power: str, rule: Rule) -> str:
    if rule.approvals == 0:
        people = "nobody has to agree"
    else:
        people = f"{rule.approvals} {'person' if rule.approvals == 1 else 'people'} must agree"
    wait = f", then {_time(rule.cool_off_s)} must pass" if rule.cool_off_s else ""
    return f"{power}: {people}{wait}; at most {rule.most} kiosks"


def _time(seconds: int) -> str:
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"


def _sorted(words: Mapping[str, object]) -> list[tuple[str, object]]:
    return sorted(words.items())
