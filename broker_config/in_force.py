"""The files that the broker's Mosquitto reads: put in place whole, watched, put back.

Owns the folder they lie in and the memory of what was in force last. Only what was checked comes
here; whether it may is decided before.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

import msgspec

from broker_config.papers import Papers, mark
from broker_config.place import place
from broker_config.settings import Identities
from broker_config.wanted import BadLists, Lists


class Floor(msgspec.Struct, frozen=True):
    """What was in force last, so that nothing older is taken, not even after a restart."""

    stamp: int = 0
    number: int = 0


def files(folder: Path, office_bind: str, office_port: int, most_kiosks: int) -> Identities:
    """Where Mosquitto finds what `InForce` puts there."""
    return Identities(
        office_port=office_port,
        office_bind=office_bind,
        device_ca=folder / "device-ca.pem",
        server_ca=folder / "server-ca.pem",
        cert=folder / "broker.crt",
        key=folder / "broker.key",
        crl=folder / "crl.pem",
        access=folder / "access",
        most_kiosks=most_kiosks,
    )


class InForce:
    """`user`: whose the files shall be, where root keeps them for an account. May raise OSError."""

    def __init__(self, folder: Path, *, user: str = "") -> None:
        self._folder = folder
        self._user = user
        self._memory = folder / "in-force.json"
        self._placed: dict[Path, tuple[int, int, int]] = {}

    def put(self, papers: Papers, lists: Lists) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._user and os.geteuid() == 0:
            shutil.chown(self._folder, self._user)
        for name, data in papers.shown.items():
            self._place(self._folder / name, data)
        self._place(self._folder / "access", lists.access)
        self._place(self._folder / "crl.pem", lists.crl)

    def changed_by_others(self) -> bool:
        """Cheap: asks for sizes and times only."""
        return any(mark(path) != known for path, known in self._placed.items())

    def floor(self) -> Floor:
        """Raises BadLists."""
        try:
            return msgspec.json.decode(self._memory.read_bytes(), type=Floor)
        except FileNotFoundError:
            return Floor()
        except (OSError, msgspec.DecodeError) as error:
            raise BadLists(
                f"{self._memory} cannot be read ({error}): the administrator must remove it"
            ) from None

    def remember(self, lists: Lists) -> None:
        place(self._memory, msgspec.json.encode(Floor(lists.stamp, lists.number)))

    def _place(self, path: Path, data: bytes) -> None:
        same = False
        with suppress(OSError):
            same = path.read_bytes() == data
        if not same:
            place(path, data, user=self._user)
        self._placed[path] = mark(path)
