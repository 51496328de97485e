"""The pages around one's own account: logging in, a one-time link, what is mine."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from controller.people import accounts
from controller.people.passwords import SHORTEST
from controller.people.sessions import sessions_of
from controller.people.tokens import tokens_of
from dashboards.console import words
from dashboards.console.pages import keys
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.districts import grant_text, names
from dashboards.console.pages.page import Page

LIVES: Final = (30, 90, 365)  # days
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


class Mine(NamedTuple):
    """One of my sessions; `key` ends it and opens nothing."""

    key: str
    created_at: int
    seen_at: int
    address: str
    browser: str
    current: bool


def frame(ask: Ask) -> Mapping[str, Any]:
    """Raises AccountRefused when the account is gone."""
    assert ask.person is not None
    me, known = ask.person, names(ask.conn)
    now_mark = ask.request.state.caller.mark
    return {
        "grants": [grant_text(one, known, ask.t) for one in me.grants],
        "has_password": accounts.get(ask.conn, me.login).has_password,
        "least": SHORTEST,
        "lives": LIVES,
        "sessions": [
            Mine(
                one.mark,
                one.created_at,
                one.seen_at,
                words.plain(one.address),
                browser_of(one.browser),
                one.mark == now_mark,
            )
            for one in sessions_of(ask.conn, me.account, ask.now)
        ],
        "tokens": [
            one
            for one in tokens_of(ask.conn, me.account)
            if one.ended_at is None and one.expires_at > ask.now
        ],
        "refusal": "",
        "told": "",
        "token": None,
    }


def browser_of(agent: str) -> str:
    """`Chrome, Android`: what a person recognizes of a user agent; else its first words."""
    browser = next((name for sign, name in _BROWSERS if f"{sign}/" in agent), "")
    system = next((name for sign, name in _SYSTEMS if re.search(sign, agent)), "")
    return ", ".join(filter(None, (browser, system))) or words.plain(agent[:60]) or "?"


def gate(_ask: Ask) -> Mapping[str, Any]:
    return {"refusal": "", "told": "", "next": "/", "login": "", "provider": ""}


def link(_ask: Ask) -> Mapping[str, Any]:
    empty = {"refusal": "", "found": None, "token": "", "name": "", "login": ""}
    return {**empty, "least": SHORTEST}


ACCOUNT: Final = Page("account.html", "", (keys.MINE,), frame)
LOGIN: Final = Page("login.html", "", (), gate)
WELCOME: Final = Page("welcome.html", "", (), link)
