"""How a page is put together: a frame and its parts, each of which can also be asked for alone.

A part is one live region: when something changes, the page asks its own address again and names
the region (HX-Target), and only that part is read and rendered. Everything is escaped by default.
"""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.responses import HTMLResponse

from dashboards.console.pages.ask import Ask

TEMPLATES: Final = Path(__file__).parent.parent / "templates"
NO_STORE: Final = {"cache-control": "no-store", "vary": "HX-Target, Cookie"}


class Part(NamedTuple):
    """`name` is the id of its element."""

    name: str
    template: str
    load: Callable[[Ask], Mapping[str, Any]]


class Page(NamedTuple):
    """`active` is the entry of the navigation it belongs to."""

    template: str
    active: str
    parts: tuple[Part, ...]
    load: Callable[[Ask], Mapping[str, Any]] = lambda _: {}


@cache
def templates() -> Environment:
    """Every template is read and compiled once a process: nobody writes there meanwhile."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


class Press:
    """Renders pages. `asset` gives a static file's address, `cursor` where the live stream is."""

    def __init__(
        self, asset: Callable[[str], str], cursor: Callable[[], str], office: Part
    ) -> None:
        self._cursor = cursor
        self._office = office
        self._asset = asset

    def show(self, page: Page, ask: Ask, cursor: str, status: int = 200) -> HTMLResponse:
        """The whole page, or the one part a live region asks for.

        `cursor` was taken before the database was read: what changes later comes by the stream.
        """
        wanted = ask.request.headers.get("hx-target")
        for part in (*page.parts, self._office):
            if part.name == wanted:
                return HTMLResponse(self.part(part, ask), status, NO_STORE)
        parts = {part.name: part for part in (*page.parts, self._office)}
        frame = {
            "active": page.active,
            "cursor": cursor,
            "part": lambda name: Markup(self.part(parts[name], ask)),  # noqa: S704 - our own render
        }
        text = self._render(page.template, ask, {**frame, **page.load(ask)})
        return HTMLResponse(text, status, NO_STORE)

    def part(self, part: Part, ask: Ask) -> str:
        return self._render(part.template, ask, part.load(ask))

    def cursor(self) -> str:
        return self._cursor()

    def _render(self, template: str, ask: Ask, context: Mapping[str, Any]) -> str:
        words = {"asset": self._asset, **ask.vocabulary(), **context}
        return templates().get_template(template).render(words)
