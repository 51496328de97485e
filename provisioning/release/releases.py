"""`anjungan releases`: what was published and by whom; sign, drop, withdraw, renew.

What may be done is decided in controller.releases, and by those who sign.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TextIO

from sqlalchemy import Connection

from controller import bell
from controller.people.audit import By
from controller.releases import drafts, read, renewals, signing
from controller.releases.folder import Releases
from controller.releases.read import Release, ReleaseQuery, ReleaseRow
from controller.store.engine import writing
from provisioning import terminal
from provisioning.follow import moment
from provisioning.policy import keys
from provisioning.release import signed
from provisioning.release.publish import REFUSALS, may
from provisioning.release.signed import Office
from provisioning.terminal import now, say
from wire.content import ROLES

_MOST_FILES: Final = 30


def main(argv: Sequence[str] | None = None, answers: TextIO | None = None) -> int:
    asked = _parser().parse_args(argv)
    return terminal.told("releases", lambda: _do(asked, answers or sys.stdin), REFUSALS)


def _do(asked: argparse.Namespace, answers: TextIO) -> int:
    folder = Releases(terminal.releases(asked))
    power = {"sign": "release.sign"}.get(asked.what, "release.make")
    with terminal.database(asked) as engine:
        if asked.what in SHOWN:
            for line in SHOWN[asked.what](Office(engine, folder, By(""), now), asked):
                say(line)
            return 0
        office = Office(engine, folder, may(engine, asked.login, power), now)
        if asked.what == "sign":
            return _sign(office, asked, answers)
        with writing(engine) as conn:
            say(DEEDS[asked.what](conn, office, asked))
        bell.ring(engine)
    return 0


def _list(office: Office, asked: argparse.Namespace) -> list[str]:
    with office.engine.connect() as conn:
        page = read.releases(conn, ReleaseQuery(bundle=asked.bundle, size=asked.most))
        waiting = [one for role in ROLES if (one := signing.open_(conn, role)) is not None]
    endings = renewals.ending(office.releases, now())
    return [
        *map(_summary, page.rows),
        *(f"signing {one.id} of {one.role} waits ({one.what})" for one in waiting),
        *(f"WARNING: {one.role} ends {moment(one.expires)}" for one in endings),
    ]


def _show(office: Office, asked: argparse.Namespace) -> list[str]:
    bundle, seq = _named(asked.release)
    with office.engine.connect() as conn:
        row = read.find(conn, bundle, seq)
        if row is None:
            raise ValueError(f"there is no release {asked.release}: anjungan releases list")
        found = read.release(conn, office.releases, row.id)
    return [*_whole(found), *map(_change, found.changes.files[:_MOST_FILES])]


def _whole(found: Release) -> list[str]:
    row, changes = found.row, found.changes
    counts = f"{changes.added} added, {changes.changed} changed, {changes.removed} removed"
    who = [one for one in found.signers if one.signed_at is not None]
    said = ", ".join(f"{one.key_id[:12]} ({one.login or one.name})" for one in who)
    update, whole = row.update_bytes, row.whole_bytes
    return [
        _summary(row),
        f"made by {row.made_by} {moment(row.made_at)}; {row.files} files, {row.bytes} bytes",
        f"for a kiosk with {row.parent_seq}: {update} bytes; from nothing: {whole} bytes",
        f"signed by: {said or 'nobody'}; missing: {found.missing}",
        *(f"warning: {one}" for one in found.warnings),
        f"against {row.parent_seq}: {counts}, {changes.same} the same",
    ]


def _change(one: read.Change) -> str:
    return f"  {one.what:<8} {one.path}  {one.before} -> {one.after}, {one.sent} new"


def _sign(office: Office, asked: argparse.Namespace, answers: TextIO) -> int:
    shown = signed.show(office, asked.signing)
    for line in shown.lines:
        say(line)
    if not (asked.yes or terminal.agreed("Sign it?", answers)):
        return 1
    missing = signed.sign(office, shown, asked.key, keys.of_roots(os.environ))
    say(f"{missing} signatures are missing" if missing else "enough have signed")
    return 0


def _drop(conn: Connection, office: Office, asked: argparse.Namespace) -> str:
    if asked.release.isdecimal():
        signing.drop(conn, int(asked.release), office.by, now())
        return f"signing {asked.release} is given up"
    row = _row(conn, asked)
    drafts.drop(conn, office.releases, row.id, office.by, now())
    return f"{row.bundle} {row.seq} is given up"


def _withdraw(conn: Connection, office: Office, asked: argparse.Namespace) -> str:
    row = _row(conn, asked)
    made = renewals.withdraw(conn, office.releases, row.id, office.by, now())
    return f"{row.bundle} {row.seq} is offered until signing {made} has its signatures"


def _renew(conn: Connection, office: Office, asked: argparse.Namespace) -> str:
    made = renewals.renew(conn, office.releases, asked.role, office.by, now())
    return f"signing {made} waits: anjungan releases sign {made}"


def _row(conn: Connection, asked: argparse.Namespace) -> ReleaseRow:
    row = read.find(conn, *_named(asked.release))
    if row is None:
        raise ValueError(f"there is no release {asked.release}: anjungan releases list")
    return row


def _named(said: str) -> tuple[str, int]:
    """Of `layanan-3`. Raises ValueError."""
    bundle, _, seq = said.rpartition("-")
    if not bundle or not seq.isdecimal():
        raise ValueError(f"{said!r} is no release: write BUNDLE-NUMBER, such as layanan-3")
    return bundle, int(seq)


def _summary(row: ReleaseRow) -> str:
    when = moment(row.published_at or row.state_at)
    return f"{row.bundle}-{row.seq}  {row.state}  {when}  {row.note}"


SHOWN: Final[dict[str, Callable[[Office, argparse.Namespace], list[str]]]] = {
    "list": _list,
    "show": _show,
}
DEEDS: Final[dict[str, Callable[[Connection, Office, argparse.Namespace], str]]] = {
    "drop": _drop,
    "withdraw": _withdraw,
    "renew": _renew,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan releases", description=__doc__)
    words = parser.add_subparsers(dest="what", required=True)
    one = _word(words, "list", "what was made, newest first, and what waits")
    one.add_argument("--bundle", default="")
    one.add_argument("--most", type=int, default=20)
    one = _word(words, "show", "one release: sizes, changes, who signed")
    one.add_argument("release", metavar="BUNDLE-NUMBER")
    one = _word(words, "sign", "with keys in files")
    one.add_argument("signing", type=int)
    one.add_argument("--key", type=Path, action="append", required=True, metavar="FILE")
    one.add_argument("--yes", action="store_true", help="do not ask")
    one = _word(words, "drop", "give up what waits")
    one.add_argument("release", metavar="BUNDLE-NUMBER|SIGNING")
    one = _word(words, "withdraw", "offer a release no more; needs signatures, too")
    one.add_argument("release", metavar="BUNDLE-NUMBER")
    one = _word(words, "renew", "the list of a role for another year; needs signatures, too")
    one.add_argument("role", choices=ROLES)
    words.add_parser("keys", help="whose keys count: anjungan releases keys --help")
    return parser


def _word(
    words: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, what: str
) -> argparse.ArgumentParser:
    one = words.add_parser(name, help=what)
    terminal.add_database(one)
    terminal.add_releases(one)
    if name not in SHOWN:
        one.add_argument("--as", dest="login", required=True, metavar="LOGIN", help="on whose word")
    return one


if __name__ == "__main__":
    sys.exit(main())
