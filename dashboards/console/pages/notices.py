"""Notices: what kiosks show citizens for a while, and the form of a new one."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from controller.notices import books
from controller.visits import whose
from dashboards.console import times
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Page, Part
from wire.citizen import MOST_NOTICE


class Typed(NamedTuple):
    """What stood in the form. Days are YYYY-MM-DD, the last one included."""

    id: str = ""
    su: str = ""
    en: str = ""
    starts: str = ""
    ends: str = ""
    places: tuple[str, ...] = ()


def rows(ask: Ask) -> Mapping[str, Any]:
    known = whose.every(ask.conn, ask.scope(books.POWER))
    names = {one.tenant.code: one.tenant.name.of(ask.t.language) for one in known}
    names |= {one.code: one.name for each in known for one in each.places.districts}
    return {
        "written": books.shown(ask.conn, ask.scope(books.POWER), ask.now),
        "place_of": lambda code: names.get(code, code),
    }


def frame(ask: Ask) -> Mapping[str, Any]:
    """Places are those where whoever asks may write; all of a government first."""
    scope = ask.scope(books.POWER)
    known = whose.every(ask.conn, scope)
    today = times.local(ask.now).date().isoformat()
    return {
        "tenants": [
            (one.tenant.name.of(ask.t.language),
             [one.tenant.code] if scope.holds(one.tenant.code) else [],
             [each for each in one.places.districts if scope.holds(each.code)])
            for one in known
        ],
        "typed": Typed(starts=today, ends=today),
        "most": MOST_NOTICE,
        "refusal": "",
        "told": "",
    }  # fmt: skip


PAGE: Final = Page("notices.html", "inbox", (Part("notices", "parts/notices.html", rows),), frame)
