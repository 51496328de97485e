"""The document printer, asked directly by IPP.

It owns the meaning of `printer-state-reasons` and of the levels a printer tells. It asks the
device itself: CUPS learns of an empty tray only while a job runs, so an idle kiosk would look well
until a citizen stands there. The suffix of a reason (-report, -warning, -error) tells whether a
job is waiting, not what is wrong: it is stripped before the reason is looked up. It never prints.
"""

import math
from collections.abc import Mapping
from typing import Final

from agent.probes import ipp, plain_http, printer_levels
from agent.probes.base import Finding, cannot_tell, found
from agent.probes.ipp import Group, Reply, Uri
from wire.messages import Fact

WANTED: Final = (
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "printer-make-and-model",
    "queued-job-count",
    "marker-levels",
    "marker-types",
    "printer-supply",
    "printer-input-tray",
)
STATES: Final[Mapping[object, str]] = {3: "idle", 4: "processing", 5: "stopped"}
MEANS: Final[Mapping[str, str]] = {
    "media-empty": "printer.paper_out",
    "media-needed": "printer.paper_out",
    "media-low": "printer.paper_low",
    "media-jam": "printer.paper_jam",
    "cover-open": "printer.cover_open",
    "door-open": "printer.cover_open",
    "interlock-open": "printer.cover_open",
    "toner-low": "printer.toner_low",
    "marker-supply-low": "printer.toner_low",
    "developer-low": "printer.toner_low",
    "toner-empty": "printer.toner_empty",
    "marker-supply-empty": "printer.toner_empty",
    "marker-supply-missing": "printer.toner_empty",
    "developer-empty": "printer.toner_empty",
    "marker-waste-full": "printer.waste_full",
    "marker-waste-almost-full": "printer.waste_full",
    "paused": "printer.stopped",
    "moving-to-paused": "printer.stopped",
    "stopping": "printer.stopped",
    "stopped-partly": "printer.stopped",
    "shutdown": "printer.stopped",
    "deactivated": "printer.stopped",
    "input-tray-missing": "printer.error",
    "output-tray-missing": "printer.error",
    "output-area-full": "printer.error",
    "fuser-over-temp": "printer.error",
    "fuser-under-temp": "printer.error",
    "opc-life-over": "printer.error",
    "spool-area-full": "printer.error",
    "timed-out": "printer.error",
}
# A worse word makes the milder one about the same thing superfluous.
OUTDOES: Final = {
    "printer.paper_out": "printer.paper_low",
    "printer.toner_empty": "printer.toner_low",
}


class IppPrinter:
    """`uri` like ipp://printer:631/ipp/print; `timeout_s` bounds the whole exchange."""

    name = "printer"
    confirm = 2
    bands: Mapping[str, float] = {"paper_percent": 5, "toner_percent": 2, "jobs": math.inf}

    def __init__(self, uri: str, *, period_s: float = 5.0, timeout_s: float = 2.0) -> None:
        self._uri = Uri.parse(uri)
        self.period_s = period_s
        self.timeout_s = timeout_s + 1
        self._patience_s = timeout_s
        self._version = (2, 0)

    def observe(self) -> Finding:
        try:
            reply = self._ask()
        except TimeoutError:
            return found({}, ["printer.unreachable"], "the printer does not answer")
        except OSError as error:
            return found({}, ["printer.unreachable"], f"the printer cannot be reached: {error}")
        except (plain_http.NotHttp, ipp.NotIpp) as error:
            return cannot_tell(f"the printer's address answers, but not as a printer: {error}")
        return read(reply)

    def _ask(self) -> Reply:
        reply = self._once()
        if reply.status == ipp.VERSION_NOT_SUPPORTED and self._version != (1, 1):
            self._version = (1, 1)  # printers of before 2005; remembered, asked once
            reply = self._once()
        return reply

    def _once(self) -> Reply:
        return ipp.ask(
            self._uri,
            ipp.GET_PRINTER_ATTRIBUTES,
            WANTED,
            timeout_s=self._patience_s,
            version=self._version,
        )


def read(reply: Reply) -> Finding:
    """What a printer's answer means."""
    printer = reply.first(ipp.PRINTER_GROUP)
    if reply.status >= 0x0100 or not printer.get("printer-state"):
        return cannot_tell(f"the printer refuses to tell its state (IPP {reply.status:#06x})")
    state = STATES.get(printer["printer-state"][0], "unknown")
    reasons = reasons_of(printer)
    codes = codes_of(reasons)
    if state == "stopped" and not codes:
        codes = ["printer.stopped"]
    facts: dict[str, Fact] = {
        "printer_state": state,
        "accepting": _first(printer, "printer-is-accepting-jobs", bool),
        "reasons": ",".join(sorted(strip(reason) for reason in reasons))[:200],
        "paper_percent": printer_levels.paper_percent(printer),
        "toner_percent": printer_levels.toner_percent(printer),
        "jobs": _first(printer, "queued-job-count", int),
        "name": str(printer.get("printer-make-and-model", [""])[0])[:80],
    }
    return found(facts, codes, f"the printer says {facts['reasons'] or state}" if codes else "")


def reasons_of(printer: Group) -> list[str]:
    told = (str(value) for value in printer.get("printer-state-reasons", []))
    return [reason for reason in told if reason != "none"]


def strip(reason: str) -> str:
    for suffix in ("-report", "-warning", "-error"):
        reason = reason.removesuffix(suffix)
    return reason


def codes_of(reasons: list[str]) -> list[str]:
    """Fault codes in the order told, each once, without what a worse one already says."""
    codes: list[str] = []
    for reason in reasons:
        code = MEANS.get(strip(reason)) or ("printer.error" if reason.endswith("-error") else "")
        if code and code not in codes:
            codes.append(code)
    spared = {OUTDOES.get(code) for code in codes}
    return [code for code in codes if code not in spared]


def _first(printer: Group, name: str, kind: type) -> Fact:
    value = next(iter(printer.get(name, [])), None)
    return value if type(value) is kind else None  # type: ignore[return-value] # bool or int
