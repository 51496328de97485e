"""The list of jobs: those that wait for people first, then the newest; and how many there are."""

from collections.abc import Mapping
from typing import Any, Final

from controller.jobs import lists, read
from controller.jobs.shapes import JobQuery, JobRow
from dashboards.console.pages import inbox, releases, rollouts
from dashboards.console.pages.answers import STATES, TONES, args_text, name_of
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.numbers import whole
from dashboards.console.pages.page import Page, Part
from dashboards.console.pages.readiness import readiness
from wire.actions import KINDS

SIZE: Final = 30
FIRST: Final = 20  # that wait for approval, above the others
MOVING: Final = ("ready", "running", "held", "paused")
JOB_TONES: Final = {
    "waiting": "warn", "ready": "work", "running": "work", "held": "fail", "paused": "warn",
    "finished": "ok", "cancelled": "none", "refused": "offline",
}  # fmt: skip


def query_of(ask: Ask) -> JobQuery:
    """Raises BadQuestion."""
    asked = ask.request.query_params
    return JobQuery(
        states=tuple(filter(None, asked.getlist("state"))),
        kind=asked.get("kind", ""),
        asked_by=asked.get("who", "").strip()[:80],
        page=whole(asked.get("page"), "page", 1),
        size=SIZE,
    )


def frame(ask: Ask) -> Mapping[str, Any]:
    kinds = sorted((name_of(kind, ask.t), kind) for kind in KINDS)
    asked = query_of(ask)
    ready = readiness(ask.conn)
    return {"query": asked, "kinds": kinds, "states": tuple(JOB_TONES), "ready": ready}


def rows(ask: Ask) -> Mapping[str, Any]:
    query, scope = query_of(ask), ask.scope("command.see")
    page = read.jobs(ask.conn, scope, query)
    plain = not (query.states or query.kind or query.asked_by) and query.page == 1
    waiting: list[JobRow] = []
    if plain:
        waiting = read.jobs(ask.conn, scope, JobQuery(states=("waiting",), size=FIRST)).rows
    above = {one.id for one in waiting}
    return {
        "page": page,
        "waiting": waiting,
        "rows": [one for one in page.rows if one.id not in above],
        **vocabulary(ask),
    }


def vocabulary(ask: Ask) -> dict[str, Any]:
    """What templates about jobs say besides."""
    return {
        "what_of": lambda kind: name_of(kind, ask.t),
        "args_of": lambda args: args_text(args, ask.t),
        "bars": bars,
        "tone_of": tone_of,
        "tones": TONES,
    }


def tone_of(row: JobRow) -> str:
    """A job that is over is no better than its kiosks' answers."""
    if row.state == "finished" and row.kiosks == 1 and row.counts:
        return TONES[next(iter(row.counts))]
    good = row.counts.get("succeeded", 0) == row.kiosks
    return "warn" if row.state == "finished" and not good else JOB_TONES[row.state]


def bars(counts: Mapping[str, int], kiosks: int) -> list[tuple[str, float, float]]:
    """(tone, where it begins, how wide) of a bar 100 wide: what ended well first."""
    order = sorted(STATES, key=_RANK.index)
    found, at = [], 0.0
    for state in order:
        wide = 100 * counts.get(state, 0) / max(1, kiosks)
        if wide:
            found.append((TONES[state], round(at, 2), round(wide, 2)))
            at += wide
    return found


_RANK: Final = (
    "succeeded", "failed", "rejected", "unknown", "expired", "cancelled", "running", "accepted",
    "sent", "queued",
)  # fmt: skip


def pending(ask: Ask) -> Mapping[str, Any]:
    """How many jobs, releases and rollouts move and wait for people, for the start page."""
    more = {"seals": releases.pending(ask), **rollouts.pending(ask), **inbox.pending(ask)}
    if not ask.may("command.see"):
        return {"shown": False, "running": 0, "waiting": 0, "moving": MOVING, **more}
    scope = ask.scope("command.see")
    moving = read.jobs(ask.conn, scope, JobQuery(states=MOVING, size=1)).total
    waiting = read.jobs(ask.conn, scope, JobQuery(states=("waiting",), size=1)).total
    return {"shown": True, "running": moving, "waiting": waiting, "moving": MOVING, **more}


def saved(ask: Ask) -> Mapping[str, Any]:
    return {"lists": lists.every(ask.conn, ask.scope("command.see")), "told": "", "refusal": ""}


PENDING: Final = Part("pending", "parts/pending.html", pending)
PAGE: Final = Page("jobs.html", "jobs", (Part("list", "parts/jobs.html", rows),), frame)
LISTS: Final = Page("lists.html", "jobs", (), saved)
