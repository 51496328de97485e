"""The running Mosquitto of a keeper: started, told to read anew, looked at, stopped.

Owns its process. Stops it rather than leave a door open that nobody ordered; whether its lists work
is asked by `prove`.
"""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress

from broker_config.child import Child, ChildFailed
from broker_config.prove import Prover
from broker_config.settings import Settings
from broker_config.sockets import Ear, ears

RELOAD_S = 5.0  # within which a reload must be in force; usually a tenth of a second
STOP_S = 1.0  # for saving; a broker that must not run is not waited for


class Stopped(RuntimeError):  # noqa: N818 - what happened
    """The broker must not run, or cannot. Says why, and who must act."""


class Serving:
    """Times are seconds of `clock`."""

    def __init__(
        self,
        child: Child,
        settings: Settings,
        prover: Prover,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.child = child
        self._meant = meant(settings)
        self._memory = settings.state / "mosquitto.db"
        self._prover = prover
        self._clock = clock

    def start(self) -> None:
        """From the files in force. Raises Stopped."""
        self.child.stop()
        try:
            self.child.start()
            self.child.wait_ready()
        except ChildFailed as error:
            raise Stopped(str(error)) from None
        self.look_at_sockets()

    def reload(self, stamp: int) -> None:
        """Until the lists of this stamp are in force; starts it afresh if it will not listen."""
        self.hang_up()
        deadline = self._clock() + RELOAD_S
        while not self._prover.in_force(stamp):
            if self._clock() > deadline or not self.child.running:
                self.start()
                return
            time.sleep(0.02)

    def hang_up(self) -> None:
        """SIGHUP: it reads lists and certificates anew within a tenth of a second."""
        self._signal(signal.SIGHUP)

    def save(self) -> None:
        """SIGUSR1: it writes its sessions and what waits in them down, at once."""
        self._signal(signal.SIGUSR1)

    def saved_bytes(self) -> int:
        """Size of what it wrote down last; 0 when it never did."""
        try:
            return self._memory.stat().st_size
        except FileNotFoundError:
            return 0

    def look_at_sockets(self) -> None:
        """Exactly the two listeners. Raises Stopped."""
        try:
            found = ears(self.child.pid)
        except OSError as error:
            raise Stopped(f"its sockets cannot be looked at ({error})") from None
        if found != self._meant:
            strange = ", ".join(sorted(str(ear) for ear in found ^ self._meant))
            raise Stopped(
                f"its open sockets are not exactly those of the two listeners ({strange}): the "
                "administrator must look at who can write its configuration"
            )

    def stop(self) -> None:
        self.child.stop(STOP_S)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            if pid := self.child.pid:  # 0 would be ourselves and all our children
                os.kill(pid, number)


def meant(settings: Settings) -> frozenset[Ear]:
    """The sockets these settings open, and no others."""
    doors = {Ear("tcp", settings.bind, settings.port)}
    if settings.identities is not None:
        doors.add(Ear("tcp", settings.identities.office_bind, settings.identities.office_port))
    return frozenset(doors)
