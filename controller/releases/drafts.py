"""From a folder of files to a release that waits for its signatures.

`begin` makes a row and a folder to fill (controller/releases/uploads.py, or copy files into it);
`finish` checks, cuts, makes packs and writes down the text that people sign. Nothing is signed
here, and nothing that is published is touched. Powers are asked by who calls: `release.make`.
"""

from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from controller.people.audit import By
from controller.releases.folder import Releases


class Draft(NamedTuple):
    """`folder`: put the files of the release in it. `seq` may still grow until `finish`."""

    id: int
    bundle: str
    seq: int
    folder: Path


class Finished(NamedTuple):
    """`problems` is empty when it now waits for `missing` signatures of signing `signing_id`."""

    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    signing_id: int
    missing: int


def begin(conn: Connection, releases: Releases, bundle: str, note: str, by: By, now: int) -> Draft:
    """Raises Refused (`bundle`, `note`). Inside a `writing` transaction, last in it."""
    raise NotImplementedError


def finish(
    engine: Engine,
    releases: Releases,
    release_id: int,
    by: By,
    now: int,
    *,
    min_seq: int = 0,
    min_agent: str = "",
    machine: str = "",
    python: str = "",
) -> Finished:
    """May take seconds for each 100 MB: holds no transaction meanwhile, so it takes the engine.

    Raises Refused (`unknown`, `state`: no draft, or another release of this role waits for its
    signatures, `no_keys`: no ceremony was held, `full`). With problems the draft stays a draft.
    """
    raise NotImplementedError


def drop(conn: Connection, releases: Releases, release_id: int, by: By, now: int) -> None:
    """A draft or a waiting release is given up, its signing too. Raises Refused.

    Inside a `writing` transaction, last in it.
    """
    raise NotImplementedError
