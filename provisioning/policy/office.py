"""The office's side of `anjungan policy`: the first one, the next one drafted, a signed one stored.

Only asks and shows. On whose word: whoever can open the database at the office's own machine; the
log names the account of the machine. What may be done the roots decide, by signing.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from controller import policies
from controller.jobs.refused import Refused
from controller.people.audit import By
from controller.store.engine import open_engine, writing
from controller.store.migrate import migrate
from provisioning import people, terminal
from provisioning.authority.files import Unsafe
from provisioning.authority.keys import KeyRefused
from provisioning.authority.passphrase import PassphraseRefused
from provisioning.behalf import where
from provisioning.policy import ceremony, draft, keys, proposal, spoken
from provisioning.policy.draft import Changes, DraftRefused
from provisioning.policy.proposal import ProposalRefused
from provisioning.terminal import fail, now, say
from wire.policy import Refusal

REFUSALS: Final = (
    DraftRefused, KeyRefused, Refused, PassphraseRefused, ProposalRefused, Refusal, Unsafe, OSError,
    SQLAlchemyError, ValueError,
)  # fmt: skip
NONE: Final = "there is no policy yet: nothing is commanded; `anjungan policy init` makes one"


def main(argv: Sequence[str]) -> int:
    asked = _parser().parse_args(argv)
    if not asked.database:
        return fail("policy", "say which database: --database URL or ANJUNGAN_DATABASE")
    engine = None
    try:
        migrate(asked.database)
        engine = open_engine(asked.database)
        for line in asked.act(engine, asked):
            say(line)
    except REFUSALS as error:
        return fail("policy", str(error))
    finally:
        if engine is not None:
            engine.dispose()
    return 0


def who() -> By:
    return By(people.who().who, where())


def _init(engine: Engine, asked: argparse.Namespace) -> list[str]:
    how = ceremony.First(
        asked.fleet,
        asked.roots,
        asked.command_key,
        asked.root_count,
        asked.threshold,
        asked.fleet_wide,
        keys.of_roots(os.environ),
    )
    policy, made = ceremony.init(engine, how, who(), now())
    if not made:
        return [f"policy {policy.version} of fleet {policy.fleet} is in force already"]
    return [
        *spoken.whole(policy),
        f"the roots are in {asked.roots}: carry them away, to as many places as there are roots",
        f"the controller signs with {asked.command_key}: give it to --command-key",
    ]


def _show(engine: Engine, _asked: argparse.Namespace) -> list[str]:
    with engine.connect() as conn:
        found, waiting = policies.newest(conn), ceremony.pending(conn)
    said = [NONE] if found is None else spoken.whole(found.policy)
    return [*said, *(f"waits: key {one.key_id} of {one.login} ({one.label})" for one in waiting)]


def _add_key(engine: Engine, asked: argparse.Namespace) -> list[str]:
    with writing(engine) as conn:
        name = ceremony.add_key(conn, asked.login, _public(asked.public), asked.label, now())
    return [f"key {name} of {asked.login} waits for the roots: anjungan policy propose --admit"]


def _propose(engine: Engine, asked: argparse.Namespace) -> list[str]:
    command_key = asked.rotate_command_key
    changes = Changes(
        admit=tuple(asked.admit),
        remove=tuple(asked.remove),
        command_key=keys.public(keys.read_or_make(command_key)) if command_key else "",
        raised=dict(asked.raised),
        rules=dict(map(draft.rule, asked.rule)),
        an_hour={kind: int(often) for kind, often in asked.an_hour},
        fleet_wide=asked.fleet_wide,
        roots=tuple(map(_public, asked.root)),
        threshold=asked.threshold,
    )
    with engine.connect() as conn:
        made = ceremony.propose(conn, changes, asked.version, now())
    proposal.save(asked.out, made)
    lacks = [f"to be signed by {lack}" for lack in proposal.missing(made)]
    said = [*spoken.difference(made.read_present, made.read), f"written to {asked.out}", *lacks]
    if command_key:
        said.append(f"once it is stored, start the controller with --command-key {command_key}")
    return said


def _store(engine: Engine, asked: argparse.Namespace) -> list[str]:
    one = proposal.load(asked.file)
    lacks = proposal.missing(one)
    if lacks:
        raise ProposalRefused(f"not enough have signed {asked.file}: {'; '.join(lacks)}")
    with writing(engine) as conn:
        policy = ceremony.store(conn, one, who(), now())
    return [f"policy {policy.version} is in force; kiosks are led to it as they are heard"]


def _admit(engine: Engine, asked: argparse.Namespace) -> list[str]:
    roots = keys.roots(asked.roots, keys.of_roots(os.environ))
    policy = ceremony.admit(engine, asked.login, roots, who(), now())
    return spoken.whole(policy)


def _public(said: str) -> str:
    """A public key, or the file that holds one. Raises ValueError, OSError."""
    if Path(said).is_file():
        said = Path(said).read_text("ascii").strip()
    keys.id_of(said)
    return said


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan policy", description=__doc__)
    words = parser.add_subparsers(dest="what", required=True)
    one = _word(words, "init", _init)
    one.add_argument("--fleet", required=True, help="name of the fleet: a-z, 0-9 and -")
    one.add_argument("--roots", type=Path, required=True, metavar="DIR", help="for its owner alone")
    one.add_argument("--root-count", type=int, default=1)
    one.add_argument("--threshold", type=int, default=1, help="so many roots sign what follows")
    one.add_argument("--command-key", type=Path, required=True, metavar="FILE")
    one.add_argument("--fleet-wide", type=int, default=draft.FLEET_WIDE, metavar="N")
    _word(words, "show", _show)
    one = _word(words, "add-key", _add_key)
    one.add_argument("--login", required=True)
    one.add_argument("--public", required=True, help="the public key, or a file with it")
    one.add_argument("--label", default="command line", help="which telephone, which computer")
    _changes(_word(words, "propose", _propose))
    one = _word(words, "store", _store)
    one.add_argument("file", type=Path)
    one = _word(words, "admit", _admit)
    one.add_argument("--roots", type=Path, required=True, metavar="DIR")
    one.add_argument("login", nargs="+", metavar="LOGIN")
    return parser


def _changes(one: argparse.ArgumentParser) -> None:
    add = one.add_argument
    add("--out", type=Path, required=True, metavar="FILE")
    add("--admit", action="append", default=[], metavar="LOGIN|KEY", help="whose key counts")
    add("--remove", action="append", default=[], metavar="LOGIN|KEY", help="whose counts no more")
    add("--rotate-command-key", type=Path, metavar="FILE", help="made there when it is missing")
    pair: dict[str, Any] = {"action": "append", "default": [], "nargs": 2}
    add("--raise", dest="raised", metavar=("KIND", "POWER"), **pair)
    add("--an-hour", metavar=("KIND", "N"), help="how often on one kiosk", **pair)
    add("--rule", action="append", default=[], metavar="POWER=APPROVALS[,COOL_OFF_S[,MOST]]")
    add("--fleet-wide", type=int, metavar="N", help="more kiosks need what is destructive needs")
    add("--root", action="append", default=[], metavar="PUBLIC", help="all the new roots")
    add("--threshold", type=int, metavar="K")
    add("--version", type=int, default=0, help="above what kiosks have seen, after a restore")


def _word(
    words: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    act: Callable[[Engine, argparse.Namespace], list[str]],
) -> argparse.ArgumentParser:
    parser = words.add_parser(name)
    terminal.add_database(parser)
    parser.set_defaults(act=act)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
