"""The list of services: what citizens are offered, and what is being written beside it."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from controller.services import read, tenants
from controller.services.shapes import Line, Pack
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Page, Part
from wire.service.tenant import Tenant

TONES: Final = {
    "draft": "none", "review": "warn", "approved": "work", "published": "ok", "retired": "offline",
    "dropped": "none",
}  # fmt: skip
STATES: Final = ("draft", "review", "approved", "published")


class Asked(NamedTuple):
    """Empty fields ask nothing."""

    tenant: str
    state: str
    text: str


def asked_of(ask: Ask) -> Asked:
    query = ask.request.query_params
    state = query.get("state", "")
    tenant, text = query.get("tenant", "").strip()[:16], query.get("q", "").strip()[:80]
    return Asked(tenant, state if state in STATES else "", text)


def frame(ask: Ask) -> Mapping[str, Any]:
    return {
        "asked": asked_of(ask),
        "tenants": tenants.every(ask.conn, ask.scope("service.see")),
        "states": STATES,
        "ready": len(read.approved(ask.conn, ask.scope("service.publish"))),
    }


def rows(ask: Ask) -> Mapping[str, Any]:
    asked = asked_of(ask)
    scope = ask.scope("service.see")
    known = {one.code: one for one in tenants.every(ask.conn, scope)}
    found = read.lines(ask.conn, scope, asked.tenant)
    lines = [one for one in found if fits(one, asked)]
    return {
        "groups": [
            (tenant, [one for one in lines if one.tenant == code])
            for code, tenant in known.items()
            if any(one.tenant == code for one in lines)
        ],
        "any": bool(found),
        "tones": TONES,
        "agency": lambda pack: agency_of(known, pack, ask),
    }


def fits(line: Line, asked: Asked) -> bool:
    states = {one.state for one in (line.shown, line.open) if one is not None}
    said = f"{line.newest.name} {line.code}".casefold()
    return (not asked.state or asked.state in states) and asked.text.casefold() in said


def agency_of(known: Mapping[str, Tenant], pack: Pack, ask: Ask) -> str:
    """Its agency in the reader's language; the code as long as the tenant does not know it."""
    code = str(pack.document.get("agency", ""))
    tenant = known.get(pack.tenant)
    found = next((one for one in tenant.agencies if one.code == code), None) if tenant else None
    return found.name.of(ask.t.language) if found else code


PAGE: Final = Page("services.html", "services", (Part("list", "parts/services.html", rows),), frame)
