"""The two routes of a login by an OpenID provider: there, and back again.

Carries the ticket in a cookie of its own between the two; what the answer is worth is for
`people.oidc` to say, who may come in for the reception. Every refusal leads to the login page
with one word, never with what the provider wrote.
"""

from typing import Final
from urllib.parse import quote

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from controller.api.gate import PUBLIC, Gate
from controller.api.routes import Routes
from controller.api.who import COOKIE, Who, give_cookie, way_back
from controller.people.oidc import TICKET_MS, NotVouched, Oidc, ProviderAway, unpack
from controller.people.provider import BACK
from controller.people.reception import Reception
from controller.people.sessions import Origin

THERE: Final = "/login/openid"
TICKET: Final = "__Host-anjungan-openid"


class OidcRoutes:
    def __init__(self, gate: Gate, who: Who, reception: Reception, oidc: Oidc) -> None:
        self._who = who
        self._reception = reception
        self._oidc = oidc
        routes = Routes(gate, include_in_schema=False)
        self.router = routes.router
        routes.add(THERE, self.there, needs=PUBLIC, methods=["GET"])
        routes.add(BACK, self.back, needs=PUBLIC, methods=["GET"])

    def there(self, next: str = "/") -> Response:  # noqa: A002 - the address's own word
        """Lead to the provider."""
        try:
            url, ticket = self._oidc.begin(way_back(next))
        except ProviderAway:
            return _login("provider-away")
        answer = RedirectResponse(url, 303)
        age = TICKET_MS // 1000
        answer.set_cookie(
            TICKET, ticket.pack(), age, path="/", secure=True, httponly=True, samesite="lax"
        )
        return answer

    def back(self, request: Request) -> Response:
        """Take the provider's answer, once."""
        try:
            ticket = unpack(request.cookies.get(TICKET, ""))
            identity = self._oidc.finish(ticket, dict(request.query_params))
        except NotVouched:
            return _login("not-vouched")
        except ProviderAway:
            return _login("provider-away")
        origin = Origin(self._who.address(request), request.headers.get("user-agent", ""))
        outcome = self._reception.vouched(identity, origin, request.cookies.get(COOKIE, ""))
        if outcome.started is None:
            return _login("not-linked")
        answer = _forget(RedirectResponse(way_back(ticket.next), 303))
        give_cookie(answer, outcome.started)
        return answer


def _login(told: str) -> Response:
    return _forget(RedirectResponse(f"/login?told={quote(told)}", 303))


def _forget(answer: Response) -> Response:
    answer.delete_cookie(TICKET, path="/", secure=True, httponly=True, samesite="lax")
    return answer
