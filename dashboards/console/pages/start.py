"""The start page: what citizens can finish now, the states, the map, the open faults."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from controller import fleet
from controller.fault_desk import FaultQuery, list_faults
from dashboards.console.map.atlas import Atlas
from dashboards.console.map.shape import Place, Shape
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Page, Part

SHOWN: Final = 12
SIGNS: Final = {"ok": "", "warn": "!", "fail": "×", "offline": "–", "unknown": "?", "never": "·"}
RANK: Final = ("fail", "offline", "warn", "unknown", "ok", "never", "none")
LETTER: Final = 7.8  # SVG units a letter of a label takes
BESIDE_SIGN: Final = 0.8  # how much of the room is left above a sign


class Cell(NamedTuple):
    """One clickable thing of the map, ready to draw."""

    code: str
    state: str
    href: str
    label: str
    path: str
    x: float
    y: float
    room: float
    lines: tuple[str, ...]
    top: float
    sign: str
    sign_y: float


def page(atlas: Atlas) -> Page:
    return Page(
        "start.html",
        "start",
        (
            Part("counts", "parts/counts.html", counts),
            Part("map", "parts/map.html", lambda ask: fleet_map(ask, atlas)),
            Part("newest", "parts/newest.html", newest),
        ),
    )


def counts(ask: Ask) -> Mapping[str, Any]:
    return {"counts": fleet.counts(ask.conn)}


def newest(ask: Ask) -> Mapping[str, Any]:
    open_now = fleet.counts(ask.conn).unacknowledged
    return {"page": list_faults(ask.conn, FaultQuery(size=SHOWN)), "unacknowledged": open_now}


def fleet_map(ask: Ask, atlas: Atlas) -> Mapping[str, Any]:
    sites = fleet.sites(ask.conn)
    drawing = atlas.drawing([Place(*site[:5]) for site in sites])
    by_code = {site.code: site for site in sites}
    cells = [cell(shape, [by_code[code] for code in shape.codes], ask) for shape in drawing.shapes]
    return {"drawing": drawing, "cells": cells, "sites": len(sites), "signs": SIGNS}


def cell(shape: Shape, sites: list[fleet.SiteSummary], ask: Ask) -> Cell:
    state = min((site.worst or "none" for site in sites), key=RANK.index)
    name = sites[0].name if len(sites) == 1 else ask.t("map.many", n=len(sites))
    sign = SIGNS.get(state, "")
    lines = label(name, shape.room * (BESIDE_SIGN if sign else 1))
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
        lines=lines,
        top=round(top, 1),
        sign=sign,
        sign_y=round(top + 14 * len(lines) + 3 if lines else shape.y + 6, 1),
    )


def address(sites: list[fleet.SiteSummary], state: str) -> str:
    """The list behind a cell; a crowd of sites leads to its region's kiosks in that state."""
    if len(sites) == 1:
        return "/kiosks?" + urlencode({"site": sites[0].code})
    words = {"regency": sites[0].regency} | ({"state": state} if state != "none" else {})
    return "/kiosks?" + urlencode(words)


def summary(sites: list[fleet.SiteSummary], ask: Ask) -> str:
    """`1 Rusak, 3 Normal`: worst first."""
    total: dict[str, int] = {}
    for site in sites:
        for state, number in site.states.items():
            total[state] = total.get(state, 0) + number
    said = [f"{total[state]} {ask.t(f'state.{state}')}" for state in RANK if state in total]
    return ", ".join(said) or ask.t("map.no_kiosk")


def label(name: str, room: float) -> tuple[str, ...]:
    """The name in one or two lines if it fits in `room` SVG units, else nothing."""
    if len(name) * LETTER <= room:
        return (name,)
    lines = tuple(name.split(" ", maxsplit=1))
    return lines if len(lines) == 2 and max(map(len, lines)) * LETTER <= room else ()
