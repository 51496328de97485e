"""A new key and a new certificate for this kiosk. Proof: the office has heard from the new one.

Started as the renewal that the kiosk knows, which may be cut anywhere; never touches a key itself.
The line connects anew by the agent's own chore.
"""

import sys
from typing import TYPE_CHECKING, Final

from agent.actions import programs
from agent.actions.base import Context, Failed, Outcome, done
from agent.identity.slots import Slots

if TYPE_CHECKING:
    from agent.probes.base import Facts

WITHIN_S: Final = 110.0
PAUSE_S: Final = 10.0
LATER: Final = 75
RENEW: Final = ("-m", "agent.identity.renew", "--now", "--config")


def do(context: Context) -> Outcome:
    slots = Slots(context.state_dir)
    before = slots.serial()
    if not before:
        raise Failed("no_identity", "this kiosk has no identity")
    context.progress(10, "asking for a new certificate")
    with context.stop.too_late("the office may have certified the new key already"):
        _renew(context)
        if slots.serial() == before:
            context.progress(50, "asking for a new certificate")
            _renew(context)  # the first one may only have used a certificate that was new
    now, used = slots.serial(), slots.state().used
    facts: Facts = {"serial_before": before, "serial": now, "used": used == now}
    if now == before:
        raise Failed("not_renewed", "the office gave no new certificate", facts)
    if used != now:
        raise Failed("unproven", "the new certificate has not been used yet", facts)
    return done(facts)


def _renew(context: Context) -> None:
    words = [sys.executable, *RENEW, str(context.path)]
    while True:
        ran = programs.run(words, context.stop, WITHIN_S)
        said = (ran.err.strip() or ran.text.strip())[-250:]
        if ran.code == 0:
            return
        if ran.code != LATER:
            raise Failed("refused", said or f"the renewal ended with {ran.code}")
        if context.stop.left_s < 2 * PAUSE_S:
            raise Failed("door", said)
        context.progress(20, said)
        context.stop.wait(PAUSE_S)
