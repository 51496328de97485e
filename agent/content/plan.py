"""How the chunks that are missing come with the fewest bytes: a pack, or each by itself. Pure.

Also whether a release fits this machine at all. Decides; fetches nothing, knows no file or clock.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from wire.content import About, Chunk, Index, PackAbout, agent_is_old

# What a chunk by itself costs beside its body: the request and the headers of the answer.
REQUEST_BYTES: Final = 400


class Plan(NamedTuple):
    """`bytes` on the line from now on, all told; `pack` None: each chunk by itself."""

    pack: PackAbout | None
    singles: tuple[Chunk, ...]
    bytes: int
    requests: int


def chunks_of(index: Index) -> dict[str, int]:
    """Every chunk once: its name and how many bytes it is."""
    return {sha256: size for file in index.files for sha256, size in file.chunks}


def choose(
    about: About,
    missing: Iterable[Chunk],
    have: Iterable[int],
    begun: Mapping[str, int],
) -> Plan:
    """`have`: releases that stand here; `begun`: bytes that have come, by the hash of a pack."""
    singles = tuple(missing)
    if not singles:
        return Plan(None, (), 0, 0)
    ratio = _ratio(about)
    alone = sum(int(size * ratio) + REQUEST_BYTES for _, size in singles)
    best = Plan(None, singles, alone, len(singles))
    known = {0, *have}
    for pack in about.packs:
        left = max(0, pack.size - begun.get(pack.sha256, 0)) + REQUEST_BYTES
        if pack.since in known and left < best.bytes:
            best = Plan(pack, singles, left, 1)
    return best


def unfit(about: About, *, agent: str, machine: str, python: str) -> str:
    """Why this release cannot stand on this kiosk, empty when it can. `python` like "3.11"."""
    if agent_is_old(agent, about.min_agent):
        return f"it needs an agent of at least {about.min_agent}, this one is {agent}"
    if about.machine and about.machine != machine:
        return f"it is for {about.machine}, this is {machine}"
    if about.python and about.python != python:
        return f"it is for Python {about.python}, this is {python}"
    return ""


def _ratio(about: About) -> float:
    """How small the bodies of this release are, as far as its pack from nothing tells."""
    whole = next((pack.size for pack in about.packs if not pack.since), about.unpacked)
    return min(1.0, whole / about.unpacked) if about.unpacked else 1.0
