"""What the operator may set of the console, checked once at start."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What there is to set.

    `hosts` are the names under which the console may be asked; `geojson` the operator's own
    borders for the map; `static` where style sheets and scripts lie.
    """

    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "::1")
    geojson: Path | None = None
    static: Path = HERE / "static"
