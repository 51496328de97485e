"""One kiosk: how it is now and why, its devices, and what happened to it."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from controller import fault_desk, history
from controller.identity.states import NoSuchKiosk
from controller.kiosk_page import KioskPage, find_kiosk, kiosk_id
from controller.words import BadQuestion
from dashboards.console import words
from dashboards.console.pages import commands, content, identity
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.devices import absent, cards
from dashboards.console.pages.numbers import whole
from dashboards.console.pages.page import Page, Part
from dashboards.console.sayings import Piece
from dashboards.console.texts import Texts
from wire.faults import CATALOGUE

FLIPS: Final = 40
PAST_FAULTS: Final = 12


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
    kiosk = find_kiosk(ask.conn, ask.scope("kiosk.see"), name_in(ask))
    if kiosk is None:
        raise NoSuchKiosk(name_in(ask))
    return kiosk


def frame(ask: Ask) -> Mapping[str, Any]:
    number = kiosk_id(ask.conn, ask.scope("kiosk.see"), name_in(ask))
    if number is None:
        raise NoSuchKiosk(name_in(ask))
    return {"name": name_in(ask), "kiosk_id": number, "charts": CHARTS}


def now(ask: Ask) -> Mapping[str, Any]:
    kiosk = found(ask)
    here = watched(kiosk)
    return {
        "kiosk": kiosk,
        "absent": absent(here, ask.t),
        "help_of": lambda why: help_of(why, kiosk, ask.t),
        "open": kiosk.faults,
        "notes": {fault.id: fault_desk.notes(ask.conn, fault.id) for fault in kiosk.faults},
        "devices": cards(kiosk.probes, ask.t),
        "stale": kiosk.row.presence != "online",
        "advice_of": lambda code: ask.t.of(CATALOGUE[code].advice) if code in CATALOGUE else "",
        "citizen_of": lambda code: ask.t.of(CATALOGUE[code].citizen) if code in CATALOGUE else "",
    }


def watched(kiosk: KioskPage) -> set[str]:
    """The probes this kiosk announced or has spoken of."""
    announced = kiosk.thread.probes if kiosk.thread else ()
    return {*announced, *(probe.probe for probe in kiosk.probes)}


class Help(NamedTuple):
    """A reason in words, what to do about it, and what was seen; `card` is a probe's own card."""

    reason: str
    todo: str = ""
    seen: tuple[Piece, ...] = ()
    card: str = ""
    card_name: str = ""


def help_of(why: str, kiosk: KioskPage, t: Texts) -> Help:
    """Of what makes a kiosk or a service unknown; a fault has its own advice where it is shown."""
    kind, _, name = why.partition(":")
    if kind != "probe":
        # What our own deafness hid needs nobody on site.
        key = "do.unknown" if kiosk.row.presence == "unknown" else f"do.{why}"
        return Help(words.reason(why, t), t(key) if t.known(key) else "")
    named = words.probe_name(name, t)
    if name not in watched(kiosk):
        return Help(t("why.absent", probe=named), t("do.absent", probe=words.plain(name)))
    key = f"do.{words.kind_of(name)}"
    todo = t(key) if t.known(key) else ""
    last = next((probe for probe in kiosk.probes if probe.probe == name), None)
    if last is None:
        return Help(words.reason(why, t), todo)
    seen = words.said(last.why, t) if last.why else ()
    return Help(words.reason(why, t), todo, seen, name, named)


class Told(NamedTuple):
    """One line of the timeline."""

    id: int
    at: int
    text: str
    tone: str
    why: tuple[Piece, ...]


def past(ask: Ask) -> Mapping[str, Any]:
    kiosk = found(ask)
    flips = history.flips(ask.conn, kiosk.row.id, before=position(ask), size=FLIPS)
    faults = fault_desk.FaultQuery(condition="cleared", kiosk=kiosk.row.name, size=PAST_FAULTS)
    last = flips[-1] if len(flips) == FLIPS else None
    return {
        "kiosk": kiosk,
        "flips": [told(list(alike), ask) for _, alike in groupby(flips, key=together)],
        "older": ask.link(before=f"{last.at}-{last.id}") + "#past" if last else None,
        "cleared": fault_desk.list_faults(ask.conn, ask.scope("fault.see"), faults).rows,
    }


def together(flip: history.FlipRow) -> tuple[object, ...]:
    """Services that turned alike at one moment are one line."""
    if flip.subject.startswith("verdict:"):
        return flip.at, flip.old, flip.new, flip.why
    return (flip.id,)


def told(flips: Sequence[history.FlipRow], ask: Ask) -> Told:
    """One line for flips that belong together; `id` is that of the newest."""
    flip = flips[0]
    subjects = [one.subject for one in reversed(flips)]
    said = words.flip(subjects[0], flip.old, flip.new, ask.t, subjects[1:])
    why = words.said(flip.why, ask.t) if flip.why and flip.why not in flip.subject else ()
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
    (
        Part("now", "parts/now.html", now),
        commands.PART,
        content.PART,
        Part("devices", "parts/devices.html", now),
        identity.PART,
        Part("past", "parts/past.html", past),
    ),
    frame,
)
