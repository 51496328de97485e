"""Who may pass a route: somebody proven, with the power it needs, from a page of ours.

Knows no page and no table: who asks is found by `who`, what was refused is told to `refusals`.
Refusals say nothing about what lies behind the door.
"""

from typing import Final, NamedTuple, Protocol

from fastapi import HTTPException, Request
from starlette.concurrency import run_in_threadpool

from controller.api.who import CSRF_FIELD, CSRF_HEADER, Caller, WrongForm, check_csrf
from controller.deeds import Doer
from controller.people.powers import NOWHERE, POWERS, Scope

PUBLIC: Final = "public"
SELF: Final = "self"  # whoever is logged in
NEEDS: Final = frozenset(POWERS) | {PUBLIC, SELF}
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


class OldPage(HTTPException):
    """A change without its session's word: from a foreign page, or from before the login."""

    def __init__(self) -> None:
        super().__init__(403, "the page is too old or not ours: load it again")


class Refused(NamedTuple):
    """`what` is `refused.power` (they have it nowhere) or `refused.place` (not there)."""

    what: str
    subject: str
    district: str
    method: str
    path: str


class Asks(Protocol):
    """Called in a thread."""

    def find(self, request: Request) -> Caller | None: ...


class Refusals(Protocol):
    """Called in a thread."""

    def note(self, caller: Caller, refused: Refused) -> None: ...


class Gate:
    """One for an application: every route of it passes here."""

    def __init__(self, who: Asks, refusals: Refusals) -> None:
        self._who = who
        self._refusals = refusals

    def caller(self, request: Request) -> Caller | None:
        """Who asks, also where nobody has to be known. Blocks: call it in a thread."""
        return self._who.find(request)

    async def let_in(self, request: Request, needs: str) -> None:
        """Puts `caller`, `person`, `csrf`, `scope` and `doer` into the request's state.

        Raises HTTPException: 401 for nobody known, 403 for a change that is not from a page of
        the session and for whoever has the power nowhere.
        """
        state = request.state
        state.caller, state.person, state.csrf, state.scope = None, None, "", NOWHERE
        if needs == PUBLIC:
            return
        caller = await run_in_threadpool(self._who.find, request)
        if caller is None:
            raise HTTPException(401, "log in, or show a token that holds", _CHALLENGE)
        state.caller, state.person, state.csrf = caller, caller.person, caller.csrf
        if request.method not in SAFE and caller.via != "token":
            await _check_form(request, caller)
        if needs != SELF:
            state.scope = caller.person.scope(needs)
            if not state.scope.districts:
                await run_in_threadpool(self._note, request, "refused.power", needs, "")
                raise HTTPException(403, f"this needs the power {needs}: ask an administrator")
        state.doer = Doer(caller.person, state.scope, caller.address)

    def still(self, request: Request, needs: str) -> Scope:
        """Where whoever asked may still look, for answers that last. Blocks."""
        caller = self._who.find(request)
        return caller.person.scope(needs) if caller is not None else NOWHERE

    def outside(self, request: Request, subject: str, district: str) -> None:
        """Somebody with the power asked for what lies elsewhere. Blocks."""
        self._note(request, "refused.place", subject, district)

    def lacks(self, request: Request, power: str) -> None:
        """Somebody passed the route's guard and asked for what needs another power. Blocks."""
        self._note(request, "refused.power", power, "")

    def _note(self, request: Request, what: str, subject: str, district: str) -> None:
        caller: Caller | None = getattr(request.state, "caller", None)
        if caller is not None:
            path = request.url.path[:200]
            self._refusals.note(caller, Refused(what, subject, district, request.method, path))


_CHALLENGE: Final = {"www-authenticate": 'Bearer realm="anjungan"'}


_MOST_FIELDS: Final = 6_000  # of the largest form, a service pack; the wall weighs them before


async def _check_form(request: Request, caller: Caller) -> None:
    given = request.headers.get(CSRF_HEADER)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given is None and kind in _FORMS:
        field = (await request.form(max_fields=_MOST_FIELDS)).get(CSRF_FIELD)
        given = field if isinstance(field, str) else None
    try:
        check_csrf(caller, request.method, given)
    except WrongForm as error:
        raise OldPage from error
