"""The banners: which citizens want an officer now, and what the office itself cannot do.

When the office is deaf, silence of kiosks says nothing about kiosks; when nobody keeps the lists of
who ended, a revocation does not hold. A demonstration without identities has no such keeper.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from controller import office, warden_state
from controller.assist import books as assist
from controller.store.identity_tables import identity
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Part

PAGES: Final = frozenset(
    {"home", "informasi", "perizinan", "pengaduan", "jemput_bola", "video", "antrian", "status"}
)  # the portal's, by the first word of their address


def load(ask: Ask) -> Mapping[str, Any]:
    return {
        "calls": assist.standing(ask.conn, ask.scope(assist.POWER), ask.now),
        "page_of": lambda one: ask.t(f"call_page.{_page(one.page)}"),
        "deaf": office.deafness(ask.conn, ask.now),
        "lists": lists(ask),
    }


def _page(said: str) -> str:
    name = said.replace("-", "_")
    return name if name in PAGES else "other"


def lists(ask: Ask) -> warden_state.Standing | None:
    """How the lists stand where something must be done."""
    found = warden_state.standing(ask.conn, ask.now)
    if found.condition == "fine":
        return None
    wanted = select(identity.c.kiosk_id).limit(1)
    if found.spoken is None and ask.conn.execute(wanted).first() is None:
        return None
    return found


PART: Final = Part("office", "parts/office.html", load)
