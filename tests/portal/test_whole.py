"""A page that needs nobody: what our templates refer to stands in it."""

import re

from portal.assets import CSS, Document, load
from portal.whole import whole

FILES = load()
PAGE = (
    '<html><head><link rel="stylesheet" href="/pages.css">\n<link rel="stylesheet" '
    'href="/content/look.css?r=1"><link rel="icon" href="/pictures.svg" type="image/svg+xml">'
    '<script src="/clock.js" defer></script></head><body class="home">'
    '<svg><use href="/pictures.svg#back"></use></svg></body></html>'
)


def test_nothing_is_fetched_and_nothing_runs() -> None:
    made = whole(PAGE, FILES)
    assert "<script" not in made
    assert "<link" not in made
    assert not re.search(r'(?:src|href)="/', made)
    assert not re.search(r"url\(\"?/", made)


def test_pictures_are_those_of_the_page_itself() -> None:
    made = whole(PAGE, FILES)
    assert '<use href="#back">' in made
    assert 'id="back"' in made
    assert made.index("<body") < made.index('id="back"')


def test_a_style_brings_its_pictures_along_and_an_unknown_one_is_left_out() -> None:
    files = {
        "/pages.css": Document(CSS, b'p { background: url("/a.svg") } b { background: url(/b) }'),
        "/a.svg": Document("image/svg+xml", b"<svg/>"),
    }
    made = whole(PAGE, files)
    assert 'url("data:image/svg+xml;base64,PHN2Zy8+")' in made
    assert 'url("data:,")' in made
    assert "look.css" not in made
