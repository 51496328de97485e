"""One played kiosk: the real agent over a played body, living a story told from a seed.

Owns its agent and its body and ends both. The story's clock may run faster than the agent's: the
mishaps come sooner, the kiosk itself is as quick or slow as a real one.
"""

import math
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

from agent.config import Config, load
from agent.content.desk import Installer
from agent.identity.child import Child
from agent.kiosk import Kiosk
from provisioning.players.body import BUNDLE, Body
from provisioning.players.children import Children
from provisioning.players.citizens import Citizens
from provisioning.players.devices.device import DeviceLoop
from provisioning.players.joining import Joining
from provisioning.players.joining import broker as broker_through
from provisioning.players.life import Turn
from provisioning.players.mishaps import ACTS
from provisioning.players.settings import Kept, agent_toml
from provisioning.players.wishes import BROWSER, REBOOT, Wish

POWER_CUT: Final = "power_cut"
ACTIONS: Final = (sys.executable, "-m", "agent.actions")
INSTALLS: Final = ("-m", "agent.content")
BRINGS: Final = ("-m", "agent.submissions")
FINISH: Final = "--finish-wipe"
BOOT_S: Final = 3.0  # of the story


def _nothing() -> None:
    """Whoever tends the players looks often."""


def home_of(folder: Path) -> Path:
    """Where a player of this folder keeps its agent's state and identity."""
    return folder / "state"


class Player:
    """`start` and `stop` once each; then `act_next` whatever the story says, in its order.

    With `joining` it shows the identity that lies in its home; without, it asks for none. `wishes`
    is where its own commands put what they want of it. `boot_id` is that of the last boot. The
    process that installs releases is real; `children` gives it a place among those of all players.
    With `site` and an identity citizens come, one in `apart_s` seconds on average.
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
        wishes: Path | None = None,
        children: Children | None = None,
        site: str = "",
        apart_s: float = 0.0,
    ) -> None:
        self.name = name
        self._file = folder / "agent.toml"
        self._kept = Kept(home_of(folder), wishes or folder / "wishes")
        maintenance = self._kept.state / "maintenance.json"
        self._children = children or Children()
        self.body = Body(
            loop,
            folder / "root",
            broker,
            dice,
            name=name,
            maintenance=maintenance,
            releases=self._kept.releases,
            status=self._kept.status,
        )
        self._dice = dice
        self._joining = joining
        self._story = story
        self._next = next(story)
        self._boot_at = math.inf
        self.boot_id = ""
        self._boots = 0
        self._restart = threading.Event()
        self._look_at = 0.0
        self._kiosk: Kiosk | None = None
        self._citizens = self._people(site, apart_s) if site and apart_s and joining else None

    @property
    def due(self) -> float:
        """Seconds of the story at which its next turn comes."""
        return min(self._next.at, self._boot_at)

    @property
    def on(self) -> bool:
        return self._kiosk is not None

    def start(self) -> None:
        """Switch the kiosk on, as a new boot."""
        if self._boots:  # the screen starts anew with the machine
            self.body.browser.kill()
            self.body.browser.start()
        self._boots += 1
        self._boot_at = math.inf
        # Not from the story's dice: told again, it would bring back a boot that is over, and the
        # office would see two machines with one identity.
        self.boot_id = str(uuid.uuid4())
        self._begin()

    def act_next(self) -> Turn:
        """Do the next turn of the story, or boot; what was done."""
        if self._boot_at <= self._next.at:
            turn = Turn(self._boot_at, REBOOT, begins=False)
            self._power(on=True)
            return turn
        turn, self._next = self._next, next(self._story)
        self._act(turn)
        return turn

    def grant(self, wish: Wish, now: float) -> Turn | None:
        """What is wished, at `now` of the story; None for what there is not."""
        if wish.what not in (REBOOT, BROWSER, POWER_CUT, *ACTS):
            return None
        turn = Turn(now, wish.what, wish.begins)
        if wish.what == REBOOT:
            if self._kiosk is not None:
                self._boot_at = now + BOOT_S
            self._power(on=False)
        elif wish.what == BROWSER:
            self.body.browser.kill()
            self.body.browser.start()
        else:
            self._act(turn)
        return turn

    def tend(self) -> None:
        """Let the agent look around, or start it anew where it has asked for that, as systemd does.

        One that was wiped stays off: without an identity nobody would hear it.
        """
        if self._kiosk is None:
            return
        if self._kiosk.wiped:
            self._power(on=False, planned=True)
            subprocess.run([*ACTIONS, "--config", str(self._file), FINISH], check=True)
        elif self._restart.is_set():
            self._kiosk.stop()
            self._begin()
        else:
            self._look(self._kiosk)
            if self._citizens is not None:
                self._citizens.step()

    def stop(self) -> None:
        self._power(on=False, planned=True)
        self.body.close()

    def _look(self, kiosk: Kiosk) -> None:
        """What is due is said as from now: remembered, or it would be put off by being asked."""
        if min(kiosk.due, self._look_at) <= time.monotonic():
            kiosk.look()
            self._look_at = kiosk.due

    def _begin(self) -> None:
        self._restart.clear()
        config = self._config()
        self._kiosk = Kiosk(
            config,
            self.body.probes(),
            rng=self._dice,
            boot_id=self.boot_id,
            start_action=lambda: (*ACTIONS, "--config", str(self._file)),
            restart=self._restart.set,
            installer=Installer(self._install, self._restart.set, _nothing),
            bring=self._bring,
        )
        self._kiosk.start()

    def _install(self, said: bytes) -> Child | None:
        return self._children.start((*INSTALLS, "--config", str(self._file)), said)

    def _bring(self, words: tuple[str, ...]) -> Child | None:
        return self._children.start((*BRINGS, "--config", str(self._file), *words), b"")

    def _people(self, site: str, apart_s: float) -> Citizens:
        return Citizens(
            self.name,
            site,
            self._kept.tray,
            self._kept.releases / BUNDLE,
            Random(f"citizens/{self.name}"),  # noqa: S311 - a story, no secret
            wall_ms=lambda: time.time_ns() // 1_000_000,
            seconds=time.monotonic,
            apart_s=apart_s,
        )

    def _config(self) -> Config:
        """As the technician's file says, which the processes that do commands read, too."""
        broker = broker_through(self._joining, self.body.line.port, self._kept.state)
        door = self._joining.door if self._joining else ""
        self._file.write_text(agent_toml(self.name, self._kept, broker, door, self.body), "utf-8")
        return load(self._file)

    def _act(self, turn: Turn) -> None:
        if turn.mishap == POWER_CUT:
            self._power(on=not turn.begins)
        else:
            act = ACTS[turn.mishap]
            (act.begin if turn.begins else act.end)(self.body)

    def _power(self, *, on: bool, planned: bool = False) -> None:
        if on and self._kiosk is None:
            self.start()
        elif not on and self._kiosk is not None:
            self._kiosk.stop(planned=planned)
            self._kiosk = None
