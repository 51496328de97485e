"""Where kiosks stand, and what they are called: read from a CSV file, no database, no network.

Owns the names of kiosks that are not named by anybody else: `bdg-coblong-1` in the city,
`kab-ciwidey-1` in the Kabupaten. Never guesses at a line it cannot read: it says which.

`bandung.csv`: codes, names and centroids are Kemendagri's kecamatan. Which eight of the
Kabupaten have no fibre is not public. They stand in by a rule, the eight farthest from the
city's square, and every line of the Kabupaten is marked `assumed` until somebody states it.
"""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Final, NamedTuple

from wire.topics import is_kiosk_name

BANDUNG: Final = Path(__file__).parent / "bandung.csv"
CENTRE: Final = (-6.9219, 107.6071)  # the alun-alun of Bandung
PREFIXES: Final = {"32.73": "bdg", "32.04": "kab"}
LINES: Final = ("fibre", "thin")
SOURCES: Final = ("stated", "assumed")
COLUMNS: Final = ("code", "name", "regency", "lat", "lng", "line", "line_source")
_CODE = re.compile(r"[0-9]{2}(\.[0-9]{2,4}){1,3}", re.ASCII)


class FileRefused(ValueError):  # noqa: N818 - the house's word for "will not be done"
    """A file of sites or kiosks that must be corrected by whoever wrote it, with its line."""


class Site(NamedTuple):
    """`line` is fibre or thin; `line_source` whether somebody stated that or we assume it."""

    code: str
    name: str
    regency: str
    lat: float
    lng: float
    line: str = "fibre"
    line_source: str = "assumed"


class Placed(NamedTuple):
    """One kiosk and where it stands."""

    kiosk: str
    site: Site


def read_sites(path: Path = BANDUNG) -> tuple[Site, ...]:
    """In the order of the file. Raises FileRefused, or OSError when there is no such file."""
    found: dict[str, Site] = {}
    for number, row in _rows(path, COLUMNS[:5]):
        site = _site(row, f"{path}, line {number}")
        if site.code in found:
            raise FileRefused(f"{path}, line {number}: site {site.code} stands there twice")
        found[site.code] = site
    if not found:
        raise FileRefused(f"{path}: no site in it")
    return tuple(found.values())


def place(sites: Sequence[Site], count: int) -> tuple[Placed, ...]:
    """`count` kiosks, one a site in the order given; then a second at each, and so on."""
    return tuple(
        Placed(kiosk_name(sites[n % len(sites)], n // len(sites) + 1), sites[n % len(sites)])
        for n in range(count)
    )


def first_at(sites: Sequence[Site], code: str) -> tuple[Site, ...]:
    """The same sites, `code` before all others. Raises FileRefused when it is none of them."""
    here = [site for site in sites if site.code == code]
    if not here:
        raise FileRefused(f"--site {code}: no such site; Soreang, for one, is 32.04.37")
    return (*here, *(site for site in sites if site.code != code))


def read_kiosks(path: Path, sites: Iterable[Site]) -> tuple[Placed, ...]:
    """A file with the columns `kiosk` and `site`. Raises FileRefused or OSError."""
    by_code = {site.code: site for site in sites}
    found: dict[str, Placed] = {}
    for number, row in _rows(path, ("kiosk", "site")):
        where = f"{path}, line {number}"
        if not is_kiosk_name(row["kiosk"]):
            raise FileRefused(f"{where}: {row['kiosk']!r} is no kiosk name (a-z, 0-9, hyphens)")
        if row["kiosk"] in found:
            raise FileRefused(f"{where}: kiosk {row['kiosk']} stands there twice")
        if row["site"] not in by_code:
            raise FileRefused(f"{where}: no site {row['site']!r}: add it to the file of sites")
        found[row["kiosk"]] = Placed(row["kiosk"], by_code[row["site"]])
    return tuple(found.values())


def write_kiosks(path: Path, kiosks: Iterable[Placed]) -> None:
    """The file `read_kiosks` reads, with the line for players."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("kiosk", "site", "line"))
        writer.writerows((one.kiosk, one.site.code, one.site.line) for one in kiosks)


def kiosk_name(site: Site, number: int = 1) -> str:
    """Unique as long as names are within a regency. Raises ValueError if no name can be made."""
    name = f"{_prefix(site)}-{slug(site.name)}"[: 31 - len(str(number))].rstrip("-")
    name = f"{name}-{number}"
    if not is_kiosk_name(name):
        raise ValueError(f"no kiosk name can be made for site {site.code} {site.name!r}")
    return name


def slug(text: str) -> str:
    """Lower case ASCII letters and digits, everything else one hyphen."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def km_from_centre(site: Site) -> float:
    """Great-circle distance from the city's square."""
    lat, lng = radians(site.lat), radians(site.lng)
    lat0, lng0 = radians(CENTRE[0]), radians(CENTRE[1])
    arc = sin((lat - lat0) / 2) ** 2 + cos(lat) * cos(lat0) * sin((lng - lng0) / 2) ** 2
    return 2 * 6371 * asin(sqrt(arc))


def count_lines(kiosks: Iterable[Placed]) -> Counter[str]:
    return Counter(one.site.line for one in kiosks)


def _prefix(site: Site) -> str:
    regency = ".".join(site.code.split(".")[:2])
    return PREFIXES.get(regency, "r" + regency.replace(".", ""))


def _rows(path: Path, needed: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise FileRefused(f"{path}: no column {', '.join(missing)} in its first line")
            return [(reader.line_num, _texts(row)) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileRefused(f"{path}: not a CSV file in UTF-8: {error}") from None


def _texts(row: dict[str, str]) -> dict[str, str]:
    # A short line leaves None, a long one a list under the key None.
    return {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}


def _site(row: dict[str, str], where: str) -> Site:
    if _CODE.fullmatch(row["code"]) is None:
        raise FileRefused(f"{where}: {row['code']!r} is no Kemendagri code (32.73.01)")
    if not 1 <= len(row["name"]) <= 80 or not 1 <= len(row["regency"]) <= 80:
        raise FileRefused(f"{where}: name and regency need 1 to 80 characters")
    line, source = row.get("line") or "fibre", row.get("line_source") or "assumed"
    if line not in LINES or source not in SOURCES:
        raise FileRefused(f"{where}: line is one of {LINES}, line_source one of {SOURCES}")
    lat = _degrees(row["lat"], 90, where)
    lng = _degrees(row["lng"], 180, where)
    return Site(row["code"], row["name"], row["regency"], lat, lng, line, source)


def _degrees(text: str, most: float, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise FileRefused(f"{where}: {text!r} is no number of degrees") from None
    if not -most <= value <= most:  # NaN is not either
        raise FileRefused(f"{where}: {text} is beyond {most:g} degrees")
    return value
