"""Brings every chunk of a release here that is not here: from neighbours, a pack, one by one.

Resumes wherever it was ended: what has come is on the shelf or in a part, and is looked at anew.
Every chunk is compared with its name before it counts; a wrong one is fetched once more from its
beginning, and then somebody at the office has to mend it. Writes to the shelf only, never a slot.
"""

import errno
import shutil
import time
from collections.abc import Callable, Sequence
from hashlib import sha256 as digest
from pathlib import Path
from typing import NamedTuple

from agent.content.held import Held
from agent.content.line import Line
from agent.content.neighbour import Neighbour
from agent.content.packed import unpack
from agent.content.plan import Plan, choose, chunks_of
from agent.content.trouble import Damaged, NoRoom, NotThere, StorageFailing, Untrusted
from agent.content.trust import Release
from agent.content.unpack import plain_of
from wire.content import Chunk, chunk_path, pack_path
from wire.errors import MalformedMessage
from wire.pack import MOST_BODY, read_chunk

Say = Callable[[int, int], None]
"""How many bytes have crossed the line for this release, and how many will have in all."""


class Brought(NamedTuple):
    """Where a release came from. Bytes: plain ones of `reused`, on the line for all others.

    `line`: all that crossed it, questions and headers too, since the line was made; `refused`:
    chunks that were not what their name says.
    """

    reused: int
    neighbour: int
    pack: int
    single: int
    line: int
    requests: int
    refused: int
    seconds: float

    def facts(self) -> dict[str, int | float]:
        """As an Install tells it."""
        return self._asdict() | {"seconds": round(self.seconds, 1)}


class Dry(NamedTuple):
    """What `bring` would cost now: bytes on the line, plain bytes that are here already."""

    bytes: int
    requests: int
    reused: int
    since: int | None  # the release whose pack would be used, None for chunks one by one

    def seconds(self, kbit: float) -> float:
        """On a line of so many kbit/s."""
        return self.bytes * 8 / 1000 / kbit


class Room(NamedTuple):
    """`folder`: of the bundle. `keep_free`: bytes that stay free whatever is fetched."""

    folder: Path
    keep_free: int = 0

    def left(self) -> int:
        return shutil.disk_usage(self.folder).free - self.keep_free


def dry_run(release: Release, held: Held) -> Dry:
    """Fetches nothing. Its index is here by now, and neighbours are not counted on."""
    wanted = chunks_of(release.index)
    missing = _missing(wanted, held)
    plan = _plan(release, held, missing)
    reused = sum(wanted.values()) - sum(missing.values())
    return Dry(plan.bytes, plan.requests, reused, plan.pack.since if plan.pack else None)


def bring(
    release: Release,
    held: Held,
    line: Line,
    *,
    room: Room,
    neighbours: Sequence[Neighbour] = (),
    say: Say = lambda _done, _total: None,
    monotonic: Callable[[], float] = time.monotonic,
) -> Brought:
    """Afterwards `held` can read every chunk of the index; call it again after any Trouble.

    Raises LineFailing, NotThere, NotNow, NoRoom, Damaged, StorageFailing.
    """
    began = monotonic()
    run = _Run(release, held, line, neighbours, say)
    try:
        run.all(room)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFailing(str(error)) from error
        held.clear()  # the room belongs to those who keep the kiosk going
        raise NoRoom(f"the disk is full: {error}") from error
    finally:
        line.close()
    return run.brought(monotonic() - began)


class _Run:
    """One call of `bring`."""

    def __init__(
        self, release: Release, held: Held, line: Line, neighbours: Sequence[Neighbour], say: Say
    ) -> None:
        self._release, self._held, self._line = release, held, line
        self._neighbours, self._say = neighbours, say
        self._wanted = chunks_of(release.index)
        self._reused = self._pack = self._single = self._refused = 0

    def all(self, room: Room) -> None:
        held = self._held
        held.keep_only(self._wanted)
        missing = _missing(self._wanted, held)
        self._reused = sum(self._wanted.values()) - sum(missing.values())
        self._check(room, missing)
        missing = self._ask_neighbours(missing)
        plan = _plan(self._release, held, missing)
        held.keep_parts({*missing, *([plan.pack.sha256] if plan.pack else [])})
        if plan.pack:
            self._by_pack(plan)
            missing = _missing(missing, held)
        self._one_by_one(missing)

    def brought(self, seconds: float) -> Brought:
        given = sum(one.given for one in self._neighbours)
        refused = self._refused + sum(one.refused for one in self._neighbours)
        used = self._line.used
        return Brought(
            self._reused,
            given,
            self._pack,
            self._single,
            used.bytes,
            used.requests,
            refused,
            seconds,
        )

    def _check(self, room: Room, missing: dict[str, int]) -> None:
        """What is missing stands on the shelf, in a pack, and then in the slot with all others."""
        about = self._release.about
        needed = about.unpacked + 2 * sum(missing.values())
        if (left := room.left()) < needed:
            raise NoRoom(
                f"{about.bundle} {about.seq} needs {needed} bytes, {max(0, left)} are free"
            )

    def _ask_neighbours(self, missing: dict[str, int]) -> dict[str, int]:
        """What none of them has."""
        still, total = dict(missing), sum(missing.values())
        for sha256, size in missing.items() if self._neighbours else ():
            self._say(0, total)  # nothing crosses the line, and whoever must leave is heard
            for one in self._neighbours:
                plain = one.chunk(sha256, size)
                if plain is not None:
                    self._held.put(sha256, plain)
                    del still[sha256]
                    break
        for one in self._neighbours:
            one.close()
        return still

    def _by_pack(self, plan: Plan) -> None:
        pack, about = plan.pack, self._release.about
        assert pack is not None
        part, before = self._held.part(pack.sha256), self._held.begun(pack.sha256)
        path = pack_path(about.bundle, pack.since, about.seq)
        try:
            if before < pack.size:
                say = self._say
                self._line.bring(path, part, pack.size, lambda come: say(come, pack.size))
        except (NotThere, Untrusted):
            part.unlink(missing_ok=True)  # then one by one
            return
        self._pack = max(0, part.stat().st_size - before)
        self._refused += unpack(part, pack.sha256, dict(plan.singles), self._held)
        part.unlink()

    def _one_by_one(self, missing: dict[str, int]) -> None:
        total = sum(missing.values())
        done = 0
        for sha256, size in missing.items():
            self._held.put(sha256, self._alone((sha256, size)))
            self._held.part(sha256).unlink(missing_ok=True)
            done += size
            self._say(done, total)

    def _alone(self, chunk: Chunk) -> bytes:
        sha256, size = chunk
        part = self._held.part(sha256)
        for _ in range(2):  # the second time from its beginning
            before = self._held.begun(sha256)
            try:
                self._line.bring(chunk_path(sha256), part, MOST_BODY + 1)
                stored = part.read_bytes()
                self._single += max(0, len(stored) - before)
                plain = plain_of(*read_chunk(stored), size)
            except (MalformedMessage, Untrusted):
                plain = b""
            if digest(plain).hexdigest() == sha256:
                return plain
            self._refused += 1
            part.unlink(missing_ok=True)
        raise Damaged(f"chunk {sha256[:16]} is not what its name says")


def _missing(wanted: dict[str, int], held: Held) -> dict[str, int]:
    return {sha256: size for sha256, size in wanted.items() if not held.has(sha256)}


def _plan(release: Release, held: Held, missing: dict[str, int]) -> Plan:
    begun = {pack.sha256: held.begun(pack.sha256) for pack in release.about.packs}
    return choose(release.about, missing.items(), held.releases, begun)
