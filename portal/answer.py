"""What the portal answers a page: status, kind, body, and a few headers.

Owns the usual ways of answering, so that no handler writes HTTP: `page` renders a template in the
citizen's language, `go` leads on after a form (303, so that going back sends nothing twice).
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from portal.asked import Ask

HTML: Final = "text/html; charset=utf-8"
TEXT: Final = "text/plain; charset=utf-8"


class Answer(NamedTuple):
    status: HTTPStatus
    kind: str
    body: bytes
    headers: Mapping[str, str] = {}


def page(
    ask: "Ask", template: str, /, status: HTTPStatus = HTTPStatus.OK, **fields: object
) -> Answer:
    """`template` below portal/templates; `fields` are its names."""
    return Answer(status, HTML, ask.its.press.render(ask, template, fields).encode())


def go(location: str) -> Answer:
    """On to another page of the portal, an address that begins with one slash."""
    return Answer(HTTPStatus.SEE_OTHER, TEXT, b"", {"Location": location})


def said(status: HTTPStatus) -> Answer:
    """Only what the status says. For what no citizen sees."""
    return Answer(status, TEXT, status.phrase.encode())
