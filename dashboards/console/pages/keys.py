"""Approval keys: one's own, on the account's page, and all that wait for the ceremony."""

from collections.abc import Mapping
from typing import Any, Final

from controller import policies
from controller.jobs import keys
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Page, Part


def mine(ask: Ask) -> Mapping[str, Any]:
    """Whoever may not agree is told so, and sees keys only to end them."""
    assert ask.person is not None
    own = keys.mine(ask.conn, ask.person.account)
    return {"may_agree": ask.may("command.agree"), "keys": own, "login": ask.person.login}


def waiting(ask: Ask) -> Mapping[str, Any]:
    every = keys.every(ask.conn)
    policy = policies.newest(ask.conn)
    return {
        "waiting": [one for one in every if not one.in_force and one.ended_at is None],
        "others": [one for one in every if one.in_force or one.ended_at is not None],
        "version": policy.policy.version if policy else 0,
    }


MINE: Final = Part("keys", "parts/keys.html", mine)
PAGE: Final = Page("keys.html", "people", (), waiting)
