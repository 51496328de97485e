"""What a release says on the welcome page."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.words import MOST, BadContent, parse

CARD = {"picture": "visit", "name": "Jemput Bola", "promise": "Jadwal", "soon": ""}
GOOD: dict[str, Any] = {"v": 1, "opening": "Selamat datang", "services": [CARD]}


def text(**changed: Any) -> bytes:
    return json.dumps(GOOD | changed).encode()


def test_a_page_is_what_it_says() -> None:
    words = parse(text(look="a.css", banner="b.PNG".lower(), files=["a.css"]), {"a.css", "b.png"})
    assert (words.opening, words.services[0].name) == ("Selamat datang", "Jemput Bola")
    assert (words.look, words.banner) == ("a.css", "b.png")


def test_what_is_not_known_is_tolerated() -> None:
    assert parse(text(later="maybe"), set()).v == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"v": 2},
        {"opening": ""},
        {"opening": "x" * 301},
        {"opening": 7},
        {"services": []},
        {"services": [CARD] * 7},
        {"services": [CARD | {"picture": "skull"}]},
        {"services": [CARD | {"name": ""}]},
        {"look": "a.js"},
        {"look": "missing.css"},
        {"banner": "page.html"},
        {"files": ["missing.txt"]},
        {"files": "a"},
    ],
)
def test_one_wrong_place_refuses_the_whole(changed: dict[str, Any]) -> None:
    with pytest.raises(BadContent, match=r"content\.json"):
        parse(text(**changed), {"a.js", "page.html"})


def test_a_huge_one_is_refused_unread() -> None:
    with pytest.raises(BadContent):
        parse(b" " * (MOST + 1), set())


@given(said=st.binary(max_size=300))
def test_any_bytes_are_words_or_refused(said: bytes) -> None:
    try:
        parse(said, set())
    except BadContent as error:
        assert len(str(error)) < 400  # noqa: PT017 - either way is fine
