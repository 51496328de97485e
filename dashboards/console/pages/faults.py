"""The list of faults, and the desk where they are taken on."""

from collections.abc import Mapping
from typing import Any, Final

from controller.fault_desk import CONDITIONS, FaultQuery, list_faults
from controller.words import SEVERITIES, BadQuestion
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.numbers import whole
from dashboards.console.pages.page import Page, Part
from wire.faults import DEVICES

SIZE: Final = 50
ACKED: Final = {"": None, "yes": True, "no": False}


def query_of(ask: Ask) -> FaultQuery:
    """The question in the address. Raises BadQuestion."""
    asked = ask.request.query_params
    acked = asked.get("acked", "")
    if acked not in ACKED:
        raise BadQuestion("acked", acked, [word for word in ACKED if word])
    return FaultQuery(
        condition=asked.get("condition") or "open",
        severities=tuple(filter(None, asked.getlist("severity"))),
        code=asked.get("code", ""),
        acked=ACKED[acked],
        search=asked.get("kiosk", "").strip(),
        site=asked.get("site", ""),
        page=whole(asked.get("page"), "page", 1),
        size=whole(asked.get("size"), "size", SIZE),
    )


def frame(ask: Ask) -> Mapping[str, Any]:
    query = query_of(ask)
    return {
        "query": query,
        "narrowed": bool(query.code or query.search or query.acked is not None),
        "conditions": CONDITIONS,
        "severities": SEVERITIES,
        "catalogue": [(kind, [entry.code for entry in found]) for kind, found in DEVICES.items()],
    }


def rows(ask: Ask) -> Mapping[str, Any]:
    return {"page": list_faults(ask.conn, ask.scope("fault.see"), query_of(ask))}


PAGE: Final = Page("faults.html", "faults", (Part("list", "parts/fault_list.html", rows),), frame)
