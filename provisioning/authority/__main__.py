"""`anjungan authority`: make the office's authorities, look at them, carry them to safety and back.

Only speaks: the work is done in the modules beside it. Passphrases come by the environment, see
passphrase.py. Ends with 2 and one line saying who must act when something is refused.
"""

import argparse
import grp
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from provisioning.authority import backup, carry, keys
from provisioning.authority.backup import BackupRefused
from provisioning.authority.certificates import BadName
from provisioning.authority.ended import ListRefused
from provisioning.authority.files import Unsafe, put
from provisioning.authority.issued import Issuer
from provisioning.authority.pair import NAMES, Busy, Missing, alone, load, open_or_make
from provisioning.authority.passphrase import OF_BACKUPS, PassphraseRefused, passphrase
from provisioning.authority.show import report

REFUSALS: Final = (
    BackupRefused,
    BadName,
    Busy,
    ListRefused,
    Missing,
    PassphraseRefused,
    Unsafe,
    carry.Living,
    keys.KeyRefused,
    OSError,
)


def main(argv: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    try:
        said: list[str] = args.run(args, time.time_ns() // 1_000_000)
    except REFUSALS as error:
        print(f"authority: {error}", file=sys.stderr)  # noqa: T201 - this is a command
        return 2
    print("\n".join(said))  # noqa: T201 - this is a command
    return 0


def add_names(parser: argparse.ArgumentParser) -> None:
    """The options about the office's own certificates; the warden has the same."""
    parser.add_argument(
        "--name",
        action="append",
        default=[],
        help="host name or address by which kiosks and people reach this office; may be repeated",
    )
    parser.add_argument(
        "--group",
        action="append",
        default=[],
        metavar="FILE=GROUP",
        help="let a group read an issued key, e.g. broker=mosquitto; may be repeated",
    )


def groups_of(said: Sequence[str]) -> dict[str, int]:
    """File -> number of the group. Raises BadName."""
    found = {}
    for one in said:
        file, _, group = one.partition("=")
        try:
            found[file] = grp.getgrnam(group).gr_gid
        except KeyError:
            raise BadName(f"--group {one}: this machine has no group {group!r}") from None
    return found


def _init(args: argparse.Namespace, now: int) -> list[str]:
    secret = passphrase(os.environ)
    pair = open_or_make(args.authority, secret, now)
    Issuer(args.authority, pair, args.name, groups_of(args.group)).refresh(now)
    return report(args.authority, pair, now)


def _show(args: argparse.Namespace, now: int) -> list[str]:
    return report(args.authority, load(args.authority, passphrase(os.environ)), now)


def _protect(args: argparse.Namespace, _now: int) -> list[str]:
    """Give keys that have none the passphrase of the environment."""
    secret = passphrase(os.environ)
    if secret is None:
        raise PassphraseRefused("say with which passphrase: see --help")
    files = [args.authority / name / "key.pem" for name in NAMES]
    with alone(args.authority, "warden", wait=False):
        for path in (*files, args.authority / carry.AUDIT_KEY):
            if path.exists():
                _seal(path, secret)
    return [f"the keys in {args.authority} are protected by a passphrase now"]


def _seal(path: Path, secret: bytes) -> None:
    try:
        key = keys.read(path)
    except keys.KeyRefused:
        keys.read(path, secret)  # has this passphrase already, or refuses
        return
    put(path, keys.to_pem(key, secret), 0o600)


def _backup(args: argparse.Namespace, now: int) -> list[str]:
    sealer = _backup_passphrase()
    if args.file.exists():
        raise BackupRefused(f"{args.file} is there already: choose another name")
    content = carry.pack(args.authority, passphrase(os.environ), now)
    sealed = backup.seal(content, sealer)
    put(args.file, sealed, 0o600)
    if backup.unseal(backup.read(args.file), sealer) != content:
        raise BackupRefused(f"{args.file} does not read back: the disk must be looked at")
    return [f"{len(content.files)} files sealed into {args.file} ({len(sealed)} bytes), read back"]


def _restore(args: argparse.Namespace, now: int) -> list[str]:
    content = backup.unseal(backup.read(args.file), _backup_passphrase())
    if args.authority.is_dir():
        with alone(args.authority, "warden", wait=False):
            pair = carry.unpack(content, args.authority, passphrase(os.environ), force=args.force)
    else:
        pair = carry.unpack(content, args.authority, passphrase(os.environ), force=args.force)
    return [
        "restored; the warden issues the rest when it starts",
        *report(args.authority, pair, now),
    ]


def _backup_passphrase() -> bytes:
    found = passphrase(os.environ, OF_BACKUPS)
    if found is None:
        raise PassphraseRefused(
            f"a backup is sealed by a passphrase: set {OF_BACKUPS} or {OF_BACKUPS}_FILE"
        )
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan authority", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True)
    for name, run, told in (
        ("init", _init, "make the authorities, unless they are there, and issue the office's own"),
        ("show", _show, "fingerprints, pins and ends"),
        ("protect", _protect, "give the keys a passphrase"),
        ("backup", _backup, "seal keys and lists into one file"),
        ("restore", _restore, "put them back"),
    ):
        one = what.add_parser(name, help=told)
        one.set_defaults(run=run)
        one.add_argument("--authority", type=Path, required=True, help="the authorities' folder")
        if run is _init:
            add_names(one)
        if run in {_backup, _restore}:
            one.add_argument("file", type=Path)
        if run is _restore:
            one.add_argument("--force", action="store_true", help="replace a living authority")
    return parser


if __name__ == "__main__":
    sys.exit(main())
