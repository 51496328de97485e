"""Files of a package with `@{name}` for what differs between machines.

Owns the reading and the filling in. A name without a value is an error here, not on the kiosk;
values are inserted as they are, so whoever gives them must have checked them (see `settings`).
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_HOLE: Final = re.compile(r"@\{([a-z_]+)\}")


class Tree:
    """`folder` mirrors the machine's root: tree/etc/x is the text of /etc/x."""

    def __init__(self, folder: Path, values: Mapping[str, str]) -> None:
        self._folder = folder
        self._values = values

    def text(self, path: str) -> str:
        """The text for `path`; raises KeyError when it asks for a value that nobody gave."""
        raw = (self._folder / path.lstrip("/")).read_text(encoding="utf-8")
        return fill(raw, self._values)


def fill(text: str, values: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda hole: values[hole[1]], text)
