"""An office that rolls out programs, and kiosks that run them: the real agent under a keeper."""

import json
import shutil
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import select

from agent.software import trial
from agent.software.launch import current
from controller import bell
from controller.rollouts.plan import Plan
from controller.store.release_tables import rollout
from controller.store.tables import kiosk
from tests.agent.commands.played import lay_policy
from tests.support.broker import a_mosquitto
from tests.support.child import Child, free_port
from tests.support.file_server import serving
from tests.support.mqtt import Door
from tests.support.office import facts_of
from tests.support.press import Press, Tree
from tests.support.software import Keeper
from tests.support.takers import Counter
from tests.support.wait import until
from tests.support.wisher import Registry

WITHIN_S = 60.0
CONFIG = """\
kiosk = {name}
state_dir = {state}
[broker]
host = "127.0.0.1"
port = {port}
reconnect_min_s = 0.2
reconnect_max_s = 2.0
[probes]
system = false
disk = false
network = false
temperature = false
power = false
screen = false
[content]
folder = {folder}
programs = {programs}
roots = {roots}
keep_free_mb = 0
trial_s = {trial_s}
portal = {portal}
restart_portal = ["/bin/sh", "-c", {restart}]
"""


class Shop(Counter):
    """`begins` lets a controller offer what was published until then."""

    def __init__(
        self, url: str, door: Door, folder: Path, *names: str, press: Path, releases_url: str
    ) -> None:
        super().__init__(url, door, folder, *names)
        self.press = Press(self.office.engine, press)
        self.press.now = now()
        self._releases_url = releases_url
        self._child: Child | None = None

    def publish(self, bundle: str, files: Tree) -> int:
        return self.press.publish(files, bundle).seq

    def begins(self) -> None:
        where = ("--releases", str(self.press.releases.path), "--releases-url", self._releases_url)
        self._child = self.opens(*where, "--release-key", str(self.press.held.online))

    def ends(self) -> None:
        if self._child is not None:
            self._child.stop()

    def kiosk(self, name: str, home: Path, **more: Any) -> "KeptKiosk":
        made = KeptKiosk(self, name, home, **more)
        made.starts()
        return made

    def rolls(self, *kiosks: str, bundle: str, seq: int, before: int = 0) -> int:
        made = self._registry(bundle).roll(*kiosks, seq=seq, before=before, now=now())
        bell.ring(self.office.engine)
        return made

    def asks(self, phases: Mapping[str, int], seq: int, how: Plan) -> int:
        return self._registry("agent").asks(phases, seq, now=now(), how=how)

    def are(self, number: int, state: str) -> bool:
        return {row.state for row in self._registry("").shares(number)} == {state}

    def state(self, number: int) -> str:
        with self.office.engine.connect() as conn:
            return str(conn.scalar(select(rollout.c.state).where(rollout.c.id == number)))

    def said_of(self, name: str) -> list[Any]:
        """What this kiosk has reported, by bundle; nothing before its first end."""
        with self.office.engine.connect() as conn:
            number = conn.scalar(select(kiosk.c.id).where(kiosk.c.name == name))
        rows = self._registry("").reported()
        return [row for row in rows if row.kiosk_id == number and row.state]

    def facts(self, name: str) -> int:
        return len(facts_of(self.office.engine, name))

    def births(self, name: str) -> int:
        """The number of the last one that was heard of this kiosk."""
        thread = self.office.known(name).thread
        return thread.birth if thread else 0

    def hears(self, name: str, version: str) -> None:
        """It is there, with an agent of this version."""

        def is_there() -> bool:
            known = self.office.known(name)
            if known.presence.state != "online" or known.thread is None:
                return False
            return known.thread.agent == version

        until(is_there, WITHIN_S)

    def _registry(self, bundle: str) -> Registry:
        return Registry(self.office.engine, bundle)


class KeptKiosk:
    """`agent`, and with `portal` that, too: each under a keeper of its own. A context."""

    def __init__(
        self,
        shop: Shop,
        name: str,
        home: Path,
        *,
        trial_s: int = 900,
        guarded: bool = False,
        portal: bool = False,
    ) -> None:
        self.home = home / name
        self.home.mkdir()
        self._guarded = guarded
        self._port = free_port() if portal else 0
        self._config = self.home / "agent.toml"
        restart = f"kill $(cat {self.home / 'portal.pid'})"
        root = shop.press.releases.metadata / "1.root.json"
        words = {
            "name": name, "state": f"{self.home / 'state'}", "folder": f"{self.home / 'content'}",
            "programs": f"{self._programs}", "roots": f"{root}", "restart": restart,
        }  # fmt: skip
        numbers = {"port": shop.door.port, "trial_s": trial_s, "portal": self._port}
        quoted = {key: json.dumps(value) for key, value in words.items()}
        self._config.write_text(CONFIG.format(**quoted, **numbers))
        lay_policy(self.home / "state", shop.bureau.ceremony, shop.bureau.policy)
        self.portal: Keeper | None = None

    def starts(self) -> None:
        """All of it, as after power has come."""
        words = ("--config", str(self._config))
        self.agent = self._keeper("agent", words, guarded=self._guarded)
        if self._port:
            portal = ("--port", str(self._port), "--kiosk", "uji")
            self.portal = self._keeper("portal", portal)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for keeper in (self.agent, self.portal):
            if keeper is not None:
                keeper.stop()

    def current(self, module: str) -> int:
        return current(self._programs / module)

    def on_trial(self, module: str) -> bool:
        return trial.read(self._programs / module) is not None

    def failed(self, bundle: str) -> Any:
        """Release and attempt of what it will not try again by itself."""
        journal = self.home / "state" / "content" / "install.json"
        return json.loads(journal.read_text())["failed"].get(bundle)

    def health(self) -> tuple[str, int] | None:
        """Version and release of the portal that answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/healthz", timeout=5) as it:
                said = json.load(it)
        except OSError:
            return None
        return said["version"], said["release"]

    @property
    def _programs(self) -> Path:
        return self.home / "programs"

    def _keeper(self, module: str, words: Sequence[str], *, guarded: bool = False) -> Keeper:
        return Keeper(self._programs, module, words, self.home, guarded=guarded)


@contextmanager
def opened(folder: Path, migrated: Path, names: Sequence[str]) -> Iterator[Shop]:
    """One whose kiosks are these; nothing is offered yet."""
    shutil.copy(migrated, folder / "office.db")
    press = folder / "press"
    broker = a_mosquitto(folder)
    broker.start()
    try:
        with serving(press / "releases") as server:
            url = f"sqlite:///{folder / 'office.db'}"
            shop = Shop(url, broker, folder, *names, press=press, releases_url=server.url)
            try:
                yield shop
            finally:
                shop.ends()
    finally:
        broker.stop()


def now() -> int:
    return time.time_ns() // 1_000_000
