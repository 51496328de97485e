"""One person's question: addresses that keep their words, cookies that are hostile."""

from sqlalchemy import create_engine
from starlette.requests import Request

from dashboards.console.pages.ask import Ask, client_words, theme_of
from dashboards.console.texts import load


def request(query: str = "", cookie: str = "") -> Request:
    headers = [(b"cookie", cookie.encode())]
    scope = {"type": "http", "path": "/kiosks", "query_string": query.encode(), "headers": headers}
    return Request(scope)


def link(query: str, **changes: object) -> str:
    with create_engine("sqlite://").connect() as conn:
        return Ask(request(query), conn, 0, load()["id"]).link(**changes)


def test_an_address_keeps_its_words_and_drops_empty_ones() -> None:
    assert link("state=ok&state=fail&q=&page=3", page=None) == "/kiosks?state=ok&state=fail"
    assert link("q=a b&page=3", page=4) == "/kiosks?q=a+b&page=4"
    assert link("") == "/kiosks"


def test_row_67_words_of_an_address_are_encoded_again() -> None:
    assert link("q=%22%3E%3Cb%3E", page=2) == "/kiosks?q=%22%3E%3Cb%3E&page=2"


def test_cookies_say_only_what_is_allowed() -> None:
    assert theme_of(request(cookie="theme=dark")) == "dark"
    assert theme_of(request(cookie="theme=<b>")) == ""


def test_scripts_get_their_words_in_both_languages() -> None:
    for texts in load().values():
        assert "age.ago=" in client_words(texts)
