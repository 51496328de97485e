"""Where a request of the screen becomes an answer: which page, whose sitting, is it open at all.

Owns the order in which that is asked. Home alone begins no sitting (probes look at it too); any
other page does. One request at a time, because there is one citizen. Under a maintenance notice
nobody begins, but whoever is in the middle of something ends it. Knows nothing of sockets.
"""

import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Final, NamedTuple

from portal import asked, ending, inform, notice, routes
from portal.answer import HTML, Answer, go, page, said
from portal.asked import Ask, BadForm
from portal.catalogue import Catalogue
from portal.closed import closed
from portal.content import Content
from portal.its import Its
from portal.page import welcome
from portal.routes import Handler
from portal.sitting import Sitting

COOKIE: Final = "sitting"
HOME: Final = "/"
# For these nobody sits down: a film that still plays is no citizen.
LIVE: Final = "/panggil"  # a page asks by itself: no sign of a citizen
_WITHOUT: Final = (HOME, LIVE, "/selesai", "/selesai/bukti", "/video/sampai")


class Request(NamedTuple):
    """`cookie` is what the browser shows of its sitting, "" without one."""

    method: str
    path: str
    query: str = ""
    cookie: str = ""
    kind: str = ""
    body: bytes = b""


class Desk:
    """For many threads; `screen` may be looked at under `turn` only.

    `seen` is called whenever a citizen has asked for something: also a page whose scripts never
    ran has somebody before it, whose time then runs.
    """

    def __init__(
        self,
        its: Its,
        content: Content,
        notices: Path | None,
        seen: Callable[[], None] = lambda: None,
    ) -> None:
        self._its, self._content, self._notices = its, content, notices
        self._seen = seen
        self.screen = its.screen
        self.turn = threading.Lock()

    def answer(self, request: Request) -> Answer:
        with self.turn:
            before = self.screen.sitting
            known = self.screen.known(request.cookie)
            shut = self._shut(known) if request.path == HOME else None
            answer = shut or self._page(request, known)
            now = self.screen.sitting
            if now and request.path not in (HOME, LIVE) and (now is known or now is not before):
                self._seen()
            return answer

    def end(self) -> None:
        """Whoever was at the screen is gone without a word."""
        with self.turn:
            self.screen.end()

    def lapse(self, is_gone: Callable[[], bool]) -> None:
        """As `end`, unless somebody is being answered just now, or was a moment ago; never waits.

        `is_gone` is asked once nobody else can be answered any more.
        """
        if self.turn.acquire(blocking=False):
            try:
                if is_gone():
                    self.screen.end()
            finally:
                self.turn.release()

    def _page(self, request: Request, known: Sitting | None) -> Answer:
        catalogue = self._content.look().shown.catalogue
        found = routes.find(request.method, request.path)
        if found is None or (catalogue is None and known is None):
            return self._nothing(known)
        if found.handler is None:
            return said(HTTPStatus.METHOD_NOT_ALLOWED)
        if known is None and notice.read(self._notices):
            return go(HOME)
        try:
            form, files = asked.read_form(request.kind, request.body)
        except BadForm:
            return said(HTTPStatus.BAD_REQUEST)
        sitting = self._sitting(request, known, catalogue)
        typed = sitting.typed_at(request.path) if request.method == "GET" else form
        query = asked.read_query(request.query)
        ask = Ask(request.method, request.path, self._its, sitting, found.args, query, typed, files)
        return self._with_cookie(self._ran(found.handler, ask, known), known, sitting)

    def _ran(self, handler: Handler, ask: Ask, known: Sitting | None) -> Answer:
        """A page of ours that fails is said to be, and its error names no citizen's words."""
        if ask.path == HOME and known is None and not self.screen.proven:
            return ending.ended(ask)
        try:
            return handler(ask)
        except Exception as error:  # noqa: BLE001 - a citizen stands there: say something
            at = error.__traceback__
            while at and at.tb_next:
                at = at.tb_next
            where = f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}" if at else "?"
            sys.stderr.write(f"portal: {type(error).__name__} at {where}\n")
            return page(ask, "failed.html", HTTPStatus.INTERNAL_SERVER_ERROR)

    def _nothing(self, known: Sitting | None) -> Answer:
        """No such page. A citizen is shown the way home, a stranger nothing."""
        if known is None:
            return said(HTTPStatus.NOT_FOUND)
        return inform.missing(Ask("GET", "/-", self._its, known))

    def _shut(self, known: Sitting | None) -> Answer | None:
        """Home of a kiosk that offers nothing now: looked after, or without a catalogue."""
        shown = self._content.look().shown
        if found := notice.read(self._notices):
            tenant = shown.catalogue.tenant if shown.catalogue else None
            offset_min = tenant.utc_offset_min if tenant else None
            text = closed(self._its.kiosk, found, shown.seq, offset_min)
        elif shown.catalogue is None and known is None:
            text = welcome(self._its.kiosk, shown)
        else:
            return None
        return Answer(HTTPStatus.OK, HTML, text.encode())

    def _sitting(
        self, request: Request, known: Sitting | None, catalogue: Catalogue | None
    ) -> Sitting:
        """The citizen's, one that begins now, or at home a blank one that nobody keeps."""
        if known is not None:
            if known.is_empty and catalogue is not None:
                known.catalogue = catalogue
            return known
        if catalogue is None:  # asked before: then there is a sitting
            raise AssertionError
        if request.path in _WITHOUT:
            return Sitting("", catalogue)
        return self.screen.begin(catalogue)

    def _with_cookie(self, answer: Answer, known: Sitting | None, asked: Sitting) -> Answer:
        """A sitting that began is named to the browser, one that ended is taken from it.

        Only to whoever began it: another browser, or a new one after a crash, is not that citizen.
        """
        now = self.screen.sitting
        if now is asked and now is not known:
            value = f"{COOKIE}={now.id}; Path=/; HttpOnly; SameSite=Strict"
        elif now is None and known is not None:
            value = f"{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"
        else:
            return answer
        return answer._replace(headers={**answer.headers, "Set-Cookie": value})
