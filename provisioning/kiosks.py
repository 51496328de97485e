"""`anjungan kiosks`: sites and kiosks from files into the office's database, and back to a list.

Only carries: what a file may say is decided in `sites`, what the database holds in
`controller.fleet`. Adds and corrects, never removes.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from controller import fleet
from controller.store.engine import open_engine, writing
from controller.store.migrate import migrate
from controller.store.tables import kiosk, kiosk_status, site
from provisioning import terminal
from provisioning.sites import (
    BANDUNG,
    FileRefused,
    Placed,
    Site,
    count_lines,
    place,
    read_kiosks,
    read_sites,
)
from provisioning.terminal import fail, say


def register(url: str, sites: Sequence[Site], kiosks: Sequence[Placed], now: int) -> fleet.Imported:
    """Brings the schema up to date and everything into it, in one transaction. `now` in ms."""
    migrate(url)
    engine = open_engine(url)
    try:
        with writing(engine) as conn:
            return fleet.import_fleet(
                conn,
                [fleet.Site(*one[:5]) for one in sites],
                [fleet.NewKiosk(one.kiosk, one.site.code) for one in kiosks],
                now,
            )
    finally:
        engine.dispose()


def listed(conn: Connection) -> list[tuple[str, str, str, str]]:
    """Name, site code, site name and state of every kiosk, by name."""
    query = (
        select(kiosk.c.name, site.c.code, site.c.name, kiosk_status.c.state)
        .join(site, site.c.code == kiosk.c.site_code)
        .outerjoin(kiosk_status, kiosk_status.c.kiosk_id == kiosk.c.id)
        .order_by(kiosk.c.name)
    )
    return [(row[0], row[1], row[2], row[3] or "never") for row in conn.execute(query)]


def main(argv: list[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    if not args.database:
        return fail("kiosks", "say which database: --database sqlite:///path or ANJUNGAN_DATABASE")
    try:
        return _import(args) if args.what == "import" else _list(args.database)
    except (FileRefused, OSError, ValueError, SQLAlchemyError) as error:
        return fail("kiosks", str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan kiosks", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True)
    for name in ("import", "list"):
        one = what.add_parser(name)
        terminal.add_database(one)
        if name == "import":
            one.add_argument("--sites", type=Path, default=BANDUNG, help="CSV of sites")
            one.add_argument("--kiosks", type=Path, help="CSV with the columns kiosk and site")
            one.add_argument("--count", type=int, help="instead: that many, spread over the sites")
    return parser


def _import(args: argparse.Namespace) -> int:
    sites = read_sites(args.sites)
    if args.kiosks is not None:
        kiosks = read_kiosks(args.kiosks, sites)
    else:
        kiosks = place(sites, len(sites) if args.count is None else args.count)
    done = register(args.database, sites, kiosks, time.time_ns() // 1_000_000)
    lines = count_lines(kiosks)
    say(
        f"sites: {done.sites_added} added, {done.sites_changed} corrected; "
        f"kiosks: {done.kiosks_added} added, {done.kiosks_moved} moved; "
        f"{lines['thin']} of {len(kiosks)} on a thin line"
    )
    return 0


def _list(url: str) -> int:
    engine = open_engine(url)
    try:
        with engine.connect() as conn:
            for row in listed(conn):
                say("\t".join(row))
    finally:
        engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
