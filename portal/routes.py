"""Which page answers at which address: the visible table. To add a page, add a line.

Patterns are whole paths; {name} stands for one piece without a slash and comes as `ask.args[name]`.
GET changes nothing that matters, POST ends in another page (answer.go).
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple
from urllib.parse import unquote

from portal import choices, home
from portal.answer import Answer
from portal.asked import Ask

Handler = Callable[[Ask], Answer]


class Route(NamedTuple):
    method: str
    pattern: str
    handler: Handler


ROUTES: Final = (
    Route("GET", "/", home.show),
    Route("POST", "/bahasa/{code}", choices.language),
    Route("POST", "/tampilan", choices.display),
)


class Found(NamedTuple):
    """`handler` None: that address is there, but not for this method."""

    handler: Handler | None
    args: dict[str, str]


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(pattern)))


_TABLE: Final = tuple((_compiled(one.pattern), one) for one in ROUTES)


def find(method: str, path: str) -> Found | None:
    """None when there is no such page."""
    there = None
    for pattern, route in _TABLE:
        if match := pattern.fullmatch(path):
            args = {name: unquote(value) for name, value in match.groupdict().items()}
            if route.method == method:
                return Found(route.handler, args)
            there = Found(None, args)
    return there
