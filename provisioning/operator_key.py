"""`anjungan operator-key make`: a person's own key for agreeing from the command line.

The private half stays in the file; what is printed is the public half and its name, which the
person reads to whoever holds the roots. In the browser the console does the same.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from provisioning.authority.files import Unsafe
from provisioning.authority.keys import KeyRefused
from provisioning.policy import keys


def main(argv: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(argv)
    try:
        key = keys.make(asked.out) if asked.what == "make" else keys.read(asked.file)
    except (KeyRefused, Unsafe, OSError) as error:
        print(f"operator-key: {error}", file=sys.stderr)  # noqa: T201 - this is a command
        return 2
    public = keys.public(key)
    print(f"key {keys.id_of(public)}\n{public}")  # noqa: T201 - this is a command
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan operator-key", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True)
    one = what.add_parser("make", help="a new key in a new file, for its owner alone")
    one.add_argument("--out", type=Path, required=True, metavar="FILE")
    one = what.add_parser("show", help="the public half of a key, and its name")
    one.add_argument("file", type=Path)
    return parser


if __name__ == "__main__":
    sys.exit(main())
