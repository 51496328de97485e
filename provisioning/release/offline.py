"""The offline side of `anjungan releases keys`: make a key, read lists aloud, sign them.

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
from provisioning.policy import keys
from provisioning.release import event, spoken
from provisioning.release.drafts import tuf_key
from provisioning.release.event import Event, EventRefused
from provisioning.terminal import agreed, fail

REFUSALS: Final = (EventRefused, KeyRefused, PassphraseRefused, Unsafe, OSError)


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
        if asked.what == "make":
            return _make(asked, env, tell)
        one = event.load(asked.file)
        for line in [*spoken.whole(one), *spoken.difference(one)]:
            tell(line)
        if asked.what == "words":
            return 0
        return _sign(asked, one, env, answers, tell)
    except REFUSALS as error:
        return fail("releases", str(error))


def _make(asked: argparse.Namespace, env: Mapping[str, str], tell: Callable[[str], None]) -> int:
    public = keys.public(keys.make(asked.out, keys.of_roots(env)))
    name = tuf_key(public).keyid[:12]
    tell(f"key {name} is in {asked.out}; carry nothing but this away:")
    tell(public)
    return 0


def _sign(
    asked: argparse.Namespace,
    one: Event,
    env: Mapping[str, str],
    answers: TextIO | None,
    tell: Callable[[str], None],
) -> int:
    for path in asked.key:
        one = event.add(one, keys.read(path, keys.of_roots(env)))
    if not asked.yes:
        tell("Whoever holds these keys decides what kiosks show and run. Ask each for its name.")
        if not agreed("Sign it?", answers, tell):
            return 1
    event.save(asked.file, one)
    lacks = event.missing(one)
    for line in [f"still missing: {lack}" for lack in lacks] or [
        f"enough have signed; at the office: anjungan releases keys store {asked.file}"
    ]:
        tell(line)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan releases keys", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True)
    one = what.add_parser("sign", help="add signatures to the lists in a file")
    one.add_argument("file", type=Path)
    one.add_argument("--key", type=Path, action="append", required=True, metavar="FILE")
    one.add_argument("--yes", action="store_true", help="do not ask")
    one = what.add_parser("words", help="what the file says")
    one.add_argument("file", type=Path)
    one = what.add_parser("make", help="make one key, of a root or of a person")
    one.add_argument("--out", type=Path, required=True, help="a new file, for its owner alone")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
