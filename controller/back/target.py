"""Where the registrar may send, as it stands in its own folder; and what a way to send is.

    back/targets.json    Targets: written by `anjungan back allow`, by an administrator of the
                         registrar's machine; nothing in the database adds to it
    back/sign.pem        Ed25519: signs what is sent by webhook

Reads only. Folders are absolute; webhooks are HTTPS, or plain on this machine alone.
"""

from pathlib import Path
from typing import Annotated, Final, Literal, Protocol
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from msgspec import Meta, Struct

from controller.back.parcel import Parcel
from controller.registrar.keys import BadKeys, secret

FOLDER: Final = "back"
TARGETS: Final = "targets.json"
SIGN: Final = "sign.pem"
KINDS: Final = ("folder", "webhook")
_HERE: Final = ("127.0.0.1", "::1", "localhost")


class NotTaken(Exception):  # noqa: N818 - says what happened
    """It was not taken, `str` says why and who must act. `ever`: trying again is of no use."""

    def __init__(self, why: str, *, ever: bool = False) -> None:
        self.ever = ever
        super().__init__(why)


class Way(Protocol):
    """One kind of back system. To add one: copy the nearest, add a line to ways.py."""

    def send(self, parcel: Parcel, now: int) -> str:
        """The other system's reference, "" without one. Twice is as once. Raises NotTaken."""
        ...


class Target(Struct, frozen=True, kw_only=True):
    tenant: Annotated[str, Meta(max_length=16)]
    name: Annotated[str, Meta(min_length=1, max_length=60)]
    kind: Literal["folder", "webhook"]
    where: Annotated[str, Meta(min_length=1, max_length=500)]


class Targets(Struct, frozen=True, kw_only=True):
    v: Literal[1] = 1
    targets: Annotated[tuple[Target, ...], Meta(max_length=200)] = ()

    def find(self, tenant: str, name: str) -> Target | None:
        for one in self.targets:
            if (one.tenant, one.name) == (tenant, name):
                return one
        return None


def check(target: Target) -> None:
    """Raises ValueError."""
    if target.kind == "folder":
        if not Path(target.where).is_absolute():
            raise ValueError(f"{target.where}: a folder is named from the root on")
        return
    parts = urlsplit(target.where)
    plain_here = parts.scheme == "http" and parts.hostname in _HERE
    if not parts.hostname or (parts.scheme != "https" and not plain_here):
        raise ValueError(f"{target.where}: only https:// leaves this machine")
    if parts.username is not None or parts.fragment:
        raise ValueError("an address holds no password and no fragment: it is signed by our key")


def load(keys: Path) -> Targets:
    """None allowed where there is no file. Raises BadKeys, OSError."""
    path = keys / FOLDER / TARGETS
    try:
        found = msgspec.json.decode(secret(path), type=Targets)
        for one in found.targets:
            check(one)
    except FileNotFoundError:
        return Targets()
    except (msgspec.MsgspecError, ValueError) as error:
        raise BadKeys(f"{path} is broken: the administrator writes it anew ({error})") from None
    return found


def signer(keys: Path) -> Ed25519PrivateKey | None:
    """None before it was made. Raises BadKeys, OSError."""
    path = keys / FOLDER / SIGN
    try:
        private = load_pem_private_key(secret(path), None)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise BadKeys(f"{path} is broken: restore a backup") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise BadKeys(f"{path} is a key for something else: restore a backup")
    return private
