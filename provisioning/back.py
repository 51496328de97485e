"""`anjungan back`: systems behind the office that get what was accepted, and what is stuck.

Two hands: `allow`, `forbid` and `key` are for the administrator of the registrar's machine and
write its folder alone; `add`, `on`, `off` and `again` are for an account that may, and write the
database alone. Nothing is sent anywhere before both have spoken.
"""

import argparse
import sys
from base64 import b64encode
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from controller.back import desk, target
from controller.back.target import FOLDER, KINDS, SIGN, TARGETS, Target, Targets
from controller.jobs.refused import Lacks, Refused
from controller.people.audit import By
from controller.registrar.keys import BadKeys, raw_public
from controller.store.engine import writing
from provisioning import terminal
from provisioning.authority.files import Unsafe, check_folder, make_folder, put
from provisioning.behalf import NobodyThere, doer
from provisioning.terminal import now, say

REFUSALS: Final = (
    BadKeys, Lacks, NobodyThere, OSError, Refused, SQLAlchemyError, Unsafe, ValueError,
)  # fmt: skip
POWER: Final = "inbox.keys"


def main(argv: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(argv)
    act: Callable[[argparse.Namespace], int] = asked.act
    return terminal.told(f"back {asked.word}", lambda: act(asked), REFUSALS)


def make_key(keys: Path) -> Ed25519PrivateKey:
    """The one that is there, else the first. Raises Unsafe, BadKeys, OSError."""
    check_folder(keys)
    make_folder(keys / FOLDER)
    found = target.signer(keys)
    if found is None:
        found = Ed25519PrivateKey.generate()
        pem = found.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        put(keys / FOLDER / SIGN, pem, 0o600)
    return found


def allow(keys: Path, new: Target) -> None:
    """In the place of one of the same name. Raises ValueError, Unsafe, BadKeys, OSError."""
    target.check(new)
    make_key(keys)
    _write(keys, (*_others(keys, new.tenant, new.name), new))


def forbid(keys: Path, tenant: str, name: str) -> bool:
    """Whether it was allowed. Raises Unsafe, BadKeys, OSError."""
    check_folder(keys)
    if target.load(keys).find(tenant, name) is None:
        return False
    _write(keys, _others(keys, tenant, name))
    return True


def _key(asked: argparse.Namespace) -> int:
    public = raw_public(make_key(asked.keys))
    say(f"whpk_{b64encode(public).decode()}")
    return 0


def _allow(asked: argparse.Namespace) -> int:
    where = asked.folder or asked.webhook
    new = Target(
        tenant=asked.tenant,
        name=asked.name,
        kind="folder" if asked.folder else "webhook",
        where=where,
    )
    allow(asked.keys, new)
    say(f"{asked.tenant} {asked.name}: may be sent to {where}")
    return 0


def _forbid(asked: argparse.Namespace) -> int:
    done = forbid(asked.keys, asked.tenant, asked.name)
    say(f"{asked.tenant} {asked.name}: {'nothing is sent any more' if done else 'was not allowed'}")
    return 0 if done else 1


def _show(asked: argparse.Namespace) -> int:
    with terminal.database(asked) as engine, engine.connect() as conn:
        systems, stuck = desk.systems(conn), desk.stuck(conn)
    for one in systems:
        counts = f"{one.sent} sent, {one.waiting} waiting, {one.failed} put aside"
        say(f"{one.tenant}  {one.name}  {one.kind}  {one.state}: {counts}")
    for each in stuck:
        say(f"  {each.number} to {each.system}: {each.state}, {each.tries} tries: {each.error}")
    say(f"{len(systems)} back systems")
    return 1 if any(one.failed for one in systems) else 0


def _add(asked: argparse.Namespace) -> int:
    new = desk.New(asked.tenant, asked.name, asked.kind, tuple(asked.service))

    def adds(conn: Connection, by: By) -> str:
        desk.add(conn, by, new, now())
        return "gets what is accepted from now on"

    return _does(asked, adds)


def _switch(asked: argparse.Namespace) -> int:
    def switches(conn: Connection, by: By) -> str:
        on = asked.word == "on"
        desk.switch(conn, by, _number(conn, asked), on, now())
        return "on" if on else "off"

    return _does(asked, switches)


def _again(asked: argparse.Namespace) -> int:
    def tries(conn: Connection, by: By) -> str:
        return f"{desk.again(conn, by, _number(conn, asked), now())} are tried again"

    return _does(asked, tries)


def _does(asked: argparse.Namespace, act: Callable[[Connection, By], str]) -> int:
    with terminal.database(asked) as engine:
        with engine.connect() as conn:
            who = doer(conn, asked.login)
        if not who.person.may(POWER):
            raise Lacks(POWER)
        with writing(engine) as conn:
            said = act(conn, By(who.person.login, who.address))
    say(f"{asked.tenant} {asked.name}: {said}")
    return 0


def _number(conn: Connection, asked: argparse.Namespace) -> int:
    for one in desk.systems(conn):
        if (one.tenant, one.name) == (asked.tenant, asked.name):
            return one.id
    raise ValueError(f"{asked.tenant} has no back system {asked.name}")


def _others(keys: Path, tenant: str, name: str) -> tuple[Target, ...]:
    return tuple(
        one for one in target.load(keys).targets if (one.tenant, one.name) != (tenant, name)
    )


def _write(keys: Path, targets: tuple[Target, ...]) -> None:
    text = msgspec.json.format(msgspec.json.encode(Targets(targets=targets)), indent=1) + b"\n"
    put(keys / FOLDER / TARGETS, text, 0o600)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan back", description=__doc__)
    words = parser.add_subparsers(dest="word", required=True, metavar="WORD")
    for name, act, said in (
        ("key", _key, "the public half of the key that signs what is sent; made when missing"),
        ("allow", _allow, "the registrar may send to this folder or address"),
        ("forbid", _forbid, "not any more"),
    ):
        one = _word(words, name, act, said)
        one.add_argument("--keys", type=Path, required=True, help="the registrar's folder")
        if name != "key":
            _add_name(one)
        if name == "allow":
            where = one.add_mutually_exclusive_group(required=True)
            where.add_argument("--folder", default="", metavar="DIR", help="absolute")
            where.add_argument("--webhook", default="", metavar="URL", help="https://")
    terminal.add_database(_word(words, "show", _show, "how much is sent, waits and lies aside"))
    for name, act, said in (
        ("add", _add, "a system that gets what is accepted from now on"),
        ("on", _switch, "it gets what is accepted"),
        ("off", _switch, "it gets nothing new; what waits goes on waiting"),
        ("again", _again, "what was put aside is tried again"),
    ):
        one = _word(words, name, act, said)
        terminal.add_database(one)
        one.add_argument("--as", dest="login", required=True, metavar="LOGIN", help="who asks")
        _add_name(one)
        if name == "add":
            one.add_argument("kind", choices=KINDS)
            told = "only this service; may be given again; all without it"
            one.add_argument("--service", action="append", default=[], metavar="CODE", help=told)
    return parser


def _word(words: Any, name: str, act: Callable[..., int], said: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = words.add_parser(name, help=said)
    made.set_defaults(act=act)
    return made


def _add_name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tenant", help="code of the government, e.g. 32.73")
    parser.add_argument("name", help="what the system is called")


if __name__ == "__main__":
    sys.exit(main())
