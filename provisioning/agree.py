"""`anjungan agree JOB --as LOGIN --key FILE`: one person's word for a job, signed on this machine.

Shows what is signed, from the very text that is signed and from nothing else, before it asks for a
yes. The key never leaves its file; the office gets the signature.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TextIO

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from controller import bell
from controller.jobs import agree, read
from controller.jobs.refused import Refused
from controller.scope import Outside
from controller.store.engine import writing
from provisioning import terminal
from provisioning.authority.files import Unsafe
from provisioning.authority.keys import KeyRefused
from provisioning.behalf import NobodyThere, doer
from provisioning.follow import moment
from provisioning.policy import keys
from provisioning.terminal import now, say
from wire.actions import KINDS
from wire.envelope import Order, Tree, parse

REFUSALS: Final = (
    KeyRefused, NobodyThere, OSError, Outside, Refused, SQLAlchemyError, Unsafe, ValueError,
)  # fmt: skip
_MOST_NAMES: Final = 20


def main(argv: Sequence[str] | None = None, answers: TextIO | None = None) -> int:
    asked = _parser().parse_args(argv)

    def act() -> int:
        with terminal.database(asked) as engine:
            return _agree(engine, asked, answers)

    return terminal.told("agree", act, REFUSALS)


def spoken(order_text: str) -> list[str]:
    """What somebody agrees to: everything the text says that a person can judge."""
    order = parse(order_text, Order)
    said = ", ".join(f"{name}={value}" for name, value in sorted(order.args.items()))
    what = f"{order.kind} {said}".strip()
    begin, end = moment(order.not_before), moment(order.expires)
    return [
        f"you agree that {order.count} kiosks of fleet {order.fleet} do: {what}",
        f"asked {moment(order.issued)}; nobody begins before {begin}, nor at or after {end}",
        f"order {order.order}, kiosks {order.kiosks[:16]}",
        *(["this cannot be undone"] if KINDS[order.kind].power == "destructive" else []),
    ]


def check_kiosks(order_text: str, after: Mapping[str, int]) -> None:
    """Raises ValueError unless the order names these kiosks, each with its earliest moment.

    The office shows the names, the order only their hash: an office in strange hands could show
    others than those that obey.
    """
    order = parse(order_text, Order)
    if len(after) != order.count or not after or Tree(dict(after)).root != order.kiosks:
        raise ValueError(
            "the kiosks that the office shows are not those of the order: sign nothing, and let "
            "the administrator find out why"
        )


def _agree(engine: Engine, asked: argparse.Namespace, answers: TextIO | None) -> int:
    key = keys.read(asked.key)
    at = now()
    with engine.connect() as conn:
        by = doer(conn, asked.login)
        said = agree.statement(conn, by.scope, asked.job, at)
        job = read.job(conn, by.scope, asked.job).row
        after = {one.kiosk: one.after for one in read.every_answer(conn, by.scope, asked.job)}
    check_kiosks(said.order, after)
    named = sorted(after)
    more = f" and {len(named) - _MOST_NAMES} more" if len(named) > _MOST_NAMES else ""
    lines = [*spoken(said.order), f"asked by {job.asked_by}: {job.why}"]
    for line in [*lines, f"exactly these: {', '.join(named[:_MOST_NAMES])}{more}"]:
        say(line)
    if not (asked.yes or terminal.agreed("Agree?", answers)):
        return 1
    at = now()  # people read slowly
    signature = keys.sign_approval(key, said.order, at)
    with writing(engine) as conn:
        done = agree.agree(
            conn,
            by,
            asked.job,
            key_id=keys.id_of(keys.public(key)),
            at=at,
            signature=signature,
            now=now(),
        )
    bell.ring(engine)
    say(f"{done.given} of {done.needed} agreed; job {asked.job} is {done.state}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan agree", description=__doc__)
    add = parser.add_argument
    add("job", type=int)
    terminal.add_database(parser)
    add("--as", dest="login", required=True, metavar="LOGIN", help="whose word it is")
    add("--key", type=Path, required=True, metavar="FILE", help="that person's own key")
    add("--yes", action="store_true", help="do not ask")
    return parser


if __name__ == "__main__":
    sys.exit(main())
