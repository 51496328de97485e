"""The list of releases: what waits for signatures first, then the newest; which roles end soon."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from sqlalchemy import func, select

from controller.releases import read, renewals, signing
from controller.releases.folder import Releases
from controller.releases.metadata import Held
from controller.releases.read import ReleaseQuery, ReleaseRow
from controller.releases.renewals import Ending
from controller.scope import within
from controller.store.release_tables import reported
from controller.store.tables import kiosk
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.numbers import whole
from dashboards.console.pages.page import Page, Part
from dashboards.console.pages.seal import Seal, seal_of
from wire.content import ROLES

SIZE: Final = 30
FIRST: Final = 20  # that wait for signatures, above the others
TONES: Final = {
    "draft": "none", "waiting": "warn", "signed": "work", "published": "ok",
    "withdrawn": "offline", "dropped": "none",
}  # fmt: skip
STATES: Final = tuple(TONES)


def query_of(ask: Ask) -> ReleaseQuery:
    """Raises BadQuestion."""
    asked = ask.request.query_params
    return ReleaseQuery(
        bundle=asked.get("bundle", "").strip()[:32],
        states=tuple(one for one in asked.getlist("state") if one in TONES),
        page=whole(asked.get("page"), "page", 1),
        size=SIZE,
    )


def frame(folder: Releases | None, ask: Ask) -> Mapping[str, Any]:
    return {
        "query": query_of(ask),
        "bundles": read.bundles(ask.conn),
        "states": STATES,
        "ready": folder is not None,
        "told": "",
        "refusal": "",
    }


def rows(folder: Releases | None, ask: Ask) -> Mapping[str, Any]:
    query = query_of(ask)
    page = read.releases(ask.conn, query)
    waiting: list[ReleaseRow] = []
    if not (query.bundle or query.states) and query.page == 1:
        asked = ReleaseQuery(states=("waiting",), size=FIRST)
        waiting = read.releases(ask.conn, asked).rows
    above = {one.id for one in waiting}
    return {
        "page": page,
        "waiting": waiting,
        "rows": [one for one in page.rows if one.id not in above],
        "in_use": in_use(ask),
        "seals": others(folder, ask) if folder else [],
        "ending": ending(folder, ask.now) if folder else [],
        "tones": TONES,
    }


def in_use(ask: Ask) -> Mapping[tuple[str, int], int]:
    """(bundle, seq) -> how many kiosks this person may see say that they use it."""
    query = (
        select(reported.c.bundle, reported.c.seq, func.count())
        .join(kiosk, kiosk.c.id == reported.c.kiosk_id)
        .where(within(ask.scope("release.see"), kiosk.c.site_code), reported.c.seq > 0)
        .group_by(reported.c.bundle, reported.c.seq)
    )
    return {(row[0], row[1]): row[2] for row in ask.conn.execute(query)}


def others(folder: Releases, ask: Ask) -> list[Seal]:
    """What waits for signatures and belongs to no release that waits: renewals, withdrawals."""
    found = [signing.open_(ask.conn, role) for role in ROLES]
    return [seal_of(folder, ask, one) for one in found if one and one.what != "publish"]


def ending(folder: Releases, now: int) -> list[Ending]:
    """None where the folder cannot be read as it should: the clerk tells the administrator."""
    try:
        return renewals.ending(folder, now)
    except Held:
        return []


def pending(ask: Ask) -> int:
    """How many releases wait for somebody's signature, for whoever may give one."""
    if not ask.may("release.sign"):
        return 0
    return read.releases(ask.conn, ReleaseQuery(states=("waiting",), size=1)).total


def page(folder: Releases | None) -> Page:
    return Page(
        "releases.html",
        "releases",
        (Part("list", "parts/releases.html", partial(rows, folder)),),
        partial(frame, folder),
    )
