"""The officers' inbox: queues with their counts, filters, and what is due first."""

from collections.abc import Mapping
from typing import Any, Final

from controller.inbox import read
from controller.inbox.moves import MOST_FILE_NUMBER
from controller.inbox.shapes import KINDS, QUEUES, Query
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.citizens import Speech
from dashboards.console.pages.numbers import whole
from dashboards.console.pages.page import Page, Part

SIZE: Final = 30
MANY: Final = ("take", "verify", "process", "finish", "hand_over", "close")  # at once


def query_of(ask: Ask) -> Query:
    """The question in the address. Raises BadQuestion."""
    asked = ask.request.query_params
    words = ("kind", "tenant", "agency", "place", "service", "category", "state")
    return Query(
        queue=asked.get("queue") or "todo",
        number=asked.get("number", "").strip()[:MOST_FILE_NUMBER],
        login=ask.person.login if ask.person else "",
        page=whole(asked.get("page"), "page", 1),
        size=SIZE,
        **{word: asked.get(word, "").strip() for word in words},
    )


def frame(ask: Ask) -> Mapping[str, Any]:
    query, speech = query_of(ask), Speech(ask)
    scope = ask.scope("inbox.see")
    tenants = [code for code in speech.known.tenants if _touches(scope.districts, code)]
    return {
        "query": query,
        "kinds": KINDS,
        "tenants": [(code, speech.known.tenants[code].of(ask.t.language)) for code in tenants],
        "places": [
            (code, speech.known.place(code))
            for tenant in tenants
            for code in speech.known.districts.get(tenant, ())
            if scope.holds(code)
        ],
        "agencies": agencies(speech, tenants),
        "services": [
            (code, speech.service(tenant, code))
            for tenant, code in sorted(speech.known.services)
            if tenant in tenants
        ],
        "narrowed": any((query.kind, query.agency, query.place, query.service, query.tenant)),
        "hidden": {"tenant": "" if len(tenants) > 1 else query.tenant, "queue": query.queue},
    }


def rows(ask: Ask) -> Mapping[str, Any]:
    query, scope, speech = query_of(ask), ask.scope("inbox.see"), Speech(ask)
    counts = read.counts(ask.conn, scope, query, ask.now)
    return {
        "query": query,
        "queues": QUEUES,
        "counts": counts,
        "most": read.MOST_COUNTED,
        "page": read.page(ask.conn, scope, query, ask.now, counts[query.queue]),
        "many": MANY,
        "outcome": getattr(ask.request.state, "outcome", None),
        **speech.vocabulary(),
    }


def agencies(speech: Speech, tenants: list[str]) -> list[tuple[str, str]]:
    """By name, each code once."""
    found = {
        code: speech.agency(tenant, code)
        for tenant, code in reversed(list(speech.known.agencies))
        if tenant in tenants
    }
    return sorted(found.items(), key=lambda one: one[1])


def _touches(districts: tuple[str, ...], tenant: str) -> bool:
    return any(
        not one or one == tenant or one.startswith(f"{tenant}.") or tenant.startswith(f"{one}.")
        for one in districts
    )


def pending(ask: Ask) -> Mapping[str, int]:
    """How many wait and how many of them are late, for the start page."""
    if not ask.may("inbox.see"):
        return {"inbox_todo": 0, "inbox_late": 0}
    found = read.counts(ask.conn, ask.scope("inbox.see"), Query(), ask.now)
    return {"inbox_todo": found["todo"], "inbox_late": found["late"]}


PAGE: Final = Page("inbox.html", "inbox", (Part("list", "parts/inbox.html", rows),), frame)
