"""The route table, walked: every role, everywhere, here and elsewhere, and nobody at all.

What must come of it is asked of the table of powers, never written down here again. Paths name a
kiosk and a fault of Coblong (32.73.02); whoever looks after another district gets 403 from every
route that names them, and leaves a row in the log. A route whose parameters nobody knows how to
fill in fails the walk: who adds one says below what stands there.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import Engine, func, select
from starlette.routing import BaseRoute, Mount
from starlette.testclient import TestClient

from controller.api import app as api
from controller.api.app import document
from controller.api.gate import PUBLIC, SELF
from controller.api.refusals import AuditedRefusals
from controller.api.routes import needs_of
from controller.people.powers import POWERS, ROLES, Grant, Person
from controller.releases import signing
from controller.store.citizen_tables import visit
from controller.store.command_tables import command
from controller.store.people_tables import audit
from controller.store.tables import fault, kiosk
from dashboards.console import live
from dashboards.console.app import create_console
from dashboards.console.doorplate import Doorplate
from dashboards.console.settings import Settings
from tests.dashboards.console.conftest import Fleet, asking_for_pages
from tests.support import showcase, showcase_inbox, showcase_jobs, showcase_visits
from tests.support.console import account_of, admitted, wear
from tests.support.release_keys import hold
from tests.support.showcase_releases import Morning, Press
from tests.support.signing import Ceremony

SITE, ELSEWHERE = "32.73.02", "32.04"  # Coblong; Kabupaten Bandung
PLACES = {"everywhere": "", "here": "32.73", "elsewhere": ELSEWHERE}
PLACED = (
    "name",
    "fault_id",
    "number",
    "job_id",
    "command_id",
    "rollout_id",
    "submission_id",
    "visit_id",
)  # parameters that name something of Coblong
ANSWERED = (200, 201, 202, 204, 303, 404, 409, 410, 422)  # past the guard
LIVE = "/live"  # kept full here, 503: it would never end
OPEN311 = "/open311/"
HANDED_IN = "/api/open311/v2/requests.json"  # 503 here, by POST: this office runs no registrar
LOGIN = "/login"  # public; says 401 itself, because no password is given


class Case(NamedTuple):
    """One way to ask. `placed`: it names something of Coblong."""

    method: str
    path: str
    needs: str
    placed: bool
    said: dict[str, Any]


class Target(NamedTuple):
    """What paths name, and words that tell of it wherever they stand."""

    kiosk: str
    fault: int
    job: int
    command: str
    release: int
    signing: int
    rollout: int
    submission: int
    visit: int

    def fill(self, path: str) -> str:
        known = {"name": self.kiosk, "fault_id": self.fault, "number": self.fault}
        known |= {"login": "sasaran", "_path": "nowhere", "list_id": 999, "key_id": "0" * 16}
        known |= {"job_id": self.job, "command_id": self.command, "role": "software"}
        known |= {"release_id": self.release, "signing_id": self.signing}
        known |= {"rollout_id": self.rollout, "submission_id": self.submission}
        known |= {"visit_id": self.visit, "record_id": 999, "system_id": 999}
        known |= {"call_id": 999, "notice_id": 999}  # of whose place their own tests ask
        known |= {"service_code": "none"}
        known |= {"pack_id": 999, "kind": "json"}  # of whose place test_service_views.py asks
        for word in re.findall(r"{(\w+)(?::path)?}", path):
            assert word in known, f"{path}: say in this test what stands for {word}"
            path = re.sub(rf"{{{word}(:path)?}}", str(known[word]), path)
        return path

    def said(self, path: str) -> dict[str, Any]:
        """What a route must be told besides, to come as far as asking for the place."""
        if path.endswith("/series") and path.startswith("/api"):
            return {"params": {"metric": "cpu_percent", "since": 0, "until": 1}}
        if path.endswith("/files"):
            return {"params": {"path": "a.txt", "size": 1}, "content": b"x"}
        if path.startswith("/api/v1/rollouts/") and path.endswith("/approvals"):
            return {"json": {}}
        if path.startswith("/api/") and path.endswith("/notes"):
            return {"json": {"text": "x"}}
        if path.startswith("/api/") or path.endswith(("/agree", "/sign")):
            ending = path.rsplit("/", 1)[-1]
            return {"json": SAID[ending]} if ending in SAID else {}
        bodies: dict[str, dict[str, Any]] = {
            **dict.fromkeys(("/open", "/print", "/move", "/take", "/note", "/merge"), OF_A_RECORD),
            "/refuse": {"why": "x"},
            "/retry": {"token": TOKEN},
            "/call": {"letter": "K", "seen": 0, "number": 1},
            "/back": {"why": "x"},
            "/notes": {"text": "x"},
            "/revoke": {"why": "x"},
            "/withdraw": {"why": "x"},
            "/decommission": {"why": "x", "name": self.kiosk},
        }
        ending = "/" + path.rsplit("/", 1)[-1]
        return {"data": bodies[ending]} if ending in bodies else {}

    def named(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Routes that name a place otherwise than in their path."""
        for path in ("/kiosks", "/faults", *ASKED_BY_SITE):
            yield "GET", path, {"params": {"site": SITE}}
        yield "GET", "/api/v1/faults", {"params": {"kiosk": self.kiosk}}
        yield "POST", "/faults/acknowledge", {"data": {"one": self.fault}}
        yield "POST", "/faults/acknowledge", {"data": {"fault": [self.fault, 1]}}
        yield "POST", "/invitations", {"data": {"kiosk": self.kiosk}}
        wish = {"kiosk": self.kiosk, "kind": "noop", "typed": "yes"}
        yield "GET", "/act", {"params": wish}
        yield "POST", "/act", {"data": wish}
        yield "POST", "/act/preview", {"data": wish}
        picked = f"{self.submission}:1"
        yield "POST", "/inbox", {"data": {"event": "verify", "pick": picked}}
        many = {"event": "verify", "picked": [{"id": self.submission, "version": 1}]}
        yield "POST", "/api/v1/inbox/many", {"json": many}
        yield "POST", "/lists", {"data": {"kiosk": self.kiosk, "name": "x"}}
        asked = {"kiosks": [self.kiosk]}
        yield "POST", "/api/v1/lists", {"json": {"name": "y", "asked": asked}}
        for path in ("/api/v1/jobs", "/api/v1/jobs/preview"):
            yield "POST", path, {"json": {"kind": "noop", "asked": asked}}
        roll = {"release": "1", "where": "names", "names": self.kiosk, "why": "x"}
        yield "GET", "/rollouts/new", {"params": roll}
        yield "POST", "/rollouts", {"data": roll}
        yield "POST", "/rollouts/preview", {"data": roll}
        for path in ("/api/v1/rollouts", "/api/v1/rollouts/dry-run"):
            wanted = {"bundle": "video", "seq": 1, "asked": asked, "why": "x"}
            yield "POST", path, {"json": wanted}


NOT_PAGES = ("/live", "/metrics", "/healthz", "/openapi.json", "/logout")
BY_SCRIPT = ("/act/preview", "/rollouts/preview", "/statement", "/sign", "/jobs/{job_id}/agree")
TYPED = (
    "version", "event", "into", "why", "text", "one", "fault", "pick", "seen", "page", "size",
    "name", "kiosk", "kind", "release", "token", "query", "before", "month", "day", "hours", "of",
    "state", "sort", "ago", "n", "what", "date", "bundle", "session", "days",
)  # fmt: skip
TOKEN = "0" * 32
SIGNED = {"key": "0" * 16, "at": showcase.NOW, "signature": "A" * 86 + "=="}
SEALED = {"key": "0" * 64, "signature": "0" * 128}
OF_A_RECORD: dict[str, Any] = {"version": 1, "event": "verify", "into": 1, "why": "check"}
SAID: dict[str, dict[str, Any]] = {  # what the API must be told, by the end of a path
    "agree": SIGNED, "approvals": SIGNED, "refuse": {"why": "x"}, "retry": {"token": TOKEN},
    "commands": {"kind": "noop"}, "back": {"why": "x"}, "abort": {}, "sign": SEALED,
    "signatures": SEALED, "check": {}, "drop": {}, "withdraw": {},
    "move": {"version": 1, "event": "verify"}, "take": {"version": 1},
    "merge": {"version": 1, "into": 1}, "rename": {"name": "x"},
    "call": {"letter": "K", "seen": 0, "number": 1}, "pause": {}, "resume": {}, "cancel": {},
}  # fmt: skip
ASKED_BY_SITE = ("/api/v1/kiosks", "/api/v1/kiosks.csv", "/api/v1/faults")


def leaves(routes: list[BaseRoute]) -> Iterator[BaseRoute]:
    for route in routes:
        inner = getattr(route, "original_router", None)  # as FastAPI keeps included routers
        if inner is None:
            yield route
        else:
            yield from leaves(inner.routes)


def guarded(app: Any) -> list[APIRoute]:
    """Every route but the static files. Raises KeyError for one without a need."""
    found = []
    for route in leaves(app.routes):
        if isinstance(route, Mount):
            assert route.path == "/static", f"{route.path}: nobody guards it"
            continue
        assert isinstance(route, APIRoute), f"{route}: nobody guards it"
        needs_of(route)
        found.append(route)
    return found


@pytest.fixture
def press(fleet: Fleet, tmp_path: Path) -> Press:
    """Release 1 of a bundle is published, 2 waits for its signatures."""
    made = Press(fleet.engine, hold(tmp_path / "press", showcase.NOW))
    made.publish("video", {"a.txt": b"satu"}, "satu")
    made.waiting("video", {"a.txt": b"dua"}, "dua")
    return made


@pytest.fixture
def app(fleet: Fleet, press: Press, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(live, "MOST_LISTENERS", 0)
    # More refusals in one walk than the log keeps of one account in an hour.
    keeps_all = partial(AuditedRefusals, most_each=1_000, most=1_000)
    monkeypatch.setattr(api, "AuditedRefusals", keeps_all)
    account_of(fleet.engine, "sasaran", ("technician", SITE))
    door = Doorplate("https://office.example:8443", b"\x07" * 14)
    return create_console(
        fleet.engine, lambda: showcase.NOW, Settings(door=door, releases=press.releases)
    )


@pytest.fixture
def target(fleet: Fleet, press: Press) -> Target:
    query = select(fault.c.id).join(kiosk).where(kiosk.c.name == fleet.names["Coblong"])
    with fleet.engine.connect() as conn:
        number = conn.scalar(query.where(fault.c.cleared_at.is_(None)))
    assert number is not None
    showcase_jobs.govern(fleet.engine, Ceremony())
    made = showcase_jobs.asked(fleet.engine, "noop", fleet.names["Coblong"])
    with fleet.engine.connect() as conn:
        named = conn.scalar(select(command.c.command_id).where(command.c.job_id == made))
        waiting = signing.open_(conn, "content")
    assert waiting is not None
    assert waiting.release_id is not None
    desk = Morning(fleet.engine, press.now)
    rolled = desk.ask(fleet.names["Coblong"], bundle="video", seq=1, approvals=1)
    sealed = (waiting.release_id, waiting.id)
    handed_in = showcase_inbox.planted(fleet.engine, SITE)
    showcase_visits.tell_visits(fleet.engine, showcase.NOW)
    with fleet.engine.connect() as conn:
        planned = conn.scalar(select(visit.c.id).where(visit.c.district == SITE).limit(1)) or 0
    name = fleet.names["Coblong"]
    return Target(name, number, made, str(named), *sealed, rolled, handed_in, planned)


@pytest.fixture
def cases(app: Any, target: Target) -> list[Case]:
    """Those that only read come first: what the others change may not hide anything."""
    found, needs = [], {}
    for route in guarded(app):
        # Another office's program is told of no such request, as of one that there never was.
        placed = any(f"{{{word}}}" in route.path for word in PLACED) and OPEN311 not in route.path
        for method in route.methods or ():
            needs[method, route.path] = needs_of(route)
            said = target.said(route.path)
            found.append(Case(method, target.fill(route.path), needs_of(route), placed, said))
    for method, path, said in target.named():
        found.append(Case(method, path, needs[method, path], placed=True, said=said))
    return sorted(found, key=lambda case: (case.method != "GET", case.path))


@pytest.fixture
def ask(app: Any, fleet: Fleet) -> Iterator[Callable[[Case, Person | None], Any]]:
    """Asks as a page of this person's would; each time by a session of its own."""
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as client:

        def asked(case: Case, person: Person | None) -> Any:
            client.cookies.clear()
            client.headers.pop("x-csrf", None)
            if person is not None:
                grants = [(one.role, one.district) for one in person.grants]
                wear(client, admitted(fleet.engine, showcase.NOW, person.login, *grants))
            return client.request(case.method, case.path, **case.said)

        yield asked


def person(role: str, place: str) -> Person:
    return Person(0, f"{role}-{place}", "", (Grant(role, PLACES[place]),))


def refused(case: Case, asking: Person) -> bool:
    if case.needs in (PUBLIC, SELF):
        return False
    return not asking.may(case.needs, SITE if case.placed else "")


def told_of(engine: Engine) -> int:
    query = select(func.count()).select_from(audit).where(audit.c.what.like("refused.%"))
    with engine.connect() as conn:
        return conn.scalar(query) or 0


def test_every_route_says_what_it_needs(app: Any) -> None:
    routes = guarded(app)
    assert len(routes) > 50
    assert {needs_of(route) for route in routes} <= {*POWERS, PUBLIC, SELF}


def test_nobody_known_passes_only_what_is_public(
    cases: list[Case], ask: Callable[[Case, Person | None], Any]
) -> None:
    for case in cases:
        status = ask(case, None).status_code
        assert case.path == LOGIN or (status == 401) == (case.needs != PUBLIC), (case, status)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", ROLES)
def test_row_69_every_route_lets_in_whom_the_table_of_powers_says_and_tells_of_the_others(
    role: str,
    place: str,
    cases: list[Case],
    ask: Callable[[Case, Person | None], Any],
    fleet: Fleet,
) -> None:
    asking = person(role, place)
    after = told_of(fleet.engine)
    for case in cases:
        answer = ask(case, asking)
        before, after = after, told_of(fleet.engine)
        told = after - before
        if refused(case, asking):
            assert (answer.status_code, told) == (403, 1), (case, answer.text[:300])
        else:
            passed = case.path in (LOGIN, LIVE, HANDED_IN) or answer.status_code in ANSWERED
            assert passed, (case, answer.status_code, answer.text[:300])
            assert told == 0, case


@pytest.mark.parametrize("role", ROLES)
def test_row_69_nothing_of_another_district_is_shown(
    role: str,
    cases: list[Case],
    ask: Callable[[Case, Person | None], Any],
    target: Target,
) -> None:
    asking = person(role, "elsewhere")
    read = [case for case in cases if case.method == "GET" and not case.placed]
    shown = [ask(case, asking) for case in read if case.path != "/openapi.json"]  # has examples
    assert sum(answer.status_code == 200 for answer in shown) >= (5 if role == "channel" else 12)
    for answer in shown:
        for word in (target.kiosk, SITE, "Coblong"):
            assert word not in answer.text, answer.url


def test_who_may_see_the_whole_is_shown_it(
    cases: list[Case], ask: Callable[[Case, Person | None], Any], target: Target
) -> None:
    """The words that the test above does not find are there to be found."""
    asking = person("admin", "everywhere")
    text = "".join(ask(case, asking).text for case in cases if case.path.startswith("/api/"))
    assert all(word in text for word in (target.kiosk, SITE, "Coblong"))


@pytest.fixture
def wrongly(app: Any, target: Target) -> list[tuple[str, str, dict[str, Any]]]:
    """Every address a browser may go to: of nothing, and of what there is, with nonsense."""
    junk = dict.fromkeys(TYPED, "\x00<b>٣")
    found: list[tuple[str, str, dict[str, Any]]] = []
    for route in guarded(app):
        if route.path.startswith(("/api/", OPEN311, *NOT_PAGES)) or route.path.endswith(BY_SCRIPT):
            continue
        for method in sorted(route.methods or ()):
            gone = re.sub(r"{\w+(:path)?}", "9" * 15, route.path)
            said = {"params" if method == "GET" else "data": junk}
            found += [(method, gone, target.said(route.path)), (method, gone, said)]
            found.append((method, target.fill(route.path), said))
            if method == "POST":
                found.append((method, target.fill(route.path), {"json": ["x"]}))
    return found


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_browser_that_asks_wrongly_is_always_shown_a_page_in_its_language(
    language: str, app: Any, fleet: Fleet, wrongly: list[tuple[str, str, dict[str, Any]]]
) -> None:
    with asking_for_pages(app) as client:
        wear(client, admitted(fleet.engine, showcase.NOW))
        client.cookies.set("language", language)
        asked = [client.request(method, path, **said) for method, path, said in wrongly]
    wrong = [answer for answer in asked if answer.status_code >= 400]
    assert len(wrong) > 150
    page = f'<html lang="{language}"'
    told = [
        f"{one.request.method} {one.url} {one.status_code} {one.text[:99]}"
        for one in wrong
        if one.status_code >= 500 or page not in one.text
    ]
    assert told == []


def test_every_route_of_the_api_that_may_be_asked_for_a_place_is_walked_with_one(app: Any) -> None:
    paths: Any = document(app)["paths"]
    for path, methods in paths.items():
        names = {one["name"] for asked in methods.values() for one in asked.get("parameters", ())}
        if "site" in names or ("kiosk" in names and "{" not in path):
            assert path in ASKED_BY_SITE, path
