"""The addresses of services: the list, one of them, and what is done with it; publishing.

Decides nothing: controller.services does. What a refusal means to a clerk is said in their words;
a code nobody has words for is said as the office says it.
"""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Form, Path, Request, Response
from sqlalchemy import Connection

from controller import bell
from controller.api.routes import By as Doer
from controller.api.routes import Routes
from controller.deeds import Doer as Who
from controller.jobs.refused import MISSING, Refused
from controller.people.audit import By
from controller.releases.folder import Releases
from controller.scope import Outside
from controller.services import doors, drafts, publish, read
from controller.services.shapes import Pack
from controller.store.engine import writing
from dashboards.console.asking import NO_STORE, go, show, show_with, texts_of
from dashboards.console.guard import POLICY
from dashboards.console.pages import service, service_new, services
from dashboards.console.preview import Preview
from dashboards.console.views import Office, Views

FRAMES: Final = {"content-security-policy": f"{POLICY}; frame-src 'self'"}
_TOLD: Final = (
    "submit", "approve", "back", "drop", "retire", "save", "begin", "replace", "publish",
)  # fmt: skip
PackId = Annotated[int, Path(ge=1, le=2**53)]
Text = Annotated[str, Form(max_length=600)]
Act = Callable[[Connection, Pack, str, By, int], Pack]


class Services:
    """The routes about service packs. `folder`: where releases lie, None where there is none."""

    def __init__(
        self, its: Office, views: Views, folder: Releases | None, preview: Preview | None
    ) -> None:
        self._its, self._views = its, views
        self._folder, self._preview = folder, preview
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        edit, review, publishes = "service.edit", "service.review", "service.publish"
        for path, view, needs, method in (
            ("/services", self.all, "service.see", "GET"),
            ("/services/publish", self.publishing, publishes, "GET"),
            ("/services/publish", self.publish, publishes, "POST"),
            ("/services/{pack_id}", self.one, "service.see", "GET"),
            ("/services/{pack_id}/file.{kind}", self.file, "service.see", "GET"),
            ("/services/{pack_id}/submit", self._does("submit", edit, _submit), edit, "POST"),
            ("/services/{pack_id}/drop", self._does("drop", edit, _drop), edit, "POST"),
            ("/services/{pack_id}/revise", self._does("begin", edit, _revise), edit, "POST"),
            ("/services/{pack_id}/approve", self._does("approve", review, _ok), review, "POST"),
            ("/services/{pack_id}/back", self._does("back", review, _back), review, "POST"),
            ("/services/{pack_id}/retire", self._does("retire", publishes, _end), publishes,
             "POST"),
        ):  # fmt: skip
            routes.add(path, view, needs=needs, methods=[method])

    def all(self, request: Request) -> Response:
        return show(self._its, request, services.PAGE)

    def one(self, request: Request, pack_id: PackId, told: str = "") -> Response:
        said = texts_of(self._its, request)(f"services.done_{told}") if told in _TOLD else ""
        return self._shown(request, pack_id, 200, told=said)

    def file(self, request: Request, pack_id: PackId, kind: str) -> Response:
        """The pack as a file, to work on elsewhere."""
        with self._its.engine.connect() as conn:
            try:
                one = read.seen(conn, pack_id, request.state.scope)
            except Refused:
                return self._views.refuse(request, 404, "missing")
        if kind not in doors.TYPES:
            return self._views.refuse(request, 404, "missing")
        name = f"{one.tenant}-{one.code}-{one.revision}.{kind}"
        headers = {**NO_STORE, "content-disposition": f'attachment; filename="{name}"'}
        body = doors.write(one.document, kind)
        return Response(body, media_type=doors.TYPES[kind], headers=headers)

    def publishing(self, request: Request) -> Response:
        return show(self._its, request, service_new.PUBLISH)

    def publish(
        self,
        request: Request,
        doer: Doer,
        pack: Annotated[list[int], Form(max_length=200)] = [],  # noqa: B006 - FastAPI copies
        note: Text = "",
    ) -> Response:
        if self._folder is None:
            return self._refused(request, Refused("no_folder", "no folder of releases"), note)
        its = self._its
        try:
            self._check_scope(doer, pack)
            done = publish.publish(
                its.engine, self._folder, pack, note.strip(), by(doer), its.clock()
            )
        except Refused as error:
            return self._refused(request, error, note)
        if done.finished.problems:
            more = {"problems": done.finished.problems, "note": note}
            return show_with(its, request, service_new.PUBLISH, more, 422)
        bell.ring(its.engine)
        return go(f"/releases/{done.release_id}?told=check")

    def _check_scope(self, doer: Who, packs: list[int]) -> None:
        """Raises Refused, Outside: to publish a service needs the whole tenant."""
        with self._its.engine.connect() as conn:
            for number in packs:
                check(doer, "service.publish", read.find(conn, number))

    def _does(self, told: str, power: str, act: Act) -> Callable[..., Response]:
        def doing(request: Request, doer: Doer, pack_id: PackId, why: Text = "") -> Response:
            try:
                with writing(self._its.engine) as conn:
                    one = read.find(conn, pack_id)
                    check(doer, power, one)
                    made = act(conn, one, why, by(doer), self._its.clock())
            except Refused as error:
                if error.code == MISSING:
                    return self._views.refuse(request, 404, "missing")
                said = refused(error, texts_of(self._its, request))
                return self._shown(request, pack_id, 409, refusal=said)
            where = f"/services/{made.id}"
            return go(f"{where}/edit" if told == "begin" else f"{where}?told={told}")

        return doing

    def _refused(self, request: Request, error: Refused, note: str) -> Response:
        said = refused(error, texts_of(self._its, request))
        more = {"refusal": said, "note": note}
        return show_with(self._its, request, service_new.PUBLISH, more, 409)

    def _shown(self, request: Request, pack_id: int, status: int, **more: str) -> Response:
        request.scope["path_params"] = {"pack_id": pack_id}
        try:
            page = service.page(self._preview)
            answer = show_with(self._its, request, page, more, status)
        except Refused:
            return self._views.refuse(request, 404, "missing")
        answer.headers.update(FRAMES)
        return answer


def by(doer: Who) -> By:
    return By(doer.person.login, doer.address)


def check(doer: Who, power: str, one: Pack) -> None:
    """Raises Outside: somebody of one district does not write what is said in all of them."""
    if not doer.person.may(power, one.tenant):
        raise Outside(f"service {one.code}", one.tenant)


def refused(error: Refused, t: Callable[..., str]) -> str:
    key = f"service_refused.{error.code}"
    said = t(key)
    return error.why if said == key else said


def _submit(conn: Connection, one: Pack, _: str, who: By, now: int) -> Pack:
    return drafts.submit(conn, one.id, who, now)


def _ok(conn: Connection, one: Pack, _: str, who: By, now: int) -> Pack:
    return drafts.approve(conn, one.id, who, now)


def _back(conn: Connection, one: Pack, why: str, who: By, now: int) -> Pack:
    return drafts.send_back(conn, one.id, why, who, now)


def _drop(conn: Connection, one: Pack, _: str, who: By, now: int) -> Pack:
    return drafts.drop(conn, one.id, who, now)


def _end(conn: Connection, one: Pack, _: str, who: By, now: int) -> Pack:
    return drafts.retire(conn, one.id, who, now)


def _revise(conn: Connection, one: Pack, _: str, who: By, now: int) -> Pack:
    return drafts.begin(conn, one.document, who, now)
