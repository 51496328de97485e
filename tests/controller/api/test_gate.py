"""The gate on a small application of its own: who passes, who does not, and what is told of it."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import HTTPConnection

from controller.api import problems
from controller.api.gate import Gate, Refused
from controller.api.routes import By, Here, Routes
from controller.api.who import Caller
from controller.people.powers import Grant, Person

WORD = "w" * 43
PEOPLE = {
    "technician": Person(1, "technician", "T", (Grant("technician", "32.73"),)),
    "officer": Person(2, "officer", "O", (Grant("officer", ""),)),
    "nothing": Person(3, "nothing", "N", ()),
}


class Asks:
    """Believes a header."""

    def find(self, request: HTTPConnection) -> Caller | None:
        login = request.headers.get("x-login", "")
        if login not in PEOPLE:
            return None
        via = request.headers.get("x-via", "session")
        csrf = WORD if via == "session" else ""
        known: Caller = Caller(PEOPLE[login], "token", "mark", csrf, "192.0.2.7")
        return known._replace(via="session") if via == "session" else known


class Told:
    def __init__(self) -> None:
        self.refusals: list[tuple[str, Refused]] = []

    def note(self, caller: Caller, refused: Refused) -> None:
        self.refusals.append((caller.person.login, refused))


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def client(told: Told) -> Iterator[TestClient]:
    app = FastAPI()
    routes = Routes(Gate(Asks(), told))
    routes.add("/open", lambda: "anybody", needs="public", methods=["GET", "POST"])
    routes.add("/self", lambda: "somebody", needs="self", methods=["GET", "POST"])
    routes.add("/see", _where, needs="kiosk.see")
    routes.add("/take", _who, needs="fault.take", methods=["POST"])
    routes.add("/people", lambda: "people", needs="people.see")
    app.include_router(routes.router)
    problems.install(app)
    with TestClient(app) as asking:
        yield asking


def _where(here: Here) -> list[str]:
    return list(here.districts)


def _who(by: By, said: dict[str, str]) -> list[str]:
    return [by.person.login, *by.scope.districts, by.address, *said]


def test_a_stranger_passes_what_is_public_and_nothing_else(client: TestClient) -> None:
    assert client.get("/open").status_code == client.post("/open").status_code == 200
    for path in ("/self", "/see", "/people"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["who"]) == (401, "asker")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_stranger_learns_nothing_of_what_a_route_wants(client: TestClient) -> None:
    for content in (b"", b"{", b"[" * 10_000, b"\xff"):
        headers = {"content-type": "application/json"}
        assert client.post("/take", content=content, headers=headers).status_code == 401


def test_endpoints_learn_where_somebody_may_and_who_it_is(client: TestClient) -> None:
    headers = {"x-login": "technician", "x-csrf": WORD}
    assert client.get("/see", headers=headers).json() == ["32.73"]
    said = client.post("/take", headers=headers, json={"a": "b"}).json()
    assert said == ["technician", "32.73", "192.0.2.7", "a"]


def test_who_lacks_the_power_is_refused_and_that_is_told(client: TestClient, told: Told) -> None:
    headers = {"x-login": "officer", "x-csrf": WORD}
    for path, ask in (("/take", client.post), ("/people", client.get)):
        answer = ask(path, headers=headers)
        assert (answer.status_code, "ask an administrator" in answer.text) == (403, True)
    assert client.get("/see", headers={"x-login": "nothing"}).status_code == 403
    words = [(who, one.what, one.subject, one.path) for who, one in told.refusals]
    assert words == [
        ("officer", "refused.power", "fault.take", "/take"),
        ("officer", "refused.power", "people.see", "/people"),
        ("nothing", "refused.power", "kiosk.see", "/see"),
    ]


def test_row_68_a_change_repeats_the_word_of_its_session(client: TestClient, told: Told) -> None:
    asked = {"x-login": "technician"}
    for word in (None, "", "x", WORD[:-1], WORD + "w"):
        headers = asked | ({"x-csrf": word} if word is not None else {})
        assert client.post("/self", headers=headers).status_code == 403
        assert client.post("/self", headers=asked, data={"csrf": word or ""}).status_code == 403
    assert client.post("/self", headers=asked | {"x-csrf": WORD}).status_code == 200
    assert client.post("/self", headers=asked, data={"csrf": WORD}).status_code == 200
    assert client.post("/self", headers=asked, files={"csrf": (None, WORD)}).status_code == 200
    assert client.post("/self", headers=asked, files={"csrf": WORD.encode()}).status_code == 403
    assert client.post("/self", headers=asked, json={"csrf": WORD}).status_code == 403
    assert not told.refusals


def test_a_program_with_a_token_needs_no_word(client: TestClient) -> None:
    headers = {"x-login": "technician", "x-via": "token"}
    assert client.post("/take", headers=headers, json={}).status_code == 200


def test_where_somebody_may_still_look_is_asked_anew() -> None:
    gate = Gate(Asks(), Told())
    ask: Callable[[str], HTTPConnection] = lambda login: HTTPConnection(  # noqa: E731
        {"type": "http", "headers": [(b"x-login", login.encode())]}
    )
    assert gate.still(ask("technician"), "kiosk.see").districts == ("32.73",)  # type: ignore[arg-type]
    assert not gate.still(ask("nobody"), "kiosk.see").districts  # type: ignore[arg-type]
