"""What the operator may set of the console, checked once at start."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from controller.api.open311 import HandsIn
from controller.inbox.looks import Opener
from controller.people.provider import Provider
from controller.people.sessions import Lifetime
from controller.releases.folder import Releases
from dashboards.console.doorplate import Doorplate
from dashboards.console.preview import Preview

HERE: Final = Path(__file__).parent
LIFETIME: Final = Lifetime()
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What there is to set.

    `hosts` are the names under which the console may be asked; `geojson` the operator's own
    borders for the map; `static` where style sheets and scripts lie. `https`: it is reached by
    HTTPS only, and browsers are told so; `proxies` are addresses or networks, the only ones that
    may ask if there are any, and they say for whom; `lifetime` is how long a login holds;
    `door` is what kiosks are invited to; `provider` vouches for people beside their passwords;
    `releases` is where releases lie, None where nothing is published from here; `opener` asks the
    registrar for what citizens wrote, None where this office runs none; `channel` hands it what
    other programs bring; `preview` draws what a kiosk would show.
    """

    hosts: tuple[str, ...] = LOOPBACK
    geojson: Path | None = None
    static: Path = HERE / "static"
    https: bool = False
    proxies: tuple[str, ...] = ()
    lifetime: Lifetime = LIFETIME
    door: Doorplate | None = None
    provider: Provider | None = None
    releases: Releases | None = None
    opener: Opener | None = None
    channel: HandsIn | None = None
    preview: Preview | None = None
