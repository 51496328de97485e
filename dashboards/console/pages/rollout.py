"""One rollout, live: its phases, updated kiosks beside those held back, what the gate decided.

The reasons of the gate and of kiosks are English sentences with numbers; what is known of them is
said in the page's language, what a kiosk said is hostile text.
"""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from controller.releases import read as releases
from controller.rollouts import read
from controller.rollouts.shapes import (
    SHARE_STATES,
    Group,
    PhaseRow,
    Rollout,
    RolloutRow,
    ShareQuery,
)
from dashboards.console.pages import rolled
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.numbers import whole
from dashboards.console.pages.page import Page, Part

SIZE: Final = 50
DECISIONS: Final = 12
DECISION_TONES: Final = {
    "open": "ok", "wait": "none", "hold": "warn", "stop": "fail", "finish": "ok",
}  # fmt: skip
STEERS: Final = {
    "waiting": ("abort",),
    "ready": ("abort",),
    "running": ("pause", "abort", "back"),
    "held": ("resume", "abort", "back"),
    "paused": ("resume", "abort", "back"),
    "finished": ("back",),
    "aborted": ("back",),
}
OVER: Final = ("rolling_back", "rolled_back", "aborted", "refused")
RETRIED: Final = ("running", "held", "paused", "finished", "aborted")


def number_in(ask: Ask) -> int:
    return int(ask.request.path_params["rollout_id"])


def found(ask: Ask) -> Rollout:
    """Raises Refused and Outside."""
    return read.rollout(ask.conn, ask.scope("release.see"), number_in(ask), ask.now)


def frame(ask: Ask) -> Mapping[str, Any]:
    row = found(ask).row
    named = ask.t("release.named", bundle=row.bundle, seq=row.seq)
    return {"rollout_id": row.id, "named": named, "told": "", "refusal": ""}


def now(ask: Ask) -> Mapping[str, Any]:
    it = found(ask)
    row = it.row
    release = releases.find(ask.conn, row.bundle, row.seq)
    amiss = row.counts.get("failed", 0) + row.counts.get("rolled_back", 0)
    again = amiss if ask.may("rollout.ask") and row.state in RETRIED else 0
    return {
        "it": it,
        "row": row,
        "release": release,
        "state_why": stopped_by(it),
        "phases": it.phases,
        "phase_word": lambda one: phase_word(one, row),
        "compared": it.compared,
        "harm": differs(it),
        "bad_bars": bad_bars,
        "decisions": it.decisions[:DECISIONS],
        "decision_tones": DECISION_TONES,
        "windows": windows_of(it.plan.get("windows", ()), ask),
        "steers": STEERS.get(row.state, ()) if ask.may("rollout.steer") else (),
        "again": again,
        "token": secrets.token_hex(16),
        "agrees": agrees(ask, it),
        **rolled.vocabulary(ask),
    }


def agrees(ask: Ask, it: Rollout) -> str:
    """`may`, `own` (the asker does not count), `done`, or empty: whoever asks cannot agree."""
    if it.row.state != "waiting" or not ask.may("rollout.agree") or ask.person is None:
        return ""
    if it.row.asked_by == ask.person.login:
        return "own"
    return "done" if any(one.login == ask.person.login for one in it.words) else "may"


def phase_word(phase: PhaseRow, row: RolloutRow) -> str:
    """`waits`, `open`, `done`, `stopped` or `never`, as its kiosks are and the rollout is."""
    left = phase.counts.get("wanted", 0) + phase.counts.get("waiting", 0)
    if row.state in OVER:
        return ("stopped" if left or phase.back else "done") if phase.open else "never"
    if not phase.open:
        return "waits"
    at_work = left or phase.number == row.phase
    return "open" if at_work and row.state != "finished" else "done"


def stopped_by(it: Rollout) -> str:
    """Why it went back: what the gate said then, else what is noted of its state."""
    said = next((one.why for one in it.decisions if one.what == "stop"), "")
    return said if said and it.row.state in ("rolling_back", "rolled_back") else it.row.state_why


def differs(it: Rollout) -> bool:
    """Whether the comparison speaks of harm: as the gate saw it when it stopped, else as it is."""
    said = next((one.numbers for one in it.decisions if one.what == "stop"), {})
    test = said.get("tests", {}).get("comparison")
    chance, limit = (test["chance"], test["limit"]) if test else it.compared[2:4]
    return bool(limit) and chance <= limit


def bad_bars(group: Group) -> list[tuple[str, float, float]]:
    """(tone, where it begins, how wide): those that serve, then those that do not."""
    if not group.kiosks:
        return []
    good = round(100 * (group.kiosks - group.bad) / group.kiosks, 2)
    found = [("ok", 0.0, good), ("fail", good, round(100 - good, 2))]
    return [one for one in found if one[2]]


def windows_of(windows: Any, ask: Ask) -> str:
    """`22.00-05.00, 12.00-13.00`; empty for at any time. Minutes of the day come in."""
    dot = "." if ask.t.language == "id" else ":"
    named = [[f"{one // 60:02}{dot}{one % 60:02}" for one in pair] for pair in windows]
    return ", ".join("–".join(pair) for pair in named)


def shares(ask: Ask) -> Mapping[str, Any]:
    asked = ask.request.query_params
    query = ShareQuery(
        states=tuple(filter(None, asked.getlist("state"))),
        phase=whole(asked.get("phase"), "phase", 0) if asked.get("phase") else 0,
        search=asked.get("q", "")[:80],
        page=whole(asked.get("page"), "page", 1),
        size=SIZE,
    )
    scope = ask.scope("release.see")
    page = read.shares(ask.conn, scope, number_in(ask), query, ask.now)
    return {
        "page": page,
        "query": query,
        "states": SHARE_STATES,
        "phases": len(found(ask).phases),
        "rollout_id": number_in(ask),
        "install_tones": rolled.INSTALL_TONES,
        "verdict_tones": rolled.VERDICT_TONES,
        **rolled.vocabulary(ask),
    }


PAGE: Final = Page(
    "rollout.html",
    "releases",
    (Part("rollout", "parts/rollout.html", now), Part("shares", "parts/shares.html", shares)),
    frame,
)
