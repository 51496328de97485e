"""Puts the portal's parts together, from what it was started with.

Owns which part is missing when: without a tray nothing can be handed in and no ticket is given,
without a folder for asks the office is not asked, without a queue nothing is printed. A tray that
cannot be made is said and leaves the rest working: the screen does not go dark for it.
"""

import sys
import time
from pathlib import Path
from typing import NamedTuple

from portal.calling import Calling
from portal.content import Content
from portal.handing import Handing
from portal.heard import Heard
from portal.inquiry import Inquiry
from portal.its import Its
from portal.press import Press
from portal.printing import Printer
from portal.tickets import Tickets
from wire.citizen import MOST_SYNC, Sync
from wire.door import PHOTO_PATH
from wire.local import STATE, SYNC, Local
from wire.submission import Keys

MOST_LOCAL = 64 * 1024


class Options(NamedTuple):
    """As `python -m portal --help` says them."""

    kiosk: str
    site: str = ""
    notices: Path | None = None
    content: Path | None = None
    tray: Path | None = None
    asks: Path | None = None
    queue: str = ""
    photos: str = ""


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def build(options: Options) -> tuple[Its, Content]:
    content = Content(options.content, options.site)
    notices, tray = options.notices, options.tray
    local = Heard(notices / STATE, Local, MOST_LOCAL) if notices else None
    sync = Heard(tray / SYNC, Sync, MOST_SYNC) if tray else None
    handing = _handing(options, content, local)
    its = Its(
        options.kiosk,
        options.site,
        Press(),
        now_ms,
        local=local.read if local else lambda: None,
        sync=sync.read if sync else lambda: None,
        handing=handing,
        tickets=Tickets(tray) if tray and handing else None,
        printer=Printer(options.queue) if options.queue else None,
        inquiry=Inquiry(options.asks) if options.asks else None,
        calling=Calling(options.asks) if options.asks else None,
        photos_at=f"{options.photos.rstrip('/')}{PHOTO_PATH}" if options.photos else "",
    )
    return its, content


def _handing(options: Options, content: Content, local: Heard[Local] | None) -> Handing | None:
    if options.tray is None or not options.site:
        return None

    def keys() -> Keys | None:
        catalogue = content.look().shown.catalogue
        return catalogue.keys if catalogue else None

    def sure() -> bool:
        heard = local.read() if local else None
        return heard is not None and heard.clock == "sure"

    try:
        return Handing(options.tray, options.kiosk, options.site, keys, wall_ms=now_ms, sure=sure)
    except OSError as error:
        sys.stderr.write(f"portal: the tray {options.tray}: {error}\n")
        return None
