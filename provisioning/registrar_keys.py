"""`anjungan registrar keys`: the keys by which an office opens what citizens hand in.

Makes, changes and destroys the folder that controller/registrar/keys.py describes; besides, only
provisioning/ack_keys.py writes there, by what stands here. What is secret is written first and
named in keys.json last: a cut of the power leaves keys that nobody was told of, never one that was
told of and is not there. A key that was destroyed is gone: what was sealed to it can be opened by
nobody.
"""

import argparse
import os
import sys
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy.exc import SQLAlchemyError

from controller.registrar.in_use import in_use
from controller.registrar.keys import ACK, PUBLIC, SEAL, TAIL, BadKeys, load, raw_public
from provisioning import terminal
from provisioning.authority.files import Unsafe, check_folder, make_folder, put, sync_folder
from provisioning.terminal import agreed, database, fail, say
from wire.service.days import DAY_MS
from wire.submission import AckKey, Keys, SealKey, key_id

LIFE_DAYS: Final = 400  # a kiosk without a line for a year can still hand in
AHEAD_DAYS: Final = 14  # so long a new key is on its way with the content before it is used
K = TypeVar("K", X25519PrivateKey, Ed25519PrivateKey)
EARLY_MS: Final = DAY_MS  # the first one also serves kiosks whose clock is behind


def begin(folder: Path, now: int) -> Keys:
    """Keys to publish with the content: those that are there, else the first. `now` in ms.

    Raises Unsafe, BadKeys, OSError.
    """
    make_folder(folder)
    check_folder(folder)
    if not (folder / PUBLIC).exists():
        for name in (SEAL, ACK):
            make_folder(folder / name)
        put(folder / TAIL, os.urandom(32), 0o600)
        seal = _new_seal(folder, now - EARLY_MS, now + LIFE_DAYS * DAY_MS)
        tell(folder, Keys(seal=(seal,), ack=(new_ack(folder),)))
    return load(folder).public


def rotate(folder: Path, now: int, ahead_days: int = AHEAD_DAYS) -> Keys:
    """With one more key to seal to, from `ahead_days` on: publish them with the content by then.

    Raises Unsafe, BadKeys, OSError.
    """
    check_folder(folder)
    old = load(folder).public
    since = now + ahead_days * DAY_MS
    new = _new_seal(folder, since, since + LIFE_DAYS * DAY_MS)
    keys = Keys(seal=(*old.seal, new), ack=old.ack)
    tell(folder, keys)
    return keys


def destroy(folder: Path, names: tuple[str, ...]) -> Keys:
    """Without these keys to seal to. Whether anything still needs them was asked before.

    Raises Unsafe, BadKeys, ValueError for the only key that is left, OSError.
    """
    check_folder(folder)
    old = load(folder).public
    rest = tuple(one for one in old.seal if one.id not in names)
    if not rest:
        raise ValueError("the last key is never destroyed: kiosks would have none to seal to")
    tell(folder, msgspec.structs.replace(old, seal=rest))
    for name in names:
        wipe(folder / SEAL / f"{name}.pem")
    return load(folder).public


def over(keys: Keys, used: dict[str, int], now: int) -> tuple[str, ...]:
    """Keys that no kiosk seals to any more and nothing waits for."""
    return tuple(one.id for one in keys.seal if one.until <= now and not used.get(one.id))


def main(argv: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(argv)
    served = {"make": _make, "show": _show, "rotate": _rotate, "destroy": _destroy}
    try:
        return served[asked.word](asked)
    except (BadKeys, Unsafe, OSError, ValueError, SQLAlchemyError) as error:
        return fail(f"registrar keys {asked.word}", str(error))


def _make(asked: argparse.Namespace) -> int:
    keys = begin(asked.keys, terminal.now())
    say(f"{asked.keys}: {len(keys.seal)} keys to seal to, {len(keys.ack)} to acknowledge by")
    return say_publish(asked)


def say_publish(asked: argparse.Namespace) -> int:
    """What remains to be done by a person: 0, as all went well."""
    say(f"publish {asked.keys / PUBLIC} with the content, as keys.json")
    return 0


def _show(asked: argparse.Namespace) -> int:
    check_folder(asked.keys)
    ring, used = load(asked.keys), _used(asked)
    for one in ring.public.seal:
        held = "" if one.id in ring.seals else "; ITS PRIVATE HALF IS MISSING: restore a backup"
        sealed = f"; {used.get(one.id, 0)} things sealed to it" if asked.database else ""
        say(f"seal {one.id}: from {_day(one.since)} until {_day(one.until)}{sealed}{held}")
    for ack in ring.public.ack:
        say(f"ack  {ack.id}{': signs' if ack.id == ring.signs else ': known, and signs nothing'}")
    return 0


def _rotate(asked: argparse.Namespace) -> int:
    new = rotate(asked.keys, terminal.now(), asked.ahead_days).seal[-1]
    say(f"key {new.id} is used from {_day(new.since)} on: publish {asked.keys / PUBLIC} with the")
    say("content, as keys.json, before that day; a registrar that runs has it already")
    return 0


def _destroy(asked: argparse.Namespace) -> int:
    """What is over and needed by nothing; without a database nobody knows that."""
    if not asked.database:
        raise ValueError("say which database: --database URL; it knows what is still sealed")
    keys = load(asked.keys).public
    names = over(keys, _used(asked), terminal.now())
    if not names:
        say("no key is over and needed by nothing")
        return 0
    if not agreed(f"Destroy {', '.join(names)} for ever?", sys.stdin):
        return 1
    destroy(asked.keys, names)
    say(f"destroyed; publish {asked.keys / PUBLIC} with the content, as keys.json")
    return 0


def _used(asked: argparse.Namespace) -> dict[str, int]:
    if not asked.database:
        return {}
    with database(asked) as engine, engine.connect() as conn:
        return in_use(conn)


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).date().isoformat()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan registrar keys", description=__doc__)
    what = parser.add_subparsers(dest="word", required=True)
    words = {
        "make": "the first keys, unless there are some",
        "show": "which keys there are, until when, and what is sealed to them",
        "rotate": "one more key to seal to",
        "destroy": "keys that are over and needed by nothing",
    }
    for word, said in words.items():
        one = what.add_parser(word, help=said)
        one.add_argument("--keys", type=Path, required=True, help="the registrar's folder")
        terminal.add_database(one)
        if word == "rotate":
            told = "days until it is used: the time its way to the kiosks takes"
            one.add_argument("--ahead-days", type=int, default=AHEAD_DAYS, help=told)
    return parser


def _new_seal(folder: Path, since: int, until: int) -> SealKey:
    public = raw_public(_write(folder / SEAL, X25519PrivateKey.generate()))
    return SealKey(id=key_id(public), public=b64encode(public).decode(), since=since, until=until)


def new_ack(folder: Path) -> AckKey:
    public = raw_public(_write(folder / ACK, Ed25519PrivateKey.generate()))
    return AckKey(id=key_id(public), public=b64encode(public).decode())


def _write(folder: Path, private: K) -> K:
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    put(folder / f"{key_id(raw_public(private))}.pem", pem, 0o600)
    return private


def tell(folder: Path, keys: Keys) -> None:
    put(folder / PUBLIC, msgspec.json.format(msgspec.json.encode(keys), indent=1) + b"\n")


def wipe(path: Path) -> None:
    """Overwritten before it is removed: of use on disks that write in place, harmless on others."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    sync_folder(path.parent)
