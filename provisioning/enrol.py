"""`anjungan enrol`: a one-time code for one kiosk, or a file with one for each kiosk of a list.

Owns the words on paper: the code, the one line to type, its QR. The office's books are kept by
controller.identity. The code is seen here and never again: the office keeps only its hash.
"""

import argparse
import csv
import io
import os
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import segno
from sqlalchemy.exc import SQLAlchemyError

from controller import fleet
from controller.identity import invitations
from controller.identity.states import NoSuchKiosk, find
from controller.store.engine import open_engine, writing
from controller.store.migrate import migrate
from provisioning import terminal
from provisioning.identity import who
from provisioning.sites import BANDUNG, FileRefused, Placed, read_kiosks, read_sites
from provisioning.terminal import fail, now, say
from wire.invitation import Invitation, pin_of
from wire.lifecycle import IllegalMove

INDEX = "index.csv"


def main(argv: list[str] | None = None) -> int:
    parser = _parser()
    asked = parser.parse_args(argv)
    if not asked.database:
        return fail("enrol", "say which database: --database URL or ANJUNGAN_DATABASE")
    if (asked.csv is None) == (asked.kiosk is None) or (asked.csv is None) != (asked.out is None):
        parser.error("say either one KIOSK, or --csv FILE --out DIR")
    try:
        door, pin = check_door(asked.door), read_pin(asked.server_ca)
        return _bulk(asked, door, pin) if asked.csv is not None else _one(asked, door, pin)
    except NoSuchKiosk as error:
        return fail("enrol", f"no kiosk {error}: register it first (`anjungan kiosks import`)")
    except IllegalMove as error:
        return fail("enrol", f"a decommissioned name is never used again: {error}")
    except (FileRefused, OSError, ValueError, SQLAlchemyError) as error:
        return fail("enrol", str(error))


def line_for(door: str, code: str) -> str:
    """What is typed on the kiosk."""
    return f"anjungan join {door} {code}"


def check_door(url: str) -> str:
    """Raises ValueError for what no kiosk could reach."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(f"--door {url}: give it as kiosks reach it, https://HOST:PORT")
    return f"https://{parts.netloc}"


def read_pin(path: Path) -> bytes:
    """Of the server authority's certificate in PEM. Raises ValueError or OSError."""
    try:
        return pin_of(ssl.PEM_cert_to_DER_cert(path.read_text(encoding="ascii").strip()))
    except (ValueError, UnicodeError):
        raise ValueError(f"--server-ca {path}: not one certificate in PEM") from None


def qr(text: str) -> str:
    """For a terminal, two lines of modules a line of text."""
    out = io.StringIO()
    segno.make(text, error="m", micro=False).terminal(out, compact=True, border=2)
    return out.getvalue()


def _one(asked: argparse.Namespace, door: str, pin: bytes) -> int:
    migrate(asked.database)
    engine = open_engine(asked.database)
    try:
        with writing(engine) as conn:
            subject = find(conn, asked.kiosk)
            made = invitations.issue(conn, subject.id, pin, who(), now())
    finally:
        engine.dispose()
    line = line_for(door, made.code)
    say(f"{subject.name} at {subject.site_code}: one machine may use this within {_HOURS} hours.")
    say(f"\n  {made.code}\n\nType on the kiosk, in one line:\n\n  {line}\n")
    if not asked.no_qr:
        say(qr(line))
    say("An older code of this kiosk counts no more. This one is not shown again.")
    return 0


def _bulk(asked: argparse.Namespace, door: str, pin: bytes) -> int:
    """Everything is read and checked first; then all codes in one transaction; then the files."""
    sites = read_sites(asked.sites)
    placed = read_kiosks(asked.csv, sites)
    if not placed:
        raise FileRefused(f"{asked.csv}: no kiosk in it")
    out = make_folder(asked.out)
    migrate(asked.database)
    engine = open_engine(asked.database)
    try:
        with writing(engine) as conn:
            known = [fleet.Site(*one.site[:5]) for one in placed]
            kiosks = [fleet.NewKiosk(one.kiosk, one.site.code) for one in placed]
            done = fleet.import_fleet(conn, known, kiosks, now())
            made = invitations.issue_all(conn, [k.name for k in kiosks], pin, who(), now())
            write_tokens(out, door, placed, made)  # before the commit: codes nobody holds are none
    except BaseException:
        for path in out.iterdir():  # it was empty: these are codes that do not count
            path.unlink()
        raise
    finally:
        engine.dispose()
    say(f"{len(made)} kiosks invited, {done.kiosks_added} of them new: one file each in {out}")
    say(f"Each may be used once within {_HOURS} hours. Older codes of these kiosks count no more.")
    return 0


def make_folder(out: Path) -> Path:
    """A new or empty folder for its owner alone. Raises ValueError or OSError."""
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise ValueError(f"--out {out}: there is something in it; name an empty folder")
    out.chmod(0o700)
    return out


def write_tokens(
    out: Path, door: str, placed: tuple[Placed, ...], made: Mapping[str, Invitation]
) -> None:
    """One file a kiosk, for its owner alone, and an index without secrets. Raises OSError."""
    for one in placed:
        _write(out / f"{one.kiosk}.token", line_for(door, made[one.kiosk].code) + "\n")
    _write(out / INDEX, _index(placed))


def _index(placed: tuple[Placed, ...]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("kiosk", "site", "site_name", "file"))
    for one in placed:
        writer.writerow((one.kiosk, one.site.code, one.site.name, f"{one.kiosk}.token"))
    return text.getvalue()


def _write(path: Path, text: str) -> None:
    """0600 from its first moment."""
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="ascii") as file:
        file.write(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan enrol", description=__doc__)
    terminal.add_database(parser)
    parser.add_argument("--door", required=True, metavar="https://HOST:PORT", help="for kiosks")
    parser.add_argument("--server-ca", type=Path, required=True, help="the server authority's PEM")
    parser.add_argument("kiosk", nargs="?", help="a registered kiosk")
    parser.add_argument("--no-qr", action="store_true", help="text alone")
    parser.add_argument("--csv", type=Path, help="many: columns kiosk and site")
    parser.add_argument("--sites", type=Path, default=BANDUNG, help="CSV of sites for --csv")
    parser.add_argument("--out", type=Path, help="an empty folder for the files of --csv")
    return parser


_HOURS = invitations.LIFE_MS // 3_600_000

if __name__ == "__main__":
    sys.exit(main())
