"""The roots' side of `anjungan policy`: make a root, read a proposal aloud, sign it.

Runs on a machine that never sees the office: reads and writes the files it is given, and nothing
else. Nothing is signed before its words were shown and somebody said yes to them.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, TextIO

from provisioning import terminal
from provisioning.authority.files import Unsafe
from provisioning.authority.keys import KeyRefused
from provisioning.authority.passphrase import PassphraseRefused
from provisioning.policy import keys, proposal, spoken
from provisioning.policy.proposal import Proposal, ProposalRefused
from provisioning.terminal import agreed, fail

REFUSALS: Final = (KeyRefused, PassphraseRefused, ProposalRefused, Unsafe, OSError)


def main(
    argv: Sequence[str],
    env: Mapping[str, str] = os.environ,
    answers: TextIO | None = None,
    say: Callable[[str], None] | None = None,
) -> int:
    """`answers`: where a person's yes comes from."""
    asked = _parser().parse_args(argv)
    tell = say or terminal.say
    try:
        if asked.what == "root":
            return _root(asked, env, tell)
        one = proposal.load(asked.file)
        for line in _told(one):
            tell(line)
        if asked.what == "words":
            return 0
        return _sign(asked, one, env, answers, tell)
    except REFUSALS as error:
        return fail("policy", str(error))


def _root(asked: argparse.Namespace, env: Mapping[str, str], tell: Callable[[str], None]) -> int:
    key = keys.make(asked.out, keys.of_roots(env))
    tell(f"root {keys.id_of(keys.public(key))} is in {asked.out}; carry nothing but this away:")
    tell(keys.public(key))
    return 0


def _sign(
    asked: argparse.Namespace,
    one: Proposal,
    env: Mapping[str, str],
    answers: TextIO | None,
    tell: Callable[[str], None],
) -> int:
    root = keys.read(asked.root, keys.of_roots(env))
    signed = proposal.add(one, root)
    if not asked.yes:
        tell(
            "Whoever holds these keys commands the kiosks. Ask each person for the name of theirs."
        )
        if not agreed("Sign it?", answers, tell):
            return 1
    proposal.save(asked.file, signed)
    lacks = proposal.missing(signed)
    tell(f"signed by root {keys.id_of(keys.public(root))}")
    for line in [f"still missing: {lack}" for lack in lacks] or [
        f"enough have signed; at the office: anjungan policy store {asked.file}"
    ]:
        tell(line)
    return 0


def _told(one: Proposal) -> list[str]:
    return [*spoken.whole(one.read), *spoken.difference(one.read_present, one.read)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan policy", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True)
    one = what.add_parser("sign", help="add a root's signature to a proposal")
    one.add_argument("file", type=Path)
    one.add_argument("--root", type=Path, required=True, metavar="KEY", help="the root's key file")
    one.add_argument("--yes", action="store_true", help="do not ask")
    one = what.add_parser("words", help="what a proposal says")
    one.add_argument("file", type=Path)
    one = what.add_parser("root", help="make a root key")
    one.add_argument("--out", type=Path, required=True, help="a new file, for its owner alone")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
