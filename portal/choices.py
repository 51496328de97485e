"""The citizen's taste: language, large letters, contrast, low reach. Forgotten with the sitting.

Owns the two forms that stand on every page. Leads back to the page it was asked from, and only
there: an address that is not one of the portal's own leads home. What somebody was typing there
comes along and stands in the fields again.
"""

import re
from typing import Final

from portal.answer import Answer, go
from portal.asked import Ask
from portal.sitting import LANGUAGES

SWITCHES: Final = ("large", "contrast", "low")
OWN: Final = ("to", "switch")
_OURS: Final = re.compile(r"/(?!/)[\w./?=&%~+-]*", re.ASCII)


def language(ask: Ask) -> Answer:
    for one in LANGUAGES:
        if ask.args["code"] == one:
            ask.sitting.language = one
    return _again(ask)


def display(ask: Ask) -> Answer:
    """`switch` names one of SWITCHES; it is turned over."""
    name = ask.one("switch")
    if name in SWITCHES:
        setattr(ask.sitting, name, not getattr(ask.sitting, name))
    return _again(ask)


def _again(ask: Ask) -> Answer:
    """The same page. The foot's own fields come last, whatever a form's are called."""
    to = back_to(ask)
    typed = {name: said[:-1] if name in OWN else said for name, said in ask.form.items()}
    ask.sitting.typed = (to.partition("?")[0], {name: said for name, said in typed.items() if said})
    return go(to)


def back_to(ask: Ask) -> str:
    to = ask.one("to")
    return to if _OURS.fullmatch(to) else "/"
