"""Pages with what only one answer knows; nobody keeps them."""

from starlette.testclient import TestClient


def test_no_browser_keeps_a_page(client: TestClient) -> None:
    for path in ("/account", "/people", "/people/pagi", "/people/new", "/audit", "/invitations"):
        assert client.get(path).headers["cache-control"] == "no-store", path


def test_nor_one_that_stands_before_the_login(stranger: TestClient) -> None:
    for path in ("/login", "/welcome", "/setup"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert "<script" not in answer.text.replace('<script src="/static/welcome.js', "")


def test_a_question_nobody_knows_offers_to_begin_anew(client: TestClient) -> None:
    answer = client.get("/audit?what=x")
    assert answer.status_code == 422
    assert 'href="/audit"' in answer.text
