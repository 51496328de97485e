"""The addresses of approval keys: one's own, and those that wait for the ceremony.

Only the public half of a key ever comes here. A person at a browser makes one; a program's token
does not, because who holds a token is not in the room.
"""

from typing import Annotated

from fastapi import Form, Request, Response

from controller.api.gate import SELF
from controller.api.routes import By as Doer
from controller.api.routes import Routes
from controller.jobs import keys
from controller.jobs.refused import Lacks, Refused
from controller.store.engine import writing
from dashboards.console.account_views import at_a_browser
from dashboards.console.asking import go, show, show_with, texts_of
from dashboards.console.pages import account
from dashboards.console.pages.keys import PAGE
from dashboards.console.views import Office

Text = Annotated[str, Form(max_length=200)]


class Keys:
    """The routes about approval keys."""

    def __init__(self, its: Office) -> None:
        self._its = its
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        for path, view, needs, method in (
            ("/keys", self.all, "people.see", "GET"),
            ("/account/keys", self.add, "command.agree", "POST"),
            ("/account/keys/end", self.end, SELF, "POST"),
        ):
            routes.add(path, view, needs=needs, methods=[method])

    def all(self, request: Request) -> Response:
        return show(self._its, request, PAGE)

    def add(self, request: Request, doer: Doer, public: Text = "", label: Text = "") -> Response:
        at_a_browser(request)
        clean = label.strip()
        if not clean or len(clean) > 80:
            return self._refused(request, "keys.bad_label")
        try:
            with writing(self._its.engine) as conn:
                keys.add(conn, doer, public, clean, self._its.clock())
        except Lacks:
            raise
        except Refused:
            return self._refused(request, "keys.bad_key")
        return go("/account?told=key#keys")

    def end(self, request: Request, doer: Doer, key: Text = "") -> Response:
        at_a_browser(request)
        try:
            with writing(self._its.engine) as conn:
                keys.end(conn, doer, key, self._its.clock())
        except Refused:
            return self._refused(request, "keys.bad_key")
        return go("/account?told=key_end#keys")

    def _refused(self, request: Request, key: str) -> Response:
        said = texts_of(self._its, request)(key)
        return show_with(self._its, request, account.ACCOUNT, {"refusal": said}, 422)
