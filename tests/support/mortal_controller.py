"""A controller that kills itself with SIGKILL at a chosen moment: `<point> <nth> <arguments...>`.

The moment is a call of one of its own functions, so that tests can place the cut exactly: before
the commit, between commit and acknowledgement, in the middle of the acknowledgements. Calls count
from the moment that the file MORTAL_AFTER is there, where that is said.
"""

import importlib
import os
import signal
import sys
from pathlib import Path
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
OF_COMMANDS = {
    "before signing orders": "controller.commands.orders:Signer.orders",
    "before writing that they are sent": "controller.commands.turns:carry_out",
    "sent, and not handed to the broker": "controller.worker:Worker._said",
    "before storing what a kiosk said": "controller.commands.heard:store",
    "stored, and not acknowledged": "controller.sessions:Link.acknowledge",
    "while the clerk finishes the job": "controller.jobs.states:move_job",
}


def arm(point: str, nth: int) -> None:
    module, _, path = (POINTS | OF_COMMANDS)[point].partition(":")
    owner: Any = importlib.import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    original, left = getattr(owner, name), [nth]
    after = os.environ.get("MORTAL_AFTER")

    def mortal(*args: Any, **named: Any) -> Any:
        left[0] -= after is None or Path(after).exists()
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **named)

    setattr(owner, name, mortal)


if __name__ == "__main__":
    from controller.__main__ import main

    arm(sys.argv[1], int(sys.argv[2]))
    sys.exit(main(sys.argv[3:]))
