"""The steps of a kiosk's identity: enrol, renew, confirm. Each may be cut anywhere and done again.

Owns the order of what is stored and what is asked. A key is on the disk before the office hears of
it, a certificate before it is used; the first use ends the older ones at the office, so those are
tidied away only after it. To be called with the slots locked. Never decides when.
"""

import ssl
from collections.abc import Callable
from typing import Final, TypeVar

from agent.identity import keys, policy, root, trust
from agent.identity.asker import Patience, Refused, Unreachable, address_of
from agent.identity.door import Caller, Clock, Door, fetch_authority
from agent.identity.slots import About, Pending, Slot, Slots, State
from wire.door import Granted, Standing
from wire.invitation import Invitation

NEEDS_CODE: Final = ("revoked", "superseded", "unknown", "expired")
"""Refusals after which this identity never works again: a person must bring a new code."""

_OTHER_KEY: Final = ("key_used", "key_taken")
T = TypeVar("T")


def enrol(
    slots: Slots, url: str, invitation: Invitation, wall_ms: Callable[[], int], patience: Patience
) -> Slot:
    """Raises Refused, Unreachable, BadGrant, ValueError for the address, OSError."""
    at = address_of(url)
    authority = fetch_authority(at, invitation.pin, patience)
    door = Door(at, authority, Clock(wall_ms), patience)
    granted, pending = _granted(slots, lambda csr: door.enrol(invitation.token, csr))
    about = _about(granted, pending, url, invitation.token_sha256)
    allowed = policy.checked(granted.policy)
    slot = slots.store(about, granted.certificate.encode(), authority.encode(), allowed)
    root.keep(slots.state_dir, granted.root)
    return slot


def door_of(slot: Slot, clock: Clock, patience: Patience) -> Door:
    """The door this identity came from, checked against the authority it came with."""
    authority = slot.authority.read_text("ascii")
    return Door(address_of(slot.about.door), authority, clock, patience, slot.about.not_before)


def renew(slots: Slots, slot: Slot, door: Door) -> Slot:
    """Raises as `enrol`."""
    caller = caller_of(slot)
    granted, pending = _granted(slots, lambda csr: door.renew(csr, caller))
    about = _about(granted, pending, slot.about.door)
    if about.kiosk != slot.about.kiosk:
        raise keys.BadGrant(f"the office calls us {about.kiosk}, we are {slot.about.kiosk}")
    try:
        trust.verified(authority=granted.authority)
    except ssl.SSLError as error:
        raise keys.BadGrant(f"the office's authority is no certificate: {error}") from error
    root.keep(slots.state_dir, granted.root)
    papers = (granted.certificate.encode(), granted.authority.encode())
    return slots.store(about, *papers, _kept_policy(slot) or policy.if_good(granted.policy))


def confirm(slots: Slots, slot: Slot, door: Door) -> Standing:
    """Uses the identity once: from now on it is the only one of this kiosk."""
    standing = door.standing(caller_of(slot))
    slots.note(State(used=slot.about.serial, clock_off_ms=door.clock.off_ms))
    slots.prune()
    return standing


def take_missing(slots: Slots, slot: Slot, door: Door) -> bool:
    """For an identity that came without a policy or a root of releases; whether it has a policy.

    Once it has both this is over: what is signed next comes another way, and is checked against
    them. Raises BadGrant for a policy that is none, OSError.
    """
    lacks_policy = not slot.policy.exists()
    if not lacks_policy and root.path_of(slots.state_dir).exists():
        return True
    try:
        said = door.in_force(caller_of(slot))
    except (Refused, Unreachable):  # an office from before there were policies, or away just now
        return not lacks_policy
    root.keep(slots.state_dir, said.root)
    if not lacks_policy:
        return True
    allowed = policy.checked(said.policy)
    if allowed:
        slots.add_policy(slot, allowed)
    return bool(allowed)


def caller_of(slot: Slot) -> Caller:
    return Caller(slot.about.serial, keys.KeyFile(slot.key.read_bytes()))


def _kept_policy(slot: Slot) -> bytes:
    """Whom this kiosk has trusted so far: a renewal changes nothing of it."""
    return slot.policy.read_bytes() if slot.policy.exists() else b""


def _granted(slots: Slots, ask: Callable[[bytes], Granted]) -> tuple[Granted, Pending]:
    """The answer to what is pending; with another key when the office knows that one."""
    pending = slots.begin(keys.make)
    try:
        return ask(pending.csr), pending
    except Refused as refused:
        if refused.code not in _OTHER_KEY:
            raise
    slots.forget_pending()
    pending = slots.begin(keys.make)
    return ask(pending.csr), pending


def _about(granted: Granted, pending: Pending, url: str, invitation: str = "") -> About:
    """What the certificate itself says goes before what was said about it."""
    read = keys.check(granted.certificate, pending)
    return About(
        read.kiosk,
        read.serial,
        url,
        granted.broker,
        read.not_before,
        read.not_after,
        invitation,
    )
