"""The portal's own key: what makes a record, and a telephone's ticket, this kiosk's.

Ed25519, made at the first start and kept for the portal alone (0600). Its public half lies in
`key.json` for the agent's child, which tells the office. It signs and never seals: whoever steals
it can forge new records of this kiosk until it is revoked, and can read none.
"""

import base64
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal import durable
from wire.citizen import RecordKey
from wire.local import KEY
from wire.submission import key_id

FILE: Final = "record.key"


class KeyOfRecords:
    """`id` as a Head names it, `public` in base64."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        raw = private.public_key().public_bytes_raw()
        self.id, self.public = key_id(raw), base64.b64encode(raw).decode()

    def sign(self, text: bytes) -> bytes:
        """64 bytes."""
        return self._private.sign(text)


def begin(own: Path, tray: Path, now: int) -> KeyOfRecords:
    """The key of this kiosk, made when there is none; its public half always stands in the tray.

    `own` is the portal's folder. A damaged key is replaced: the office then learns of the new one.
    Raises OSError.
    """
    private = _read(own / FILE)
    if private is None:
        private = Ed25519PrivateKey.generate()
        durable.write(own / FILE, private.private_bytes_raw())
    key = KeyOfRecords(private)
    _publish(key, tray / KEY, now)
    return key


def _read(path: Path) -> Ed25519PrivateKey | None:
    try:
        return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def _publish(key: KeyOfRecords, path: Path, now: int) -> None:
    try:
        said = msgspec.json.decode(path.read_bytes(), type=RecordKey).public
    except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError):
        said = ""
    if said != key.public:
        text = msgspec.json.encode(RecordKey(public=key.public, made_at=now))
        durable.write(path, text, durable.SHARED)
