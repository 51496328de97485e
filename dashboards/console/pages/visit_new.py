"""Where a visit of the mobile counter is announced: one by a form, many by a file."""

from collections.abc import Mapping
from typing import Any, Final

from controller.visits import whose
from controller.visits.handed import Typed
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Page

EMPTY: Final = Typed("", "08:00", "12:00", "", "", "", "", "")


def load(ask: Ask) -> Mapping[str, Any]:
    """Places are those where whoever asks may announce."""
    scope = ask.scope("visit.edit")
    known = whose.every(ask.conn, scope)
    return {
        "tenants": [(one.tenant.code, one.tenant.name.of(ask.t.language)) for one in known],
        "places": [
            district
            for one in known
            for district in one.places.districts
            if scope.holds(district.code)
        ],
        "typed": EMPTY,
        "complaints": [],
        "refusal": "",
    }


PAGE: Final = Page("visit_new.html", "visits", (), load)
