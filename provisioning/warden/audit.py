"""`anjungan audit verify`: asks whether the log is still what was signed for.

Needs the database, the file of marks and the public key; no secret. Ends with 0 when all is
sound, 1 when something was changed, 2 when it could not be asked.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from controller.people import audit
from controller.store.engine import open_engine
from controller.warden_state import spoken
from provisioning.terminal import say
from provisioning.warden.auditor import hash_of
from provisioning.warden.checkpoints import faults, lines_of


class CannotAsk(Exception):  # noqa: N818 - says what happened
    """Something is missing to verify with. The message says what."""


def verify(conn: Connection, lines: list[bytes], public: Ed25519PublicKey) -> list[str]:
    """What is wrong with the chain and with what was signed for it; empty when nothing is."""
    verdict = audit.verify(conn)
    found = [] if verdict.ok else [verdict.why]
    row = spoken(conn)
    seen = 0 if row is None else row.checkpoint_n
    return found + faults(lines, public, lambda n: hash_of(conn, n), seen)


def main(argv: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    try:
        lines, public = lines_of(_marks(args)), _public(args)
        engine = open_engine(args.database)
        with engine.connect() as conn:
            found, newest = verify(conn, lines, public), audit.tail(conn).n
        engine.dispose()
    except (CannotAsk, OSError, ValueError, SQLAlchemyError) as error:
        say(f"audit: cannot verify: {error}")
        return 2
    for one in found:
        say(f"audit: {one}")
    if not found:
        say(f"audit: {newest} rows follow one another, and all {len(lines)} marks hold")
    return 1 if found else 0


def _public(args: argparse.Namespace) -> Ed25519PublicKey:
    path = args.key or args.authority / "issued" / "audit.pem"
    try:
        key = load_pem_public_key(path.read_bytes())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CannotAsk(f"{path} holds no public key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise CannotAsk(f"{path} is not the key of a warden's marks")
    return key


def _marks(args: argparse.Namespace) -> Path:
    path: Path = args.checkpoints or args.authority / "audit" / "checkpoints.jsonl"
    if not path.exists():
        raise CannotAsk(f"there are no marks in {path}: name the file with --checkpoints")
    return path


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan audit", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True)
    one = what.add_parser("verify")
    one.add_argument(
        "--database",
        default=os.environ.get("ANJUNGAN_DATABASE"),
        required="ANJUNGAN_DATABASE" not in os.environ,
    )
    one.add_argument("--authority", type=Path, default=Path("authority"))
    one.add_argument("--checkpoints", type=Path, help="the file of marks, where it is elsewhere")
    one.add_argument("--key", type=Path, help="the warden's public key, where it is elsewhere")
    return parser


if __name__ == "__main__":
    sys.exit(main())
