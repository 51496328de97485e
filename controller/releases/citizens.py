"""Whether what citizens are offered can be read and stands together, before anybody signs it.

Looks at the tree of wire/service/tenant.py below a folder; a tree without tenants is none of its
business. What a kiosk could not show is a problem; what a clerk should mend is a warning, because a
release must be possible while one of sixty services still waits for a decree. Reads only.
"""

import hashlib
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from wire.errors import MalformedMessage
from wire.service import check, document, together
from wire.service.document import Service
from wire.service.tenant import FILMS, HOLIDAYS, KEYS, Films, Holidays, Places, Tenant
from wire.service.workdays import Calendar
from wire.submission import read_keys

S = TypeVar("S", bound=Struct)


class Found(NamedTuple):
    """English sentences, each beginning with the path of its file."""

    problems: list[str]
    warnings: list[str]


def examine(tree: Path) -> Found:
    """Raises OSError: the tree cannot be read."""
    found = Found([], [])
    tenants = sorted(path.parent for path in tree.glob("tenants/*/tenant.json"))
    if not tenants:
        return found
    films = _read(tree, FILMS, Films, found) or Films()
    _films(tree, films, found)
    _calendar(tree, found)
    _keys(tree, found)
    for folder in tenants:
        _tenant(tree, folder, films, found)
    return found


def _tenant(tree: Path, folder: Path, films: Films, found: Found) -> None:
    name = folder.relative_to(tree).as_posix()
    tenant = _read(tree, f"{name}/tenant.json", Tenant, found)
    places = _read(tree, f"{name}/places.json", Places, found)
    services = [
        service
        for path in sorted(folder.glob("services/*.json"))
        if (service := _service(path, f"{name}/services/{path.name}", found))
    ]
    if tenant is None:
        return
    for service in services:
        said = check.problems(service, tenant)
        path = f"{name}/services/{service.code}.json"
        found.warnings.extend(f"{path}: {one.path}: {one.en}" for one in said)
    if places is not None:
        wrong = together.problems(services, tenant, places, films)
        found.problems.extend(f"{name}/{one.path}: {one.en}" for one in wrong)


def _service(path: Path, name: str, found: Found) -> Service | None:
    try:
        service = document.read(path.read_bytes())
    except MalformedMessage as error:
        found.problems.append(f"{name}: {error.detail}")
        return None
    if path.stem != service.code:
        found.problems.append(f"{name}: the service in it is called {service.code}")
    return service


def _films(tree: Path, films: Films, found: Found) -> None:
    """Each is there as it is described, and all together they fit on a kiosk."""
    size = 0
    for film in films.films:
        path = tree / film.file
        if not path.is_file() or not path.resolve().is_relative_to(tree.resolve()):
            found.problems.append(f"{FILMS}: {film.code}: there is no file {film.file}")
            continue
        size += path.stat().st_size
        with path.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != film.sha256:
                found.problems.append(f"{FILMS}: {film.code}: {film.file} is another film")
    if size > films.budget_mb * 1_000_000:
        said = f"films take {size // 1_000_000} MB, at most {films.budget_mb} fit on a kiosk"
        found.problems.append(f"{FILMS}: {said}")


def _calendar(tree: Path, found: Found) -> None:
    holidays = _read(tree, HOLIDAYS, Holidays, found)
    try:
        if holidays is not None:
            Calendar(holidays)
    except ValueError as error:
        found.problems.append(f"{HOLIDAYS}: {error}")


def _keys(tree: Path, found: Found) -> None:
    try:
        read_keys((tree / KEYS).read_bytes())
    except FileNotFoundError:
        found.warnings.append(f"{KEYS} is missing: nothing can be handed in at kiosks")
    except MalformedMessage as error:
        found.problems.append(f"{KEYS}: {error.detail}")


def _read(tree: Path, name: str, kind: type[S], found: Found) -> S | None:
    """None, and said, when it cannot be read."""
    try:
        return msgspec.json.decode((tree / name).read_bytes(), type=kind)
    except FileNotFoundError:
        found.warnings.append(f"{name} is missing")
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        found.problems.append(f"{name}: {error}"[:300])
    return None
