"""The one dialog for acting: what it does, to how many, who must agree, for how long.

The same part stands in a dialog over another page and on a page of its own. Offers no kind that
whoever asks could not ask for anywhere, and no button that would be refused.
"""

import secrets
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from controller import policies
from controller.jobs import ask as asking
from controller.jobs import asked as targets
from controller.jobs import lists
from controller.jobs.ask import Preview
from controller.jobs.asked import Asked, Target
from controller.jobs.refused import Refused
from dashboards.console.pages import wish
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Page, Part
from dashboards.console.pages.readiness import readiness
from dashboards.console.pages.wish import Form
from wire.actions import KINDS, stronger

GROUPS: Final = {
    "screen": (
        "screenshot", "reload_page", "restart_browser", "identify", "maintenance", "screen",
        "set_brightness", "set_volume",
    ),
    "printer": ("test_print", "resume_queue", "clear_queue"),
    "check": ("noop", "self_test", "check_network", "measure_speed", "collect_logs"),
    "system": ("restart_agent", "reboot", "set_log_level", "rotate_key", "wipe"),
}  # fmt: skip
USUAL: Final = ("screenshot", "restart_browser", "reboot", "test_print")
ONE_ONLY: Final = ("wipe",)


class Reach(NamedTuple):
    """Which kiosks, in words, and how many of them are there. `problem`: none can be meant."""

    text: str
    kiosks: int = 0
    online: int = 0
    offline: int = 0
    unsure: int = 0
    one: str = ""
    problem: str = ""


def load(ask: Ask) -> Mapping[str, Any]:
    """For an address: what it names, and the fields as they begin."""
    return shown(ask, ask.request.query_params)


def shown(ask: Ask, form: Form, refusal: str = "") -> Mapping[str, Any]:
    """Raises Outside and BadQuestion."""
    asked = wish.target_of(form)
    kind = wish.text_of(form, "kind", 48)
    reach = reach_of(ask, asked)
    groups = offered(ask, reach)
    known = [one for kinds in groups.values() for one in kinds]
    found: dict[str, Any] = {
        "readiness": readiness(ask.conn),
        "asked": asked,
        "hidden": wish.hidden(asked),
        "reach": reach,
        "groups": groups,
        "address": wish.address,
        "refusal": refusal,
        "kind": kind if kind in known else "",
        "lists": lists.every(ask.conn, ask.scope("command.see")) if not wish.is_one(asked) else [],
    }
    if not found["kind"]:
        return found
    return found | form_of(ask, form, asked, kind) | preview(ask, form)


def form_of(ask: Ask, form: Form, asked: Asked, kind: str) -> dict[str, Any]:
    token = wish.text_of(form, "token", 32)
    return {
        "power": power_of(ask, kind),
        "fields": wish.fields(form, kind),
        "typed": wish.typed_of(form, asked),
        "many": not wish.is_one(asked),
        "token": token if wish.TOKEN.fullmatch(token) else secrets.token_hex(16),
        "choices": {
            "valid": wish.VALID,
            "waves": (*wish.WAVES, "own"),
            "pauses": wish.PAUSES,
            "windows": (*wish.WINDOWS, "own"),
            "stops": wish.STOPS,
        },
    }


def reach_of(ask: Ask, asked: Asked) -> Reach:
    """Raises Outside for another district's kiosk and BadQuestion for an unknown filter."""
    if not (asked.kiosks or asked.query or asked.saved):
        return Reach("", problem=ask.t("act.nobody"))
    try:
        found = targets.resolve(ask.conn, ask.scope("command.routine"), asked)
    except Refused as error:
        return Reach("", problem=refused(error, ask))
    if not found:
        return Reach("", problem=ask.t("act.nobody"))
    one = found[0].name if wish.is_one(asked) else ""
    return Reach(_named(ask, asked, found), len(found), *_presences(found), one)


def _presences(found: list[Target]) -> tuple[int, int, int]:
    online = sum(one.presence == "online" for one in found)
    offline = sum(one.presence in ("offline", "never") for one in found)
    return online, offline, len(found) - online - offline


def _named(ask: Ask, asked: Asked, found: list[Target]) -> str:
    n, t = len(found), ask.t
    if wish.is_one(asked):
        return t("act.to_one", kiosk=found[0].name)
    if asked.query:
        return t("act.to_filter", n=n)
    name = next(
        (
            one.name
            for one in lists.every(ask.conn, ask.scope("command.see"))
            if one.id == asked.saved
        ),
        "",
    )
    return t("act.to_list", name=name, n=n) if name else t("act.to_many", n=n)


def offered(ask: Ask, reach: Reach) -> dict[str, list[str]]:
    """Kinds by group that this person may ask for somewhere, and that these kiosks can be told."""
    found = {}
    for group, kinds in GROUPS.items():
        may = [one for one in kinds if ask.may(f"command.{power_of(ask, one)}")]
        found[group] = [one for one in may if reach.one or one not in ONE_ONLY]
    return {group: kinds for group, kinds in found.items() if kinds}


def power_of(ask: Ask, kind: str) -> str:
    """As the policy in force has it: it may raise a kind."""
    policy = policies.newest(ask.conn)
    born = KINDS[kind].power
    return stronger(born, policy.policy.raised.get(kind, "routine")) if policy else born


def preview(ask: Ask, form: Form) -> dict[str, Any]:
    """What asking would mean, or why it cannot be asked. Raises Outside and BadQuestion."""
    asked = wish.target_of(form)
    found: dict[str, Any] = {"preview": None, "problems": [], "why_needed": False}
    found["one"] = wish.is_one(asked)
    try:
        wished = wish.wish_of(form, ask.now)._replace(at_most=0)  # what is seen now
        seen = asking.preview(ask.conn, _doer(ask), wished, ask.now)
    except Refused as error:
        return found | {"problems": [problem(error.code, error.why, ask)]}
    missing = [one for one in seen.problems if one.code != "why"]  # the field says so itself
    return found | {
        "preview": seen,
        "why_needed": len(missing) < len(seen.problems) or needs_why(seen),
        "problems": [problem(one.code, one.why, ask) for one in missing],
    }


def needs_why(seen: Preview) -> bool:
    return seen.power != "routine" or seen.kiosks > 1


class Problem(NamedTuple):
    """A sentence of ours, and the reason as the office has it, in English."""

    text: str
    why: str


def problem(code: str, why: str, ask: Ask) -> Problem:
    key = f"job_refused.{code}"
    return Problem(ask.t(key) if ask.t.known(key) else ask.t("act.problems"), why)


def refused(error: Refused, ask: Ask) -> str:
    told = problem(error.code, error.why, ask)
    return f"{told.text} ({told.why})"


def _doer(ask: Ask) -> Any:
    return ask.request.state.doer


PART: Final = Part("act", "parts/act.html", load)
PAGE: Final = Page("act.html", "kiosks", (PART,))
