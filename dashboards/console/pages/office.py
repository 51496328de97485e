"""The banner: when the office itself is deaf, silence of kiosks says nothing about kiosks."""

from collections.abc import Mapping
from typing import Any, Final

from controller import office
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Part


def load(ask: Ask) -> Mapping[str, Any]:
    return {"deaf": office.deafness(ask.conn, ask.now)}


PART: Final = Part("office", "parts/office.html", load)
