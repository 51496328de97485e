"""The queues at kiosks' counters: who is served, how many wait, and the button for the next."""

from collections.abc import Mapping
from typing import Any, Final

from controller.counters import books, read
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Page, Part


def rows(ask: Ask) -> Mapping[str, Any]:
    name = ask.request.query_params.get("kiosk", "")[:64]
    return {
        "counters": read.counters(ask.conn, ask.scope("counter.call"), ask.now, name),
        "most": books.MOST_CALLED,
        "one": name,
        "ticket": lambda letter, number: f"{letter}-{number:03}",
    }


PAGE: Final = Page(
    "counters.html", "inbox", (Part("counters", "parts/counters.html", rows),), lambda _: {}
)
