"""Site codes with the names people know them by: to choose a district from, and to name one.

Reads `site` only. A region is what the first two numbers of a code say (32.73: Kota Bandung).
"""

from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection, select

from controller.people.powers import Grant
from controller.store.tables import site
from dashboards.console import words
from dashboards.console.texts import Texts

_REGION = 5  # characters of 32.73


class Place(NamedTuple):
    code: str
    name: str


class Region(NamedTuple):
    code: str
    name: str
    sites: tuple[Place, ...]


def regions(conn: Connection) -> list[Region]:
    """Every region with its sites, by code."""
    rows = conn.execute(select(site.c.code, site.c.name, site.c.regency).order_by(site.c.code))
    return [
        Region(code, found[0].regency, tuple(Place(row.code, row.name) for row in found))
        for code, found in (
            (code, list(group)) for code, group in groupby(rows, lambda row: row.code[:_REGION])
        )
    ]


def names(conn: Connection) -> dict[str, str]:
    """The name of every district that has one."""
    found = regions(conn)
    sites = {one.code: one.name for region in found for one in region.sites}
    return sites | {region.code: region.name for region in found}


def where(district: str, known: dict[str, str], t: Texts) -> str:
    if not district:
        return t("people.everywhere")
    return known.get(district, words.plain(district))


def grant_text(grant: Grant, known: dict[str, str], t: Texts) -> str:
    """`Teknisi, Kota Bandung`."""
    role = t(f"role.{grant.role}") if t.known(f"role.{grant.role}") else words.plain(grant.role)
    return f"{role}, {where(grant.district, known, t)}"
