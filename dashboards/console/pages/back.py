"""Systems behind the office and records that lie aside: what waits for an administrator."""

from collections.abc import Mapping
from typing import Any, Final

from controller.back import desk
from controller.inbox import known
from controller.registrar import books
from dashboards.console import words
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Page


def load(ask: Ask) -> Mapping[str, Any]:
    tenants = known.read(ask.conn).tenants
    return {
        "systems": desk.systems(ask.conn),
        "stuck": desk.stuck(ask.conn),
        "refused": books.refused(ask.conn),
        "tenant_of": lambda code: tenants[code].of(ask.t.language) if code in tenants else code,
        "plain": words.plain,
        "told": "",
        "refusal": "",
    }


PAGE: Final = Page("back.html", "inbox", (), load)
