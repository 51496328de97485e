"""The ports of one `up`, chosen once and kept: kiosks remember where the door and the broker are.

Owns the file `ports.json` in the state folder. A port that somebody else took meanwhile is
replaced by a free one; two that run at once never get the same.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from broker_config.knock import free_port, is_taken

FILE: Final = "ports.json"


class Ports:
    """`get` the port of a name. Writes nothing: who has the folder to itself calls `keep`."""

    def __init__(
        self,
        folder: Path,
        *,
        free: Callable[[], int] = free_port,
        taken: Callable[[int], bool] = lambda port: is_taken("127.0.0.1", port),
    ) -> None:
        self._free = free
        self._taken = taken
        self._known = _read(folder / FILE)

    def get(self, name: str) -> int:
        port = self._known.get(name)
        if port is None or self._taken(port):
            port = self._new()
        self._known[name] = port
        return port

    def _new(self) -> int:
        while (port := self._free()) in self._known.values():
            pass
        return port


def keep(folder: Path, used: Mapping[str, int]) -> None:
    """Raises OSError."""
    (folder / FILE).write_text(json.dumps(used), encoding="utf-8")


def _read(file: Path) -> dict[str, int]:
    """What cannot be read is chosen anew: it was only a convenience."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    pairs = found.items() if isinstance(found, dict) else ()
    return {name: port for name, port in pairs if type(port) is int and 0 < port < 65_536}
