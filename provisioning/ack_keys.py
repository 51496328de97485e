"""`anjungan registrar ack-keys`: by which key kiosks are told that a record may be forgotten.

Changes the half of the registrar's folder that acknowledges, in three steps that can each wait for
years: `announce` names a key ahead, `sign` lets it sign once kiosks know it, `retire` destroys the
one before. Kiosks believe every key of the content they show, so old and new content both work
between the steps. `revoke` does all three at once, for a key that was stolen: what kiosks still
keep they keep until content with the new key has come. Nothing is lost by any order of these.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from controller.registrar.keys import ACK, BadKeys, load
from controller.store.release_tables import reported
from controller.store.tables import kiosk
from provisioning import terminal
from provisioning.authority.files import Unsafe, check_folder
from provisioning.registrar_keys import new_ack, say_publish, tell, wipe
from provisioning.terminal import agreed, database, fail, say
from wire.submission import AckKey, Keys

BUNDLE: Final = "layanan"  # in which keys.json travels
MOST_NAMED: Final = 20


def announce(folder: Path) -> Keys:
    """With one more key, which signs nothing yet. Raises Unsafe, BadKeys, ValueError, OSError."""
    old = _keys(folder)
    if len(old.ack) > 1:
        raise ValueError(f"{old.ack[1].id} is known beside the first: `sign` or `retire` first")
    return _told(folder, old, (*old.ack, new_ack(folder)))


def sign(folder: Path) -> Keys:
    """The one that was announced signs, the one before stays known. Raises as `announce`."""
    old = _keys(folder)
    if len(old.ack) < 2:
        raise ValueError("there is one key only: `announce` the next one first")
    return _told(folder, old, (old.ack[-1], *old.ack[:-1]))


def retire(folder: Path) -> Keys:
    """Without all but the one that signs; the others are destroyed. Raises as `announce`."""
    old = _keys(folder)
    return _without(folder, old, old.ack[:1])


def revoke(folder: Path) -> Keys:
    """A new key alone; all that were are destroyed. Raises as `announce`."""
    old = _keys(folder)
    return _without(folder, old, (new_ack(folder),))


def behind(conn: Connection, seq: int) -> list[str]:
    """Kiosks that last said they show an older release than `seq`, by name."""
    query = select(kiosk.c.name).join(reported, reported.c.kiosk_id == kiosk.c.id)
    older: Any = reported.c.seq < seq
    query = query.where(reported.c.bundle == BUNDLE, older).order_by(kiosk.c.name)
    return [*conn.scalars(query)]


def main(argv: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(argv)
    served = {"announce": _announce, "sign": _sign, "retire": _retire, "revoke": _revoke}
    try:
        return served[asked.word](asked)
    except (BadKeys, Unsafe, OSError, ValueError, SQLAlchemyError) as error:
        return fail(f"registrar ack-keys {asked.word}", str(error))


def _announce(asked: argparse.Namespace) -> int:
    say(f"key {announce(asked.keys).ack[-1].id} is known ahead and signs nothing yet")
    return say_publish(asked)


def _sign(asked: argparse.Namespace) -> int:
    with database(asked) as engine, engine.connect() as conn:
        late = behind(conn, asked.release)
    if late:
        named = ", ".join(late[:MOST_NAMED]) + (", ..." if len(late) > MOST_NAMED else "")
        say(f"{len(late)} kiosks show an older release than {asked.release}: {named}")
        say("they would keep what citizens hand in until they show it; nothing is lost")
        if not agreed("Let the new key sign all the same?", sys.stdin):
            return 1
    say(f"key {sign(asked.keys).ack[0].id} signs from now on; the one before is still believed")
    return 0


def _retire(asked: argparse.Namespace) -> int:
    over = [one.id for one in load(asked.keys).public.ack[1:]]
    if not over:
        say("there is one key only: nothing to retire")
        return 0
    if not agreed(f"Destroy {', '.join(over)} for ever?", sys.stdin):
        return 1
    retire(asked.keys)
    return say_publish(asked)


def _revoke(asked: argparse.Namespace) -> int:
    say("kiosks keep what citizens hand in until they show content with the new key")
    if not agreed("Destroy every key that acknowledges, and make a new one?", sys.stdin):
        return 1
    say(f"key {revoke(asked.keys).ack[0].id} alone signs from now on")
    return say_publish(asked)


def _keys(folder: Path) -> Keys:
    check_folder(folder)
    return load(folder).public


def _told(folder: Path, old: Keys, ack: tuple[AckKey, ...]) -> Keys:
    tell(folder, msgspec.structs.replace(old, ack=ack))
    return load(folder).public


def _without(folder: Path, old: Keys, ack: tuple[AckKey, ...]) -> Keys:
    """What is named no more is destroyed after it: a cut leaves a key nobody believes."""
    keys = _told(folder, old, ack)
    named = {one.id for one in ack}
    for path in sorted((folder / ACK).glob("*.pem")):
        if path.stem not in named:
            wipe(path)
    return keys


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan registrar ack-keys", description=__doc__)
    what = parser.add_subparsers(dest="word", required=True, metavar="WORD")
    words = {
        "announce": "one more key, for kiosks to know ahead",
        "sign": "the one that was announced signs, once kiosks know it",
        "retire": "destroy those that sign no more",
        "revoke": "it was stolen: a new one at once, all others destroyed",
    }
    for word, said in words.items():
        one = what.add_parser(word, help=said)
        one.add_argument("--keys", type=Path, required=True, help="the registrar's folder")
        if word == "sign":
            terminal.add_database(one)
            told = "the release in which it was announced"
            one.add_argument("--release", type=int, required=True, metavar="N", help=told)
    return parser
