"""A page and its parts: whole, or one part alone; missing words are mistakes, not blanks."""

import pytest
from jinja2 import UndefinedError
from sqlalchemy import create_engine
from starlette.requests import Request

from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Page, Part, Press
from dashboards.console.texts import load

OFFICE = Part("office", "parts/office.html", lambda _: {"deaf": None, "lists": None, "calls": ()})
NOWHERE = {"title": "<b>", "detail": "d", "clean": ""}


def shown(page: Page, target: str = "") -> str:
    headers = [(b"hx-target", target.encode())] if target else []
    scope = {"type": "http", "path": "/", "query_string": b"", "headers": headers}
    press = Press(lambda name: f"/static/{name}", lambda: "c-1", OFFICE)
    with create_engine("sqlite://").connect() as conn:
        answer = press.show(page, Ask(Request(scope), conn, 0, load()["en"]), press.cursor())
    return bytes(answer.body).decode()


def test_a_page_holds_its_parts_and_where_the_stream_was() -> None:
    text = shown(Page("error.html", "", (), lambda _: NOWHERE))
    assert 'data-cursor="c-1"' in text
    assert '<div id="office"' in text
    assert "&lt;b&gt;" in text


def test_a_part_asked_for_comes_alone() -> None:
    text = shown(Page("error.html", "", (), lambda _: NOWHERE), "office")
    assert text.startswith('<div id="office"')


def test_a_word_a_template_does_not_get_is_a_mistake() -> None:
    with pytest.raises(UndefinedError):
        shown(Page("error.html", "", ()))
