"""A kiosk that brings citizens' records to a real office: tray, child, door and registrar.

Owns the joining. The kiosk's side is the portal's own handing and the child's own round; the
office's side a door over TLS and a registrar behind its socket. `tests.support.registrar` makes the
office, `tests.support.door` the door.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select

from agent.actions.office import Office
from agent.actions.stop import Stop
from agent.config import load
from agent.identity import life
from agent.identity.asker import Patience
from agent.identity.door import Clock
from agent.identity.slots import Slots
from agent.submissions import ring
from agent.submissions.asks import Asks
from agent.submissions.counter import Counter
from agent.submissions.ring import BUNDLE
from agent.submissions.round import Around, Round
from controller.store.citizen_tables import submission
from portal.handing import Handed, Handing
from tests.support.citizens import Wall, a_draft
from tests.support.door import BuildDoor, Door
from tests.support.registrar import NAME, NOW, SITE, Registry
from tests.support.shown import put
from wire.local import ChildSays
from wire.service.tenant import KEYS
from wire.submission import canonical

Table = dict[str, dict[str, Any]]


class Delivery:
    """`url`: where the kiosk finds the door, perhaps through a proxy that can be cut."""

    def __init__(
        self,
        folder: Path,
        registry: Registry,
        door: Door,
        url: str = "",
        tray: Path | None = None,
    ) -> None:
        self.folder, self.registry, self.door = folder, registry, door
        self.tray = tray or folder / "tray"
        table = self._table(url or door.url)
        self.file = folder / "agent.toml"
        self.file.write_text(_toml(table), "utf-8")
        self.config = load(self.file)
        put(folder / "content" / BUNDLE, 1, {KEYS: canonical(registry.keys)})
        slots = Slots(Path(self.config.state_dir))
        patience = Patience(within_s=30.0)
        slot = life.enrol(slots, url or door.url, door.invite(NAME), door.clock, patience)
        life.confirm(slots, slot, life.door_of(slot, Clock(door.clock), patience))

    def handing(self) -> Handing:
        """The portal's part, as after a start."""
        return Handing(
            self.tray,
            NAME,
            SITE.code,
            lambda: self.registry.keys,
            wall_ms=Wall(NOW),
            sure=lambda: True,
        )

    def hand_in(self, hands: Handing | None = None, **draft: Any) -> Handed:
        usual = {"service": "KEC-SKTM", "revision": 1, "place": SITE.code}
        return (hands or self.handing()).hand_in(a_draft(**(usual | draft)))

    def counter(self, within_s: float = 60.0) -> Counter:
        return Counter(Office(self.config, Stop(within_s)))

    def round(self, *, sync: bool = False, wait: Callable[[float], object] = str) -> ChildSays:
        """What the child does when it is started."""
        around = Around(
            NAME,
            self.tray,
            Asks(self.folder / "asks"),
            self.counter(),
            lambda: ring.of_release(self.folder / "content"),
            Wall(NOW),
            wait,
        )
        return Round(around).run(sync=sync)

    def numbers(self) -> list[str]:
        """Receipt numbers the office has, each as often as it has it."""
        with self.registry.engine.connect() as conn:
            return list(conn.scalars(select(submission.c.number)))

    def _table(self, url: str) -> Table:
        folder = self.folder
        return {
            "": {"kiosk": NAME, "state_dir": str(folder / "state")},
            "broker": {"host": "127.0.0.1", "plain": True},
            "door": {"url": url},
            "content": {"folder": str(folder / "content")},
            "citizens": {
                "tray": str(self.tray),
                "notices": str(folder),
                "asks": str(folder / "asks"),
            },
        }


def _toml(table: Table) -> str:
    """As a technician writes it: what JSON calls a text or a switch, TOML calls the same."""
    lines = []
    for name, values in table.items():
        lines += [f"[{name}]"] if name else []
        lines += [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join([*lines, ""])


@contextmanager
def delivering(folder: Path, registry: Registry, build_door: BuildDoor) -> Iterator[Delivery]:
    """With a registrar that answers the door at once."""
    folder.mkdir(exist_ok=True)
    with registry.listening():
        door = build_door(registry.url, registrar=registry.socket)
        door.warden.start()
        yield Delivery(folder, registry, door)
