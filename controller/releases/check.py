"""Whether a folder can become a release: names, sizes, types. Reads it, changes nothing.

The rules of names are those every kiosk holds a release to (wire/content.py); here they are told to
somebody who can still mend them, all of them at once.
"""

import json
import os
import re
from pathlib import Path
from typing import Final, NamedTuple

from controller.releases import citizens
from controller.releases.types import LONGEST, TEXT, suffix_of, wrong_type
from controller.releases.walk import collect
from wire.content import MOST_FILES, MOST_UNPACKED, PROGRAMS, bad_paths

SCREEN: Final = "layanan"  # the bundle that the portal shows: it must say what its page says
MOST_SAID: Final = 50
LARGE: Final = 100_000_000
MOST_READ: Final = 4 * 1024 * 1024  # of a text, when looking for what it refers to
_AFAR: Final = re.compile(
    rb"""(?:src|href)\s*=\s*["']?https?://|url\(\s*["']?https?://""", re.IGNORECASE
)
_SHOWN: Final = frozenset({"html", "css", "svg"})


class Examined(NamedTuple):
    """`problems` must be mended first, `warnings` are for whoever signs; English sentences.

    `files`: (path within the tree, bytes), sorted by path; `bytes` in all.
    """

    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    files: tuple[tuple[str, int], ...]
    bytes: int


def examine(tree: Path, bundle: str) -> Examined:
    """Raises OSError: the tree cannot be read."""
    found, problems = collect(tree)
    total = sum(size for _, size in found)
    problems += _sums(len(found) + len(problems), total)
    if not problems and (wrong := bad_paths(path for path, _ in found)):
        problems.append(wrong)
    warnings: list[str] = []
    if bundle not in PROGRAMS:
        for path, size in found:
            problems += _content(tree / path, path, size, warnings)
    if bundle == SCREEN:
        problems += _screen(tree / "content.json")
        offered = citizens.examine(tree)
        problems += offered.problems
        warnings += offered.warnings
    return Examined(_first(problems), _first(warnings), tuple(found), total)


def _sums(count: int, total: int) -> list[str]:
    problems = []
    if not count:
        problems.append("there is no file in it")
    if count > MOST_FILES:
        problems.append(f"more than {MOST_FILES} files: divide it into several bundles")
    if total > MOST_UNPACKED:
        problems.append(f"{total} bytes in all, at most {MOST_UNPACKED}: divide it")
    return problems


def _content(file: Path, path: str, size: int, warnings: list[str]) -> list[str]:
    """What is wrong with one file that is shown; what is odd goes to `warnings`."""
    suffix = suffix_of(path)
    most = MOST_READ if suffix in _SHOWN or suffix in TEXT else LONGEST
    with os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as stream:
        begins = stream.read(most)
    if not size:
        warnings.append(f"{path!r} is empty")
        return [] if suffix in TEXT else [f"{path!r}: {wrong_type(path, b'') or 'it is empty'}"]
    if why := wrong_type(path, begins):
        return [f"{path!r}: {why}"]
    if suffix in _SHOWN and _AFAR.search(begins):
        warnings.append(f"{path!r} refers to the Internet: kiosks do not load that")
    if size > LARGE:
        warnings.append(f"{path!r} has {size // 1_000_000} MB: thin lines take days for it")
    return []


def _screen(file: Path) -> list[str]:
    try:
        told = json.loads(file.read_bytes())
    except FileNotFoundError:
        return ["content.json is missing: it says what the first page says"]
    except (ValueError, RecursionError) as error:
        return [f"content.json is no JSON: {error}"[:200]]
    return [] if isinstance(told, dict) else ["content.json must be one object {...}"]


def _first(said: list[str]) -> tuple[str, ...]:
    more = len(said) - MOST_SAID
    return (*said[:MOST_SAID], *([f"... and {more} more"] if more > 0 else []))
