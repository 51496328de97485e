"""In, out, a one-time link, what is mine: and that a program's token does none of it."""

import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from controller.api.who import COOKIE
from controller.people import accounts, links
from controller.people.accounts import New
from controller.people.audit import By
from controller.people.powers import Grant
from controller.store.engine import writing
from controller.store.people_tables import access_token, account, login_session
from tests.dashboards.console.conftest import Fleet
from tests.support import showcase
from tests.support.console import show_token

GOOD = "empat kuda makan rumput"
NOW = showcase.NOW
SORE = New("sore", "Teknisi sore", (Grant("technician", ""),))


@pytest.fixture
def sore(fleet: Fleet, stranger: TestClient) -> TestClient:
    """Somebody with a password; nobody is logged in yet."""
    with writing(fleet.engine) as conn:
        accounts.create(conn, SORE, By("pagi"), NOW)
        token = links.issue(conn, "sore", By("pagi"), NOW).token
    answer = stranger.post("/welcome", data=chosen(token))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    stranger.cookies.clear()
    return stranger


def chosen(token: str, **more: str) -> dict[str, str]:
    return {"token": token, "step": "set", "password": GOOD, "again": GOOD, **more}


def log_in(client: TestClient, password: str = GOOD, back: str = "/faults") -> int:
    data = {"login": " SORE ", "password": password, "next": back}
    answer = client.post("/login", data=data)
    if answer.status_code == 303:
        client.cookies.set(COOKIE, answer.cookies[COOKIE])
        assert answer.headers["location"].startswith("/")
        page = client.get("/account").text
        found = re.search(r'name="csrf" value="([^"]+)"', page)
        assert found
        client.headers["x-csrf"] = found[1]
    status: int = answer.status_code
    return status


def test_a_stranger_is_led_to_the_login_and_back(sore: TestClient) -> None:
    asked = sore.get("/faults?code=x", headers={"accept": "text/html"})
    assert asked.headers["location"] == "/login?next=%2Ffaults%3Fcode%3Dx"
    page = sore.get(asked.headers["location"]).text
    assert 'name="next" value="/faults?code=x"' in page
    assert log_in(sore) == 303
    assert sore.get("/login?next=//evil.example").headers["location"] == "/"


@pytest.mark.parametrize("login", ["sore", "nobody", "pagi", "<script>", ""])
def test_a_refusal_reads_alike_whatever_was_wrong(sore: TestClient, login: str) -> None:
    answer = sore.post("/login", data={"login": login, "password": "salah salah salah"})
    assert answer.status_code == 401
    assert "Nama pengguna atau kata sandi tidak cocok." in answer.text
    assert COOKIE not in answer.cookies
    assert "<script>" not in answer.text


def test_who_tries_too_often_is_told_in_words_how_long_to_wait(sore: TestClient) -> None:
    for _ in range(6):
        answer = sore.post("/login", data={"login": "sore", "password": "salah salah salah"})
    assert answer.status_code == 429
    assert "Coba lagi dalam 1 dtk" in answer.text
    assert answer.headers["retry-after"] == "1"


def test_logging_out_ends_the_session_itself(sore: TestClient) -> None:
    log_in(sore)
    kept = next(one.value for one in sore.cookies.jar if one.name == COOKIE and one.value)
    answer = sore.post("/logout")
    assert answer.headers["location"] == "/login?told=left"
    assert "Anda sudah keluar" in sore.get("/login?told=left").text
    sore.cookies.clear()
    sore.cookies.set(COOKIE, kept)
    assert sore.get("/account", headers={"accept": "text/html"}).status_code == 303


def test_a_link_is_looked_at_first_and_works_once(fleet: Fleet, stranger: TestClient) -> None:
    with writing(fleet.engine) as conn:
        accounts.create(conn, SORE, By("pagi"), NOW)
        token = links.issue(conn, "sore", By("pagi"), NOW).token
    pasted = {"token": f" http://127.0.0.1/welcome#{token} "}
    assert "Selamat datang, Teknisi sore" in stranger.post("/welcome", data=pasted).text
    for wrong in (chosen(token, again="x"), chosen(token, password="short", again="short")):
        assert stranger.post("/welcome", data=wrong).status_code == 422
    assert stranger.post("/welcome", data=chosen(token)).status_code == 303
    assert stranger.post("/welcome", data=chosen(token)).status_code == 410
    assert stranger.post("/welcome", data={"token": "nonsense"}).status_code == 410


def test_my_name_and_password_are_mine_to_change(sore: TestClient) -> None:
    log_in(sore)
    assert sore.post("/account/name", data={"name": "Sore <b>"}).status_code == 303
    assert "Sore &lt;b&gt;" in sore.get("/account?told=name").text
    assert sore.post("/account/name", data={"name": " "}).status_code == 422
    new = {"current": "salah salah salah", "password": GOOD + "!", "again": GOOD + "!"}
    assert "tidak cocok" in sore.post("/account/password", data=new).text
    answer = sore.post("/account/password", data={**new, "current": GOOD})
    assert answer.headers["location"] == "/account?told=password"
    sore.cookies.clear()
    assert log_in(sore) == 401
    assert log_in(sore, GOOD + "!") == 303


def test_my_other_sessions_are_ended_and_this_one_goes_on(sore: TestClient, fleet: Fleet) -> None:
    log_in(sore)
    sore.cookies.clear()
    log_in(sore)
    assert sore.get("/account").text.count('id="session-') == 3
    assert sore.post("/account/sessions/end", data={"all": "yes"}).status_code == 303
    assert sore.get("/account").text.count('id="session-') == 1
    with fleet.engine.connect() as conn:
        ended = conn.scalars(select(login_session.c.ended_at))
        assert sum(at is not None for at in ended) >= 1


def test_a_token_is_shown_once_and_withdrawn(sore: TestClient, fleet: Fleet) -> None:
    log_in(sore)
    made = sore.post("/account/tokens", data={"name": "ekspor malam", "days": "30"})
    found = re.search(r"anj_[\w-]{43}", made.text)
    assert found
    page = sore.get("/account").text
    assert "ekspor malam" in page
    assert found[0] not in page
    with fleet.engine.connect() as conn:
        number = conn.scalars(select(access_token.c.id)).one()
    sore.post("/account/tokens/end", data={"token": str(number)})
    assert "ekspor malam" not in sore.get("/account").text
    assert sore.post("/account/tokens", data={"name": "", "days": "30"}).status_code == 422


def test_a_program_multiplies_nothing(stranger: TestClient, fleet: Fleet) -> None:
    show_token(stranger, fleet.engine, NOW, ("admin", ""))
    for path in ("name", "password", "sessions/end", "tokens", "tokens/end"):
        assert stranger.post(f"/account/{path}", data={"name": "x"}).status_code == 403, path
    with fleet.engine.connect() as conn:
        assert conn.scalar(select(account.c.name).where(account.c.login == "program")) == "Program"


def test_a_form_without_the_session_s_word_changes_nothing(sore: TestClient) -> None:
    log_in(sore)
    del sore.headers["x-csrf"]
    assert sore.post("/account/name", data={"name": "x"}).status_code == 403
