"""The office's keys for acknowledgements: from the release in use, whole, or not at all."""

import hashlib
from pathlib import Path

import msgspec
import pytest

from agent.content.slots import Slots
from agent.submissions.ring import BUNDLE, NoKeys, of_release
from tests.support.citizens import NOW, OfficeKeys
from wire.content import About, File, Index, write_index
from wire.submission import Ack, canonical

OFFICE = OfficeKeys()
ACK = Ack(kiosk="k-1", id="a" * 32, sha256="b" * 64, outcome="accepted", at=NOW)


def publish(content: Path, files: dict[str, bytes], seq: int = 3) -> None:
    """As a release stands on a kiosk, without the way it came."""
    slots = Slots(content / BUNDLE)
    slots.tree(seq).mkdir(parents=True)
    for name, text in files.items():
        (slots.tree(seq) / name).write_bytes(text)
    lay_papers(slots, seq, files)
    (content / BUNDLE / "current").symlink_to(f"slots/{seq}")


def lay_papers(slots: Slots, seq: int, files: dict[str, bytes]) -> None:
    index = index_of(seq, files)
    slots.keep_papers(about_of(seq, index), index)


def index_of(seq: int, files: dict[str, bytes]) -> Index:
    made = [
        File(path=name, size=len(text), sha256=hashlib.sha256(text).hexdigest(), chunks=())
        for name, text in sorted(files.items())
    ]
    return Index(bundle=BUNDLE, seq=seq, files=tuple(made))


def about_of(seq: int, index: Index) -> About:
    text = write_index(index)
    return About(bundle=BUNDLE, seq=seq, index_size=len(text))
