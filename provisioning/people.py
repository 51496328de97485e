"""`anjungan people`: accounts from the office's own machine, for the first day and the bad days.

Only asks and shows; what may be done is decided in controller.people. Whoever can run this can
open the database, so it asks for no password: the log names the account of the machine. No
password is ever typed or printed here: people set their own by a link that works once.
"""

import argparse
import getpass
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from controller.people import accounts, links, tokens
from controller.people.accounts import AccountRefused, Identity, New
from controller.people.audit import By, Entry, append
from controller.people.links import Link, SetupDone
from controller.people.powers import ROLES, Grant
from controller.store.engine import open_engine, writing
from controller.store.migrate import migrate
from provisioning import terminal
from provisioning.terminal import fail, now, say

_HOURS: Final = links.LIVES_MS // 3_600_000


def main(argv: list[str] | None = None) -> int:
    asked = _parser().parse_args(argv)
    if not asked.database:
        return fail("people", "say which database: --database URL or ANJUNGAN_DATABASE")
    engine = None
    try:
        migrate(asked.database)
        engine = open_engine(asked.database)
        with writing(engine) as conn:
            said = asked.act(conn, asked, now())
        for line in said:
            say(line)
    except SetupDone:
        return fail(
            "people", "there are accounts: an administrator adds people, or `people reset LOGIN`"
        )
    except (AccountRefused, ValueError, SQLAlchemyError) as error:
        return fail("people", str(error))
    finally:
        if engine is not None:
            engine.dispose()
    return 0


def who() -> By:
    """The account of the machine: the command line has no other."""
    return By(f"{getpass.getuser()} (command line)")


def grant_of(word: str) -> Grant:
    """`technician:32.73.01`; a role alone is everywhere."""
    role, _, district = word.partition(":")
    return Grant(role, district)


def _setup(conn: Connection, asked: argparse.Namespace, now: int) -> list[str]:
    link = links.issue_setup(conn, who(), now)
    return ["the first administrator is made here:", *_told(link, asked)]


def _add(conn: Connection, asked: argparse.Namespace, now: int) -> list[str]:
    new = New(asked.login, asked.name, tuple(grant_of(word) for word in asked.grant))
    made = accounts.create(conn, new, who(), now)
    link = links.issue(conn, made.login, who(), now)
    return [f"{made.login} sets a password here:", *_told(link, asked)]


def _reset(conn: Connection, asked: argparse.Namespace, now: int) -> list[str]:
    link = links.issue(conn, asked.login, who(), now)
    return [
        f"{asked.login} sets a new password here; the old one counts until then:",
        *_told(link, asked),
    ]


def _list(conn: Connection, _asked: argparse.Namespace, _now: int) -> list[str]:
    return ["\t".join(_row(one)) for one in accounts.everybody(conn)]


def _grant(conn: Connection, asked: argparse.Namespace, now: int) -> list[str]:
    change = accounts.remove_grant if asked.remove else accounts.add_grant
    change(conn, asked.login, grant_of(asked.grant), who(), now)
    return ["\t".join(_row(accounts.get(conn, asked.login)))]


def _disable(conn: Connection, asked: argparse.Namespace, now: int) -> list[str]:
    accounts.disable(conn, asked.login, who(), now)
    return [f"{asked.login} is out: sessions and tokens ended"]


def _enable(conn: Connection, asked: argparse.Namespace, now: int) -> list[str]:
    accounts.enable(conn, asked.login, who(), now)
    return [f"{asked.login} may log in again"]


def _link(conn: Connection, asked: argparse.Namespace, now: int) -> list[str]:
    accounts.link_identity(conn, asked.login, Identity(asked.issuer, asked.subject), who(), now)
    return [f"{asked.login} is {asked.subject} of {asked.issuer}"]


def _token(conn: Connection, asked: argparse.Namespace, now: int) -> list[str]:
    one = accounts.get(conn, asked.login)
    made = tokens.issue(conn, one.id, asked.name, asked.days, now)
    detail = {"name": asked.name, "id": made.id, "days": asked.days}
    append(conn, Entry(who().who, "token.issue", one.login, detail=detail), now)
    return [made.token]


def _row(one: accounts.Account) -> tuple[str, ...]:
    held = ", ".join(f"{role}:{district or 'everywhere'}" for role, district in one.grants)
    way = "openid" if one.subject else "password" if one.has_password else "no password yet"
    return one.login, one.name, held or "nothing", "disabled" if one.disabled_at else way


def _told(link: Link, asked: argparse.Namespace) -> list[str]:
    until = datetime.fromtimestamp(link.expires_at / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    where = asked.console.rstrip("/") or "(the console's address)"
    return [f"  {where}{link.path}", f"it works once, until {until} ({_HOURS} hours)"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan people", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True)

    def command(
        name: str, act: Callable[..., list[str]], *words: str, tells: bool = False
    ) -> argparse.ArgumentParser:
        one = what.add_parser(name)
        terminal.add_database(one)
        if tells:
            one.add_argument("--console", default="", help="https://HOST:PORT, to print it whole")
        for word in words:
            one.add_argument(word)
        one.set_defaults(act=act)
        return one

    held = f"ROLE[:DISTRICT]; roles: {', '.join(ROLES)}; a district as 32.73 or 32.73.01"
    command("setup", _setup, tells=True)
    add = command("add", _add, "login", tells=True)
    add.add_argument("--name", default="", help="as shown to colleagues")
    add.add_argument("--grant", action="append", default=[], help=held)
    command("list", _list)
    command("grant", _grant, "login", "grant").add_argument("--remove", action="store_true")
    command("reset", _reset, "login", tells=True)
    command("disable", _disable, "login")
    command("enable", _enable, "login")
    command("link", _link, "login", "issuer", "subject")
    command("token", _token, "login", "name").add_argument("--days", type=int, default=90)
    return parser


if __name__ == "__main__":
    sys.exit(main())
