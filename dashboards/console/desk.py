"""What a technician does here: takes faults on, leaves notes, chooses a language and a theme.

The name is what somebody typed, kept in a cookie until there are accounts. A browser with scripts
gets 204 and is told to refresh; one without is sent back to where it was.
"""

from collections.abc import Callable
from typing import Annotated, Final
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from sqlalchemy import Engine

from controller import fault_desk
from controller.store.engine import writing
from dashboards.console.pages.ask import THEMES
from dashboards.console.pages.numbers import whole
from dashboards.console.texts import LANGUAGES

YEAR_S: Final = 365 * 86_400
MOST_AT_ONCE: Final = 500

Field = Annotated[str, Form(max_length=4000)]
Fields = Annotated[list[str], Form(max_length=MOST_AT_ONCE)]


class Desk:
    """The routes that change something. `clock` gives milliseconds since 1970."""

    def __init__(self, engine: Engine, clock: Callable[[], int]) -> None:
        self._engine = engine
        self._clock = clock
        self.router = APIRouter(include_in_schema=False)
        self.router.add_api_route("/faults/acknowledge", self.acknowledge, methods=["POST"])
        self.router.add_api_route("/faults/{number}/notes", self.note, methods=["POST"])
        self.router.add_api_route("/preferences", self.prefer, methods=["POST"])

    def acknowledge(
        self,
        request: Request,
        who: Field = "",
        one: Field = "",
        fault: Fields = [],  # noqa: B006 - FastAPI copies defaults
        next_page: Annotated[str, Form(alias="next")] = "/",
    ) -> Response:
        """One fault by its own button, else all that are checked."""
        wanted = [whole(text, "fault", 0) for text in ([one] if one else fault)]
        try:
            with writing(self._engine) as conn:
                for number in wanted:
                    fault_desk.acknowledge(conn, number, who, self._clock())
        except ValueError as error:
            return PlainTextResponse(str(error), 422)
        return remember(request, answer(request, next_page), who)

    def note(
        self,
        request: Request,
        number: int,
        text: Field = "",
        who: Field = "",
        next_page: Annotated[str, Form(alias="next")] = "/",
    ) -> Response:
        named = who or request.cookies.get("who", "")
        try:
            with writing(self._engine) as conn:
                fault_desk.add_note(conn, number, named, text, self._clock())
        except ValueError as error:
            return PlainTextResponse(str(error), 422)
        return remember(request, answer(request, next_page), named)

    def prefer(
        self,
        request: Request,
        language: Field = "",
        theme: Field = "",
        next_page: Annotated[str, Form(alias="next")] = "/",
    ) -> Response:
        response = answer(request, next_page)
        if language in LANGUAGES:
            cookie(response, "language", language)
        if theme in THEMES:
            cookie(response, "theme", theme)
        return response


def answer(request: Request, where: str) -> Response:
    if request.headers.get("hx-request"):
        return Response(status_code=204, headers={"hx-trigger": "refresh"})
    return RedirectResponse(own_page(where), 303)


def own_page(where: str) -> str:
    """The address if it is one of ours, else the start: nobody is sent away from here."""
    parts = urlsplit(where.replace("\\", "/"))
    ours = not parts.scheme and not parts.netloc and where.startswith("/")
    clean = where.isprintable() and not where.startswith(("//", "/\\"))
    return where if ours and clean else "/"


def remember(_request: Request, response: Response, who: str) -> Response:
    cookie(response, "who", quote(who.strip()))
    return response


def cookie(response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR_S, httponly=True, samesite="lax", path="/")
