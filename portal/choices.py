"""The citizen's taste: language, large letters, contrast, low reach. Forgotten with the sitting.

Owns the two forms that stand on every page. Leads back to the page it was asked from, and only
there: an address that is not one of the portal's own leads home.
"""

import re
from typing import Final

from portal.answer import Answer, go
from portal.asked import Ask
from portal.sitting import LANGUAGES

SWITCHES: Final = ("large", "contrast", "low")
_OURS: Final = re.compile(r"/(?!/)[\w./?=&%-]*", re.ASCII)


def language(ask: Ask) -> Answer:
    for one in LANGUAGES:
        if ask.args["code"] == one:
            ask.sitting.language = one
    return go(back_to(ask))


def display(ask: Ask) -> Answer:
    """`switch` names one of SWITCHES; it is turned over."""
    name = ask.one("switch")
    if name in SWITCHES:
        setattr(ask.sitting, name, not getattr(ask.sitting, name))
    return go(back_to(ask))


def back_to(ask: Ask) -> str:
    to = ask.one("to")
    return to if _OURS.fullmatch(to) else "/"
