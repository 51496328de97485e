"""The policy in force on this kiosk: who may command it. Journalled before it counts.

It changes in two ways. A newer one comes from the office and must be signed by enough roots of the
one in force and by its own, whatever way it came: so a stolen office changes nothing. Or a
technician joins the kiosk anew (`anjungan join`, with a code that pins the office): then the policy
beside the new identity replaces what was there, also one of other roots or a lower version, because
the person in front of the kiosk is where its trust begins. Only of the very same roots an older one
is not taken back: a join is no way to bring back keys that were struck off.

A join is known by the hash of its invitation (agent/identity/slots.py About), which a renewal has
not: what a renewal brings counts as any newer one from the office. A join without a policy leaves
the one in force. A policy that cannot be written down is not in force; the office will offer it
again. One that is refused changes nothing and is said as a trouble.
"""

import logging
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from agent.identity.slots import POLICY, Slots
from agent.journal import Journal
from agent.store import StorageFailing
from wire.envelope import parse
from wire.messages import NewPolicy
from wire.policy import Policy, Refusal, SignedPolicy, Verify, first, next_policy

KEY: Final = "policy"
MOST_BYTES: Final = 128 * 1024
_log = logging.getLogger("anjungan.policies")


class Kept(Struct, frozen=True):
    """As journalled. `join`: hash of the invitation of the identity that began this line."""

    join: str
    signed: SignedPolicy


class Policies:
    """`policy` is None until there is one. `trouble`: one sentence for a technician, or nothing.

    Safe from any thread.
    """

    def __init__(self, journal: Journal, slots: Slots, verify: Verify) -> None:
        self._journal = journal
        self._slots = slots
        self._verify = verify
        self._seen: tuple[str, int] | None = None
        self._lock = threading.RLock()
        self.trouble = ""
        self._kept: Kept | None = None
        self._unwritten = False
        self.policy: Policy | None = None
        text = journal.get(KEY)
        if text is not None:
            with suppress(msgspec.MsgspecError, ValueError):
                self._kept = msgspec.json.decode(text, type=Kept)
                self.policy = parse(self._kept.signed.policy, Policy)
        self.look()

    @property
    def version(self) -> int:
        return 0 if self.policy is None else self.policy.version

    def look(self) -> bool:
        """Whether what lies beside the identity has changed the policy in force."""
        with self._lock:
            return self._look()

    def newer(self, message: NewPolicy) -> bool:
        """Whether the office's word has changed the policy in force."""
        with self._lock:
            return self._newer(message)

    def _look(self) -> bool:
        path = self._slots.link / POLICY
        try:
            seen = (self._slots.serial(), path.stat().st_mtime_ns)
            if seen == self._seen:
                return False
            with path.open("rb") as file:
                body = file.read(MOST_BYTES)
            signed = msgspec.json.decode(body, type=SignedPolicy)
        except FileNotFoundError:
            return False
        except (OSError, msgspec.MsgspecError, ValueError) as error:
            return self._refuse(f"{POLICY} beside the identity cannot be read: {error}")
        changed = self._beside(signed, path)
        if not self._unwritten:
            self._seen = seen
        return changed

    def _newer(self, message: NewPolicy) -> bool:
        if self.policy is None or self._kept is None:
            return False
        signed = SignedPolicy(policy=message.policy, signatures=message.signatures)
        try:
            policy = next_policy(self.policy, signed, self._verify)
        except Refusal as refusal:
            if refusal.code == "old_policy":
                return False
            return self._refuse(f"a newer policy was refused: {refusal}")
        return self._enforce(Kept(self._kept.join, signed), policy)

    def _beside(self, signed: SignedPolicy, path: Path) -> bool:
        slot = self._slots.current()
        join = slot.about.invitation if slot else ""
        if self.policy is not None and self._kept is not None and join in ("", self._kept.join):
            return self._newer(NewPolicy(policy=signed.policy, signatures=signed.signatures))
        try:
            policy = first(signed, self._verify)
        except Refusal as refusal:
            return self._refuse(f"the policy at {path} was refused: {refusal}")
        if self.policy is not None and self._kept is not None and _older(policy, self.policy):
            return self._enforce(Kept(join, self._kept.signed), self.policy)
        return self._enforce(Kept(join, signed), policy)

    def _enforce(self, kept: Kept, policy: Policy) -> bool:
        try:
            self._journal.put(KEY, msgspec.json.encode(kept).decode())
        except StorageFailing as failing:
            self._unwritten = True
            return self._refuse(f"the disk refuses the newer policy: {failing}")
        self._unwritten = False
        changed = policy != self.policy
        self._kept, self.policy, self.trouble = kept, policy, ""
        if changed:
            _log.info("policy %d of %s is in force", policy.version, policy.fleet)
        return changed

    def _refuse(self, why: str) -> bool:
        if why != self.trouble:
            _log.warning("%s", why)
        self.trouble = why[:300]
        return False


def _older(policy: Policy, present: Policy) -> bool:
    """Of the very same roots, and not newer."""
    return (
        policy.fleet == present.fleet
        and set(policy.roots) == set(present.roots)
        and policy.version <= present.version
    )
