"""Who may do what: one table of powers and roles. Pure; deny by default.

A power that is not in the table exists for nobody. A right needs ONE grant whose role has the
power and whose district holds the place: rights of different grants are never added up.
A district is a Kemendagri code (32.73 holds 32.73.01), the empty one is everywhere.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

ROLES: Final = ("technician", "operator", "officer", "supervisor", "admin", "channel")
_STAFF: Final = frozenset(ROLES) - {"channel"}  # which is no person: another program, by its token
_FIELD: Final = frozenset({"technician", "operator", "supervisor", "admin"})
_HEADS: Final = frozenset({"supervisor", "admin"})
_DESK: Final = frozenset({"officer", "supervisor"})  # who answers citizens; no technician, no admin

POWERS: Final[Mapping[str, frozenset[str]]] = {
    "kiosk.see": _STAFF,
    "kiosk.export": _FIELD,
    "fault.see": _STAFF,
    "fault.take": _FIELD,  # acknowledge, note
    "office.see": _STAFF,  # how the office itself is
    "metrics.read": frozenset({"operator", "admin"}),
    "identity.see": _FIELD,
    "identity.invite": _FIELD,  # a token for a new or replaced kiosk
    "identity.revoke": frozenset({"operator", "supervisor", "admin"}),
    "identity.bury": _HEADS,  # decommission
    "command.see": _FIELD,  # jobs, each kiosk's answer, screenshots and logs
    "command.routine": _FIELD,
    "command.sensitive": frozenset({"operator", "supervisor", "admin"}),
    "command.destructive": _HEADS,  # to ask for it; others must agree
    "command.agree": frozenset({"operator", "supervisor", "admin"}),  # with an approval key
    "release.see": _FIELD,  # releases, rollouts, what each kiosk has
    "release.make": frozenset({"operator", "supervisor", "admin"}),  # upload, check, withdraw
    "release.sign": frozenset({"operator", "supervisor", "admin"}),  # with a key TUF knows
    "rollout.ask": frozenset({"operator", "supervisor", "admin"}),
    "rollout.steer": frozenset({"operator", "supervisor", "admin"}),  # pause, abort, take back
    "rollout.agree": _HEADS,  # as a second person
    "service.see": _STAFF,  # service packs, also those not published
    "service.edit": frozenset({"officer", "operator", "supervisor", "admin"}),
    "service.review": frozenset({"supervisor", "admin"}),  # another person's draft
    "service.publish": _HEADS,  # puts approved ones into a release, which others sign
    "inbox.see": _DESK,  # that there is a submission: number, service, place, age
    "inbox.open": _DESK,  # what a citizen wrote; every look is written down
    "inbox.decide": _DESK,
    "inbox.assign": frozenset({"supervisor", "admin"}),  # to another agency or officer
    "inbox.export": _HEADS,
    "inbox.numbers": frozenset({"officer", "operator", "supervisor", "admin"}),
    "inbox.keys": frozenset({"admin"}),  # refused records, keys, back systems
    "counter.call": _DESK,  # who is served next at a kiosk's counter
    "assist.take": _STAFF,  # sees that a citizen at a kiosk wants an officer, and goes there
    "notice.write": _DESK,  # what kiosks show citizens for a while
    "open311.use": frozenset({"channel"}),  # hands complaints in for citizens, asks how they stand
    "visit.see": _STAFF,
    "visit.edit": frozenset({"officer", "operator", "supervisor", "admin"}),
    "people.see": frozenset({"admin"}),
    "people.manage": frozenset({"admin"}),
    "audit.read": _HEADS,
}
# Not about a place: only a grant for everywhere will do.
EVERYWHERE_ONLY: Final = frozenset(
    {"metrics.read", "inbox.keys", "people.see", "people.manage", "release.make", "release.sign"}
)


class Grant(NamedTuple):
    role: str
    district: str


class Scope(NamedTuple):
    """Where a person may do something: districts; `("",)` is everywhere, `()` nowhere."""

    districts: tuple[str, ...]

    def holds(self, site_code: str) -> bool:
        return any(holds(district, site_code) for district in self.districts)

    @property
    def everywhere(self) -> bool:
        return "" in self.districts


EVERYWHERE: Final = Scope(("",))
NOWHERE: Final = Scope(())


class Person(NamedTuple):
    """Whoever asks, as far as it was proven. `account` is 0 for a part of the office."""

    account: int
    login: str
    name: str
    grants: tuple[Grant, ...]

    def scope(self, power: str) -> Scope:
        """Where this person has `power`."""
        roles = POWERS.get(power, frozenset())
        found = {one.district for one in self.grants if one.role in roles}
        if power in EVERYWHERE_ONLY or "" in found:
            return EVERYWHERE if "" in found else NOWHERE
        return Scope(tuple(sorted(found)))

    def may(self, power: str, site_code: str = "") -> bool:
        """Whether here (`site_code`), or with an empty one: whether anywhere at all."""
        scope = self.scope(power)
        return scope.holds(site_code) if site_code else bool(scope.districts)


def holds(district: str, site_code: str) -> bool:
    return not district or site_code == district or site_code.startswith(f"{district}.")
