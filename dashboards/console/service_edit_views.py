"""The addresses at which a service pack is written: begun, handed in as a file, edited, previewed.

Decides nothing: controller.services does. The preview is a page of the portal's own, shown in a
frame that runs nothing and knows nobody.
"""

from typing import Annotated, Any, Final

from fastapi import Depends, File, Form, Path, Request, Response, UploadFile
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from controller.api.routes import By as Doer
from controller.api.routes import Routes
from controller.deeds import Doer as Who
from controller.jobs.refused import MISSING, Refused
from controller.services import doors, drafts, form, read, tenants
from controller.services.said import Unreadable
from controller.services.shapes import Pack
from controller.services.workbook import MOST_BYTES
from controller.store.engine import writing
from dashboards.console.asking import NO_STORE, ask_of, go, show_with, texts_of
from dashboards.console.pages import service, service_edit, service_new
from dashboards.console.pages.subject import subject_of
from dashboards.console.preview import POLICY, Preview, Subject
from dashboards.console.service_views import FRAMES, by, check, refused
from dashboards.console.views import Office, Views

PackId = Annotated[int, Path(ge=1, le=2**53)]
Text = Annotated[str, Form(max_length=400)]
MOST_BLANK: Final = 160


async def _typed(request: Request) -> FormData:
    return await request.form(max_fields=form.MOST_INPUTS)


Typed = Annotated[FormData, Depends(_typed)]


class ServiceEdits:
    """The routes by which a draft comes to be and changes."""

    def __init__(self, its: Office, views: Views, preview: Preview | None) -> None:
        self._its, self._views, self._preview = its, views, preview
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        edit = "service.edit"
        for path, view, needs, method in (
            ("/services/new", self.blank, edit, "GET"),
            ("/services/new", self.begin, edit, "POST"),
            ("/services/import", self.bring, edit, "POST"),
            ("/services/{pack_id}/edit", self.form, edit, "GET"),
            ("/services/{pack_id}/edit", self.save, edit, "POST"),
            ("/services/{pack_id}/preview", self.preview, "service.see", "GET"),
            ("/services/{pack_id}/preview", self.preview_of_form, edit, "POST"),
        ):
            routes.add(path, view, needs=needs, methods=[method])

    def blank(self, request: Request) -> Response:
        return show_with(self._its, request, service_new.NEW, {})

    def begin(
        self, request: Request, doer: Doer, tenant: Text = "", code: Text = "", name: Text = ""
    ) -> Response:
        code = code.strip().upper()
        document = new_document(tenant.strip(), code, name.strip()[:MOST_BLANK])
        try:
            made = self._begun(doer, document, anew=True)
        except Refused as error:
            said = refused(error, texts_of(self._its, request))
            more = {"refusal": said, "tenant": tenant, "code": code, "name": name}
            return show_with(self._its, request, service_new.NEW, more, 409)
        return go(f"/services/{made.id}/edit")

    def bring(
        self,
        request: Request,
        doer: Doer,
        file: Annotated[UploadFile | None, File()] = None,
        tenant: Text = "",
    ) -> Response:
        """A file: a new draft, or what the open draft says from now on."""
        body = file.file.read(MOST_BYTES + 1) if file else b""
        name = (file.filename or "")[:200] if file else ""
        try:
            with self._its.engine.connect() as conn:
                found = doors.bring(name, body, lambda code: tenants.find(conn, code), tenant)
            made = self._begun(doer, found.document, anew=False)
        except Unreadable as error:
            return self._unread(request, list(error.complaints), 422)
        except Refused as error:
            said = refused(error, texts_of(self._its, request))
            return show_with(self._its, request, service_new.NEW, {"refusal": said}, 409)
        return go(f"/services/{made.id}?told=replace")

    def form(self, request: Request, pack_id: PackId) -> Response:
        return self._form(request, pack_id, {})

    def save(self, request: Request, doer: Doer, pack_id: PackId, typed: Typed) -> Response:
        """Keeps what was typed, whatever button was pressed; then does what the button says."""
        return self._saved(request, doer, pack_id, typed)

    def preview(
        self, request: Request, pack_id: PackId, page: str = "", language: str = ""
    ) -> Response:
        with self._its.engine.connect() as conn:
            try:
                one = read.seen(conn, pack_id, request.state.scope)
            except Refused:
                return self._views.refuse(request, 404, "missing")
            subject = subject_of(conn, one.tenant, one.document)
        return self._framed(request, subject, page, language)

    def preview_of_form(
        self, request: Request, doer: Doer, pack_id: PackId, typed: Typed, page: str = ""
    ) -> Response:
        """Of what is typed just now; nothing is kept."""
        with self._its.engine.connect() as conn:
            try:
                one = read.find(conn, pack_id)
            except Refused:
                return self._views.refuse(request, 404, "missing")
            subject = subject_of(conn, one.tenant, form.filled(one.document, pairs(typed)))
        check(doer, "service.edit", one)
        return self._framed(request, subject, page, "")

    def _saved(self, request: Request, doer: Who, pack_id: int, typed: FormData) -> Response:
        act = str(typed.get("do", "save"))
        try:
            with writing(self._its.engine) as conn:
                one = read.find(conn, pack_id)
                check(doer, "service.edit", one)
                document = form.filled(one.document, pairs(typed))
                version, now = version_of(typed), self._its.clock()
                drafts.save(conn, pack_id, version, form.acted(document, act), by(doer), now)
                if act == "submit":
                    drafts.submit(conn, pack_id, by(doer), now)
        except Refused as error:
            if error.code == MISSING:
                return self._views.refuse(request, 404, "missing")
            return self._kept(request, doer, pack_id, typed, error)
        if act == "submit":
            return go(f"/services/{pack_id}?told=submit")
        anchor = act.partition(" ")[2].partition("[")[0].rpartition(".")[2]
        return go(f"/services/{pack_id}/edit{f'#{anchor}' if anchor else '?told=save'}")

    def _kept(
        self, request: Request, doer: Who, pack_id: int, typed: FormData, error: Refused
    ) -> Response:
        """Nothing typed is lost by a refusal: the form comes back with it."""
        said = refused(error, texts_of(self._its, request))
        with self._its.engine.connect() as conn:
            one = read.find(conn, pack_id)
            if one.state != "draft":
                return go(f"/services/{pack_id}")
            document = form.filled(one.document, pairs(typed))
            ask = ask_of(self._its, request, conn)
            shown = service_edit.form(self._preview, ask, one.tenant, document)
        check(doer, "service.edit", one)
        return self._form(request, pack_id, {**shown, "refusal": said}, 409)

    def _form(
        self, request: Request, pack_id: int, more: dict[str, Any], status: int = 200
    ) -> Response:
        request.scope["path_params"] = {"pack_id": pack_id}
        if request.query_params.get("told") == "save":
            more = {"told": texts_of(self._its, request)("services.done_save"), **more}
        try:
            answer = show_with(self._its, request, service_edit.page(self._preview), more, status)
        except Refused as error:
            if error.code == MISSING:
                return self._views.refuse(request, 404, "missing")
            return go(f"/services/{pack_id}")
        answer.headers.update(FRAMES)
        return answer

    def _begun(self, doer: Who, document: dict[str, Any], *, anew: bool) -> Pack:
        with writing(self._its.engine) as conn:
            now = self._its.clock()
            if anew:
                made = drafts.begin(conn, document, by(doer), now, anew=True)
            else:
                made = drafts.replace(conn, document, by(doer), now)
            check(doer, "service.edit", made)
        return made

    def _unread(self, request: Request, found: list[Any], status: int) -> Response:
        t = texts_of(self._its, request)
        more = {"complaints": [service.said(one, t) for one in found]}
        return show_with(self._its, request, service_new.NEW, more, status)

    def _framed(self, request: Request, subject: Subject, page: str, language: str) -> Response:
        t = texts_of(self._its, request)
        chosen = language if language in service_edit.LANGUAGES else t.language
        html = self._preview.page(subject, page, chosen) if self._preview else None
        if html is None:
            html = f"<!doctype html><title>·</title><p>{t('services.no_preview_yet')}</p>"
        return HTMLResponse(html, headers={**NO_STORE, "content-security-policy": POLICY})


def pairs(typed: FormData) -> list[tuple[str, str]]:
    """What was typed; files are nobody's here."""
    return [(name, text) for name, text in typed.multi_items() if isinstance(text, str)]


def version_of(typed: FormData) -> int:
    said = str(typed.get("version", ""))
    return int(said) if said.isdecimal() and len(said) < 10 else 0


def new_document(tenant: str, code: str, name: str) -> dict[str, Any]:
    """The least that can be begun with; what lacks is complained of beside the form."""
    empty = {"id": ""}
    standard = {"duration": {"working_days": 1}, "product": {"id": name}, "complaints": empty}
    return {
        "tenant": tenant, "code": code, "name": {"id": name}, "summary": empty, "agency": "",
        "group": "", "level": "district", "regions": [tenant], "modes": ["info"],
        "standard": standard,
    }  # fmt: skip
