"""`anjungan identity`: how identities stand, and their end, from the office's command line.

Only asks and shows. An end is written to the books at once; whether the broker refuses the kiosk
is the warden's to prove, so the command waits for that proof and says when it does not come.
"""

import argparse
import getpass
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from controller.identity import ending, invitations, standing
from controller.identity.states import By, NoSuchKiosk, find
from controller.store.engine import open_engine, writing
from controller.warden_state import spoken
from provisioning import terminal
from provisioning.terminal import fail, now, say
from wire.lifecycle import IllegalMove

PROOF_S = 10.0
ENDS = {
    "revoke": ending.revoke,
    "quarantine": lambda conn, kiosk, why, by, now: ending.quarantine(conn, kiosk, why, now, by),
    "decommission": ending.decommission,
}
_MOST_LISTED = 500


def main(argv: list[str] | None = None) -> int:
    asked = _parser().parse_args(argv)
    if not asked.database:
        return fail("identity", "say which database: --database URL or ANJUNGAN_DATABASE")
    engine = None
    try:
        engine = open_engine(asked.database)
        return int(asked.act(engine, asked))
    except NoSuchKiosk as error:
        return fail("identity", f"no kiosk {error}: look at `anjungan kiosks list`")
    except IllegalMove as error:
        return fail("identity", f"{asked.kiosk} cannot: {error}")
    except (ValueError, SQLAlchemyError) as error:
        return fail("identity", str(error))
    finally:
        if engine is not None:
            engine.dispose()


def who() -> By:
    """The account of the machine: the command line has no other."""
    return By(f"{getpass.getuser()} (command line)")


def wait_for_proof(engine: Engine, name: str, within_s: float = PROOF_S) -> int | None:
    """Milliseconds since 1970 of the proof that the broker refuses the kiosk; None: not yet."""
    until = time.monotonic() + within_s
    while True:
        with engine.connect() as conn:
            shut_at = standing.show(conn, name, now()).identity.shut_at
        if shut_at is not None or time.monotonic() >= until:
            return shut_at
        time.sleep(0.1)


def _end(engine: Engine, asked: argparse.Namespace) -> int:
    with writing(engine) as conn:
        subject = find(conn, asked.kiosk)
        done = ENDS[asked.what](conn, subject.id, asked.why, who(), now())
        state = standing.show(conn, asked.kiosk, now()).identity.state
    if not done and state in ("registered", "pending", "active"):
        return fail("identity", f"{asked.kiosk} is {state}: there is nothing to {asked.what}")
    say(f"{asked.kiosk} is {state}{'' if done else ' already'}; no code and no key of it counts")
    shut_at = wait_for_proof(engine, asked.kiosk, asked.wait_s)
    if shut_at is not None:
        say(f"the broker is proven to refuse it since {_time(shut_at)}")
        return 0
    return fail(
        "identity",
        f"after {asked.wait_s:g} s the broker is NOT proven to refuse {asked.kiosk}; it may still "
        "speak. The administrator must look whether `anjungan warden` and `anjungan broker` run"
        f"{_why_not(engine)}",
        code=3,
    )


def _withdraw(engine: Engine, asked: argparse.Namespace) -> int:
    with writing(engine) as conn:
        done = invitations.withdraw(conn, find(conn, asked.kiosk).id, who(), now())
    say(f"{asked.kiosk}: {'its code is withdrawn' if done else 'it has no open code'}")
    return 0


def _list(engine: Engine, asked: argparse.Namespace) -> int:
    query = standing.IdentityQuery(states=tuple(asked.state), size=_MOST_LISTED)
    number, shown = 1, 0
    with engine.connect() as conn:
        while True:
            page = standing.list_identities(conn, query, now())
            for one in page.rows:
                say("\t".join((one.kiosk, one.site_code, one.state, _time(one.not_after))))
            shown, number = shown + len(page.rows), number + 1
            if shown >= page.total or not page.rows:
                break
            query = standing.IdentityQuery(states=query.states, size=_MOST_LISTED, page=number)
        for row in standing.late(conn, now()):
            say(f"! {row.kiosk} did not renew: its certificate ends {_time(row.not_after)}")
    return 0


def _show(engine: Engine, asked: argparse.Namespace) -> int:
    with engine.connect() as conn:
        whole = standing.show(conn, asked.kiosk, now())
    one = whole.identity
    say(f"{one.kiosk} at {one.site_code} {one.site_name}: {one.state} since {_time(one.since)}")
    if one.why:
        say(f"  why: {one.why}")
    if one.state in ("revoked", "quarantined", "decommissioned"):
        say(f"  the broker is proven to refuse it since: {_time(one.shut_at)}")
    for paper in whole.certificates:
        ends = f"until {_time(paper.not_after)}"
        say(f"  certificate {paper.serial or '-'} {paper.state} ({paper.via}) {ends}")
        say(f"    key {paper.key}  {paper.ended_why or ''}".rstrip())
    for code in whole.invitations:
        state = code.state(now())
        say(f"  code by {code.issued_by} {state}, issued {_time(code.issued_at)}")
    return 0


def _why_not(engine: Engine) -> str:
    with engine.connect() as conn:
        warden = spoken(conn)
    if warden is None:
        return ": there never was a warden at this database."
    said = "" if warden.lists_ok else f", which said: {warden.lists_why}"
    return f". The warden was last heard {_time(warden.heard_at)}{said}."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan identity", description=__doc__)
    terminal.add_database(parser)
    what = parser.add_subparsers(dest="what", required=True)
    listing = _word(what.add_parser("list", help="all kiosks and how they stand"), _list)
    listing.add_argument(
        "--state", action="append", default=[], choices=standing.STATES, help="only these"
    )
    one = _word(what.add_parser("show", help="one kiosk, whole"), _show)
    one.add_argument("kiosk")
    one = _word(what.add_parser("withdraw", help="its open code counts no more"), _withdraw)
    one.add_argument("kiosk")
    for name in ENDS:
        one = _word(what.add_parser(name), _end)
        one.add_argument("kiosk")
        one.add_argument("--why", required=True, help="the reason, for the audit log")
        one.add_argument("--wait-s", type=float, default=PROOF_S, help="for the broker's proof")
    return parser


def _word(
    parser: argparse.ArgumentParser, act: Callable[[Engine, argparse.Namespace], int]
) -> argparse.ArgumentParser:
    parser.set_defaults(act=act)
    # Before the word or after it, as people type it; the other commands take it after.
    parser.add_argument("--database", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return parser


def _time(at: int | None) -> str:
    if not at:
        return "-"
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


if __name__ == "__main__":
    sys.exit(main())
