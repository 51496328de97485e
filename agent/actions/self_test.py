"""Look at every device once, now, and say which are not well.

A device that cannot be seen is named apart: it counts neither as good nor as bad.
"""

from typing import TYPE_CHECKING

from agent.actions.base import Context, Failed, Outcome, done
from agent.actions.looking import look_at_all

if TYPE_CHECKING:
    from agent.probes.base import Facts


def do(context: Context) -> Outcome:
    found = look_at_all(context)
    facts: Facts = {name: seen.state for name, seen in found.items()}
    bad = [name for name, seen in found.items() if seen.state == "fail"]
    warned = [name for name, seen in found.items() if seen.state == "warn"]
    unseen = [name for name, seen in found.items() if seen.state == "unknown"]
    facts |= {
        "checked": len(found),
        "not_ok": ",".join(bad),
        "warned": ",".join(warned),
        "unseen": ",".join(unseen),
    }
    why = "; ".join(f"{name}: {found[name].why}" for name in (*bad, *warned, *unseen))
    if bad:
        raise Failed("not_ok", why, facts)
    return done(facts, why)
