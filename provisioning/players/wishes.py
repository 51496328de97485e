"""What is wished of players from outside: one empty file a wish, in one folder.

`<kiosk>.<what>` begins, `<kiosk>.<what>.ends` ends: a mishap of the table, or one of the words
below. So a kiosk's own command reboots it, and whoever tests a running fleet lets a page hang. A
wish is taken by removing its file; what cannot be understood is removed, too, and what cannot be
removed is no wish. Fulfils nothing.
"""

from pathlib import Path
from typing import Final, NamedTuple

REBOOT: Final = "reboot"
BROWSER: Final = "browser"  # its keeper starts it anew
END: Final = "ends"


class Wish(NamedTuple):
    kiosk: str
    what: str
    begins: bool = True


class Wishes:
    """`folder` is made when it is not there. Anybody may put files into it who may write there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, wish: Wish) -> None:
        name = f"{wish.kiosk}.{wish.what}"
        (self.folder / (name if wish.begins else f"{name}.{END}")).touch()

    def take(self) -> list[Wish]:
        """All there are now, in order of their names."""
        return [wish for path in sorted(self.folder.iterdir()) if (wish := _taken(path))]


def _taken(path: Path) -> Wish | None:
    try:
        path.unlink()
    except OSError:  # a folder, or somebody was faster
        return None
    match path.name.split("."):
        case [kiosk, what]:
            return Wish(kiosk, what)
        case [kiosk, what, last] if last == END:
            return Wish(kiosk, what, begins=False)
    return None
