"""`anjungan services`: service packs as files, from and to the office's books.

check FILE...: whether they make sense, before anybody sees them; without a database the shape and
the meaning, with one also whether agency, group and places are the tenant's and whether it goes
with its other services. import FILE...: each becomes a draft. export CODE: the newest revision as a
file. publish: what is approved becomes a release that waits for its signatures. A second person
approves in the console alone.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from controller import bell
from controller.jobs.refused import Lacks, Refused
from controller.people.audit import By
from controller.people.powers import EVERYWHERE
from controller.releases.folder import Releases
from controller.services import beside, doors, drafts, publish, read, tenants
from controller.services.doors import Brought
from controller.services.said import Complaint, Unreadable
from controller.services.shapes import Line
from controller.store.engine import writing
from provisioning import terminal
from provisioning.behalf import NobodyThere, doer
from provisioning.terminal import now, say
from wire.service.tenant import Tenant

REFUSALS: Final = (Lacks, NobodyThere, OSError, Refused, SQLAlchemyError, ValueError)
Known = Callable[[str], Tenant | None]


def main(argv: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(argv)
    act: Callable[[argparse.Namespace], int] = asked.act
    return terminal.told("services", lambda: act(asked), REFUSALS)


def _check(asked: argparse.Namespace) -> int:
    with _known(asked) as (known, conn):
        sound = [_sound(path, known, asked.language, conn) is not None for path in asked.file]
    return 0 if all(sound) else 2


def _import(asked: argparse.Namespace) -> int:
    with terminal.database(asked) as engine:
        for path in asked.file:
            with engine.connect() as conn:
                found = _sound(path, partial(tenants.find, conn), asked.language, conn)
            if found is None and not asked.unsound:
                return 2
            if found is not None:
                by = _by(engine, asked.login, "service.edit", str(found.document.get("tenant")))
                with writing(engine) as conn:
                    made = drafts.replace(conn, found.document, by, now())
                say(f"{path}: draft of {made.tenant} {made.code}, revision {made.revision}")
    return 0


def _export(asked: argparse.Namespace) -> int:
    kind = asked.out.suffix.removeprefix(".")
    if kind not in doors.TYPES:
        raise ValueError(f"--out {asked.out}: end it with .{', .'.join(doors.TYPES)}")
    with terminal.database(asked) as engine, engine.connect() as conn:
        line = _line(conn, asked.code, asked.tenant)
        asked.out.write_bytes(doors.write(line.newest.document, kind))
    say(f"{line.code}, revision {line.newest.revision}: {asked.out}")
    return 0


def _publish(asked: argparse.Namespace) -> int:
    folder = Releases(terminal.releases(asked))
    with terminal.database(asked) as engine:
        by = _by(engine, asked.login, "service.publish", "")
        with engine.connect() as conn:
            scope = doer(conn, asked.login).person.scope("service.publish")
            ready = read.approved(conn, scope)
        for one in ready:
            say(f"{one.tenant} {one.code}, revision {one.revision}: {one.name}")
        done = publish.publish(engine, folder, [one.id for one in ready], asked.note, by, now())
        bell.ring(engine)
    for problem in done.finished.problems:
        say(f"cannot: {problem}")
    if done.finished.problems:
        return 2
    say(f"release {done.seq} waits for {done.finished.missing} signatures: "
        f"anjungan releases sign {done.finished.signing_id}")  # fmt: skip
    return 0


def _sound(path: Path, known: Known, language: str, conn: Connection | None) -> Brought | None:
    """What was read; None when something is wrong with it, which was said.

    With the office's books, also beside its government's other services.
    """
    try:
        found = doors.bring(path.name, path.read_bytes(), known)
    except Unreadable as error:
        _tell(path, error.complaints, language)
        return None
    wrong = found.examined.complaints
    if conn is not None and not wrong:
        wrong = beside.examined(conn, found.document).complaints
    if wrong:
        _tell(path, wrong, language)
        return None
    say(f"{path}: sound")
    return found


def _tell(path: Path, complaints: Sequence[Complaint], language: str) -> None:
    for one in complaints:
        where = f"{one.where}: " if one.where else ""
        say(f"{path}: {where}{one.of(language)}")


def _by(engine: Engine, login: str, power: str, tenant: str) -> By:
    """Raises NobodyThere, Lacks."""
    with engine.connect() as conn:
        person = doer(conn, login)
    if not person.person.may(power, tenant):
        raise Lacks(power)
    return By(person.person.login, person.address)


def _line(conn: Connection, code: str, tenant: str) -> Line:
    found = [one for one in read.lines(conn, EVERYWHERE, tenant) if one.code == code]
    if len(found) != 1:
        raise ValueError(f"{len(found)} services are called {code}: say which --tenant")
    return found[0]


@contextmanager
def _known(asked: argparse.Namespace) -> Iterator[tuple[Known, Connection | None]]:
    """Tenants of the database when one was named, with it, else of the documents named."""
    given = {one.code: one for one in map(_tenant, asked.tenant_file)}
    if not asked.database:
        yield given.get, None
        return
    with terminal.database(asked) as engine, engine.connect() as conn:
        yield (lambda code: given.get(code) or tenants.find(conn, code)), conn


def _tenant(path: Path) -> Tenant:
    return msgspec.json.decode(path.read_bytes(), type=Tenant)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan services", description=__doc__)
    words = parser.add_subparsers(dest="what", required=True, metavar="WORD")
    check = _word(words, "check", _check, "whether files make sense")
    check.add_argument("--tenant-file", type=Path, action="append", default=[], metavar="FILE",
                       help="a tenant.json, where there is no database")  # fmt: skip
    taken = _word(words, "import", _import, "files become drafts")
    taken.add_argument("--unsound", action="store_true", help="go on with the others")
    for one in (check, taken):
        one.add_argument("file", type=Path, nargs="+", help=".xlsx, .yaml or .json")
        one.add_argument("--language", choices=("id", "en"), default="id")
    given = _word(words, "export", _export, "a service becomes a file")
    given.add_argument("code")
    given.add_argument("--tenant", default="", help="where two have a service of this code")
    given.add_argument("--out", type=Path, required=True, metavar="FILE")
    sent = _word(words, "publish", _publish, "approved ones become a release")
    terminal.add_releases(sent)
    sent.add_argument("--note", required=True, metavar="TEXT", help="what is new, in a sentence")
    for one in (taken, sent):
        one.add_argument("--as", dest="login", required=True, metavar="LOGIN", help="on whose word")
    return parser


def _word(words: Any, name: str, act: Callable[..., int], said: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = words.add_parser(name, help=said)
    made.set_defaults(act=act)
    terminal.add_database(made)
    return made


if __name__ == "__main__":
    sys.exit(main())
