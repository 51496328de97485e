"""The played door with what an action needs of it: attachments and bytes to measure by."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from agent.identity import life
from agent.identity.asker import Patience
from agent.identity.door import Clock
from agent.identity.slots import Slots
from tests.agent.actions.conftest import Bench
from tests.agent.identity.conftest import HURRY, Wall
from tests.agent.identity.played_door import PlayedDoor
from wire import door, signed


class OfficeDoor(PlayedDoor):
    """`stored` is what was handed in: (query, type, bytes). `busy` so many answers are 503."""

    def __init__(self, clock: Wall) -> None:
        self.stored: list[tuple[str, str, bytes]] = []
        self.busy = 0
        self.lies = False
        super().__init__(clock)

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, bytes] | None:
        where, _, query = path.partition("?")
        if where not in (door.ATTACHMENT_PATH, door.SPEED_PATH):
            return super().answer(method, path, headers, body)
        if self.busy:
            self.busy -= 1
            return 503, msgspec.json.encode(door.Refusal("busy", "office", "later"))
        if code := self._signed(method, where, query, headers, body):
            return 403, msgspec.json.encode(door.Refusal(code, "kiosk", "no", self.clock()))
        if where == door.SPEED_PATH:
            return 200, bytes(int(query.partition("=")[2])) if method == "GET" else b"{}"
        self.stored.append((query, headers["content-type"], body))
        digest = hashlib.sha256(b"" if self.lies else body).hexdigest()
        return 200, msgspec.json.encode(door.Stored(digest, len(body)))

    def _signed(self, method: str, path: str, query: str, headers: Any, body: bytes) -> str:
        given, signature = signed.parse(headers["signature-input"], headers["signature"])
        if abs(given.created - self.clock() // 1000) > signed.SKEW_S:
            return "clock"
        if headers["content-digest"] != signed.digest(body):
            return "digest"
        r, s = (int.from_bytes(signature[at : at + 32], "big") for at in (0, 32))
        base = signed.base(method, path, query, headers["content-digest"], given)
        key = self.issued[given.keyid].key
        key.verify(encode_dss_signature(r, s), base, ec.ECDSA(hashes.SHA256()))
        return ""


@contextmanager
def an_office(bench: Bench, *, off_ms: int = 0) -> Iterator[OfficeDoor]:
    """A door at which the bench's kiosk has its identity."""
    office_clock, wall = Wall(), Wall()
    office_clock.off_ms = off_ms
    played = OfficeDoor(office_clock)
    slots = Slots(bench.state)
    invitation = played.invite()
    with slots.locked():
        slot = life.enrol(slots, played.url, invitation, wall, HURRY)
        life.confirm(slots, slot, life.door_of(slot, Clock(wall, off_ms), Patience(5)))
    name = slot.about.kiosk
    bench.settings |= {"kiosk": name, "door": {"url": played.url}}
    yield played
    played.close()
