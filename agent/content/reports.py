"""What became of releases, kept on the disk until the resident agent has taken it.

Owns reports/<n>.json: the fields of an Install without its header and its number as a fact. n grows
from 1 for ever, whoever deletes the files. A report that is written again under its number says the
same. Never deletes: whoever has taken one does.
"""

import re
from pathlib import Path

import msgspec

from agent import disk, folders
from wire.messages import Facts, Settled

_NAME = re.compile(r"([1-9][0-9]{0,17})\.json", re.ASCII)


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """As Install has it (wire/messages.py). `began` and `ended` in ms of the kiosk's clock."""

    bundle: str
    seq: int
    attempt: int
    state: Settled
    now: int
    code: str = ""
    why: str = ""
    facts: Facts = {}
    began: int
    ended: int


class Reports:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def newest(self) -> int:
        """The highest number that stands here, 0 when none does."""
        return max(self.numbers(), default=0)

    def numbers(self) -> list[int]:
        """Of all that wait, the oldest first."""
        if not self._folder.is_dir():
            return []
        found = (_NAME.fullmatch(one.name) for one in self._folder.iterdir())
        return sorted(int(one[1]) for one in found if one)

    def write(self, number: int, report: Report) -> None:
        """On the disk when this returns. Raises OSError."""
        folders.make(self._folder, 0o700)
        disk.write(self._folder / f"{number}.json", msgspec.json.encode(report))

    def read(self, number: int) -> Report | None:
        """None when there is none, or when it is damaged."""
        try:
            return msgspec.json.decode((self._folder / f"{number}.json").read_bytes(), type=Report)
        except (OSError, msgspec.MsgspecError):
            return None
