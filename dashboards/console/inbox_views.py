"""The addresses of the officers' inbox: queues, one record, what is done with it, the numbers.

Decides nothing: controller.inbox does, and the registrar alone opens. What a citizen wrote is only
ever the answer to a POST that gave a reason; no browser keeps it, no address leads to it.
"""

import re
from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import Form, Path, Request, Response
from starlette.datastructures import FormData

from controller.api.routes import By as Doer
from controller.api.routes import Routes
from controller.deeds import Doer as Who
from controller.inbox import known, looks, moves, read, twins
from controller.inbox.looks import Opener
from controller.jobs.refused import MISSING, Lacks, Refused
from controller.registrar.client import CannotOpen
from controller.registrar.protocol import What
from controller.store.engine import writing
from dashboards.console.asking import go, show, show_with, texts_of
from dashboards.console.command_views import Typed
from dashboards.console.pages import inbox, opened, submission, weekly
from dashboards.console.views import Office, Views

_PICK: Final = re.compile(r"([0-9]{1,15}):([0-9]{1,9})", re.ASCII)
TOLD: Final = ("moved", "taken", "noted", "merged")
SubmissionId = Annotated[int, Path(ge=1, le=2**53)]
Version = Annotated[int, Form(ge=1, le=2**31)]
Word = Annotated[str, Form(max_length=32)]
Line = Annotated[str, Form(max_length=1_000)]


class Inbox:
    """`opener` asks the registrar, None where this office runs none."""

    def __init__(self, its: Office, views: Views, opener: Opener | None) -> None:
        self._its, self._views, self._opener = its, views, opener
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        at = "/inbox/{submission_id}"
        for path, view, needs, method in (
            ("/inbox", self.all, "inbox.see", "GET"),
            ("/inbox/numbers", self.numbers, "inbox.numbers", "GET"),
            ("/inbox", self.many, "inbox.decide", "POST"),
            (at, self.one, "inbox.see", "GET"),
            (f"{at}/open", self.open, "inbox.open", "POST"),
            (f"{at}/print", self.print, "inbox.open", "POST"),
            (f"{at}/move", self.move, "inbox.decide", "POST"),
            (f"{at}/take", self.take, "inbox.decide", "POST"),
            (f"{at}/note", self.note, "inbox.open", "POST"),
            (f"{at}/merge", self.merge, "inbox.decide", "POST"),
        ):
            routes.add(path, view, needs=needs, methods=[method])

    def all(self, request: Request) -> Response:
        return show(self._its, request, inbox.PAGE)

    def numbers(self, request: Request) -> Response:
        return show(self._its, request, weekly.PAGE)

    def one(self, request: Request, submission_id: SubmissionId, told: str = "") -> Response:
        said = texts_of(self._its, request)(f"inbox.done_{told}") if told in TOLD else ""
        return self._shown(request, submission_id, 200, told=said)

    def open(
        self,
        request: Request,
        doer: Doer,
        submission_id: SubmissionId,
        why: Word = "",
        more: Line = "",
    ) -> Response:
        """What the citizen wrote, on this one answer, with pictures and notes."""

        def shows(**found: Any) -> Response:
            return self._shown(request, submission_id, 200, **found)

        return self._opened(request, doer, submission_id, (why, more, "open"), shows)

    def print(
        self, request: Request, doer: Doer, submission_id: SubmissionId, why: Word = "hand_over"
    ) -> Response:
        """The same as a sheet of paper."""
        page = submission.PAGE._replace(template="submission_print.html", parts=())

        def shows(**found: Any) -> Response:
            return show_with(self._its, request, page, found)

        return self._opened(request, doer, submission_id, (why, "", "print"), shows)

    def move(
        self, request: Request, doer: Doer, submission_id: SubmissionId, form: Typed
    ) -> Response:
        typed = request.state.typed = _typed(form)
        asked = moves.Asked(
            submission_id,
            _whole(form, "version"),
            typed.event,
            _why(typed),
            typed.agency,
            typed.file_number.strip(),
        )

        def does(now: int) -> None:
            with writing(self._its.engine) as conn:
                moves.move(conn, doer, asked, now)

        return self._done(request, submission_id, does, "moved")

    def take(
        self, request: Request, doer: Doer, submission_id: SubmissionId, version: Version
    ) -> Response:
        def does(now: int) -> None:
            with writing(self._its.engine) as conn:
                moves.take(conn, doer, submission_id, version, now)

        return self._done(request, submission_id, does, "taken")

    def merge(
        self,
        request: Request,
        doer: Doer,
        submission_id: SubmissionId,
        version: Version,
        into: Annotated[int, Form(ge=1, le=2**53)],
    ) -> Response:
        def does(now: int) -> None:
            with writing(self._its.engine) as conn:
                twins.merge(conn, doer, submission_id, into, version=version, now=now)

        return self._done(request, submission_id, does, "merged", into)

    def note(
        self, request: Request, doer: Doer, submission_id: SubmissionId, text: Line = ""
    ) -> Response:
        request.state.typed = submission.Typed(note=text)

        def does(now: int) -> None:
            with self._its.engine.connect() as conn:
                read.find(conn, doer.scope, submission_id)
            opener = self._registrar()
            clean = looks.clean_note(text)
            sealed = opener.seal_note(submission_id, doer.person.account, clean)
            with writing(self._its.engine) as conn:
                looks.noted(conn, doer, submission_id, sealed, now)

        return self._done(request, submission_id, does, "noted")

    def many(self, request: Request, doer: Doer, form: Typed) -> Response:
        """The records that are checked, each by the version it was seen in.

        Posted to the address of the list: what lives on that page asks there again.
        """
        event, why = _text(form, "event", 16), _text(form, "why", 500)
        picked = map(_PICK.fullmatch, map(str, form.getlist("pick")[: moves.MOST_AT_ONCE + 1]))
        pairs = [(int(one[1]), int(one[2])) for one in picked if one]
        asked = [moves.Asked(one, version, event, why) for one, version in pairs]
        try:
            with writing(self._its.engine) as conn:
                outcomes = moves.move_many(conn, doer, asked, self._its.clock())
        except Lacks:
            raise
        except Refused as error:
            return show_with(
                self._its, request, inbox.PAGE, {"refusal": self._words(request, error)}, 409
            )
        request.state.outcome = outcomes
        return show(self._its, request, inbox.PAGE)

    def _opened(
        self,
        request: Request,
        doer: Who,
        number: int,
        asked: tuple[str, str, What],
        shows: Callable[..., Response],
    ) -> Response:
        why, more, what = asked
        its, account = self._its, doer.person.account
        try:
            with writing(its.engine) as conn:
                row = looks.ask(conn, doer, number, why, its.clock(), more=more)
            opener = self._registrar()
            content = opener.open(number, account, what)
            photos = opener.photos(number, account) if content.photos or content.ticket else ()
            with its.engine.connect() as conn:
                noted = any(one.has_note for one in read.events(conn, number))
                service = known.service(conn, row.tenant, row.service, row.revision)
                places = known.read(conn).places
            notes = opener.notes(number, account) if noted else {}
        except (Refused, CannotOpen) as error:
            return self._refused(request, number, error)
        found = opened.paper(content, service, places, texts_of(its, request), photos)
        request.scope["path_params"] = {"submission_id": number}
        return shows(paper=found, notes=notes)

    def _registrar(self) -> Opener:
        if self._opener is None:
            raise CannotOpen("away", "this office runs no registrar: ask its administrator")
        return self._opener

    def _done(
        self,
        request: Request,
        number: int,
        does: Callable[[int], None],
        told: str,
        then: int = 0,
    ) -> Response:
        try:
            does(self._its.clock())
        except (Refused, CannotOpen) as error:
            return self._refused(request, number, error)
        return go(f"/inbox/{then or number}?told={told}")

    def _refused(self, request: Request, number: int, error: Refused | CannotOpen) -> Response:
        if isinstance(error, Lacks):
            raise error
        if error.code == MISSING:
            return self._views.refuse(request, 404, "no_submission")
        said = self._words(request, error)
        return self._shown(request, number, 409, refusal=said)

    def _words(self, request: Request, error: Refused | CannotOpen) -> str:
        t = texts_of(self._its, request)
        code = error.code
        key = f"sub_opening.{code}" if isinstance(error, CannotOpen) else f"sub_refused.{code}"
        return t(key) if t.known(key) else str(error)

    def _shown(self, request: Request, number: int, status: int, **more: Any) -> Response:
        request.scope["path_params"] = {"submission_id": number}
        try:
            return show_with(self._its, request, submission.PAGE, more, status)
        except Refused:
            return self._views.refuse(request, 404, "no_submission")


def _text(form: FormData, name: str, most: int) -> str:
    found = form.get(name, "")
    return found[:most] if isinstance(found, str) else ""


def _whole(form: FormData, name: str) -> int:
    """0 for anything but a short number: no record has that version."""
    text = _text(form, name, 16)
    return int(text) if text.isascii() and text.isdecimal() else 0


def _typed(form: FormData) -> submission.Typed:
    papers = (one.strip() for one in form.getlist("missing") if isinstance(one, str))
    return submission.Typed(
        _text(form, "event", 16),
        _text(form, "why", 500).strip(),
        tuple(one for one in papers if one),
        _text(form, "agency", 32),
        _text(form, "file_number", 80),
    )


def _why(typed: submission.Typed) -> str:
    """What is missing, paper by paper, and what was typed besides."""
    return ". ".join(filter(None, ("; ".join(typed.missing), typed.why)))
