"""The first root of releases: given at the door with the identity, kept from then on.

Lies where the fetching child looks for it, <state_dir>/content/root.json, and is never replaced:
what follows it over the years is signed by the one before and comes with the releases. A person who
takes a kiosk to another office removes the folder. Trusted because the door is. Its signatures are
checked where it is used; here only that it is a root at all. Never imports what checks them.
"""

from pathlib import Path
from typing import Any, Final

import msgspec

from agent import disk, folders

MOST: Final = 512_000  # bytes, as much as a root may have on its way


def path_of(state_dir: Path) -> Path:
    return state_dir / "content" / "root.json"


def keep(state_dir: Path, text: str) -> bool:
    """Whether this kiosk has a root now. Durable when it returns. Raises OSError."""
    path = path_of(state_dir)
    if path.exists():
        return True
    if not _is_root(text):
        return False
    folders.make(path.parent, 0o700)
    disk.write(path, text.encode(), 0o600)
    return True


def _is_root(text: str) -> bool:
    """A door that says nonsense must not leave this kiosk with it for ever."""
    if not 0 < len(text) <= MOST:
        return False
    try:
        read: Any = msgspec.json.decode(text)
        return bool(read["signed"]["_type"] == "root" and read["signatures"])
    except (msgspec.MsgspecError, ValueError, KeyError, TypeError, RecursionError):
        return False
