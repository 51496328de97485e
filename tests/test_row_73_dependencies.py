"""Row 73: what is installed is what was looked at, and nothing older than what we know is broken.

Without a network this is all that can be asked: the list below is what we read about, by hand.
`make audit` asks an advisory service about every locked version; run it weekly and before each
release.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[\w,]+\])?==([^\s;\\]+)", re.MULTILINE)

# package -> the first version without it, and what it was
BROKEN_BEFORE = {
    "authlib": ("1.6.11", "CVE-2025-59420 and others: signatures taken for good"),
    "cryptography": ("44.0.1", "CVE-2024-12797: raw public keys not verified by OpenSSL"),
    "h11": ("0.16.0", "CVE-2025-43859: request smuggling by chunks"),
    "idna": ("3.7", "CVE-2024-3651: names that take for ever"),
    "jinja2": ("3.1.6", "CVE-2025-27516: the sandbox can be left"),
    "python-multipart": ("0.0.18", "CVE-2024-53981: bodies that take for ever"),
    "starlette": ("0.49.1", "CVE-2025-62727, 2025-54121, 2024-47874: Range, uploads, forms"),
}


def pinned(path: Path) -> dict[str, str]:
    return {name.lower(): version for name, version in PINNED.findall(path.read_text())}


def number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_row_73_every_dependency_is_pinned_with_its_hash(path: Path) -> None:
    """pip refuses what is not the very file that was locked."""
    text = path.read_text()
    blocks = [block for block in re.split(r"\n(?=\S)", text) if PINNED.match(block)]
    assert blocks
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_row_73_no_dependency_is_older_than_its_last_known_hole(path: Path) -> None:
    found = pinned(path)
    old = {
        name: f"{found[name]}: {why}"
        for name, (least, why) in BROKEN_BEFORE.items()
        if name in found and number(found[name]) < number(least)
    }
    assert old == {}


def test_row_73_every_known_hole_is_of_something_we_use() -> None:
    used = set().union(*(pinned(path) for path in LOCKS))
    assert set(BROKEN_BEFORE) - used == set()


def test_row_73_nothing_known_to_be_abandoned_comes_back() -> None:
    abandoned = {"passlib", "python-jose", "starlette-csrf", "asgi-csrf", "itsdangerous"}
    assert [(path.name, abandoned & set(pinned(path))) for path in LOCKS] == [
        (path.name, set()) for path in LOCKS
    ]
