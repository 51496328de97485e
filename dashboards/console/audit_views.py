"""The address of the log. It is only ever read here."""

from fastapi import Request, Response

from controller.api.routes import Routes
from dashboards.console.asking import show
from dashboards.console.pages import audit
from dashboards.console.views import Office


class Audit:
    """The one route."""

    def __init__(self, its: Office) -> None:
        self._its = its
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        routes.add("/audit", self.log, needs="audit.read", methods=["GET"])

    def log(self, request: Request) -> Response:
        return show(self._its, request, audit.PAGE)
