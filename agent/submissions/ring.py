"""By whose word a record is forgotten: the office's keys for it, from the release in use.

Owns the reading of `keys.json` beside what the portal shows. It is believed because people signed
the release and its bytes are those of the index; what the office says on the line changes none.
"""

import hashlib
from pathlib import Path
from typing import Final

from agent.content.slots import Slots
from agent.identity.keys import verify
from wire.envelope import raw
from wire.errors import MalformedMessage
from wire.service.tenant import KEYS
from wire.submission import Ack, Keys, Signed, ack_to_sign, read_ack, read_keys

BUNDLE: Final = "layanan"  # the one that the portal shows


class NoKeys(Exception):  # noqa: N818 - says what happened
    """No release says by whose word a record may go: nothing does. The office must publish one."""


class KeyRing:
    """`keys` of wire/submission.py."""

    def __init__(self, keys: Keys) -> None:
        self._keys = {one.id: raw(one.public) for one in keys.ack}

    def read(self, signed: Signed) -> Ack | None:
        """None when nobody of the office has signed it, or it is no acknowledgement."""
        public = self._keys.get(signed.key)
        if public is None:
            return None
        try:
            signature = raw(signed.signature)
            if not verify(public, signature, ack_to_sign(signed.text)):
                return None
            return read_ack(signed.text)
        except (MalformedMessage, ValueError):
            return None


def of_release(content: Path) -> KeyRing:
    """`content`: the folder of all bundles on this kiosk. Raises NoKeys."""
    slots = Slots(content / BUNDLE)
    seq = slots.current
    papers = slots.papers(seq) if seq else None
    if papers is None:
        raise NoKeys("no release of services is in use here")
    file = next((one for one in papers[1].files if one.path == KEYS), None)
    if file is None:
        raise NoKeys(f"release {seq} has no {KEYS}")
    try:
        text = (slots.tree(seq) / KEYS).read_bytes()
    except OSError as error:
        raise NoKeys(f"{KEYS} of release {seq}: {error}") from error
    if hashlib.sha256(text).hexdigest() != file.sha256:
        raise NoKeys(f"{KEYS} of release {seq} is damaged")
    try:
        return KeyRing(read_keys(text))
    except (MalformedMessage, ValueError) as error:
        raise NoKeys(str(error)) from error
