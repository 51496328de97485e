"""The commands of one kiosk, on its page: what may be done, what was asked, what it answered."""

from collections.abc import Mapping
from typing import Any, Final

from controller.jobs import read
from controller.kiosk_page import kiosk_id
from dashboards.console.pages.act import USUAL, power_of
from dashboards.console.pages.answers import shown
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Part
from dashboards.console.pages.readiness import readiness

SHOWN: Final = 6


def load(ask: Ask) -> Mapping[str, Any]:
    name = str(ask.request.path_params["name"])
    number = kiosk_id(ask.conn, ask.scope("kiosk.see"), name)
    if not ask.may("command.see"):
        return {"shown": False}
    usual = [kind for kind in USUAL if ask.may(f"command.{power_of(ask, kind)}")]
    answers = read.of_kiosk(ask.conn, ask.scope("command.see"), name, SHOWN)
    return {
        "shown": True,
        "name": name,
        "kiosk_id": number,
        "readiness": readiness(ask.conn),
        "usual": usual,
        "answers": [shown(one, ask.now, ask.t) for one in answers],
    }


PART: Final = Part("commands", "parts/commands.html", load)
