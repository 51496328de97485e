"""One job: how far it is, who asked and agreed, and each kiosk's answer.

A job for one kiosk shows its single answer large. What is to be signed is never put together here:
the browser fetches the order's text and reads it itself.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, select

from controller import policies
from controller.jobs import keys, read
from controller.jobs.shapes import AnswerQuery, Job, Wave
from controller.store.command_tables import command
from controller.store.tables import kiosk
from dashboards.console.pages.answers import STATES, name_of, shown
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.jobs import vocabulary
from dashboards.console.pages.numbers import whole
from dashboards.console.pages.page import Page, Part
from dashboards.console.pages.readiness import readiness
from wire.actions import KINDS
from wire.lifecycle import OPEN

SIZE: Final = 50
AGAIN: Final = ("failed", "expired", "unknown")  # what may be tried again
SAYS: Final = (
    "no_key", "waiting_key", "no_crypto", "insecure", "failed", "lie_kind", "lie_count",
    "lie_expires", "lie_args", "lie_kiosks", "lie_form", "lie_clock",
)  # fmt: skip
STEERS: Final = {
    "running": ("pause", "cancel"),
    "held": ("resume", "cancel"),
    "paused": ("resume", "cancel"),
    "ready": ("cancel",),
    "waiting": ("cancel",),
}


def number_in(ask: Ask) -> int:
    return int(ask.request.path_params["job_id"])


def found(ask: Ask) -> Job:
    """Raises Refused and Outside."""
    return read.job(ask.conn, ask.scope("command.see"), number_in(ask))


def frame(ask: Ask) -> Mapping[str, Any]:
    job = found(ask)
    return {
        "job_id": job.row.id,
        "what": name_of(job.row.kind, ask.t),
        "single": job.row.kiosks == 1,
        "kinds": json.dumps({kind: name_of(kind, ask.t) for kind in KINDS}),
        "told": "",
        "refusal": "",
    }


def now(ask: Ask) -> Mapping[str, Any]:
    job = found(ask)
    row = job.row
    ended = sum(n for state, n in row.counts.items() if state not in OPEN)
    again = sum(row.counts.get(state, 0) for state in AGAIN)
    single = row.kiosks == 1
    one = read.answers(ask.conn, ask.scope("command.see"), row.id, AnswerQuery(size=1)).rows
    return {
        "job": job,
        "row": row,
        "single": single,
        "one": shown(one[0], ask.now, ask.t, row.args) if single and one else None,
        "ended": ended,
        "good": row.counts.get("succeeded", 0),
        "again": again if ask.may("command.routine") and row.state != "waiting" else 0,
        "steers": STEERS.get(row.state, ()) if ask.may("command.routine") else (),
        "token": secrets.token_hex(16),
        "wave_word": wave_word,
        "readiness": readiness(ask.conn),
        "agree": agreeing(ask, job) if row.state == "waiting" else None,
        **vocabulary(ask),
    }


def wave_word(wave: Wave) -> str:
    """`waits`, `open` or `done`, as its kiosks are."""
    if not wave.open:
        return "waits"
    return "open" if any(wave.counts.get(state) for state in OPEN) else "done"


def agreeing(ask: Ask, job: Job) -> Mapping[str, Any]:
    """What the browser must know to agree: keys in force, and what this page says of the order."""
    assert ask.person is not None
    mine = keys.mine(ask.conn, ask.person.account)
    policy = policies.newest(ask.conn)
    return {
        "may": ask.may("command.agree"),
        "done": any(word.login == ask.person.login for word in job.words),
        "mine": " ".join(one.key_id for one in mine if one.in_force and one.ended_at is None),
        "args": json.dumps(job.row.args),
        "words": json.dumps({word: ask.t.sentences[f"agree.{word}"] for word in SAYS}),
        "fleet": policy.policy.fleet if policy else "",
        "missing": max(0, job.row.approvals - job.row.given),
    }


def answers(ask: Ask) -> Mapping[str, Any]:
    asked = ask.request.query_params
    query = AnswerQuery(
        states=tuple(filter(None, asked.getlist("state"))),
        search=asked.get("q", "")[:80],
        page=whole(asked.get("page"), "page", 1),
        size=SIZE,
    )
    page = read.answers(ask.conn, ask.scope("command.see"), number_in(ask), query)
    opened = found(ask).row.wave
    rows = [shown(one, ask.now, ask.t, opened=opened) for one in page.rows]
    return {"page": page, "rows": rows, "query": query, "states": STATES, "job_id": number_in(ask)}


def leaves(conn: Connection, job_id: int) -> list[tuple[str, int]]:
    """(kiosk, earliest moment) of a whole job: whoever signs may count them and check the root."""
    query = select(kiosk.c.name, command.c.after).join(kiosk, kiosk.c.id == command.c.kiosk_id)
    rows = conn.execute(query.where(command.c.job_id == job_id).order_by(kiosk.c.name))
    return [(row[0], row[1]) for row in rows]


PAGE: Final = Page(
    "job.html",
    "jobs",
    (Part("job", "parts/job.html", now), Part("answers", "parts/answers.html", answers)),
    frame,
)
