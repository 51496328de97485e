"""The end of a citizen's turn: everything of theirs is forgotten, and that is proven.

Owns the two steps. `end` forgets what the portal has and tells the browser to drop what it has;
`proof` hears what the browser still found. Until it found nothing, home stays closed and says so:
the next citizen never sits down on what the last one left.
"""

from http import HTTPStatus

from portal.answer import TEXT, Answer, page
from portal.asked import Ask

CLEAR = {"Clear-Site-Data": '"cache", "cookies", "storage"'}
CLEAN, NOT_CLEAN = b"bersih", b"belum"


def end(ask: Ask) -> Answer:
    """Forgets, and shows the page that proves it."""
    ask.its.screen.end()
    return ended(ask)


def ended(ask: Ask) -> Answer:
    answer = page(ask, "ended.html", open=False)
    return answer._replace(headers=CLEAR)


def proof(ask: Ask) -> Answer:
    """`left` is how many things of this site the browser holds. Answers CLEAN or NOT_CLEAN."""
    screen = ask.its.screen
    screen.proven = ask.one("left") == "0" and screen.sitting is None
    return Answer(HTTPStatus.OK, TEXT, CLEAN if screen.proven else NOT_CLEAN)
