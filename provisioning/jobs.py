"""`anjungan jobs`: what was asked of kiosks and what became of it; pause, resume, cancel, retry.

Without a word it only shows. What may be done is decided in controller.jobs.steer.
"""

import argparse
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from controller import bell
from controller.deeds import Doer
from controller.jobs import read, steer
from controller.jobs.read import JobQuery
from controller.jobs.refused import Refused
from controller.people.powers import EVERYWHERE
from controller.scope import Outside
from controller.store.engine import writing
from provisioning import terminal
from provisioning.act import watched
from provisioning.behalf import NobodyThere, doer
from provisioning.follow import answer, moment, summary
from provisioning.terminal import now, say

REFUSALS: Final = (NobodyThere, Outside, Refused, SQLAlchemyError, ValueError)
Deed = Callable[[Connection, Doer, int, int], str]


def main(argv: Sequence[str] | None = None, wait: Callable[[float], None] = time.sleep) -> int:
    asked = _parser().parse_args(argv)

    def act() -> int:
        with terminal.database(asked) as engine:
            return _do(engine, asked, wait)

    return terminal.told("jobs", act, REFUSALS)


def _do(engine: Engine, asked: argparse.Namespace, wait: Callable[[float], None]) -> int:
    if asked.word:
        return _steer(engine, asked)
    if asked.wait and asked.job is not None:
        return _wait(engine, asked, wait)
    for line in _one(engine, asked.job) if asked.job is not None else _all(engine, asked.most):
        say(line)
    return 0


def _all(engine: Engine, most: int) -> list[str]:
    with engine.connect() as conn:
        page = read.jobs(conn, EVERYWHERE, JobQuery(size=most))
    return [f"{moment(one.asked_at)}  {one.asked_by}  {summary(one)}" for one in page.rows]


def _one(engine: Engine, job_id: int) -> list[str]:
    with engine.connect() as conn:
        job = read.job(conn, EVERYWHERE, job_id)
        answers = read.every_answer(conn, EVERYWHERE, job_id)
    row = job.row
    words = ", ".join(f"{one.login} {moment(one.at)}" for one in job.words)
    agreed = [f"agreed: {row.given} of {row.approvals}: {words}"] if row.approvals else []
    asked = f"asked by {row.asked_by} {moment(row.asked_at)}: {row.why}".rstrip(": ")
    return [summary(row), asked, *agreed, *map(answer, answers)]


def _wait(engine: Engine, asked: argparse.Namespace, wait: Callable[[float], None]) -> int:
    with engine.connect() as conn:
        by = _by(conn, asked)
    return watched(engine, by, asked.job, wait)


def _steer(engine: Engine, asked: argparse.Namespace) -> int:
    if asked.job is None:
        raise ValueError(f"{asked.word} which job? anjungan jobs JOB {asked.word} --as LOGIN")
    with writing(engine) as conn:
        said = DEEDS[asked.word](conn, _by(conn, asked), asked.job, now())
    bell.ring(engine)
    say(said)
    return 0


def _by(conn: Connection, asked: argparse.Namespace) -> Doer:
    if not asked.login:
        raise ValueError("on whose word? --as LOGIN")
    return doer(conn, asked.login)


def _pause(conn: Connection, by: Doer, job_id: int, now: int) -> str:
    steer.pause(conn, by, job_id, now)
    return f"job {job_id} is paused: nothing more is sent"


def _resume(conn: Connection, by: Doer, job_id: int, now: int) -> str:
    steer.resume(conn, by, job_id, now)
    return f"job {job_id} goes on"


def _cancel(conn: Connection, by: Doer, job_id: int, now: int) -> str:
    steer.cancel(conn, by, job_id, now)
    return f"job {job_id} is cancelled; who has begun is asked to leave it"


def _retry(conn: Connection, by: Doer, job_id: int, now: int) -> str:
    made = steer.retry_failed(conn, by, job_id, secrets.token_hex(16), now)
    return f"asked again of those that failed: job {made}"


DEEDS: Final[dict[str, Deed]] = {
    "pause": _pause,
    "resume": _resume,
    "cancel": _cancel,
    "retry": _retry,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan jobs", description=__doc__)
    add = parser.add_argument
    add("job", type=int, nargs="?")
    add("word", nargs="?", choices=tuple(DEEDS))
    terminal.add_database(parser)
    add("--as", dest="login", default="", metavar="LOGIN", help="on whose word")
    add("--wait", action="store_true", help="print each kiosk's answer until all are in")
    add("--most", type=int, default=20, help="how many jobs are listed")
    return parser


if __name__ == "__main__":
    sys.exit(main())
