"""The office's broker as it runs in earnest: a keeper's process, its Mosquitto, two authorities.

The test plays the warden: it says who is revoked or denied and waits for the keeper's answer.
"""

import json
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from broker_config.place import place
from tests.support.mqtt import Player
from tests.support.pki import Pki
from tests.support.ports import free_port
from tests.support.wait import until

PATIENCE_S = 30.0


@dataclass
class TlsDoor:
    """What `Player` needs to come in with a certificate."""

    host: str
    port: int
    tls: ssl.SSLContext


class IdentityBroker:
    """`port` is the kiosks' door, `office_port` the office's; `pki` has every file."""

    kind = "mosquitto"
    host = "127.0.0.1"

    def __init__(self, folder: Path, *options: str) -> None:
        self.pki = Pki(folder)
        self.server_ca = self.pki.server_ca
        self.office_cert, self.office_key = self.pki.office
        self.port, self.office_port = free_port(), free_port()
        self.state, self.exchange = folder / "state", folder / "exchange"
        (self.exchange / "wanted").mkdir(parents=True)
        self.said = folder / "keeper.log"
        self.stamp = self.number = 0
        self.gone: set[str] = set()
        self.denied: set[str] = set()
        self._options = options
        self._keeper: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.state / "broker.log"

    @property
    def pid(self) -> int:
        """Of Mosquitto; 0 while there is none."""
        if self._keeper is None or self._keeper.poll() is not None:
            return 0
        children = Path(f"/proc/{self._keeper.pid}/task/{self._keeper.pid}/children")
        with suppress(OSError):
            return next((int(one) for one in children.read_text().split()), 0)
        return 0

    def start(self) -> None:
        """The keeper, and with it the broker; lists first if there are none yet."""
        self.start_keeper()
        if not self.stamp:
            answer = self.apply()
            assert answer["ok"], answer
        until(self._lets_in, PATIENCE_S)

    def start_keeper(self) -> None:
        argv = [sys.executable, "-m", "broker_config", "--state", str(self.state)]
        argv += ["--identities", str(self.pki.issued), "--exchange", str(self.exchange)]
        argv += ["--kiosk-port", str(self.port), "--office-port", str(self.office_port)]
        with self.said.open("ab") as said:
            self._keeper = subprocess.Popen([*argv, *self._options], stderr=said)

    def stop(self) -> None:
        if self._keeper is not None:
            self._keeper.terminate()
            self._keeper.wait(20)

    def kill9(self) -> None:
        """Mosquitto only: the keeper starts it again by itself."""
        if pid := self.pid:
            os.kill(pid, 9)
            until(lambda: self.pid != pid, PATIENCE_S)

    @contextmanager
    def keeper_asleep(self) -> Iterator[None]:
        """Meanwhile only the test proves anything: two by the same name throw each other out."""
        assert self._keeper is not None
        os.kill(self._keeper.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._keeper.pid, signal.SIGCONT)

    def restart(self) -> None:
        self.stop()
        self.start()

    def make_kiosk(self, name: str) -> tuple[Path, Path]:
        """(certificate, key) files of a new kiosk."""
        return self.pki.make_kiosk(name)

    def revoke(self, *names: str, drop: bool = True) -> dict[str, Any]:
        """In the list, denied and dropped, as the warden would; the keeper's answer."""
        self.gone |= set(names)
        self.denied |= set(names)
        return self.apply(drop=names if drop else ())

    def deny(self, *names: str) -> dict[str, Any]:
        self.denied |= set(names)
        return self.apply(drop=names)

    def apply(self, **changed: Any) -> dict[str, Any]:
        """New lists as they are now, with some fields replaced; the keeper's answer."""
        stamp = self.want(**changed)
        return until(lambda: self.answer(stamp), PATIENCE_S)

    def want(self, **changed: Any) -> int:
        """Only writes them; the stamp."""
        self.stamp += 1
        self.number += 1
        said: dict[str, Any] = {
            "stamp": self.stamp,
            "crl": self.pki.revocation_list(sorted(self.gone), self.number).decode(),
            "crl_number": self.number,
            "denied": sorted(self.denied),
            "drop": [],
            "revoked": len(self.gone),
        }
        self.write(json.dumps(said | changed).encode())
        return self.stamp

    def write(self, raw: bytes) -> None:
        """Any bytes under the present stamp."""
        place(self.exchange / "wanted" / f"{self.stamp:020d}.json", raw, mode=0o644)

    def answer(self, stamp: int) -> dict[str, Any]:
        """The keeper's answer to this stamp, empty while there is none."""
        try:
            said: dict[str, Any] = json.loads((self.exchange / "answer.json").read_bytes())
        except FileNotFoundError:
            return {}
        return said if said["stamp"] == stamp else {}

    def kiosk(self, name: str, **more: Any) -> Player:
        """A kiosk of that name, connected; made if there is none yet."""
        if not (self.pki.folder / f"{name}.crt").exists():
            self.make_kiosk(name)
        return Player(self.door(self.pki.folder / name), name, **{"timeout_s": 10.0, **more})

    def office(self, client_id: str = "office-p00", **more: Any) -> Player:
        door = self.door(self.pki.issued / "office", self.office_port)
        return Player(door, client_id, **{"timeout_s": 10.0, **more})

    def door(self, paper: Path, port: int = 0, **versions: Any) -> TlsDoor:
        """With the certificate `paper`.crt and `paper`.key; `port`: the kiosks' when left out."""
        context = ssl.create_default_context(cafile=str(self.server_ca))
        context.load_cert_chain(f"{paper}.crt", f"{paper}.key")
        for name, value in versions.items():
            setattr(context, name, value)
        return TlsDoor(self.host, port or self.port, context)

    def _lets_in(self) -> bool:
        try:
            Player(self.door(self.pki.issued / "probe-allowed"), "x").disconnect()
        except (OSError, AssertionError):
            return False
        return True
