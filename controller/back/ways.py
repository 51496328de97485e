"""The ways by which back systems are reached: one visible table."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from controller.back import target
from controller.back.folder import Folder
from controller.back.target import NotTaken, Target, Way
from controller.back.webhook import Webhook


def way_to(keys: Path, tenant: str, name: str) -> Way:
    """By what the registrar's folder allows now. Raises NotTaken, BadKeys, OSError."""
    found = target.load(keys).find(tenant, name)
    if found is None:
        why = "the registrar's machine does not allow it: its administrator runs anjungan back"
        raise NotTaken(f"{why} allow")
    return _WAYS[found.kind](keys, found)


def _folder(_keys: Path, one: Target) -> Way:
    return Folder(Path(one.where))


def _webhook(keys: Path, one: Target) -> Way:
    key = target.signer(keys)
    if key is None:
        raise NotTaken("there is no key to sign with: the administrator runs anjungan back key")
    return Webhook(one.where, key)


_WAYS: Final[dict[str, Callable[[Path, Target], Way]]] = {
    "folder": _folder,
    "webhook": _webhook,
}
