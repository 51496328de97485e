"""One played kiosk: the real agent over a played body, living a story told from a seed.

Owns its agent and its body and ends both. The story's clock may run faster than the agent's: the
mishaps come sooner, the kiosk itself is as quick or slow as a real one.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from agent.config import Config
from agent.kiosk import Kiosk
from provisioning.players.body import Body
from provisioning.players.devices.device import DeviceLoop
from provisioning.players.joining import Joining
from provisioning.players.joining import broker as broker_through
from provisioning.players.life import Turn
from provisioning.players.mishaps import ACTS

POWER_CUT = "power_cut"


def home_of(folder: Path) -> Path:
    """Where a player of this folder keeps its agent's state and identity."""
    return folder / "state"


class Player:
    """`start` and `stop` once each; `act` whatever the story says, in its order.

    With `joining` it shows the identity that lies in its home; without, it asks for none.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        loop: DeviceLoop,
        *,
        broker: tuple[str, int],
        story: Iterator[Turn],
        dice: Random,
        joining: Joining | None = None,
    ) -> None:
        self.name = name
        self.body = Body(loop, folder / "root", broker, dice)
        self._dice = dice
        self._joining = joining
        self._state = home_of(folder)
        self._story = story
        self._next = next(story)
        self._boots = 0
        self._kiosk: Kiosk | None = None

    @property
    def due(self) -> float:
        """Seconds of the story at which its next turn comes."""
        return self._next.at

    def start(self) -> None:
        """Switch the kiosk on, as a new boot."""
        self._boots += 1
        broker = broker_through(self._joining, self.body.line.port, self._state)
        config = Config(kiosk=self.name, state_dir=str(self._state), broker=broker)
        boot = f"{self.name}-{self._boots}-{self._dice.getrandbits(32):08x}"
        self._kiosk = Kiosk(config, self.body.probes(), rng=self._dice, boot_id=boot)
        self._kiosk.start()

    def act_next(self) -> Turn:
        """Do the next turn of the story and return it."""
        turn, self._next = self._next, next(self._story)
        if turn.mishap == POWER_CUT:
            self._power(on=not turn.begins)
        else:
            act = ACTS[turn.mishap]
            (act.begin if turn.begins else act.end)(self.body)
        return turn

    def stop(self) -> None:
        self._power(on=False, planned=True)
        self.body.close()

    def _power(self, *, on: bool, planned: bool = False) -> None:
        if on and self._kiosk is None:
            self.start()
        elif not on and self._kiosk is not None:
            self._kiosk.stop(planned=planned)
            self._kiosk = None
