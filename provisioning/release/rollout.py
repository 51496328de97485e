"""`anjungan rollout`: how a release comes to kiosks, asked for and steered from the command line.

Only asks and shows: what it would mean, whom it reaches in which phase, and what the gate decides
about it stands in controller.rollouts. The controller opens the phases.
"""

import argparse
import secrets
import sys
from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from controller import bell
from controller.deeds import Doer
from controller.jobs import lists
from controller.jobs.asked import Asked
from controller.jobs.refused import Refused
from controller.people.powers import EVERYWHERE
from controller.rollouts import agree, ask, dry, read, steer
from controller.rollouts.ask import Request
from controller.rollouts.dry import Line
from controller.rollouts.plan import CAREFUL, CannotPlan, Phase, Plan
from controller.rollouts.shapes import RolloutQuery, ShareQuery
from controller.scope import Outside
from controller.store.engine import writing
from controller.words import BadQuestion
from provisioning import terminal, typed
from provisioning.behalf import NobodyThere, doer
from provisioning.release import rollout_words
from provisioning.terminal import now, say

REFUSALS: Final = (
    BadQuestion, CannotPlan, NobodyThere, Outside, Refused, SQLAlchemyError, ValueError,
)  # fmt: skip
_MOST_SHARES: Final = 40
Deed = Callable[[Connection, Doer, argparse.Namespace], str]


def main(argv: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(argv)
    return terminal.told("rollout", lambda: _do(asked), REFUSALS)


def _do(asked: argparse.Namespace) -> int:
    with terminal.database(asked) as engine:
        if asked.what in {"ask", "dry-run"}:
            return _ask(engine, asked)
        if asked.what in SHOWN:
            for line in SHOWN[asked.what](engine, asked):
                say(line)
            return 0
        with writing(engine) as conn:
            said = DEEDS[asked.what](conn, doer(conn, asked.login), asked)
        bell.ring(engine)
        say(said)
    return 0


def _ask(engine: Engine, asked: argparse.Namespace) -> int:
    with engine.connect() as conn:
        by = doer(conn, asked.login)
        request = _request(conn, by, asked)
        told = dry.dry_run(conn, by, request, now(), Line(asked.line_kbit, asked.price))
    for line in rollout_words.spoken(request, told):
        say(line)
    if told.problems or asked.what == "dry-run":
        return 2 if told.problems else 0
    with writing(engine) as conn:
        made = ask.ask(conn, by, request._replace(at_most=told.kiosks), now())
    bell.ring(engine)
    say(f"asked: rollout {made}")
    if told.approvals:
        say(f"it waits for {told.approvals}: anjungan rollout agree {made} --as LOGIN")
    return 0


def _request(conn: Connection, by: Doer, asked: argparse.Namespace) -> Request:
    saved = _saved(conn, by, asked.saved) if asked.saved else 0
    bundle, _, seq = asked.release.rpartition("-")
    if not bundle or not seq.isdecimal():
        raise ValueError(f"{asked.release!r} is no release: write BUNDLE-NUMBER, like layanan-3")
    begin = now() + 1000 * typed.seconds(asked.begin_in) if asked.begin_in else 0
    return Request(
        bundle=bundle,
        seq=int(seq),
        asked=Asked(tuple(asked.kiosk), asked.filter, saved),
        plan=plan_of(asked),
        why=asked.why,
        not_before=begin,
        approvals=asked.approvals,
        token=asked.token,
    )


def plan_of(asked: argparse.Namespace) -> Plan:
    """Of what was typed. Raises ValueError."""
    phases = tuple(Phase(one.strip()) for one in asked.phases.split(",")) if asked.phases else ()
    if phases and phases[-1] != Phase("100%"):
        phases = (*phases, Phase("100%"))
    if asked.canary:
        phases = (Phase(asked=Asked(tuple(asked.canary))), *(phases or CAREFUL[1:]))
    return Plan(
        phases=phases or CAREFUL,
        held_percent=asked.held,
        soak_min=typed.seconds(asked.soak) // 60,
        patience_h=typed.seconds(asked.patience) // 3600,
        windows=tuple(map(window, asked.window)),
        stop_percent=asked.stop,
    )


def window(said: str) -> tuple[int, int]:
    """Minutes of the day, of `18:30-06:00`. Raises ValueError."""
    try:
        since, until = (tuple(map(int, one.split(":"))) for one in said.split("-"))
        (hour, minute), (end_hour, end_minute) = since, until
    except ValueError:
        raise ValueError(f"{said!r} is no window: write 18:30-06:00") from None
    if not all(0 <= h <= 23 and 0 <= m <= 59 for h, m in ((hour, minute), (end_hour, end_minute))):
        raise ValueError(f"{said!r} is no window: the day has 24 hours of 60 minutes")
    return 60 * hour + minute, 60 * end_hour + end_minute


def _saved(conn: Connection, by: Doer, name: str) -> int:
    for one in lists.every(conn, by.person.scope("kiosk.see")):
        if one.name == name:
            return one.id
    raise Refused("unknown", f"there is no saved list {name!r}")


def _list(engine: Engine, asked: argparse.Namespace) -> list[str]:
    with engine.connect() as conn:
        page = read.rollouts(conn, EVERYWHERE, RolloutQuery(bundle=asked.bundle, size=asked.most))
    return [rollout_words.summary(one) for one in page.rows]


def _show(engine: Engine, asked: argparse.Namespace) -> list[str]:
    with engine.connect() as conn:
        found = read.rollout(conn, EVERYWHERE, asked.rollout, now())
        query = ShareQuery(size=_MOST_SHARES)
        shares = read.shares(conn, EVERYWHERE, asked.rollout, query, now()).rows
    return [
        *rollout_words.whole(found),
        *map(rollout_words.share, shares),
    ]


def _agree(conn: Connection, by: Doer, asked: argparse.Namespace) -> str:
    done = agree.agree(conn, by, asked.rollout, now())
    return f"{done.given} of {done.needed} agreed; rollout {asked.rollout} is {done.state}"


def _refuse(conn: Connection, by: Doer, asked: argparse.Namespace) -> str:
    agree.refuse(conn, by, asked.rollout, asked.why, now())
    return f"rollout {asked.rollout} is refused: nobody can agree to it any more"


def _pause(conn: Connection, by: Doer, asked: argparse.Namespace) -> str:
    steer.pause(conn, by, asked.rollout, now())
    return f"rollout {asked.rollout} is paused: no phase opens"


def _resume(conn: Connection, by: Doer, asked: argparse.Namespace) -> str:
    steer.resume(conn, by, asked.rollout, now())
    return f"rollout {asked.rollout} goes on"


def _abort(conn: Connection, by: Doer, asked: argparse.Namespace) -> str:
    steer.abort(conn, by, asked.rollout, now())
    return f"rollout {asked.rollout} is over; who has it keeps it"


def _back(conn: Connection, by: Doer, asked: argparse.Namespace) -> str:
    steer.back(conn, by, asked.rollout, asked.why, now())
    return f"rollout {asked.rollout}: every kiosk goes back to what it had"


def _retry(conn: Connection, by: Doer, asked: argparse.Namespace) -> str:
    made = steer.retry(conn, by, asked.rollout, secrets.token_hex(16), now())
    return f"once more for those that failed: rollout {made}"


SHOWN: Final = {"list": _list, "show": _show}
DEEDS: Final[dict[str, Deed]] = {
    "agree": _agree,
    "refuse": _refuse,
    "pause": _pause,
    "resume": _resume,
    "abort": _abort,
    "back": _back,
    "retry": _retry,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan rollout", description=__doc__)
    words = parser.add_subparsers(dest="what", required=True)
    for name in ("ask", "dry-run"):
        _asking(_word(words, name))
    one = _word(words, "list")
    one.add_argument("--bundle", default="")
    one.add_argument("--most", type=int, default=20)
    for name in ("show", *DEEDS):
        one = _word(words, name)
        one.add_argument("rollout", type=int)
        if name in {"refuse", "back"}:
            one.add_argument("--why", required=True, metavar="TEXT", help="for the log")
    return parser


def _word(
    words: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str
) -> argparse.ArgumentParser:
    one = words.add_parser(name)
    terminal.add_database(one)
    if name not in SHOWN:
        one.add_argument("--as", dest="login", required=True, metavar="LOGIN", help="on whose word")
    return one


def _asking(one: argparse.ArgumentParser) -> None:
    usual, add = Plan(), one.add_argument
    add("release", metavar="BUNDLE-NUMBER")
    add("kiosk", nargs="*", default=[])
    add("--filter", default="", metavar="QUERY", help="as in the address of the list of kiosks")
    add("--saved", default="", metavar="NAME", help="a saved list")
    add("--why", default="", metavar="TEXT")
    add("--phases", default="", help="how many in all after each: 3,10%%,100%%")
    add("--canary", action="append", default=[], metavar="KIOSK", help="these first")
    add("--held", type=int, default=usual.held_percent, metavar="PERCENT", help="held back")
    add("--soak", default=f"{usual.soak_min}m", metavar="TIME", help="watched before it is good")
    add("--patience", default=f"{usual.patience_h}h", metavar="TIME", help="for who is away")
    add(
        "--window", action="append", default=[], metavar="18:30-06:00", help="only then it switches"
    )
    add("--stop", type=int, default=usual.stop_percent, metavar="PERCENT", help="so many may fail")
    add("--approvals", type=int, default=0, help="so many others must agree")
    add("--begin-in", default="", metavar="TIME", help="not before so long from now")
    add("--token", default="", help="32 hex digits: the same again is the same rollout")
    add("--line-kbit", type=float, default=Line().kbit, help="of lines that never told their rate")
    add("--price", type=float, default=0.0, help="of a megabyte")


if __name__ == "__main__":
    sys.exit(main())
