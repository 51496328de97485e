"""Templates and what they are given."""

import pytest
from jinja2 import Environment

from portal.asked import Ask
from portal.its import Its
from portal.press import TEMPLATES, Press, address
from portal.sitting import Sitting
from tests.support.offered import MONDAY, PRESS, SITE, catalogue

HOSTILE = '<script>alert("x")</script>'


def ask() -> Ask:
    its = Its(HOSTILE, SITE, PRESS, lambda: MONDAY)
    return Ask("GET", "/x", its, Sitting("s", catalogue(), language="su"))


def test_what_comes_from_outside_is_escaped() -> None:
    page = PRESS.render(ask(), "missing.html", {})
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


def test_a_page_says_its_language_and_its_release_and_that_somebody_is_there() -> None:
    page = PRESS.render(ask(), "missing.html", {})
    assert '<html lang="su" data-release="1" data-idle="60"' in page
    assert 'data-session="open"' in page


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.stem)
def test_nothing_inline_stands_in_a_template(path: object) -> None:
    text = open(str(path)).read()  # noqa: PTH123, SIM115 - a path of pytest's ids
    assert "style=" not in text
    assert " onclick" not in text
    assert text.count("<script") == text.count("<script src=")
    Environment(autoescape=True).parse(text)


def test_an_address_of_content_carries_the_release() -> None:
    assert address(12, "a b.css") == "/content/a%20b.css?r=12"


def test_a_press_may_have_its_own_words() -> None:
    assert Press(PRESS._texts).texts("id").language == "id"
