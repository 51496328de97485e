"""Handing in: what a citizen filled in becomes a record that a power cut cannot take away.

Owns the order: a number that is durable before it is used, the sealing, the signature, what is
remembered for a later question, the record on the disk, and only then the number for the citizen.
Keeps nothing that can be read: what was filled in leaves this module sealed or not at all. Judges
no field (wire/service/form.py does) and sends nothing (the agent's child does).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from wire.submission import Contact, Keys, Kind, Point, Tray


class NotTaken(Exception):  # noqa: N818 - says what happened
    """Nothing was handed in and no number given out. The sentence is for a technician's log."""


class TrayFull(NotTaken):
    """What waits here fills the tray: nothing new until the line is back. Technicians are told."""


class NoKey(NotTaken):
    """No release has come that says to whom to seal, or its keys are over. The office must act."""


class TooLarge(NotTaken):
    """Text and pictures together are more than a record may be: fewer pictures, please."""


class TrayFailing(NotTaken):
    """The disk refused. A technician must act."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a citizen hands in, checked already. Times in milliseconds since 1970.

    `fields` by name, normalised by wire/service/values.py; `tail` the last four digits of the
    telephone or ""; `warnings` codes the citizen went on in spite of; `photos` JPEGs that were made
    anew (portal/picture.py); `ticket` of `Handing.ticket`; `like` the number of a complaint that is
    said to be about the same. `due`: by when an answer is promised, 0 for no promise.
    """

    kind: Kind
    service: str
    revision: int
    tenant: str
    place: str
    language: Literal["id", "su", "en"]
    fields: Mapping[str, str | bool | int | tuple[str, ...]]
    category: str = ""
    contact: Contact = field(default_factory=Contact)
    tail: str = ""
    warnings: tuple[str, ...] = ()
    photos: tuple[bytes, ...] = ()
    ticket: str = ""
    point: Point | None = None
    like: str = ""
    due: int = 0


class Handed(NamedTuple):
    """The office will have it, whatever happens now. `number` is the citizen's receipt number."""

    number: str
    made_at: int
    due: int
    service: str


class Handing:
    """`keys` tells those of the release in use, None without one; `sure`: the clock is believed.

    `tray` is the folder of wire/local.py. For many threads. Raises OSError when it cannot be made.
    """

    def __init__(
        self,
        tray: Path,
        kiosk: str,
        site: str,
        keys: Callable[[], Keys | None],
        *,
        wall_ms: Callable[[], int],
        sure: Callable[[], bool],
        utc_offset_min: int = 420,
    ) -> None:
        raise NotImplementedError

    def hand_in(self, draft: Draft) -> Handed:
        """Durable when it returns: now the number may be shown. Raises NotTaken."""
        raise NotImplementedError

    def known(self, number: str, tail: str) -> Handed | None:
        """What was handed in here under that number by somebody with these four digits.

        `number` as wire/service/receipt.py normalises it; `tail` "" for who gave no telephone.
        """
        raise NotImplementedError

    def ticket(self, valid_ms: int) -> str:
        """By it a citizen's telephone may give photos to the office: wire/ticket.py."""
        raise NotImplementedError

    def state(self) -> Tray:
        """How full the tray is. Raises OSError."""
        raise NotImplementedError
