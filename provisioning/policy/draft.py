"""What the next policy says: the first one's defaults, and changes to the present one. Pure.

Decides nothing about who signs. A draft that no kiosk would take is refused here already, with the
option that must be changed.
"""

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple, cast

import msgspec

from provisioning.policy.keys import id_of
from wire.actions import KINDS, POWERS, Power
from wire.envelope import canonical, parse
from wire.errors import MalformedMessage
from wire.policy import Key, Policy, Rule

OFFICE: Final = "office"  # whose key it is that is nobody's
FLEET_WIDE: Final = 50
RULES: Final[Mapping[Power, Rule]] = {
    "routine": Rule(approvals=0),
    "sensitive": Rule(approvals=1),
    "destructive": Rule(approvals=2, cool_off_s=600, most=100_000),
}
AN_HOUR: Final = {"reboot": 4, "measure_speed": 4, "restart_browser": 12, "restart_agent": 6}


class DraftRefused(ValueError):  # noqa: N818 - says what happened
    """Whoever drafts it must change what was asked."""


class Pending(NamedTuple):
    """A person's key that waits for the roots."""

    key_id: str
    login: str
    public: str
    label: str


class Changes(NamedTuple):
    """Empty or None: as it is. `admit`, `remove`: logins or names of keys; `roots`: all of them."""

    admit: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    command_key: str = ""  # public; takes the place of all the office had
    raised: Mapping[str, str] = {}
    rules: Mapping[str, Rule] = {}
    an_hour: Mapping[str, int] = {}
    fleet_wide: int | None = None
    roots: tuple[str, ...] = ()
    threshold: int | None = None


def first(
    fleet: str, roots: Collection[str], threshold: int, command_key: str, *, wide: int, now: int
) -> Policy:
    """Version 1. `now` in milliseconds. Raises DraftRefused."""
    made = Policy(
        fleet=fleet,
        version=1,
        issued=now,
        roots=tuple(roots),
        threshold=threshold,
        keys=(Key(public=command_key, who=OFFICE, use="office"),),
        rules=dict(RULES),
        fleet_wide=wide,
        an_hour=dict(AN_HOUR),
    )
    return checked(made)


def following(
    present: Policy, changes: Changes, pending: Collection[Pending], version: int, now: int
) -> Policy:
    """The present one with changes. Raises DraftRefused."""
    if version <= present.version:
        raise DraftRefused(f"--version {version}: in force is {present.version} already")
    raised = cast("dict[str, Power]", {**present.raised, **changes.raised})
    rules = cast("dict[Power, Rule]", {**present.rules, **changes.rules})
    _check_words(changes)
    keys = _without(present.keys, changes.remove)
    if changes.command_key:
        office = Key(public=changes.command_key, who=OFFICE, use="office")
        keys = [office, *(key for key in keys if key.use != "office")]
    keys += _admitted(keys, changes.admit, pending)
    made = msgspec.structs.replace(
        present,
        version=version,
        issued=now,
        keys=tuple(keys),
        rules=rules,
        raised=raised,
        an_hour={**present.an_hour, **changes.an_hour},
        fleet_wide=present.fleet_wide if changes.fleet_wide is None else changes.fleet_wide,
        roots=changes.roots or present.roots,
        threshold=present.threshold if changes.threshold is None else changes.threshold,
    )
    return checked(made)


def checked(policy: Policy) -> Policy:
    """Raises DraftRefused for one that no kiosk would take, whoever signs it."""
    try:
        made = parse(canonical(policy), Policy)
    except MalformedMessage as error:
        raise DraftRefused(f"no policy can say this: {error}") from None
    if made.threshold > len(set(made.roots)):
        raise DraftRefused(f"{made.threshold} of {len(set(made.roots))} roots can never sign")
    if not any(key.use == "office" for key in made.keys):
        raise DraftRefused("without a key of the office nothing can be commanded")
    publics = [key.public for key in made.keys]
    if len(set(publics)) < len(publics) or set(publics) & set(made.roots):
        raise DraftRefused("one key twice: each has one use")
    destructive = made.rules.get("destructive")
    if destructive is not None and destructive.approvals < 2:
        raise DraftRefused("what is destructive needs two people at least")
    return made


def rule(text: str) -> tuple[str, Rule]:
    """`destructive=2,900,1000`: approvals, cool-off in s, most kiosks. Raises DraftRefused."""
    power, _, said = text.partition("=")
    parts = said.split(",")
    if power not in POWERS or not 1 <= len(parts) <= 3 or not all(p.isdigit() for p in parts):
        raise DraftRefused(f"--rule {text!r}: POWER=APPROVALS[,COOL_OFF_S[,MOST]]")
    names = ("approvals", "cool_off_s", "most")
    values = dict(zip(names, map(int, parts), strict=False))
    try:
        return power, msgspec.convert(values, Rule)
    except msgspec.ValidationError as error:
        raise DraftRefused(f"--rule {text!r}: {error}") from None


def _check_words(changes: Changes) -> None:
    for kind, power in changes.raised.items():
        if kind not in KINDS or power not in POWERS:
            raise DraftRefused(f"--raise {kind} {power}: a command and one of {', '.join(POWERS)}")
    for kind in changes.an_hour:
        if kind not in KINDS:
            raise DraftRefused(f"--an-hour {kind}: there is no such command")


def _without(keys: Collection[Key], remove: Collection[str]) -> list[Key]:
    for word in remove:
        if not any(word in (key.who, id_of(key.public)) for key in keys):
            raise DraftRefused(f"--remove {word}: the policy knows no such login or key")
    return [key for key in keys if not {key.who, id_of(key.public)} & set(remove)]


def _admitted(
    keys: Collection[Key], admit: Collection[str], pending: Collection[Pending]
) -> list[Key]:
    known = {key.public for key in keys}
    found: list[Key] = []
    for word in admit:
        theirs = [one for one in pending if word in (one.login, one.key_id)]
        if not theirs:
            raise DraftRefused(f"--admit {word}: no key of that name or person waits for it")
        fresh = [one for one in theirs if one.public not in known]
        known |= {one.public for one in fresh}
        found += [Key(public=one.public, who=one.login, use="person") for one in fresh]
    return found
