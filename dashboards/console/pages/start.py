"""The start page: what citizens can finish now, the states, the map, the open faults."""

import math
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from controller import fleet
from controller.fault_desk import FaultQuery, list_faults
from dashboards.console.fresh import Fresh
from dashboards.console.map.atlas import MOST_CELLS, NOTHING, Atlas
from dashboards.console.map.shape import Place, Shape
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.jobs import PENDING
from dashboards.console.pages.page import Page, Part

SHOWN: Final = 12
AT_ONCE: Final = 5_000  # kiosks whose map is counted while the page waits
SIGNS: Final = {"ok": "", "warn": "!", "fail": "×", "offline": "–", "unknown": "?", "never": "·"}
RANK: Final = ("fail", "offline", "warn", "unknown", "ok", "never", "none")
DOT: Final = 8.0  # radius of a dot in SVG units
LEAST_CORE: Final = 3.0
SIZES: Final = (13, 11.5, 10.5)  # of labels; as classes in map.css
LETTER: Final = 0.66  # how wide a letter is, of its size
BESIDE_SIGN: Final = 0.85  # how much of the room is left above a sign


class Cell(NamedTuple):
    """One clickable thing of the map, ready to draw.

    Of a dot that stands for many kiosks the rim shows their `usual` state and the core the worst,
    as large as its share: else one broken kiosk would paint a whole province red.
    """

    code: str
    state: str
    href: str
    label: str
    path: str
    x: float
    y: float
    room: float
    size: str
    lines: tuple[str, ...]
    top: float
    sign: str
    sign_y: float
    usual: str
    core: float


def page(atlas: Atlas, fresh: Fresh) -> Page:
    return Page(
        "start.html",
        "start",
        (
            Part("counts", "parts/counts.html", lambda ask: counts(ask, fresh)),
            Part("map", "parts/map.html", lambda ask: fleet_map(ask, atlas, fresh)),
            PENDING,
            Part("newest", "parts/newest.html", lambda ask: newest(ask, fresh)),
        ),
    )


def counts(ask: Ask, fresh: Fresh) -> Mapping[str, Any]:
    return {"counts": fresh.read(ask.conn, fleet.counts, ask.scope("kiosk.see"))}


def newest(ask: Ask, fresh: Fresh) -> Mapping[str, Any]:
    here = ask.scope("fault.see")
    waiting = fresh.read(ask.conn, fleet.counts, here).unacknowledged
    page = list_faults(ask.conn, here, FaultQuery(size=SHOWN))
    return {"page": page, "unacknowledged": waiting}


def fleet_map(ask: Ask, atlas: Atlas, fresh: Fresh) -> Mapping[str, Any]:
    """The map of a small fleet stands in the page; that of thousands comes a moment after it."""
    if ask.request.headers.get("hx-target") != "map" and is_large(ask, fresh):
        number = sites_number(ask)
        return {"drawing": NOTHING, "cells": [], "sites": number, "signs": SIGNS, "dot": DOT}
    sites = fresh.read(ask.conn, fleet.sites, ask.scope("kiosk.see"))
    drawing = atlas.drawing([Place(*one[:5]) for one in sites])
    by_code = {one.code: one for one in sites}
    cells = [cell(shape, [by_code[code] for code in shape.codes], ask) for shape in drawing.shapes]
    return {"drawing": drawing, "cells": cells, "sites": len(sites), "signs": SIGNS, "dot": DOT}


def is_large(ask: Ask, fresh: Fresh) -> bool:
    kiosks = fresh.read(ask.conn, fleet.counts, ask.scope("kiosk.see")).kiosks
    return kiosks > AT_ONCE or sites_number(ask) > MOST_CELLS


def sites_number(ask: Ask) -> int:
    return fleet.sites_number(ask.conn, ask.scope("kiosk.see"))


def cell(shape: Shape, sites: list[fleet.SiteSummary], ask: Ask) -> Cell:
    state = min((site.worst or "none" for site in sites), key=RANK.index)
    name = sites[0].name if len(sites) == 1 else ask.t("map.many", n=len(sites))
    sign = SIGNS.get(state, "")
    size, lines = label(name, shape.room * (BESIDE_SIGN if sign else 1))
    top = shape.y + 4.5 - 7 * (len(lines) - 1) - (8 if sign and lines else 0)
    return Cell(
        code=shape.codes[0],
        state=state,
        href=address(sites, state),
        label=f"{name}: {summary(sites, ask)}",
        path=shape.path,
        x=shape.x,
        y=shape.y,
        room=shape.room,
        size=f"{size:g}".replace(".", "-"),
        lines=lines,
        top=round(top, 1),
        sign=sign,
        sign_y=round(top + 14 * len(lines) + 3 if lines else shape.y + 6, 1),
        **core_of(sites, state),
    )


def core_of(sites: list[fleet.SiteSummary], state: str) -> dict[str, Any]:
    total = totals(sites)
    usual = max(total, key=lambda one: total[one], default="none")
    share = total[state] / sum(total.values()) if total else 1.0
    core = DOT if usual == state else max(LEAST_CORE, DOT * math.sqrt(share))
    return {"usual": usual, "core": round(core, 1)}


def address(sites: list[fleet.SiteSummary], state: str) -> str:
    """The list behind a cell; a crowd of sites leads to its region's kiosks in that state."""
    if len(sites) == 1:
        return "/kiosks?" + urlencode({"site": sites[0].code})
    words = {"regency": sites[0].regency} | ({"state": state} if state != "none" else {})
    return "/kiosks?" + urlencode(words)


def summary(sites: list[fleet.SiteSummary], ask: Ask) -> str:
    """`1 Rusak, 3 Normal`: worst first."""
    total = totals(sites)
    said = [f"{total[state]} {ask.t(f'state.{state}')}" for state in RANK if state in total]
    return ", ".join(said) or ask.t("map.no_kiosk")


def totals(sites: list[fleet.SiteSummary]) -> dict[str, int]:
    """Kiosks by state over all of these sites."""
    total: dict[str, int] = {}
    for one in sites:
        for state, number in one.states.items():
            total[state] = total.get(state, 0) + number
    return total


def label(name: str, room: float) -> tuple[float, tuple[str, ...]]:
    """(size, lines): the name as large as fits `room` SVG units, in two lines at most, or none."""
    halves = tuple(name.split(" ", maxsplit=1))
    for size in SIZES:
        for lines in ((name,), halves):
            if max(map(len, lines)) * size * LETTER <= room:
                return size, lines
    return SIZES[-1], ()
