"""A warden that kills itself with SIGKILL before its n-th step: `<nth> <arguments...>`.

A step is whatever the next process may find done or not: a file opened, written, synced or
renamed, a commit begun or just over. `0` never dies and says how many steps there were.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

CALLS = ("write", "fsync", "rename", "replace", "unlink", "mkdir")


class Steps:
    def __init__(self, nth: int) -> None:
        self.taken, self._nth = 0, nth

    def take(self, *_: object) -> None:
        self.taken += 1
        if self.taken == self._nth:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **named: Any) -> Any:
            self.take()
            return real(*args, **named)

        return step

    def arm(self) -> None:
        for name in CALLS:
            setattr(os, name, self.counted(getattr(os, name)))
        event.listen(Engine, "commit", self.take)
        event.listen(Engine, "begin", self.take)


if __name__ == "__main__":
    from provisioning.warden.__main__ import main

    steps = Steps(int(sys.argv[1]))
    steps.arm()
    code = main(sys.argv[2:])
    print("steps:", steps.taken)
    sys.exit(code)
