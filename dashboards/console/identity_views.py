"""The addresses at which people decide who may speak for a kiosk's name.

Each act has a page of its own that says what happens, so that it works without scripts; the
kiosk's page shows the same form in a dialog. What a state does not allow is refused by the books
and said in words. A code is in the one answer that made it and nowhere else.
"""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import File, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from controller.api.routes import By as Doer
from controller.api.routes import Routes
from controller.identity import ending, invitations
from controller.identity.invitations import LIFE_MS
from controller.identity.states import By, NoSuchKiosk, Subject, find, hold_all
from controller.scope import Outside, check_kiosk
from controller.store.engine import writing
from controller.words import BadQuestion
from dashboards.console import words
from dashboards.console.asking import NO_STORE, ask_of, go, show, show_with, texts_of
from dashboards.console.doorplate import Doorplate
from dashboards.console.pages import invite
from dashboards.console.pages.identity import NEEDS
from dashboards.console.views import Office
from wire.invitation import Invitation
from wire.lifecycle import IllegalMove

Field = Annotated[str, Form(max_length=400)]
Names = Annotated[list[str], Form(max_length=1000)]
Act = Callable[..., Response]
_CODES: Final = ("invite", "replace", "release")


class Refused(ValueError):  # noqa: N818 - says what happened, like the rest of the house
    """A text's key and its fields: the asker must act."""

    def __init__(self, key: str, **fields: str) -> None:
        self.key, self.fields = key, fields
        super().__init__(key)


class Identities:
    """The routes about identities. Without `plate` nobody can be invited from here."""

    def __init__(self, its: Office, plate: Doorplate | None) -> None:
        self._its = its
        self._plate = plate
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        for act, needs in NEEDS.items():
            path = f"/kiosks/{{name}}/identity/{act}"
            does = self._invites(act) if act in _CODES else self._ends(act)
            routes.add(path, self._form(act), needs=needs, methods=["GET"])
            routes.add(path, does, needs=needs, methods=["POST"])
        joined = "/kiosks/{name}/identity/joined"
        routes.add(joined, self.joined, needs="identity.see", methods=["GET"])
        routes.add("/invitations", self.many, needs="identity.invite", methods=["GET"])
        routes.add("/invitations", self.sheet, needs="identity.invite", methods=["POST"])

    def joined(self, request: Request, name: str) -> Response:
        with self._its.engine.connect() as conn:
            check_kiosk(conn, request.state.scope, name)
            part = self._its.press.part(invite.JOINED, ask_of(self._its, request, conn))
        return HTMLResponse(part, headers=NO_STORE)

    def many(self, request: Request) -> Response:
        return show(self._its, request, invite.MANY)

    def sheet(
        self,
        request: Request,
        doer: Doer,
        kiosk: Names = [],  # noqa: B006 - FastAPI copies defaults
        csv: Annotated[UploadFile | None, File()] = None,
    ) -> Response:
        """One card a kiosk, all of them or none."""
        try:
            plate = self._need_plate()
            names = _wanted(kiosk, csv)
            made, now = self._issue_all(doer, names, plate), self._its.clock()
        except Refused as error:
            said = texts_of(self._its, request)(error.key, **error.fields)
            return show_with(self._its, request, invite.MANY, {"refusal": said}, 422)
        with self._its.engine.connect() as conn:
            cards = list(invite.tickets(conn, made, plate))
        more = {"tickets": cards, "expires_at": now + LIFE_MS}
        return show_with(self._its, request, invite.SHEET, more)

    def _issue_all(self, doer: Doer, names: list[str], plate: Doorplate) -> dict[str, Invitation]:
        by, now = By(doer.person.login, doer.address), self._its.clock()
        try:
            with writing(self._its.engine) as conn:
                for one in hold_all(conn, names):
                    if not doer.scope.holds(one.site_code):
                        raise Outside(f"kiosk {one.name}", one.site_code)
                return invitations.issue_all(conn, names, plate.pin, by, now)
        except NoSuchKiosk as error:
            raise Refused("many.unknown", name=words.plain(error)) from None
        except IllegalMove:
            raise Refused("many.cannot") from None

    def _form(self, act: str) -> Act:
        def form(request: Request, name: str) -> Response:
            with self._its.engine.connect() as conn:
                self._subject(conn, request, name)
            return show_with(self._its, request, invite.ACT, {"name": name, "act": act})

        return form

    def _invites(self, act: str) -> Act:
        def invites(request: Request, doer: Doer, name: str) -> Response:
            now = self._its.clock()
            try:
                plate = self._need_plate()
                with writing(self._its.engine) as conn:
                    subject = self._subject(conn, request, name)
                    by = By(doer.person.login, doer.address)
                    does = ending.release if act == "release" else invitations.issue
                    made = does(conn, subject.id, plate.pin, by, now)
            except (Refused, IllegalMove) as error:
                return self._refuse(request, name, act, error)
            code = invite.code_of(made, plate)
            more = {"name": name, "expires_at": now + LIFE_MS, **code}
            return show_with(self._its, request, invite.INVITED, more)

        return invites

    def _ends(self, act: str) -> Act:
        def ends(
            request: Request,
            doer: Doer,
            name: str,
            why: Field = "",
            typed: Annotated[str, Form(alias="name", max_length=64)] = "",
        ) -> Response:
            try:
                with writing(self._its.engine) as conn:
                    subject = self._subject(conn, request, name)
                    if act == "decommission":
                        _check_typed(name, typed)
                    by = By(doer.person.login, doer.address)
                    _end(conn, act, subject, why, (by, self._its.clock()))
            except (Refused, IllegalMove) as error:
                return self._refuse(request, name, act, error)
            return go(f"/kiosks/{name}#identity")

        return ends

    def _need_plate(self) -> Doorplate:
        if self._plate is None:
            raise Refused("identity.no_door")
        return self._plate

    def _subject(self, conn: Connection, request: Request, name: str) -> Subject:
        """Raises NoSuchKiosk, and Outside for another district's."""
        check_kiosk(conn, request.state.scope, name)
        return find(conn, name)

    def _refuse(self, request: Request, name: str, act: str, error: Exception) -> Response:
        t = texts_of(self._its, request)
        said = t(error.key, **error.fields) if isinstance(error, Refused) else ""
        more = {"name": name, "act": act, "refusal": said or t("identity.not_now")}
        return show_with(self._its, request, invite.ACT, more, 422 if said else 409)


def _check_typed(name: str, typed: str) -> None:
    """What cannot be taken back is done by somebody who typed which kiosk."""
    if typed.strip() != name:
        raise Refused("identity.not_typed")


def _end(conn: Connection, act: str, subject: Subject, why: str, signed: tuple[By, int]) -> None:
    """`signed`: by whom and when."""
    try:
        if act == "withdraw":
            invitations.withdraw(conn, subject.id, *signed)
        elif act == "revoke":
            ending.revoke(conn, subject.id, why, *signed)
        else:
            ending.decommission(conn, subject.id, why, *signed)
    except ValueError:
        raise Refused("identity.no_reason") from None


def _wanted(chosen: list[str], csv: UploadFile | None) -> list[str]:
    """Raises Refused."""
    names = list(dict.fromkeys(chosen))
    if csv is not None:
        data = csv.file.read(invite.MOST_BYTES + 1)
        try:
            names = invite.names_in(data[: invite.MOST_BYTES + 1])
        except BadQuestion:
            raise Refused("many.bad_csv") from None
    if not names:
        raise Refused("many.nothing")
    if len(names) > invite.MOST:
        raise Refused("many.too_many", most=str(invite.MOST))
    return names
