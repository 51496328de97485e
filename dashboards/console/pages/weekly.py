"""The numbers of a week: what came, what was done, what was late, service by service."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from controller.inbox import numbers
from controller.inbox.shapes import Week
from controller.words import BadQuestion
from dashboards.console import times
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.citizens import Speech
from dashboards.console.pages.numbers import whole
from dashboards.console.pages.page import Page


class Totals(NamedTuple):
    arrived: int
    done: int
    rejected: int
    late: int
    waiting: int


def totals(found: list[Week]) -> Totals:
    return Totals(*(sum(getattr(one, name) for one in found) for name in Totals._fields))


def load(ask: Ask) -> Mapping[str, Any]:
    """Raises BadQuestion."""
    ago = whole(ask.request.query_params.get("ago"), "ago", 0)
    if ago > numbers.WEEKS:
        raise BadQuestion("ago", ago, [f"0..{numbers.WEEKS}"])
    speech = Speech(ask)
    since = numbers.monday(ask.now, ago)
    found = numbers.week(ask.conn, ask.scope("inbox.numbers"), since)
    return {
        "weeks": found,
        "totals": totals(found),
        "most": max((max(one.arrived, one.done + one.rejected) for one in found), default=0) or 1,
        "since": _day(since, ask),
        "until": _day(since + numbers.WEEK_MS - 1, ask),
        "ago": ago,
        "refusal": "",
        "oldest": numbers.WEEKS,
        "tenant_of": lambda code: (
            speech.known.tenants[code].of(ask.t.language) if code in speech.known.tenants else code
        ),
        **speech.vocabulary(),
    }


def _day(at: int, ask: Ask) -> str:
    moment = times.local(at)
    return f"{moment.day} {ask.t(f'month.{moment.month}')} {moment.year}"


PAGE: Final = Page("weekly.html", "inbox", (), load)
