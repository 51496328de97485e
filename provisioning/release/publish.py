"""`anjungan publish DIR --bundle NAME`: a folder becomes a release that waits for its signatures.

Checks, cuts and packs by controller.releases; with `--key` it is signed at once by the keys in
these files. The controller publishes it as soon as enough have signed; no kiosk has it by that:
see `anjungan rollout`.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TextIO

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from controller.jobs.refused import Lacks, Refused
from controller.people.audit import By
from controller.releases import check, drafts, read, uploads
from controller.releases.check import Examined
from controller.releases.drafts import Finished
from controller.releases.folder import Releases
from controller.releases.make import Terms
from controller.store.engine import writing
from provisioning import terminal
from provisioning.authority.files import Unsafe
from provisioning.authority.keys import KeyRefused
from provisioning.authority.passphrase import PassphraseRefused
from provisioning.behalf import NobodyThere, doer
from provisioning.policy import keys
from provisioning.release import signed
from provisioning.release.signed import NotSigned, Office
from provisioning.terminal import now, say
from wire.content import PROGRAMS

REFUSALS: Final = (
    KeyRefused, NobodyThere, NotSigned, OSError, PassphraseRefused, Refused, SQLAlchemyError,
    Unsafe, ValueError,
)  # fmt: skip
MANIFEST: Final = "software.json"
_PAUSE_S: Final = 0.2
_MOST_WAIT_S: Final = 120.0


def main(
    argv: Sequence[str] | None = None,
    answers: TextIO | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> int:
    asked = _parser().parse_args(argv)
    return terminal.told("publish", lambda: _publish(asked, answers or sys.stdin, wait), REFUSALS)


def may(engine: Engine, login: str, power: str) -> By:
    """Whoever does it, in the log. Raises NobodyThere, Lacks."""
    with engine.connect() as conn:
        by = doer(conn, login)
    if not by.person.may(power):
        raise Lacks(power)
    return By(by.person.login, by.address)


def release_of(office: Office, tree: Path, bundle: str, note: str, terms: Terms) -> Finished:
    """Everything up to the signatures. A draft that has problems is dropped. Raises Refused."""
    with writing(office.engine) as conn:
        draft = drafts.begin(conn, office.releases, bundle, note, office.by, office.now())
    try:
        found = uploads.bring(office.releases, draft.id, tree, bundle)
        if not found.problems:
            done = drafts.finish(
                office.engine, office.releases, draft.id, office.by, office.now(), terms=terms
            )
        else:
            done = Finished(found.problems, found.warnings, 0, 0)
    except BaseException:
        _drop(office, draft.id)
        raise
    if done.problems:
        _drop(office, draft.id)
    return done


def terms_of(tree: Path, bundle: str, min_seq: int = 0, min_agent: str = "") -> Terms:
    """Of a program, its manifest says for which machine it is. Raises ValueError, OSError."""
    if bundle not in PROGRAMS:
        return Terms(min_seq=min_seq, min_agent=min_agent)
    try:
        said = json.loads((tree / MANIFEST).read_bytes())
        return Terms(min_seq, min_agent, str(said["machine"]), str(said["python"]))
    except (FileNotFoundError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{tree} is no release of a program ({type(error).__name__} at {MANIFEST}): "
            f"`anjungan software build {bundle} DIR` makes one"
        ) from None


def _publish(asked: argparse.Namespace, answers: TextIO, wait: Callable[[float], None]) -> int:
    if asked.dry_run:
        return _dry(check.examine(asked.tree, asked.bundle))
    folder = Releases(terminal.releases(asked))
    with terminal.database(asked) as engine:
        office = Office(engine, folder, may(engine, asked.login, "release.make"), now)
        with_ = [keys.read(path, keys.of_roots(os.environ)) for path in asked.key]
        if with_:
            may(engine, asked.login, "release.sign")
        terms = terms_of(asked.tree, asked.bundle, asked.min_seq, asked.min_agent)
        done = release_of(office, asked.tree, asked.bundle, asked.note, terms)
        if done.problems:
            return _dry(Examined(done.problems, done.warnings, (), 0))
        shown = signed.show(office, done.signing_id)
        for line in [*map(_warned, done.warnings), *shown.lines]:
            say(line)
        missing = done.missing
        if with_ and (asked.yes or terminal.agreed("Sign it?", answers)):
            missing = signed.put(office, shown, with_)
        if missing:
            say(f"waits for {missing} signatures: anjungan releases sign {done.signing_id}")
            return 0
        say("enough have signed: the controller publishes it")
        return _published(engine, asked.bundle, wait) if asked.wait else 0


def _published(engine: Engine, bundle: str, wait: Callable[[float], None]) -> int:
    """Until the controller has done it."""
    for _ in range(int(_MOST_WAIT_S / _PAUSE_S)):
        with engine.connect() as conn:
            newest = read.releases(conn, read.ReleaseQuery(bundle=bundle, size=1)).rows[0]
        if newest.state == "published":
            say(f"{newest.bundle} {newest.seq} is published")
            return 0
        wait(_PAUSE_S)
    say("not published yet: does a controller run with --releases and --release-key?")
    return 1


def _drop(office: Office, release_id: int) -> None:
    with writing(office.engine) as conn:
        drafts.drop(conn, office.releases, release_id, office.by, office.now())


def _dry(found: Examined) -> int:
    for line in [*(f"cannot: {one}" for one in found.problems), *map(_warned, found.warnings)]:
        say(line)
    if not found.problems:
        say(f"{len(found.files)} files, {found.bytes} bytes: can be published")
    return 2 if found.problems else 0


def _warned(line: str) -> str:
    return f"warning: {line}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan publish", description=__doc__)
    add = parser.add_argument
    add("tree", type=Path, metavar="DIR")
    add("--bundle", required=True, metavar="NAME", help="layanan, agent, portal, ...")
    add("--note", default="", metavar="TEXT", help="what is new, in a sentence")
    terminal.add_database(parser)
    terminal.add_releases(parser)
    add("--as", dest="login", default="", metavar="LOGIN", help="on whose word")
    add("--key", type=Path, action="append", default=[], metavar="FILE", help="sign it with this")
    add("--yes", action="store_true", help="do not ask before it is signed")
    add("--min-seq", type=int, default=0, help="whoever has it goes back to nothing older")
    add("--min-agent", default="", metavar="VERSION", help="the oldest agent that can install it")
    add("--wait", action="store_true", help="until the controller has published it")
    add("--dry-run", action="store_true", help="only check")
    return parser


if __name__ == "__main__":
    sys.exit(main())
