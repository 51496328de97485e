"""What a person sees when something is wrong: a page with the words for it, whoever must act."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from controller.api import guard as wall
from controller.api.problems import MEDIA_TYPE
from controller.fault_desk import NoSuchFault
from controller.identity.states import NoSuchKiosk
from controller.jobs.refused import Lacks, Refused
from controller.scope import Outside
from controller.words import BadQuestion
from dashboards.console.trouble import SAYS

PAGE = {"accept": "text/html"}


@pytest.fixture
def failing(stranger: TestClient) -> Callable[[Exception], TestClient]:
    """The console, with an address that fails like this."""
    app: Any = stranger.app

    def fails(error: Exception) -> TestClient:
        def fail() -> None:
            raise error

        for path in ("/failing", "/api/failing"):
            app.add_api_route(path, fail, methods=["POST"])
        return TestClient(
            app, base_url="http://127.0.0.1", headers=PAGE, raise_server_exceptions=False
        )

    return fails


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (NoSuchKiosk("<b>x</b>"), 404, "There is no kiosk named &lt;b&gt;x&lt;/b&gt;"),
        (NoSuchFault(7), 404, "There is no fault 7"),
        (BadQuestion("pick", "x", ["1"]), 422, "Something is empty, mistaken or too many"),
        (Refused("unknown", "gone"), 404, "There is no such page"),
        (Refused("version", "somebody saved it"), 409, "Somebody else may have been first"),
        (Refused("power", "not yours"), 403, "Ask an administrator"),
        (Refused("why", "no reason"), 422, "One field cannot be read"),
        (Lacks("inbox.open"), 403, "Ask an administrator"),
        (Outside("fault 7", "32.04"), 403, "This belongs to another district"),
        (OperationalError("SELECT secret", {}, Exception("x")), 503, "Whoever runs the office"),
        (RuntimeError("/etc/passwd"), 500, "must look at its log"),
    ],
)
def test_whatever_goes_wrong_a_person_reads_who_must_act_and_a_program_its_problem(
    failing: Callable[[Exception], TestClient], error: Exception, status: int, says: str
) -> None:
    asking = failing(error)
    asking.cookies.set("language", "en")
    shown = asking.post("/failing")
    assert (shown.status_code, says in shown.text) == (status, True), shown.text
    assert '<html lang="en"' in shown.text
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert "secret" not in shown.text
    assert "/etc/passwd" not in shown.text
    told = asking.post("/api/failing")
    assert (told.status_code, told.headers["content-type"]) == (status, MEDIA_TYPE)
    script = asking.post("/failing", headers={"accept": "*/*"})
    assert script.headers["content-type"].startswith("text/plain")
    assert "<" not in script.text.replace("<b>x</b>", "")


def test_every_exception_that_is_answered_to_a_program_is_answered_to_a_person(
    client: TestClient,
) -> None:
    app: Any = client.app
    known = {kind for kind in app.exception_handlers if isinstance(kind, type)}
    assert {kind for kind in known if kind.__module__.startswith("controller")} <= set(SAYS)


def test_a_file_that_is_too_large_is_answered_with_a_page_and_nothing_of_it_is_kept(
    client: TestClient,
) -> None:
    big = {"file": ("jadwal.xlsx", b"x" * (wall.MOST_TABLE + 1))}
    for path in ("/visits/import", "/invitations", "/services/import"):
        answer = client.post(path, files=big)
        assert (answer.status_code, answer.headers["connection"]) == (413, "close")
        assert "terlalu besar" in answer.text
        assert "<main" in answer.text
        assert 'id="me"' in answer.text  # with the menu of whoever asks
    api = client.post("/api/v1/visits", content=b"x" * (wall.MOST_BODY + 1))
    assert (api.status_code, api.headers["content-type"]) == (413, MEDIA_TYPE)


def test_a_calendar_larger_than_other_forms_reaches_its_reader(client: TestClient) -> None:
    table = {"file": ("jadwal.csv", b"x" * (wall.MOST_BODY + 1))}
    assert client.post("/visits/import", files=table).status_code == 409  # of no government


def test_a_way_of_asking_that_an_address_does_not_know_is_a_page(client: TestClient) -> None:
    answer = client.post("/faults")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert "Halaman tidak ditemukan" in answer.text
    assert client.post("/api/v1/nowhere").headers["content-type"] == MEDIA_TYPE


def test_a_form_with_more_fields_than_any_is_a_page(client: TestClient) -> None:
    many = "&".join(f"a{n}=1" for n in range(7_000))
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = client.post("/services/1/edit", content=many, headers=form)
    assert answer.status_code == 400
    assert "Satu isian tidak dapat dibaca" in answer.text


def test_the_page_offers_an_officer_the_inbox(officer: TestClient) -> None:
    text = officer.get("/inbox/999999").text
    assert 'class="button main" href="/inbox"' in text
