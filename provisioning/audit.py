"""`anjungan audit`: read, take away and verify the log of who did what.

Reads only. `export` gives every row with its hashes, so that somebody else can verify the chain
without us; `verify` asks the marks that the warden signed too, and is the warden's.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from controller.people import audit
from controller.people.audit import Filter, Row
from controller.people.powers import EVERYWHERE
from controller.store.engine import open_engine
from provisioning import terminal
from provisioning.terminal import fail, say
from provisioning.warden import audit as warden

_MOST = 500


def main(argv: list[str] | None = None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["verify"]:
        return warden.main(words)
    asked = _parser().parse_args(words)
    if not asked.database:
        return fail("audit", "say which database: --database URL or ANJUNGAN_DATABASE")
    engine = open_engine(asked.database)
    try:
        with engine.connect() as conn:
            for line in _listed(conn, asked) if asked.what == "list" else exported(conn):
                say(line)
    except (ValueError, SQLAlchemyError) as error:
        return fail("audit", str(error))
    finally:
        engine.dispose()
    return 0


def exported(conn: Connection) -> Iterator[str]:
    """Every row as a line of JSON, oldest first."""
    for row in audit.walk(conn):
        yield json.dumps(row._asdict(), ensure_ascii=False, sort_keys=True)


def told(row: Row) -> str:
    """A row as a line for a person: what was said is printable, the log sees to that."""
    at = datetime.fromtimestamp(row.at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    detail = json.dumps(row.detail, ensure_ascii=False) if row.detail else ""
    words = (str(row.n), at, row.who, row.what, row.subject, row.district, row.address, detail)
    return "\t".join(words)


def _listed(conn: Connection, asked: argparse.Namespace) -> list[str]:
    wanted = Filter(asked.who, asked.did, asked.subject)
    page = audit.read(conn, EVERYWHERE, wanted, 1, min(asked.last, _MOST))
    return [told(row) for row in reversed(page.rows)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan audit", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True)
    what.add_parser("verify", add_help=False)
    for name in ("list", "export"):
        one = what.add_parser(name)
        terminal.add_database(one)
        if name == "list":
            one.add_argument("--last", type=int, default=50, help=f"rows, at most {_MOST}")
            one.add_argument("--who", default="", help="a login, or a part of the office")
            one.add_argument("--did", default="", help="identity.revoke, or identity for all")
            one.add_argument("--subject", default="", help="a kiosk, an account ...")
    return parser


if __name__ == "__main__":
    sys.exit(main())
