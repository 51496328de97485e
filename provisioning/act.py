"""`anjungan act KIND KIOSK...`: have kiosks do something, from the office's own machine.

Only asks and shows: what it means and whether it may be is decided in controller.jobs, under the
same policy as in the console. Ctrl-C ends the watching, never the job.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from controller import bell
from controller.deeds import Doer
from controller.jobs import ask, lists
from controller.jobs.ask import Preview, Wish
from controller.jobs.asked import Asked
from controller.jobs.refused import Refused
from controller.scope import Outside
from controller.store.engine import writing
from provisioning import terminal, typed
from provisioning.behalf import NobodyThere, doer
from provisioning.follow import Follow, moment
from provisioning.terminal import now, say
from wire.actions import KINDS

ALL_WELL: Final = 0
NOT_ALL: Final = 1
NOTHING_DONE: Final = 2
LEFT: Final = 130  # as a shell says it of Ctrl-C
REFUSALS: Final = (NobodyThere, Outside, Refused, SQLAlchemyError, ValueError)


def main(argv: Sequence[str] | None = None, wait: Callable[[float], None] = time.sleep) -> int:
    asked = _parser().parse_args(argv)

    def act() -> int:
        with terminal.database(asked) as engine:
            return _act(engine, asked, wait)

    return terminal.told("act", act, REFUSALS)


def _act(engine: Engine, asked: argparse.Namespace, wait: Callable[[float], None]) -> int:
    with engine.connect() as conn:
        by = doer(conn, asked.login)
        wish = _wish(conn, by, asked)
        told = ask.preview(conn, by, wish, now())
    for line in spoken(wish, told):
        say(line)
    if told.problems or asked.dry_run:
        return NOTHING_DONE if told.problems else ALL_WELL
    with writing(engine) as conn:
        job_id = ask.ask(conn, by, wish._replace(at_most=told.kiosks), now())
    bell.ring(engine)
    say(f"asked: job {job_id}")
    if told.approvals:
        say(f"it waits for {told.approvals}: anjungan agree {job_id} --as LOGIN --key FILE")
    if not asked.wait:
        return ALL_WELL
    return watched(engine, by, job_id, wait)


def watched(engine: Engine, by: Doer, job_id: int, wait: Callable[[float], None]) -> int:
    """Prints until all have answered; the exit code."""
    try:
        well = Follow(engine, by.person.scope("command.see"), job_id, say, wait).run()
    except KeyboardInterrupt:
        say(f"job {job_id} goes on without you: anjungan jobs {job_id}")
        return LEFT
    return ALL_WELL if well else NOT_ALL


def spoken(wish: Wish, told: Preview) -> list[str]:
    """What asking would mean, in words."""
    again = {"at_most_once": "; cut off in its middle it is not done again"}
    where = f"{told.online} online, {told.offline} get it when they return"
    power = f"{told.power}{again.get(KINDS[wish.kind].again, '')}"
    said = [f"{wish.kind} on {told.kiosks} kiosks ({where}): {power}"]
    if told.approvals:
        people = "person" if told.approvals == 1 else "different people"
        said.append(f"{told.approvals} {people} must agree with their keys")
    if told.cool_off_s:
        said.append(f"nothing begins for {told.cool_off_s} s after the last of them")
    if told.waves:
        waves = ", ".join(map(str, told.waves))
        said.append(f"waves of {waves}; from {moment(told.first)} to {moment(told.last)}")
        said.append(f"who has not begun by {moment(told.expires)} does not")
    return [*said, *(f"cannot: {one.why} ({one.code})" for one in told.problems)]


def _wish(conn: Connection, by: Doer, asked: argparse.Namespace) -> Wish:
    which = Asked(tuple(asked.kiosk), asked.filter, _saved(conn, by, asked.saved))
    plan = typed.plan(asked.waves, asked.rate, asked.window, asked.stop)
    plan = plan._replace(pause_s=typed.seconds(asked.pause), jitter_s=typed.seconds(asked.jitter))
    given = typed.args(asked.kind, asked.arg)
    valid_s = typed.seconds(asked.valid)
    return Wish(asked.kind, given, which, plan, why=asked.why, valid_s=valid_s, token=asked.token)


def _saved(conn: Connection, by: Doer, name: str) -> int:
    if not name:
        return 0
    for one in lists.every(conn, by.person.scope("command.see")):
        if one.name == name:
            return one.id
    raise Refused("unknown", f"there is no saved list {name!r}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan act", description=__doc__)
    add = parser.add_argument
    add("kind", help=", ".join(KINDS))
    add("kiosk", nargs="*", default=[])
    terminal.add_database(parser)
    add("--as", dest="login", required=True, metavar="LOGIN", help="on whose word")
    add("--filter", default="", metavar="QUERY", help="as in the address of the list of kiosks")
    add("--saved", default="", metavar="NAME", help="a saved list")
    add("--arg", action="append", default=[], metavar="NAME=VALUE")
    add("--why", default="", metavar="TEXT", help="for the log, and for those who must agree")
    add("--valid", default="1h", metavar="TIME", help="90s, 15m, 1h, 2d")
    add("--waves", default="", help="how many in all after each: 1,5%%,100%%")
    add("--pause", default="0s", metavar="TIME", help="between two waves")
    add("--rate", type=int, default=0, metavar="N", help="kiosks a minute")
    add("--jitter", default="0s", metavar="TIME")
    window = {"nargs": 3, "default": (), "metavar": ("CRON", "MINUTES", "ZONE")}
    parser.add_argument("--window", help="only then", **window)  # type: ignore[arg-type]
    add("--stop", default="", metavar="5%%|N", help="hold when so many failed; a share: 3 at least")
    add("--token", default="", help="32 hex digits: the same again is the same job")
    add("--wait", action="store_true", help="print each kiosk's answer until all are in")
    add("--dry-run", action="store_true", help="say what it would mean and do nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
