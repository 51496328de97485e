"""The list of kiosks. Everything it is asked stands in the address, so that it can be sent on."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import select

from controller import fleet
from controller.jobs.asked import EVERYBODY
from controller.kiosk_list import IDENTITIES, KioskQuery, KioskRow, list_kiosks
from controller.store.identity_tables import identity
from controller.words import ANSWERS, PRESENCES, SERVICES, STATES
from dashboards.console import words
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.numbers import whole
from dashboards.console.pages.page import Page, Part

SIZE: Final = 50
LOUD: Final = ("pending", "quarantined", "revoked", "decommissioned")
_NO_FILTER: Final = ("sort", "page", "size")
_AT: Final = {service: KioskRow._fields.index(service) for service in SERVICES}


def query_of(ask: Ask) -> KioskQuery:
    """The question in the address. Raises BadQuestion."""
    asked = ask.request.query_params
    return KioskQuery(
        states=tuple(filter(None, asked.getlist("state"))),
        presences=tuple(filter(None, asked.getlist("presence"))),
        regency=asked.get("regency", ""),
        site=asked.get("site", ""),
        verdicts=tuple((s, asked[s]) for s in SERVICES if asked.get(s)),
        fault=asked.get("fault", ""),
        identities=tuple(filter(None, asked.getlist("identity"))),
        search=asked.get("q", "")[:80],
        sort=asked.get("sort") or "state",
        page=whole(asked.get("page"), "page", 1),
        size=whole(asked.get("size"), "size", SIZE),
    )


def frame(ask: Ask) -> Mapping[str, Any]:
    query = query_of(ask)
    return {
        "query": query,
        "narrowed": bool(query.verdicts or query.regency or query.presences or query.identities),
        "identities": IDENTITIES,
        "states": STATES,
        "services": SERVICES,
        "answers": ANSWERS,
        "presences": PRESENCES,
        "regencies": fleet.regencies(ask.conn, ask.scope("kiosk.see")),
    }


def rows(ask: Ask) -> Mapping[str, Any]:
    query = query_of(ask)
    page = list_kiosks(ask.conn, ask.scope("kiosk.see"), query)
    shown = {"query": query, "page": page, "services": SERVICES, "service_at": _AT}
    shown |= acting(ask, page.total)
    return shown | {"tags": tags(ask, query, page.rows), "identity": loud(ask, page.rows)}


def acting(ask: Ask, total: int) -> dict[str, Any]:
    """Whether rows can be chosen to be commanded, and where all that match are."""
    query = filter_of(ask)
    every = "/act?" + urlencode({"query": query})
    return {"acts": total > 0 and ask.may("command.routine"), "filter": query, "every": every}


def filter_of(ask: Ask) -> str:
    """What narrows the list, spelt as in its address; a list of all says so."""
    asked = ask.request.query_params.multi_items()
    return urlencode([(k, v) for k, v in asked if v and k not in _NO_FILTER]) or EVERYBODY


def loud(ask: Ask, rows: list[KioskRow]) -> dict[int, str]:
    """Identities that say something a list should: not those that simply hold."""
    if not ask.may("identity.see") or not rows:
        return {}
    query = select(identity.c.kiosk_id, identity.c.state).where(
        identity.c.kiosk_id.in_([row.id for row in rows]), identity.c.state.in_(LOUD)
    )
    return {row[0]: row[1] for row in ask.conn.execute(query)}


def tags(ask: Ask, query: KioskQuery, rows: list[KioskRow]) -> list[tuple[str, str]]:
    """What narrows the list without standing in the form: (words, the address without it)."""
    found = []
    if query.site:
        name = rows[0].site_name if rows else words.plain(query.site)
        found.append((name, ask.link(site=None, page=None)))
    if query.fault:
        found.append((words.name_of(query.fault, ask.t), ask.link(fault=None, page=None)))
    return found


PAGE: Final = Page("kiosks.html", "kiosks", (Part("list", "parts/list.html", rows),), frame)
