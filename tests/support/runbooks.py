"""docs/operations.md made to run: its fenced commands, and a machine that is laid out as it says.

The machine is an office in a folder: same paths below another root, programs started by the very
lines of the units that `office-files` writes, `systemctl` and `journalctl` played by a script that
asks this test. So a command that no longer works fails a test and not an administrator.
"""

import os
import re
import shlex
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from agent.identity.slots import Slots
from controller import fleet
from controller.store.engine import open_engine, writing
from controller.store.migrate import migrate
from provisioning.files.rows import File
from provisioning.office_files.settings import SQLITE, Settings
from provisioning.office_files.table import rows
from tests.support.child import Child, free_port, listens
from tests.support.identity import TlsDoor
from tests.support.mqtt import Player
from tests.support.wait import until

PAGE: Final = Path(__file__).parents[2] / "docs" / "operations.md"
FIRST: Final = "Before you type anything"
NAME, OTHER = "bdg-coblong-1", "bdg-sukasari-1"
SITES: Final = (
    fleet.Site("32.73.01", "Sukasari", "Kota Bandung", -6.8667, 107.5872),
    fleet.Site("32.73.02", "Coblong", "Kota Bandung", -6.8849, 107.6154),
)
KIOSKS: Final = (fleet.NewKiosk(OTHER, "32.73.01"), fleet.NewKiosk(NAME, "32.73.02"))
PASSPHRASE: Final = "only for this test\n"
REFUSED: Final = (OSError, AssertionError)
_MANY: Final = re.MULTILINE | re.DOTALL
_PLACES: Final = re.compile(r"/(?:var/lib/anjungan|etc/anjungan|media/safe)\b")
_DAY: Final = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_PLAYED: Final = """\
#!/bin/sh
# Asks the test, and waits until it was done.
case "$0 $*" in
  *journalctl*) exec tail -n 100 "{logs}/$2.log" ;;
esac
echo "$@" > "{asked}/$$.new" && mv "{asked}/$$.new" "{asked}/$$"
while [ -e "{asked}/$$" ]; do sleep 0.05; done
"""


def blocks(heading: str) -> list[str]:
    """The commands below a heading of the page, block by block; those for kiosks are not ours."""
    text = PAGE.read_text(encoding="utf-8")
    below = re.compile(rf"^#+ {re.escape(heading)}$(.*?)(?=^#|\Z)", _MANY)
    found = below.search(_unfenced(text))
    assert found, f"no heading {heading!r} in {PAGE.name}"
    said = re.findall(r"^```sh\n(.*?)^```$", found[1].replace("\0", "#"), _MANY)
    return [one for one in said if not one.startswith("# on the kiosk")]


def _unfenced(text: str) -> str:
    """Comments within commands are no headings."""
    return re.sub(r"^```.*?^```$", lambda hit: hit[0].replace("#", "\0"), text, flags=_MANY)


class Machine:
    """An office's machine below `root`. `stop` ends every program."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.kiosk_port, office, self.door_port, console = (free_port() for _ in range(4))
        self.settings = Settings(
            name=("127.0.0.1",),
            bind="127.0.0.1",
            kiosk_port=self.kiosk_port,
            office_port=office,
            door_port=self.door_port,
            console_port=console,
        )
        self.url = self.here(SQLITE)
        self._running: dict[str, Child] = {}
        self._lay_out()

    def here(self, text: str) -> str:
        """What is said of the machine, said of the folder."""
        text = _PLACES.sub(lambda hit: f"{self.root}{hit[0]}", text)
        return text.replace("office.example:8443", f"127.0.0.1:{self.door_port}")

    def at(self, path: str) -> Path:
        return Path(self.here(path))

    def log(self, name: str) -> str:
        return (self.root / "logs" / f"anjungan-{name}.log").read_text(errors="replace")

    def start(self, *names: str) -> None:
        for name in names:
            if name not in self._running:
                log = self.root / "logs" / f"anjungan-{name}.log"
                self._running[name] = Child(self._line(name), log, self._environment())
                for wait in re.findall(r"^ExecStartPost=(.*)$", self._unit(name), re.MULTILINE):
                    subprocess.run(shlex.split(wait), check=True, timeout=60)

    def stop(self, *names: str) -> None:
        for name in names or [*reversed(self._running)]:
            if name in self._running:
                self._running.pop(name).stop(20)

    def serve(self) -> None:
        """Warden, broker and door, as after a boot."""
        self.start("warden")
        until(lambda: [*self.at("/var/lib/anjungan/exchange/wanted").glob("*.json")], 60)
        self.start("broker", "door")
        until(lambda: listens(self.kiosk_port) and listens(self.door_port), 60)

    def type(
        self, heading: str, number: int = 0, change: Callable[[str], str] = str, code: int = 0
    ) -> str:
        """Runs a block of the page; what it said. `code` is how it must end."""
        done, said = self.run(change(blocks(heading)[number]))
        assert done == code, f"{heading}, block {number}, ended with {done}: {said}"
        return said

    def run(self, script: str) -> tuple[int, str]:
        """How commands that begin as every runbook does ended, and what they said."""
        return self._shell(self.here(self._dated("\n".join((*blocks(FIRST), script)))))

    def join(self, said: str, name: str, *more: str) -> Path:
        """A kiosk types the line that the office printed; its state folder."""
        line = re.search(rf"anjungan join https://127.0.0.1:{self.door_port} .*", said)
        assert line, said
        return self.kiosk(name, shlex.split(line[0])[1:], more)

    def kiosk(self, name: str, words: list[str], more: tuple[str, ...] = ()) -> Path:
        home = self.root / "kiosks" / name
        home.mkdir(parents=True, exist_ok=True)
        where = ["--config", str(home / "agent.toml"), "--state", str(home / "state"), *more]
        argv = [sys.executable, "-m", "provisioning", *words, *where]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return home / "state"

    def lets_in(self, state: Path) -> bool:
        """Whether the broker lets in whoever has this state folder."""
        slot = Slots(state).current()
        assert slot is not None
        current = state / "identity" / "current"
        context = ssl.create_default_context(cafile=str(current / "server-ca.pem"))
        context.load_cert_chain(current / "cert.pem", current / "key.pem")
        door = TlsDoor("127.0.0.1", self.kiosk_port, context)
        try:
            Player(door, slot.about.kiosk, timeout_s=10.0).disconnect()
        except REFUSED:
            return False
        return True

    def _lay_out(self) -> None:
        for path in ("office", "authority", "exchange", "checkpoints", "broker", "releases"):
            self.at(f"/var/lib/anjungan/{path}").mkdir(parents=True)
        self.at("/var/lib/anjungan/registrar").mkdir(mode=0o700)
        self.at("/var/lib/anjungan/authority").chmod(0o711)
        for path in ("/etc/anjungan", "/media/safe", "logs", "bin", "asked"):
            (self.root / path.lstrip("/")).mkdir(parents=True)
        self.at("/etc/anjungan/office.env").write_text(self._text("office.env"))
        secret = self.at("/etc/anjungan/authority.passphrase")
        secret.write_text(PASSPHRASE)
        secret.chmod(0o600)
        played = _PLAYED.format(logs=self.root / "logs", asked=self.root / "asked")
        ours = f'#!/bin/sh\nexec {sys.executable} -m provisioning "$@"\n'
        for name, text in {"systemctl": played, "journalctl": played, "anjungan": ours}.items():
            (self.root / "bin" / name).write_text(text)
            (self.root / "bin" / name).chmod(0o755)
        migrate(self.url)
        engine = open_engine(self.url)
        with writing(engine) as conn:
            fleet.import_fleet(conn, [*SITES], [*KIOSKS], 1)
        engine.dispose()

    def _text(self, ending: str) -> str:
        """Of a file that `office-files` writes."""
        files = [one for one in rows(self.settings) if isinstance(one, File)]
        return self.here(next(one.text for one in files if one.path.endswith(ending)))

    def _unit(self, name: str) -> str:
        return self._text(f"anjungan-{name}.service").replace("\\\n", " ")

    def _line(self, name: str) -> list[str]:
        """The program of a unit. Groups of a machine that is an office are not there in a test."""
        line = re.search(r"^ExecStart=\S+ (.*)$", self._unit(name), re.MULTILINE)
        assert line
        words = re.sub(r"--group \S+", "", line[1])
        return [sys.executable, "-m", "provisioning", *shlex.split(words)]

    def _environment(self) -> dict[str, str]:
        return {
            "ANJUNGAN_DATABASE": self.url,
            "ANJUNGAN_AUTHORITY_PASSPHRASE_FILE": self.here("/etc/anjungan/authority.passphrase"),
            "PYTHONPATH": str(PAGE.parents[1]),
            "PYTHONUNBUFFERED": "1",
        }

    def _dated(self, script: str) -> str:
        """The page names a day; here it is the one of the newest backup."""
        days = sorted(one.name for one in self.at("/media/safe").iterdir() if one.is_dir())
        return _DAY.sub(days[-1], script) if days else script

    def _shell(self, script: str) -> tuple[int, str]:
        path = f"{self.root / 'bin'}:{os.environ['PATH']}"
        env = {**os.environ, "PATH": path, "PYTHONPATH": str(PAGE.parents[1])}
        talk, typed = self.root / "talk.txt", self.root / "typed.txt"
        typed.write_text(PASSPHRASE)
        with talk.open("w") as out, typed.open() as keys:
            shell = subprocess.Popen(
                ["bash", "-euc", script],
                stdin=keys,
                stdout=out,
                stderr=out,
                env=env,
                cwd=self.root,
            )
            try:
                until(lambda: self._answered() or shell.poll() is not None, 120)
            finally:
                shell.kill()
                shell.wait(10)
        return shell.returncode, talk.read_text()

    def _answered(self) -> bool:
        """Does what the script of this moment asks of systemd; never says that it is enough."""
        for asked in sorted((self.root / "asked").glob("[0-9]*")):
            if not asked.suffix:
                verb, *units = asked.read_text().split()
                names = [one.removeprefix("anjungan-") for one in units]
                if verb in ("stop", "restart"):
                    self.stop(*names)
                if verb in ("start", "restart"):
                    self.start(*names)
                asked.unlink()
        return False
