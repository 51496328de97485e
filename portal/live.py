"""What a page shows without being loaded anew: whether an officer comes, who is served now.

Asked by static/call.js every few seconds while there is something to hear. Begins no sitting and
is no sign of a citizen.
"""

from http import HTTPStatus
from typing import Final

import msgspec

from portal import queue, tiles
from portal.answer import Answer
from portal.asked import Ask

JSON: Final = "application/json"


def show(ask: Ask) -> Answer:
    sync = ask.its.sync()
    calling = ask.its.calling
    said = {
        "call": calling.state(sync.coming if sync else None) if calling else "",
        "served": [{"number": number, "name": name} for number, name in queue.served(ask)],
    }
    return Answer(HTTPStatus.OK, JSON, msgspec.json.encode(said))


def call(ask: Ask) -> Answer:
    """The button: at the office within seconds, or an honest word."""
    online = tiles.online(ask.its.local(), ask.its.clock())
    page = ask.one("page")
    state = ask.its.calling.ring(page, online=online) if ask.its.calling else "away"
    return Answer(HTTPStatus.OK, JSON, msgspec.json.encode({"call": state}))
