"""The office's side of `anjungan releases keys`: first lists, next lists, and storing signed ones.

Only asks and shows. What may be done the holders of keys decide, by signing; the log names the
account of the machine. Lists that replace one on which a release waits for signatures are refused:
the release is signed or dropped first.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from controller import bell
from controller.people import audit
from controller.people.audit import By, Entry
from controller.releases import signing
from controller.store.engine import writing
from controller.store.migrate import migrate
from provisioning import people, terminal
from provisioning.authority.files import Unsafe
from provisioning.authority.keys import KeyRefused
from provisioning.authority.passphrase import PassphraseRefused
from provisioning.behalf import where
from provisioning.policy import keys
from provisioning.release import ceremony, drafts, event, spoken
from provisioning.release.drafts import Changes, DraftRefused, First, Holders
from provisioning.release.event import Event, EventRefused
from provisioning.terminal import now, say
from wire.content import ROLES

REFUSALS: Final = (
    DraftRefused, EventRefused, KeyRefused, PassphraseRefused, Unsafe, OSError, SQLAlchemyError,
    ValueError,
)  # fmt: skip
NONE: Final = "there are no lists of keys yet: nothing is published; `anjungan releases keys init`"
_PUBLIC: Final = re.compile(r"[A-Za-z0-9+/]{43}=", re.ASCII)  # of Ed25519, in base64
DAY_MS: Final = 86_400_000
WARN_DAYS: Final = 60


class Desk(NamedTuple):
    """What every word gets: the office's database and its folder of releases."""

    engine: Engine
    releases: Path
    asked: argparse.Namespace


Act = Callable[[Desk], list[str]]


def main(argv: Sequence[str]) -> int:
    asked = _parser().parse_args(argv)
    return terminal.told("releases", lambda: _do(asked), REFUSALS)


def _do(asked: argparse.Namespace) -> int:
    folder = terminal.releases(asked)
    if asked.database:
        migrate(asked.database)
    with terminal.database(asked) as engine:
        for line in asked.act(Desk(engine, folder, asked)):
            say(line)
    return 0


def store(engine: Engine, releases: Path, one: Event, by: By, now: int) -> list[str]:
    """Checks that nothing waits on what is replaced, stores, and writes it down. Names of files.

    Raises EventRefused.
    """
    with writing(engine) as conn:
        for role in ROLES:
            if role in one.parts and signing.open_(conn, role) is not None:
                raise EventRefused(
                    f"a release of {role} waits for signatures: sign or drop it first, then "
                    "propose this again"
                )
        names = ceremony.store(releases, one)
        detail = {"files": names, "words": spoken.difference(one)[:50]}
        audit.append(conn, Entry(by.who, "release.keys", address=by.address, detail=detail), now)
    bell.ring(engine)
    return names


def who() -> By:
    return By(people.who().who, where())


def _init(desk: Desk) -> list[str]:
    """With keys made at hand, or drafted for keys that are elsewhere."""
    asked = desk.asked
    if ceremony.present(desk.releases) is not None:
        return ["there are lists of keys already:", *_show(desk)]
    if asked.at_hand is not None:
        at_hand = ceremony.make_at_hand(asked.at_hand, keys.of_roots(os.environ))
        ceremony.init(desk.releases, at_hand, asked.release_key, now())
        return [f"the keys of people are in {asked.at_hand}: for a demonstration", *_show(desk)]
    if asked.out is None:
        raise ValueError(
            "where do the lists go? --out FILE, or --at-hand DIR to make every key here"
        )
    online = keys.public(keys.read_or_make(asked.release_key))
    how = First(
        Holders(dict(asked.root), asked.root_threshold),
        Holders(dict(asked.content), asked.content_threshold),
        Holders(dict(asked.software or asked.content), asked.software_threshold),
        online,
    )
    return _written(event.drafted(drafts.first(how, now()), None), asked.out)


def _show(desk: Desk) -> list[str]:
    found = ceremony.present(desk.releases)
    if found is None:
        return [NONE]
    lists = drafts.lists(found)
    said = [line for role, one in lists.items() for line in spoken.told(role, one)]
    for role, one in lists.items():
        days = (int(one.expires.timestamp() * 1000) - now()) // DAY_MS
        if days < WARN_DAYS:
            how = "`anjungan releases renew`" if role in ROLES else "`keys propose --renew`"
            said.append(f"WARNING: {role} ends in {days} days; from then on nothing new: {how}")
    return said


def _propose(desk: Desk) -> list[str]:
    return _written(ceremony.propose(desk.releases, _changes(desk.asked), now()), desk.asked.out)


def _admit(desk: Desk) -> list[str]:
    at_hand = ceremony.make_at_hand(desk.asked.at_hand, keys.of_roots(os.environ))
    changes = _changes(desk.asked)
    one = ceremony.signed(ceremony.propose(desk.releases, changes, now()), at_hand.every)
    return _stored(desk, one)


def _store(desk: Desk) -> list[str]:
    return _stored(desk, event.load(desk.asked.file))


def _stored(desk: Desk, one: Event) -> list[str]:
    names = store(desk.engine, desk.releases, one, who(), now())
    return [*spoken.difference(one), f"stored: {', '.join(names)}; the controller publishes it"]


def _written(one: Event, out: Path) -> list[str]:
    event.save(out, one)
    lacks = [f"to be signed: {lack}" for lack in event.missing(one)]
    return [*spoken.whole(one), *spoken.difference(one), f"written to {out}", *lacks]


def _changes(asked: argparse.Namespace) -> Changes:
    online = asked.rotate_release_key
    return Changes(
        add=tuple((role, *_holder(said)) for role, said in asked.add),
        remove=tuple((role, name) for role, name in asked.remove),
        threshold=tuple((role, int(count)) for role, count in asked.threshold),
        online=keys.public(keys.read_or_make(online)) if online else "",
        renew=asked.renew,
    )


def _holder(said: str) -> tuple[str, str]:
    """A public key or the file that holds one, then =WHO. Raises ValueError, OSError."""
    if _PUBLIC.fullmatch(said[:44]) and said[44:45] in ("", "="):
        public, whose = said[:44], said[45:]
    else:
        file, _, whose = said.partition("=")
        public = Path(file).read_text("ascii").split()[-1]
    keys.id_of(public)
    return public, whose


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan releases keys", description=__doc__)
    words = parser.add_subparsers(dest="what", required=True)
    one = _word(words, "init", _init)
    add = one.add_argument
    add("--release-key", type=Path, required=True, metavar="FILE", help="the office's own, online")
    add("--at-hand", type=Path, metavar="DIR", help="make all keys of people here, two of each")
    for role in ("root", *ROLES):
        add(f"--{role}", type=_holder, action="append", default=[], metavar="PUBLIC=WHO")
        add(f"--{role}-threshold", type=int, default=drafts.LEAST, metavar="K")
    add("--out", type=Path, metavar="FILE", help="where the first lists go, to be signed")
    _word(words, "show", _show)
    one = _word(words, "propose", _propose)
    one.add_argument("--out", type=Path, required=True, metavar="FILE")
    _what(one)
    one = _word(words, "store", _store)
    one.add_argument("file", type=Path)
    one = _word(words, "admit", _admit)
    one.add_argument("--at-hand", type=Path, required=True, metavar="DIR")
    _what(one)
    return parser


def _what(one: argparse.ArgumentParser) -> None:
    add = one.add_argument
    pair: dict[str, Any] = {"action": "append", "default": [], "nargs": 2}
    add("--add", metavar=("ROLE", "PUBLIC=WHO"), help="root, content or software", **pair)
    add("--remove", metavar=("ROLE", "KEY"), help="whose signature counts no more", **pair)
    add("--threshold", metavar=("ROLE", "K"), help="so many sign together", **pair)
    add("--rotate-release-key", type=Path, metavar="FILE", help="a new one for the office")
    add("--renew", action="store_true", help="root and targets for another year")


def _word(
    words: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, act: Act
) -> argparse.ArgumentParser:
    parser = words.add_parser(name)
    terminal.add_database(parser)
    terminal.add_releases(parser)
    parser.set_defaults(act=act)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
