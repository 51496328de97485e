"""A kiosk's identity on its disk: after any power cut the old one or the new one, always whole.

Below <state_dir>/identity: `pending/` (a key and its request, on the disk before the request is
sent, so that whoever lost the answer asks again with the very same), `<serial>/` (one identity,
never changed once it is there, but that a missing policy may be added), `current` (a link to one of
them, switched by one rename) and `state.json` (what the office said last). Never imports
cryptography: the resident agent reads this.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from agent import disk, folders
from wire.door import BrokerPlace

KEY: Final = "key.pem"
CSR: Final = "csr.pem"
CERT: Final = "cert.pem"
AUTHORITY: Final = "server-ca.pem"
ABOUT: Final = "about.json"
POLICY: Final = "policy.json"  # the text of a SignedPolicy; missing where the office had none
_SERIAL = re.compile(r"[0-9a-f]{1,40}", re.ASCII)
_LEFT_BEHIND = re.compile(r"[0-9a-f]{1,40}(\.tmp)?", re.ASCII)


class About(msgspec.Struct, frozen=True):
    """What the agent must know of its certificate without reading it. Milliseconds, office's clock.

    `invitation` is the SHA-256 of the token it came from, in hex: empty after a renewal.
    """

    kiosk: str
    serial: str
    door: str
    broker: BrokerPlace
    not_before: int
    not_after: int
    invitation: str = ""


class State(msgspec.Struct, frozen=True):
    """What became of the last try. `used`: the serial the office has heard from.

    `needs_code` says that only a new code helps; `clock_off_ms` is to be added to our own clock.
    """

    used: str = ""
    needs_code: bool = False
    why: str = ""
    tried_at: int = 0
    clock_off_ms: int = 0


class Pending(NamedTuple):
    """PEM, both."""

    key: bytes
    csr: bytes


class Slot(NamedTuple):
    folder: Path
    about: About

    @property
    def key(self) -> Path:
        return self.folder / KEY

    @property
    def cert(self) -> Path:
        return self.folder / CERT

    @property
    def authority(self) -> Path:
        return self.folder / AUTHORITY

    @property
    def policy(self) -> Path:
        return self.folder / POLICY


class Slots:
    """Raises OSError when the disk refuses; nothing is half done then."""

    def __init__(self, state_dir: Path) -> None:
        self.state_dir = state_dir
        self.folder = state_dir / "identity"
        self.link = self.folder / "current"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Whoever changes anything holds this; root does it as the owner. Raises Busy."""
        with _as_owner(self.folder.parent):
            folders.make(self.folder, 0o700)
            busy = f"another process works on {self.folder}: try again later"
            with folders.alone(self.folder, busy):
                yield

    def serial(self) -> str:
        """That of the current identity, empty when there is none. One system call."""
        with suppress(OSError):
            return str(self.link.readlink())
        return ""

    def current(self) -> Slot | None:
        """None when there is none, or when it is not whole."""
        serial = self.serial()
        folder = self.folder / serial
        if not _SERIAL.fullmatch(serial):
            return None
        if not all((folder / name).is_file() for name in (KEY, CERT, AUTHORITY)):
            return None
        try:
            about = msgspec.json.decode((folder / ABOUT).read_bytes(), type=About)
        except (OSError, msgspec.DecodeError):
            return None
        return Slot(folder, about)

    def begin(self, make: Callable[[], Pending]) -> Pending:
        """The key and request of an earlier try, or new ones: on the disk when this returns."""
        old = self._pending()
        if old is not None:
            return old
        folders.make(self.folder, 0o700)
        new = make()
        self._folder("pending", {KEY: new.key, CSR: new.csr})
        return new

    def forget_pending(self) -> None:
        """Its request will never be answered."""
        self._remove(self.folder / "pending")
        disk.sync_folder(self.folder)

    def store(
        self, about: About, certificate: bytes, authority: bytes, policy: bytes = b""
    ) -> Slot:
        """What was pending, with its certificate, becomes current. No policy: an empty one."""
        pending = self._pending()
        if pending is None or not _SERIAL.fullmatch(about.serial):
            raise ValueError("nothing is pending, or its serial is none")
        files = {
            KEY: pending.key,
            CERT: certificate,
            AUTHORITY: authority,
            ABOUT: msgspec.json.encode(about),
            **({POLICY: policy} if policy else {}),
        }
        # A serial names one certificate for ever: what is there was put there whole.
        if not (self.folder / about.serial).is_dir():
            self._folder(about.serial, files)
        disk.switch(self.link, about.serial)
        self.forget_pending()
        return Slot(self.folder / about.serial, about)

    def add_policy(self, slot: Slot, policy: bytes) -> None:
        """To an identity that came without one."""
        disk.write(slot.policy, policy, 0o600)

    def prune(self) -> None:
        """Every identity but the current one goes: the office has ended them."""
        for path in sorted(self.folder.iterdir()):
            if _LEFT_BEHIND.fullmatch(path.name) and path.name != self.serial():
                self._remove(path)

    def state(self) -> State:
        try:
            return msgspec.json.decode((self.folder / "state.json").read_bytes(), type=State)
        except (OSError, msgspec.DecodeError):
            return State()

    def note(self, state: State) -> None:
        disk.write(self.folder / "state.json", msgspec.json.encode(state), 0o600)

    def _pending(self) -> Pending | None:
        folder = self.folder / "pending"
        try:
            found = Pending((folder / KEY).read_bytes(), (folder / CSR).read_bytes())
        except OSError:
            return None
        # Stored and switched to, and cut before it was tidied away: never a key twice.
        used = (path.read_bytes() for path in self.folder.glob(f"current/{KEY}"))
        return None if found.key in used else found

    def _folder(self, name: str, files: Mapping[str, bytes]) -> None:
        temporary = self.folder / f"{name}.tmp"
        self._remove(temporary)
        folders.make(temporary, 0o700)
        for file, content in files.items():
            disk.replace(temporary / file, content, 0o600, synced=True)
        disk.sync_folder(temporary)
        self._remove(self.folder / name)
        temporary.rename(self.folder / name)
        disk.sync_folder(self.folder)

    def _remove(self, folder: Path) -> None:
        if folder.is_dir():
            for path in sorted(folder.iterdir()):
                path.unlink()
            folder.rmdir()


@contextmanager
def _as_owner(folder: Path) -> Iterator[None]:
    """A technician joins as root, the agent reads as the owner of its state folder.

    Root would follow links that the owner's account laid, into files that are none of its own.
    """
    if os.geteuid() != 0:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    owner, group, groups = folder.stat(), os.getegid(), os.getgroups()
    os.setgroups([owner.st_gid])
    os.setegid(owner.st_gid)
    os.seteuid(owner.st_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)
        os.setgroups(groups)
