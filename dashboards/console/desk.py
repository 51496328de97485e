"""What a technician does here: takes faults on, leaves notes, chooses a language and a theme.

The name is that of whoever is logged in. A browser with scripts gets 204 and is told to refresh;
one without is sent back to where it was. Of many faults all are taken on or none: one that is
another district's refuses the whole, because no page of ours offers it.
"""

from collections.abc import Callable
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Engine

from controller import deeds
from controller.api.gate import PUBLIC, Gate
from controller.api.params import FaultId
from controller.api.routes import By, Routes
from controller.store.engine import writing
from controller.words import BadQuestion
from dashboards.console.pages.ask import THEMES
from dashboards.console.pages.numbers import whole
from dashboards.console.texts import LANGUAGES

YEAR_S: Final = 365 * 86_400
MOST_AT_ONCE: Final = 500

Field = Annotated[str, Form(max_length=4000)]
Fields = Annotated[list[str], Form(max_length=MOST_AT_ONCE)]


class Desk:
    """The routes that change something. `clock` gives milliseconds since 1970."""

    def __init__(self, engine: Engine, clock: Callable[[], int], gate: Gate) -> None:
        self._engine = engine
        self._clock = clock
        routes = Routes(gate, include_in_schema=False)
        self.router = routes.router
        for path, does, needs in (
            ("/faults/acknowledge", self.acknowledge, "fault.take"),
            ("/faults/{number}/notes", self.note, "fault.take"),
            ("/preferences", self.prefer, PUBLIC),
        ):
            routes.add(path, does, needs=needs, methods=["POST"])

    def acknowledge(
        self,
        request: Request,
        by: By,
        one: Field = "",
        fault: Fields = [],  # noqa: B006 - FastAPI copies defaults
        next_page: Annotated[str, Form(alias="next")] = "/",
    ) -> Response:
        """One fault by its own button, else all that are checked."""
        wanted = [whole(text, "fault", 0) for text in ([one] if one else fault)]
        with writing(self._engine) as conn:
            deeds.take(conn, by, wanted, self._clock())
        return answer(request, next_page)

    def note(
        self,
        request: Request,
        by: By,
        number: FaultId,
        text: Field = "",
        next_page: Annotated[str, Form(alias="next")] = "/",
    ) -> Response:
        try:
            with writing(self._engine) as conn:
                deeds.leave_note(conn, by, number, text, self._clock())
        except ValueError as error:
            raise BadQuestion("text", text, ["a note that is neither empty nor endless"]) from error
        return answer(request, next_page)

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


def cookie(response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR_S, httponly=True, samesite="lax", path="/")
