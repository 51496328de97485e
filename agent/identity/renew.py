"""`anjungan renew --config agent.toml`: one look at this kiosk's certificate, and what it needs.

The office's clock decides whether a renewal is due, never the kiosk's own. Leaves one word on the
disk for the agent: `state.json`. Run by the agent; by a person only with --now. An identity from
before the office had a policy for commands, or releases, asks for what it lacks. Exit codes: DONE
(with --now: a new key is in use), MUST_ACT (a person; the office said no, or a file is wrong),
LATER (the office or another process: nothing was lost, ask again).
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from agent.config import BadConfig, load
from agent.folders import Busy
from agent.identity import life, plan
from agent.identity.asker import Patience, Refused, Unreachable
from agent.identity.door import Clock, Door
from agent.identity.keys import BadGrant
from agent.identity.slots import Slot, Slots

DONE: Final = 0
MUST_ACT: Final = 2  # a person must act; asking again soon is of no use
LATER: Final = 75  # the network or the office was away
NO_POLICY: Final = "the office has no policy for commands: this kiosk takes none"


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="anjungan renew", description=__doc__.split("\n")[0])
    parser.add_argument("--config", type=Path, required=True, help="agent.toml")
    parser.add_argument("--now", action="store_true", help="although it is not due")
    given = parser.parse_args(arguments)
    try:
        slots = Slots(Path(load(given.config).state_dir))
        with slots.locked():
            said = look(slots, Patience(), wall_ms, now=given.now)
    except (Unreachable, Busy) as error:
        return _say(str(error), LATER)
    except (BadConfig, Refused, BadGrant, OSError, ValueError) as error:
        return _say(str(error), MUST_ACT)
    return _say(said, DONE)


def look(slots: Slots, patience: Patience, wall_ms: Callable[[], int], *, now: bool = False) -> str:
    """What was done, in a sentence. What went wrong is noted, then raised."""
    slot = slots.current()
    if slot is None:
        raise Refused("no_identity", "technician", "this kiosk has no identity: anjungan join")
    clock = Clock(wall_ms, slots.state().clock_off_ms)
    door = life.door_of(slot, clock, patience)
    try:
        return _do(slots, slot, door, now=now)
    except (Refused, Unreachable, BadGrant) as error:
        code = getattr(error, "code", "")
        noted = msgspec.structs.replace(
            slots.state(),
            needs_code=code in life.NEEDS_CODE,
            why=str(error),
            tried_at=wall_ms(),
            clock_off_ms=clock.off_ms,
        )
        slots.note(noted)
        raise


def _do(slots: Slots, slot: Slot, door: Door, *, now: bool) -> str:
    about = slot.about
    office_now = door.time()
    used = slots.state().used == about.serial
    seen = plan.Seen(about.kiosk, about.not_before, about.not_after, used, office_now)
    if used and (now or plan.renewal_is_due(seen)):
        slot = life.renew(slots, slot, door)
    standing = life.confirm(slots, slot, door)
    takes = life.take_missing(slots, slot, door)
    days = (standing.not_after - door.clock()) / 86_400_000
    done = "renewed" if slot.about.serial != about.serial else "looked at"
    said = f"{about.kiosk}: certificate {slot.about.serial} {done}; it ends in {days:.0f} days"
    return said if takes else f"{said}\n{NO_POLICY}"


def _say(text: str, code: int) -> int:
    (sys.stderr if code else sys.stdout).write(f"{text}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
