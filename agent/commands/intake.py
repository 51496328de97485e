"""What the office says of orders, up to the signature: the door before which everybody may stand.

Owns that only a Batch signed by a key of the policy as the office's, for this fleet, this kiosk and
the nonce of its present birth goes on, and that it proves the time. Whatever else comes is counted
and said as a trouble; it costs one look, no row, no answer and at most one line of the log an hour.
A Batch of an earlier birth is nobody's fault: the broker kept it.
"""

import logging
from typing import Final

from agent.commands.office_clock import OfficeClock
from agent.commands.policies import Policies
from wire.envelope import Batch, orders_message, parse, raw
from wire.errors import MalformedMessage
from wire.messages import Orders
from wire.policy import Policy, Refusal, Verify, office_key

QUIET_S: Final = 3600.0
_log = logging.getLogger("anjungan.commands")


class Intake:
    """`t` is CLOCK_BOOTTIME in seconds."""

    def __init__(self, kiosk: str, policies: Policies, clock: OfficeClock, verify: Verify) -> None:
        self._kiosk = kiosk
        self._policies = policies
        self._clock = clock
        self._verify = verify
        self._strange = 0
        self._last = ""
        self._quiet_until = 0.0
        self._known_until = 0.0

    def open(self, message: Orders, t: float) -> Batch | None:
        """The Batch, if the office said it to this birth of this kiosk."""
        policy = self._policies.policy
        if policy is None:
            return None
        try:
            batch = self._checked(message, policy)
        except MalformedMessage as error:
            self._stranger(f"malformed: {error}", t)
            return None
        except Refusal as refusal:
            self._stranger(str(refusal), t)
            return None
        if batch.nonce != self._clock.nonce:
            return None
        self._strange = 0
        self._clock.proven(batch.now, t)
        return batch

    def unsigned(self, message: Orders) -> Batch | None:
        """Without a policy nothing can be checked; only to say so to whoever asked this birth."""
        try:
            batch = parse(message.signed, Batch)
        except MalformedMessage:
            return None
        return batch if (batch.kiosk, batch.nonce) == (self._kiosk, self._clock.nonce) else None

    def trouble(self, t: float) -> str:
        if not self._strange or t >= self._known_until:
            return ""
        return f"{self._strange} orders were refused that are not the office's ({self._last})"

    def _checked(self, message: Orders, policy: Policy) -> Batch:
        public = office_key(policy, message.key)
        if not self._verify(public, raw(message.signature), orders_message(message.signed)):
            raise Refusal("signature", "it does not hold")
        batch = parse(message.signed, Batch)
        if batch.fleet != policy.fleet:
            raise Refusal("fleet", f"for {batch.fleet}")
        if batch.kiosk != self._kiosk:
            raise Refusal("address", f"for {batch.kiosk[:48]}")
        return batch

    def _stranger(self, why: str, t: float) -> None:
        self._strange += 1
        self._last = why[:120]
        self._known_until = t + QUIET_S
        if t >= self._quiet_until:
            self._quiet_until = t + QUIET_S
            _log.warning("orders that are not the office's were refused: %s", self._last)
