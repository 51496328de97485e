"""Asking for a rollout: what was typed as a Request, and what it would mean before anybody says go.

Nonsense becomes a Request that is refused, never an error. A dry run reads and writes nothing.
"""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from controller.jobs import lists
from controller.jobs.asked import EVERYBODY, Asked
from controller.jobs.refused import Refused
from controller.releases import read as releases
from controller.releases.read import ReleaseRow
from controller.rollouts.ask import Request
from controller.rollouts.dry import DryRun, Line, dry_run
from controller.rollouts.plan import Phase, Plan
from dashboards.console import times
from dashboards.console.pages import act, wish
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Page, Part
from dashboards.console.pages.wish import Form, number_of, text_of

WHERES: Final = ("all", "saved", "names", "query")
STEPS: Final = ("3, 10%, 100%", "3, 10%, 50%, 100%", "1, 100%", "100%")
HELD: Final = (5, 10, 20, 0)  # percent
SOAKS: Final = (30, 10, 60, 240, 1440, 0)  # minutes
PATIENCE: Final = (24, 6, 72, 168)  # hours
STOPS: Final = (20, 5, 50, 0)  # percent
WINDOWS: Final[Mapping[str, tuple[tuple[int, int], ...]]] = {
    "": (),
    "night": ((1320, 300),),
    "noon": ((720, 780),),
}
APPROVALS: Final = (0, 1, 2)
COSTS: Final = 8  # kiosks told one by one
_NAMES: Final = re.compile(r"[\s,;]+")
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def request_of(form: Form, row: ReleaseRow) -> Request:
    """What was typed; fields that were not typed as they begin."""
    token = text_of(form, "token", 32)
    return Request(
        bundle=row.bundle,
        seq=row.seq,
        asked=asked_of(form),
        plan=plan_of(form),
        why=text_of(form, "why", 300),
        not_before=moment_of(text_of(form, "start", 32)),
        approvals=number_of(form, "approvals"),
        token=token if wish.TOKEN.fullmatch(token) else "",
        at_most=number_of(form, "seen"),
    )


def asked_of(form: Form) -> Asked:
    where = text_of(form, "where") or "all"
    if where == "saved":
        return Asked(saved=number_of(form, "saved"))
    if where == "names":
        names = _NAMES.split(text_of(form, "names", 20_000))
        return Asked(kiosks=tuple(dict.fromkeys(filter(None, names))))
    if where == "query":
        return Asked(query=text_of(form, "query", 2_000))
    return Asked(query=EVERYBODY)


def plan_of(form: Form) -> Plan:
    bounds = [one.strip() for one in text_of(form, "phases", 200).split(",") if one.strip()]
    phases = tuple(Phase(bound) for bound in bounds) or Plan().phases
    canary = number_of(form, "canary")
    if canary:
        phases = (Phase(asked=Asked(saved=canary)), *phases[1:])
    return Plan(
        phases=phases,
        held_percent=number_of(form, "held", HELD[0]),
        soak_min=number_of(form, "soak", SOAKS[0]),
        patience_h=number_of(form, "patience", PATIENCE[0]),
        windows=windows_of(form),
        stop_percent=number_of(form, "stop", STOPS[0]),
    )


def windows_of(form: Form) -> tuple[tuple[int, int], ...]:
    chosen = text_of(form, "window")
    if chosen != "own":
        return WINDOWS.get(chosen, ())
    ends = [_TIME.fullmatch(text_of(form, name, 5)) for name in ("since", "until")]
    minutes = [int(one[1]) * 60 + int(one[2]) if one else 0 for one in ends]
    return ((minutes[0], minutes[1]),)


def moment_of(text: str) -> int:
    """Of a field `datetime-local`, in WIB; 0 for at once or nonsense. Milliseconds since 1970."""
    try:
        return round(datetime.fromisoformat(text).replace(tzinfo=times.WIB).timestamp() * 1000)
    except (ValueError, OverflowError):
        return 0


def line_of(form: Form) -> Line:
    return Line(price_per_mb=float(number_of(form, "price")))


def release_of(ask: Ask, form: Form) -> ReleaseRow | None:
    """The release that is meant, if there is one that is published."""
    number = number_of(form, "release")
    query = releases.ReleaseQuery(states=("published",), size=500)
    rows = releases.releases(ask.conn, query).rows
    return next((row for row in rows if row.id == number), None)


def shown(ask: Ask, form: Form, refusal: str = "") -> Mapping[str, Any]:
    """Raises BadQuestion and Outside."""
    row = release_of(ask, form)
    if row is None:
        return {"release": None, "refusal": refusal or ask.t("error.no_release")}
    token = text_of(form, "token", 32)
    return {
        "release": row,
        "named": ask.t("release.named", bundle=row.bundle, seq=row.seq),
        "refusal": refusal,
        "typed": typed_of(form),
        "lists": lists.every(ask.conn, ask.scope("release.see")),
        "choices": {
            "steps": STEPS, "held": HELD, "soak": SOAKS, "patience": PATIENCE, "stop": STOPS,
            "windows": (*WINDOWS, "own"), "approvals": APPROVALS, "wheres": WHERES[:3],
        },
        "token": token if wish.TOKEN.fullmatch(token) else secrets.token_hex(16),
        **preview(ask, form, row),
    }  # fmt: skip


def preview(ask: Ask, form: Form, row: ReleaseRow) -> dict[str, Any]:
    """What it would mean, or why it cannot be."""
    found: dict[str, Any] = {"dry": None, "problems": [], "costs": (), "priced": False}
    wanted = request_of(form, row)._replace(at_most=0)  # what is seen now
    try:
        dry = dry_run(ask.conn, ask.request.state.doer, wanted, ask.now, line_of(form))
    except Refused as error:
        return found | {"problems": [problem(error.code, error.why, ask)]}
    problems = [one for one in dry.problems if one.code != "why"]  # the field says so itself
    return found | {
        "dry": dry,
        "problems": [problem(one.code, one.why, ask) for one in problems],
        "costs": dry.costliest[:COSTS],
        "priced": dry.cost > 0,
        "usual_bytes": dry.bytes // dry.kiosks if dry.kiosks else 0,
        "have": dry.by_since.get(row.seq, 0),
        "sizes": sizes(dry),
    }


def problem(code: str, why: str, ask: Ask) -> act.Problem:
    """As act.problem, in words of rollouts where they have their own."""
    key = f"roll_refused.{code}"
    return act.Problem(ask.t(key), why) if ask.t.known(key) else act.problem(code, why, ask)


def sizes(dry: DryRun) -> list[int]:
    """Kiosks of each phase but the last one, of those held back."""
    return [one for one in dry.phases[:-1] if one]


def typed_of(form: Form) -> Mapping[str, str]:
    """What the form shows: what was typed, or what it begins with."""
    found = {
        "where": "all", "saved": "", "names": "", "query": "", "phases": STEPS[0], "canary": "",
        "held": str(HELD[0]), "soak": str(SOAKS[0]), "patience": str(PATIENCE[0]),
        "stop": str(STOPS[0]), "window": "", "since": "22:00", "until": "05:00", "start": "",
        "approvals": "0", "why": "", "price": "",
    }  # fmt: skip
    return found | {name: text for name in found if (text := text_of(form, name, 20_000))}


def load(ask: Ask) -> Mapping[str, Any]:
    """For an address: what it names, and the fields as they begin."""
    return shown(ask, ask.request.query_params)


PART: Final = Part("dry", "parts/dry.html", load)
PAGE: Final = Page("roll.html", "releases", (PART,), load)
