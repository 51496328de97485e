"""A controller that kills itself with SIGKILL at a chosen moment: `<point> <nth> <arguments...>`.

The moment is a call of one of its own functions, so that tests can place the cut exactly: before
the commit, between commit and acknowledgement, in the middle of the acknowledgements.
"""

import importlib
import os
import signal
import sys
from typing import Any

POINTS = {
    "while deciding": "controller.ingest:_Sitting.hear",
    "before the commit": "controller.letters:store",
    "after the commit": "controller.work:Work.settle",
    "before acknowledging": "controller.sessions:Link.acknowledge",
    "amid acknowledging": "controller.link:Session.acknowledge",
    "before answering": "controller.sessions:Link.send",
    "while renewing": "controller.leases:Leases.renew",
    "while telling of itself": "controller.worker:Worker._counted",
}


def arm(point: str, nth: int) -> None:
    module, _, path = POINTS[point].partition(":")
    owner: Any = importlib.import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    original, left = getattr(owner, name), [nth]

    def mortal(*args: Any, **named: Any) -> Any:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **named)

    setattr(owner, name, mortal)


if __name__ == "__main__":
    from controller.__main__ import main

    arm(sys.argv[1], int(sys.argv[2]))
    sys.exit(main(sys.argv[3:]))
