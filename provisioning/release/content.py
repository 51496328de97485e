"""`anjungan content DIR --keys keys.json`: what the first release of an office is made of.

Lays our starting content and the registrar's public keys into a new folder, for people to change,
and lets the books of the office know its governments and services. Signs and publishes nothing:
that is `anjungan publish DIR --bundle layanan`.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from controller.jobs.refused import Refused
from controller.store.engine import writing
from provisioning import terminal
from provisioning.behalf import NobodyThere
from provisioning.release import starter
from provisioning.release.publish import may
from provisioning.terminal import now, say
from wire.errors import MalformedMessage
from wire.submission import read_keys

REFUSALS = (MalformedMessage, NobodyThere, OSError, Refused, SQLAlchemyError)


def main(argv: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(argv)
    return terminal.told("content", lambda: _begin(asked), REFUSALS)


def _begin(asked: argparse.Namespace) -> int:
    keys = read_keys(asked.keys.read_bytes())
    with terminal.database(asked) as engine:
        may(engine, asked.login, "release.make")
        laid = starter.lay_out(starter.STARTER, keys, asked.folder)
        with writing(engine) as conn:
            told = starter.tell(conn, laid, now())
    say(f"the office knows {told} services" if told else "the office has its services already")
    say(f"change what must be changed, then: anjungan publish {laid} --bundle layanan")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan content", description=__doc__)
    add = parser.add_argument
    add("folder", type=Path, metavar="DIR", help="made here; it must not be there")
    add("--keys", type=Path, required=True, metavar="FILE", help="keys.json of the registrar")
    terminal.add_database(parser)
    add("--as", dest="login", default="", metavar="LOGIN", help="on whose word")
    return parser


if __name__ == "__main__":
    sys.exit(main())
