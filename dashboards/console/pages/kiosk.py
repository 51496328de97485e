"""One kiosk: how it is now and why, its devices, and what happened to it."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from controller import fault_desk, history
from controller.kiosk_page import KioskPage, find_kiosk, kiosk_id
from controller.words import BadQuestion
from dashboards.console import words
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.devices import cards
from dashboards.console.pages.numbers import whole
from dashboards.console.pages.page import Page, Part
from wire.faults import CATALOGUE

FLIPS: Final = 40
PAST_FAULTS: Final = 12


class NoSuchKiosk(LookupError):  # noqa: N818 - says what happened, like the rest of the house
    """Nobody registered a kiosk of that name."""


class Chart(NamedTuple):
    """One chart: its metrics as controller.history names them; `top` where the scale is fixed."""

    key: str
    metrics: tuple[str, ...]
    unit: str
    top: float | None = None


CHARTS: Final = (
    Chart("cpu", ("cpu_percent",), "%", 100),
    Chart("memory", ("memory_percent",), "%", 100),
    Chart("disk", ("disk_percent",), "%", 100),
    Chart("temperature", ("temperature_c",), "°C"),
    Chart("network", ("rx_kbps", "tx_kbps"), "kbit/s"),
    Chart("browser", ("browser_mb",), "MB"),
)


def name_in(ask: Ask) -> str:
    return str(ask.request.path_params["name"])


def found(ask: Ask) -> KioskPage:
    kiosk = find_kiosk(ask.conn, name_in(ask))
    if kiosk is None:
        raise NoSuchKiosk(name_in(ask))
    return kiosk


def frame(ask: Ask) -> Mapping[str, Any]:
    number = kiosk_id(ask.conn, name_in(ask))
    if number is None:
        raise NoSuchKiosk(name_in(ask))
    return {"name": name_in(ask), "kiosk_id": number, "charts": CHARTS}


def now(ask: Ask) -> Mapping[str, Any]:
    kiosk = found(ask)
    return {
        "kiosk": kiosk,
        "open": kiosk.faults,
        "notes": {fault.id: fault_desk.notes(ask.conn, fault.id) for fault in kiosk.faults},
        "devices": cards(kiosk.probes, ask.t),
        "stale": kiosk.row.presence != "online",
        "advice_of": lambda code: ask.t.of(CATALOGUE[code].advice) if code in CATALOGUE else "",
        "citizen_of": lambda code: ask.t.of(CATALOGUE[code].citizen) if code in CATALOGUE else "",
    }


class Told(NamedTuple):
    """One line of the timeline."""

    id: int
    at: int
    text: str
    tone: str
    why: str


def past(ask: Ask) -> Mapping[str, Any]:
    kiosk = found(ask)
    flips = history.flips(ask.conn, kiosk.row.id, before=position(ask), size=FLIPS)
    faults = fault_desk.FaultQuery(condition="cleared", kiosk=kiosk.row.name, size=PAST_FAULTS)
    last = flips[-1] if len(flips) == FLIPS else None
    return {
        "kiosk": kiosk,
        "flips": [told(flip, ask) for flip in flips],
        "older": ask.link(before=f"{last.at}-{last.id}") + "#past" if last else None,
        "cleared": fault_desk.list_faults(ask.conn, faults).rows,
    }


def told(flip: history.FlipRow, ask: Ask) -> Told:
    said = words.flip(flip.subject, flip.old, flip.new, ask.t)
    why = words.reason(flip.why, ask.t) if flip.why and flip.why not in flip.subject else ""
    return Told(flip.id, flip.at, said.text, said.tone, why)


def position(ask: Ask) -> history.Position | None:
    """`before=<at>-<id>` in the address: the timeline goes on behind that flip."""
    text = ask.request.query_params.get("before", "")
    if not text:
        return None
    at, dash, number = text.partition("-")
    if not dash:
        raise BadQuestion("before", text, ["<time>-<number>"])
    return history.Position(whole(at, "before", 0), whole(number, "before", 0))


PAGE: Final = Page(
    "kiosk.html",
    "kiosks",
    (Part("now", "parts/now.html", now), Part("past", "parts/past.html", past)),
    frame,
)
