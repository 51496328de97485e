"""The two authorities: made on first use, loaded ever after, each time with their modes checked.

A half-made authority never exists under its name: key and certificate appear together. One that
is damaged is never replaced by a new one, because every kiosk trusts the old: a person restores.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from cryptography import x509

from provisioning.authority.certificates import Authority, for_authority
from provisioning.authority.files import check_folder, give, make_folder, put, sync_folder
from provisioning.authority.keys import KeyRefused, new_key, read_p256, to_pem

NAMES: Final = ("device", "server")
_WRITERS: Final = 0o022  # the folder itself is passed through on the way to issued/


class Missing(Exception):  # noqa: N818 - says what is so
    """There is no authority in this folder yet, or only half of one."""


class Busy(Exception):  # noqa: N818 - says what is so
    """Another process works on this authority."""


class Pair(NamedTuple):
    device: Authority
    server: Authority


def exists(folder: Path) -> bool:
    return any((folder / name).exists() for name in NAMES)


def open_or_make(folder: Path, passphrase: bytes | None, now: int) -> Pair:
    """Both authorities of this folder; `now` in milliseconds dates new ones.

    Raises Missing, KeyRefused, Unsafe, OSError; all say who must act.
    """
    make_folder(folder, 0o711)
    with alone(folder, "making"):
        begun = folder / ".begun"  # until both are there: killed in between, we go on
        if not exists(folder):
            put(begun, b"")
        if begun.exists():
            for name in NAMES:
                _make(folder, name, passphrase, now)
            begun.unlink()
    return load(folder, passphrase)


def load(folder: Path, passphrase: bytes | None) -> Pair:
    device, server = (_load(folder, name, passphrase) for name in NAMES)
    return Pair(device, server)


@contextmanager
def alone(folder: Path, what: str, *, wait: bool = True) -> Iterator[None]:
    """Nobody else does `what` on this folder meanwhile. Raises Busy when not willing to wait."""
    handle = os.open(folder / f".{what}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        give(handle, folder)  # root may come first, the warden's account must be able to follow
        _lock(handle, folder, wait=wait)
        yield
    finally:
        os.close(handle)


def write(folder: Path, authority: Authority, passphrase: bytes | None) -> None:
    """Put an authority where none is, whole or not at all. Raises OSError when there is one."""
    making = folder / f".{authority.name}.new"
    shutil.rmtree(making, ignore_errors=True)
    make_folder(making)
    put(making / "key.pem", to_pem(authority.key, passphrase), 0o600)
    put(making / "cert.pem", authority.pem)
    making.rename(folder / authority.name)
    sync_folder(folder)


def _lock(handle: int, folder: Path, *, wait: bool) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Busy(f"a warden runs on {folder}: stop it first") from error


def _make(folder: Path, name: str, passphrase: bytes | None, now: int) -> None:
    if (folder / name).exists():
        return
    key = new_key()
    write(folder, Authority(name, key, for_authority(key, name, now)), passphrase)


def _load(folder: Path, name: str, passphrase: bytes | None) -> Authority:
    place = folder / name
    if not place.is_dir():
        raise Missing(
            f"there is no {name} authority in {folder}: the administrator must restore a backup, "
            "or run `anjungan authority init` for an office that has none yet"
        )
    check_folder(folder, _WRITERS)
    check_folder(place)
    key = read_p256(place / "key.pem", passphrase)
    try:
        certificate = x509.load_pem_x509_certificate((place / "cert.pem").read_bytes())
    except (ValueError, x509.InvalidVersion) as error:
        raise KeyRefused(f"{place / 'cert.pem'} is broken: restore a backup") from error
    if certificate.public_key() != key.public_key():
        raise KeyRefused(f"{place}: key and certificate do not belong together: restore a backup")
    return Authority(name, key, certificate)
