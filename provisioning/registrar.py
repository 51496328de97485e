"""`anjungan registrar`: the process that opens what citizens hand in, its keys, what waits.

Only finds who serves a word. `run` is controller/registrar, `keys` provisioning/registrar_keys.py,
`ack-keys` provisioning/ack_keys.py; `refused` shows what lies aside and has it judged once more
when a person has mended the reason; `trays` what kiosks said they still keep, for whoever must
report that one is gone.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from controller.registrar import books
from controller.registrar.__main__ import main as run
from controller.registrar.judge import SENTENCES
from controller.store.citizen_tables import tray
from controller.store.engine import writing
from controller.store.tables import kiosk
from provisioning import ack_keys, registrar_keys, terminal
from provisioning.terminal import database, fail, say

SERVED = {"run": run, "keys": registrar_keys.main, "ack-keys": ack_keys.main}


def main(argv: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] and words[0] in SERVED:
        return SERVED[words[0]](words[1:])
    asked = _parser().parse_args(words)
    try:
        if asked.word == "trays":
            return _trays(asked)
        return _again(asked) if asked.judge else _show(asked)
    except (ValueError, SQLAlchemyError) as error:
        return fail(f"registrar {asked.word}", str(error))


def _show(asked: argparse.Namespace) -> int:
    with database(asked) as engine, engine.connect() as conn:
        rows = books.refused(conn)
    for row in rows:
        when = _when(row.arrived_at)
        say(f"{row.id}  {row.name}  {when}  {row.size} bytes  {row.why}: {SENTENCES[row.why]}")
    say(f"{len(rows)} records lie aside")
    return 0


def _trays(asked: argparse.Namespace) -> int:
    query = select(kiosk.c.name, tray).join(tray, tray.c.kiosk_id == kiosk.c.id)
    if asked.kiosk:
        query = query.where(kiosk.c.name.in_(asked.kiosk))
    with database(asked) as engine, engine.connect() as conn:
        rows = conn.execute(query.order_by(kiosk.c.name)).all()
    for row in rows:
        oldest = f", the oldest of {_when(row.oldest)} by its clock" if row.waiting else ""
        say(f"{row.name}  {row.waiting} sealed records{oldest}; said {_when(row.at)}")
    for name in sorted({*asked.kiosk} - {row.name for row in rows}):
        say(f"{name}  never said what it keeps")
    return 0


def _when(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).isoformat(" ", "minutes")


def _again(asked: argparse.Namespace) -> int:
    with database(asked) as engine, writing(engine) as conn:
        done = [books.judge_again(conn, one, "office", terminal.now()) for one in asked.judge]
    for one, waits in zip(asked.judge, done, strict=True):
        say(f"{one}: {'waits to be judged again' if waits else 'is not among the refused'}")
    return 0 if all(done) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan registrar", description=__doc__)
    what = parser.add_subparsers(dest="word", required=True, metavar="WORD")
    what.add_parser("run", help="judges, opens, destroys: the process itself", add_help=False)
    what.add_parser("keys", help="make, show, rotate and destroy its keys", add_help=False)
    what.add_parser("ack-keys", help="change the key that acknowledges", add_help=False)
    one = what.add_parser("refused", help="records that lie aside, with their reasons")
    terminal.add_database(one)
    told = "have it judged again, since its reason was mended; may be given again"
    one.add_argument("--judge", type=int, action="append", default=[], metavar="ID", help=told)
    all_ = what.add_parser("trays", help="what kiosks last said they keep and have not handed in")
    terminal.add_database(all_)
    all_.add_argument("kiosk", nargs="*", help="these kiosks; all that ever said it")
    return parser


if __name__ == "__main__":
    sys.exit(main())
