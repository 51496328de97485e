"""What the office signs, up to the signature: the door before which everybody may stand.

Owns that only a Batch of orders, or Wants of releases, signed by a key of the policy as the
office's, for this fleet, this kiosk and the nonce of its present birth goes on, and that it proves
the time. Whatever else comes is counted and said as a trouble; it costs one look, no row, no answer
and at most one line of the log an hour. A word to an earlier birth is nobody's fault: the broker
kept it. Each kind is signed under a name of its own: none is taken for the other.
"""

import logging
from collections.abc import Callable
from typing import Final, TypeVar

from agent.commands.office_clock import OfficeClock
from agent.commands.policies import Policies
from wire.envelope import Batch, orders_message, parse, raw
from wire.errors import MalformedMessage
from wire.messages import Desired, Orders
from wire.policy import Policy, Refusal, Verify, office_key
from wire.wants import Wants, wants_message

QUIET_S: Final = 3600.0
Word = TypeVar("Word", Batch, Wants)
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
        return self._open(message, Batch, orders_message, t)

    def open_wants(self, message: Desired, t: float) -> Wants | None:
        """The Wants, likewise."""
        return self._open(message, Wants, wants_message, t)

    def _open(
        self,
        message: Orders | Desired,
        kind: type[Word],
        signed: Callable[[str], bytes],
        t: float,
    ) -> Word | None:
        policy = self._policies.policy
        if policy is None:
            return None
        try:
            word = self._checked(message, kind, signed, policy)
        except MalformedMessage as error:
            self._stranger(f"malformed: {error}", t)
            return None
        except Refusal as refusal:
            self._stranger(str(refusal), t)
            return None
        if word.nonce != self._clock.nonce:
            return None
        self._strange = 0
        self._clock.proven(word.now, t)
        return word

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

    def _checked(
        self,
        message: Orders | Desired,
        kind: type[Word],
        signed: Callable[[str], bytes],
        policy: Policy,
    ) -> Word:
        public = office_key(policy, message.key)
        if not self._verify(public, raw(message.signature), signed(message.signed)):
            raise Refusal("signature", "it does not hold")
        word = parse(message.signed, kind)
        if word.fleet != policy.fleet:
            raise Refusal("fleet", f"for {word.fleet}")
        if word.kiosk != self._kiosk:
            raise Refusal("address", f"for {word.kiosk[:48]}")
        return word

    def _stranger(self, why: str, t: float) -> None:
        self._strange += 1
        self._last = why[:120]
        self._known_until = t + QUIET_S
        if t >= self._quiet_until:
            self._quiet_until = t + QUIET_S
            _log.warning("orders that are not the office's were refused: %s", self._last)
