"""What one kiosk shall have, what it says it has, and how far it is: on the kiosk's page."""

from collections.abc import Mapping
from typing import Any, Final

from controller.kiosk_page import kiosk_id
from controller.rollouts import read
from controller.rollouts.shapes import OfKiosk
from dashboards.console.pages import rolled
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Part
from dashboards.console.pages.rollout import windows_of


def load(ask: Ask) -> Mapping[str, Any]:
    name = str(ask.request.path_params["name"])
    number = kiosk_id(ask.conn, ask.scope("kiosk.see"), name)
    if not ask.may("release.see"):
        return {"shown": False}
    return {
        "shown": True,
        "name": name,
        "kiosk_id": number,
        "bundles": read.of_kiosk(ask.conn, ask.scope("release.see"), name),
        "moves": moves,
        "windows_of": lambda one: windows_of(one.windows, ask),
        "install_tones": rolled.INSTALL_TONES,
    }


def moves(one: OfKiosk) -> bool:
    """Whether it is on its way to what is desired."""
    return bool(one.state) and one.wanted == one.desired and one.state not in rolled.SETTLED


PART: Final = Part("content", "parts/content.html", load)
