"""Citizens who hand in, and an office's keys to open it: real sealing on both sides.

Owns a planted identity number that no disk, log or name may ever show.
"""

import base64
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from portal.handing import Draft, Handing
from portal.sealing import SUITE
from wire.local import OUT
from wire.submission import (
    Ack,
    AckKey,
    Contact,
    Content,
    Keys,
    Record,
    SealKey,
    Signed,
    ack_to_sign,
    canonical,
    info,
    key_id,
    read,
    unpad,
)

PLANTED: Final = "3174999999990001"
KIOSK: Final = "bandung-coblong-01"
SITE: Final = "32.73.05"
NOW: Final = 1_795_330_800_000  # 22 November 2026, 07:00 UTC
DAY_MS: Final = 86_400_000


class OfficeKeys:
    """The private halves too: what a registrar has and no kiosk."""

    def __init__(self, since: int = 0, until: int = 2**52) -> None:
        self._seal, self._ack = X25519PrivateKey.generate(), Ed25519PrivateKey.generate()
        seal, ack = (one.public_key().public_bytes_raw() for one in (self._seal, self._ack))
        self.seal = SealKey(id=key_id(seal), public=_text(seal), since=since, until=until)
        self.ack = AckKey(id=key_id(ack), public=_text(ack))
        self.public = Keys(seal=(self.seal,), ack=(self.ack,))

    def open(self, record: Record) -> Content:
        plain = SUITE.decrypt(record.sealed, self._seal, info(record.head))
        return msgspec.json.decode(unpad(plain), type=Content)

    def says(self, ack: Ack) -> Signed:
        text = canonical(ack).decode()
        signature = base64.b64encode(self._ack.sign(ack_to_sign(text))).decode()
        return Signed(text=text, key=self.ack.id, signature=signature)


class Wall:
    """A clock that stands still until it is told."""

    def __init__(self, ms: int = NOW) -> None:
        self.ms = ms

    def __call__(self) -> int:
        return self.ms


def a_handing(
    tray: Path, keys: OfficeKeys | None, *, kiosk: str = KIOSK, sure: bool = True, **given: Any
) -> Handing:
    wall_ms = given.pop("wall_ms", Wall())
    return Handing(
        tray,
        kiosk,
        SITE,
        lambda: keys.public if keys else None,
        wall_ms=wall_ms,
        sure=lambda: sure,
        **given,
    )


def a_draft(**changed: Any) -> Draft:
    usual: dict[str, Any] = {
        "kind": "apply",
        "service": "KTP-EL",
        "revision": 3,
        "tenant": "32.73",
        "place": "32.73.05",
        "language": "id",
        "fields": {"nik": PLANTED, "nama": "Warga Contoh", "setuju": True, "anak": 2},
        "contact": Contact(name="Warga Contoh", phone="081200004321"),
        "tail": "4321",
        "due": NOW + 3 * DAY_MS,
    }
    return Draft(**(usual | changed))


def records(tray: Path) -> list[Record]:
    """What waits there, oldest first."""
    return [read(path.read_bytes()) for path in sorted((tray / OUT).iterdir())]


def forms_of(secret: str) -> list[bytes]:
    """As it could stand on a disk: UTF-8, UTF-16, and base64 of either at each offset."""
    plain = [secret.encode(), secret.encode("utf-16-le"), secret.encode("utf-16-be")]
    coded = [
        base64.b64encode(bytes(shift) + one)[4 * (shift > 0) : -4]
        for one in plain
        for shift in range(3)
    ]
    return [*plain, *coded]


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
