"""Where a service begins: a name and a code, or a file that has all of it."""

from collections.abc import Mapping
from typing import Any, Final

from controller.services import read, tenants
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Page
from dashboards.console.pages.service import examined, said


def load(ask: Ask) -> Mapping[str, Any]:
    scope = ask.scope("service.edit")
    found = [one for one in tenants.every(ask.conn, scope) if scope.holds(one.code)]
    return {
        "tenants": found,
        "tenant": "",
        "code": "",
        "name": "",
        "complaints": [],
        "refusal": "",
    }


def publishing(ask: Ask) -> Mapping[str, Any]:
    """What is approved and not published yet, with what is wrong with it by now."""
    known = {one.code: one.name.of(ask.t.language) for one in tenants.every(
        ask.conn, ask.scope("service.publish"))}  # fmt: skip
    packs = read.approved(ask.conn, ask.scope("service.publish"))
    return {
        "packs": [
            (one, [said(each, ask.t) for each in examined(ask, one).complaints]) for one in packs
        ],
        "known": known,
        "note": "",
        "problems": [],
        "refusal": "",
    }


NEW: Final = Page("service_new.html", "services", (), load)
PUBLISH: Final = Page("service_publish.html", "services", (), publishing)
