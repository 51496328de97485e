"""Home: six tiles, each with its true state, and the way to everything else."""

from typing import Final, NamedTuple

from portal.answer import Answer, page
from portal.asked import Ask


class Tile(NamedTuple):
    code: str
    path: str
    picture: str


TILES: Final = (
    Tile("inform", "/informasi", "inform"),
    Tile("apply", "/perizinan", "apply"),
    Tile("complain", "/pengaduan", "complain"),
    Tile("visit", "/jemput-bola", "visit"),
    Tile("watch", "/video", "watch"),
    Tile("queue", "/antrian", "queue"),
)


def show(ask: Ask) -> Answer:
    return page(ask, "home.html", tiles=TILES)
