"""What a program and all its children really occupy, from /proc.

It owns finding the browser by its debugging port and adding up PSS: summed RSS would count the
shared pages of nine processes nine times (972 MB for a browser that takes 394).
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Memory(NamedTuple):
    processes: int
    pss_mb: int | None  # None when the kiosk's user may not look into the browser's processes


def of_browser(proc: Path, port: int) -> Memory | None:
    """Memory of the browser whose debugging port is `port`; None when no such process runs."""
    flag = f"--remote-debugging-port={port}".encode()
    for pid in _pids(proc):
        words = _read(proc / pid / "cmdline").split(b"\0")
        if flag in words and not any(word.startswith(b"--type=") for word in words):
            return of_tree(proc, pid)
    return None


def of_tree(proc: Path, root: str) -> Memory:
    """Memory of `root` and all that descends from it."""
    children = defaultdict(list)
    for pid in _pids(proc):
        children[_parent(proc / pid)].append(pid)
    tree, place = [root], 0
    while place < len(tree):
        tree += children[tree[place]]
        place += 1
    sizes = [_pss_kb(proc / pid) for pid in tree]
    known = [size for size in sizes if size is not None]
    return Memory(len(tree), round(sum(known) / 1024) if known else None)


def _pids(proc: Path) -> Iterator[str]:
    if not proc.is_dir():  # a simulated machine has no processes
        return iter(())
    return (entry.name for entry in proc.iterdir() if entry.name.isdigit())


def _parent(process: Path) -> str:
    # `pid (name) state ppid ...`: the name may hold spaces and brackets, so count from its end.
    words = _read(process / "stat").rpartition(b")")[2].split()
    return words[1].decode() if len(words) > 1 else ""


def _pss_kb(process: Path) -> int | None:
    for line in _read(process / "smaps_rollup").splitlines():
        if line.startswith(b"Pss:"):
            return int(line.split()[1])
    return None


def _read(path: Path) -> bytes:
    """The file, or nothing: processes end while one looks."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
