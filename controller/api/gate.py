"""Who may pass a route: somebody proven, with the power it needs, from a page of ours.

Knows no page and no table: who asks is found by `who`, refusals are told to `refusals`. A visitor
by cookie repeats the session's word with every change; a program with a token need not, because
no browser sends a token by itself. Refusals say nothing about what lies behind the door.
"""

from collections.abc import Callable
from hmac import compare_digest
from typing import Final, NamedTuple, Protocol

from fastapi import HTTPException, Request
from starlette.concurrency import run_in_threadpool

from controller.people.powers import NOWHERE, POWERS, Person, Scope

PUBLIC: Final = "public"
SELF: Final = "self"  # whoever is logged in
NEEDS: Final = frozenset(POWERS) | {PUBLIC, SELF}
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


class Visitor(NamedTuple):
    """Whoever asks. `csrf` is the session's word; None for a token, which needs none."""

    person: Person
    csrf: str | None = None


class Refused(NamedTuple):
    """What somebody was refused. `what` is `refused.power` or `refused.place`."""

    what: str
    subject: str
    district: str = ""


class Refusals(Protocol):
    def note(self, request: Request, person: Person, refused: Refused) -> None: ...


class Gate:
    """`who` finds the visitor of a request (None: nobody); it is called in a thread."""

    def __init__(self, who: Callable[[Request], Visitor | None], refusals: Refusals) -> None:
        self._who = who
        self._refusals = refusals

    def visitor(self, request: Request) -> Visitor | None:
        """Who asks, also where nobody has to be known."""
        return self._who(request)

    async def pass_on(self, request: Request, needs: str) -> None:
        """Puts `person`, `csrf` and `scope` into the request's state, or raises HTTPException."""
        state = request.state
        state.person, state.csrf, state.scope = None, "", NOWHERE
        if needs == PUBLIC:
            return
        visitor = await run_in_threadpool(self._who, request)
        if visitor is None:
            raise HTTPException(401, "log in first", {"www-authenticate": "Bearer"})
        state.person, state.csrf = visitor.person, visitor.csrf or ""
        if request.method not in SAFE and visitor.csrf is not None:
            await _check_word(request, visitor.csrf)
        if needs != SELF:
            state.scope = await run_in_threadpool(self._scope, request, visitor.person, needs)

    def still(self, request: Request, needs: str) -> Scope | None:
        """Where whoever asked may still look, for answers that last; None when nowhere."""
        visitor = self._who(request)
        scope = visitor.person.scope(needs) if visitor is not None else NOWHERE
        return scope if scope.districts else None

    def tell(self, request: Request, subject: str, district: str) -> None:
        """Somebody with the power asked for what lies elsewhere."""
        person: Person | None = getattr(request.state, "person", None)
        if person is not None:
            self._refusals.note(request, person, Refused("refused.place", subject, district))

    def _scope(self, request: Request, person: Person, needs: str) -> Scope:
        scope = person.scope(needs)
        if not scope.districts:
            self._refusals.note(request, person, Refused("refused.power", needs))
            raise HTTPException(403, f"this needs {needs}: ask an administrator")
        return scope


async def _check_word(request: Request, word: str) -> None:
    offered = request.headers.get("x-csrf")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if offered is None and kind in _FORMS:
        field = (await request.form()).get("csrf")
        offered = field if isinstance(field, str) else None
    if not word or not compare_digest((offered or "").encode(), word.encode()):
        raise HTTPException(403, "the page is too old or not ours: load it again")
