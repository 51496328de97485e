"""The list of rollouts: those that need somebody first, then the newest."""

from collections.abc import Mapping
from typing import Any, Final

from controller.releases import read as releases
from controller.rollouts import read
from controller.rollouts.shapes import ROLLOUT_STATES, RolloutQuery, RolloutRow
from dashboards.console.pages import rolled
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.numbers import whole
from dashboards.console.pages.page import Page, Part

SIZE: Final = 30
FIRST: Final = 20  # that need somebody, above the others


def query_of(ask: Ask) -> RolloutQuery:
    """Raises BadQuestion."""
    asked = ask.request.query_params
    return RolloutQuery(
        states=tuple(filter(None, asked.getlist("state"))),
        bundle=asked.get("bundle", "").strip()[:32],
        page=whole(asked.get("page"), "page", 1),
        size=SIZE,
    )


def frame(ask: Ask) -> Mapping[str, Any]:
    bundles = releases.bundles(ask.conn)
    return {"query": query_of(ask), "bundles": bundles, "states": ROLLOUT_STATES}


def rows(ask: Ask) -> Mapping[str, Any]:
    query, scope = query_of(ask), ask.scope("release.see")
    page = read.rollouts(ask.conn, scope, query)
    waiting: list[RolloutRow] = []
    if not (query.states or query.bundle) and query.page == 1:
        asked = RolloutQuery(states=rolled.NEED_PEOPLE, size=FIRST)
        waiting = read.rollouts(ask.conn, scope, asked).rows
    above = {one.id for one in waiting}
    return {
        "page": page,
        "waiting": waiting,
        "rows": [one for one in page.rows if one.id not in above],
        **rolled.vocabulary(ask),
    }


def pending(ask: Ask) -> Mapping[str, int]:
    """How many move and how many need somebody, for the start page."""
    if not ask.may("release.see"):
        return {"rolling": 0, "stuck": 0}
    scope = ask.scope("release.see")
    moving = RolloutQuery(states=rolled.MOVING, size=1)
    stuck = RolloutQuery(states=rolled.NEED_PEOPLE, size=1)
    return {
        "rolling": read.rollouts(ask.conn, scope, moving).total,
        "stuck": read.rollouts(ask.conn, scope, stuck).total,
    }


PAGE: Final = Page("rollouts.html", "releases", (Part("list", "parts/rollouts.html", rows),), frame)
