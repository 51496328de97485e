"""Routes by which a program or a page logs in, goes out, and learns who it is.

Carries words and cookies; who may come in is the reception's to say. A refusal is the same for
every reason that concerns the account. The body is JSON only, which no form of a foreign page
can send.
"""

from typing import Any, Final

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from controller.api.gate import PUBLIC, SELF, Gate
from controller.api.problems import documented, problem
from controller.api.routes import Routes
from controller.api.who import COOKIE, Caller, Who, give_cookie, take_cookie
from controller.people.powers import POWERS
from controller.people.reception import Outcome, Reception
from controller.people.sessions import Origin

_TOLD: Final = {
    "wrong": (401, "this login and this password do not belong together"),
    "wait": (429, "too many attempts: wait, then try again"),
    "busy": (503, "too many are logging in: try again"),
}


class LoginForm(BaseModel):
    login: str = Field(max_length=200, examples=["teknisi-pagi"])
    password: str = Field(max_length=1024, repr=False)


class LoggedIn(BaseModel):
    """The session itself is in the cookie."""

    csrf: str = Field(description="Goes into the header x-csrf of every change.")
    expires_at: int


class Myself(BaseModel):
    """Who asks, and in which districts they have each power; `[""]` is everywhere."""

    login: str
    name: str
    via: str = Field(description="session or token", examples=["session"])
    csrf: str = Field(description="Of this session; empty for a token, which needs none.")
    powers: dict[str, list[str]] = Field(examples=[{"fault.take": ["32.73"]}])


class LoginRoutes:
    """`reception` is the process's one: it bounds how many passwords are compared at a time."""

    def __init__(self, gate: Gate, who: Who, reception: Reception) -> None:
        self._who = who
        self._reception = reception
        routes = Routes(gate, prefix="/api/v1", tags=["people"])
        self.router = routes.router
        once: dict[str, Any] = {"needs": PUBLIC, "methods": ["POST"]}
        refusals = documented(401, 422, 429, 503)
        routes.add("/login", self.login, response_model=LoggedIn, responses=refusals, **once)
        routes.add("/logout", self.logout, needs=SELF, methods=["POST"], status_code=204)
        routes.add("/me", self.me, needs=SELF, methods=["GET"], response_model=Myself)

    def login(self, request: Request, form: LoginForm) -> Response:
        """Start a session. The browser's former one ends."""
        origin = Origin(self._who.address(request), request.headers.get("user-agent", ""))
        old = request.cookies.get(COOKIE, "")
        outcome = self._reception.login(form.login, form.password, origin, old)
        if outcome.started is None:
            return refused(outcome)
        told = LoggedIn(csrf=outcome.started.csrf, expires_at=outcome.started.expires_at)
        answer = JSONResponse(told.model_dump(), headers={"cache-control": "no-store"})
        give_cookie(answer, outcome.started)
        return answer

    def logout(self, request: Request) -> Response:
        """End this session. A token is ended where it was made."""
        caller: Caller = request.state.caller
        if caller.via == "session":
            token = request.cookies.get(COOKIE, "")
            self._reception.logout(token, caller.person.login, caller.address)
        answer = Response(status_code=204)
        take_cookie(answer)
        return answer

    def me(self, request: Request) -> Any:
        """Who asks, and what they may do where."""
        caller: Caller = request.state.caller
        person = caller.person
        scopes = {power: list(person.scope(power).districts) for power in POWERS}
        return Myself(
            login=person.login,
            name=person.name,
            via=caller.via,
            csrf=caller.csrf,
            powers={power: districts for power, districts in scopes.items() if districts},
        )


def refused(outcome: Outcome) -> Response:
    """An outcome without a session, as a problem that says when to come back."""
    status, detail = _TOLD[outcome.why]
    answer = problem(status, detail)
    answer.headers["cache-control"] = "no-store"
    if outcome.retry_after_s:
        answer.headers["retry-after"] = str(outcome.retry_after_s)
    return answer
