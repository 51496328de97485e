"""Handing in: what a citizen filled in becomes a record that a power cut cannot take away.

Owns the order: a number that is durable before it is used, the sealing, the signature, what is
remembered for a later question, the record on the disk, and only then the number for the citizen.
Keeps nothing that can be read: what was filled in leaves this module sealed or not at all. Judges
no field (wire/service/form.py does) and sends nothing (the agent's child does).
"""

import base64
import hashlib
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, NamedTuple

import msgspec

from portal import durable, record_key, sealing
from portal.numbers import Counter
from portal.remembered import Receipts
from portal.tray import Full, TrayFolder
from wire import ticket
from wire.errors import MalformedMessage
from wire.service import days, receipt
from wire.submission import (
    MOST_PHOTO,
    MOST_RECORD,
    Contact,
    Content,
    Head,
    Keys,
    Kind,
    Photo,
    Point,
    SealKey,
    Tray,
    canonical,
    read,
    to_sign,
    write,
)

OWN: Final = "portal"  # in the tray, for the portal alone
_FIRST, _LAST = days.Date(2000, 1, 1), days.Date(2099, 12, 31)  # that a number can say


class NotTaken(Exception):  # noqa: N818 - says what happened
    """Nothing was handed in and no number given out. The sentence is for a technician's log."""


class TrayFull(NotTaken):
    """What waits here fills the tray: nothing new until the line is back. Technicians are told."""


class NoKey(NotTaken):
    """No release has come that says to whom to seal, or its keys are over. The office must act."""


class TooLarge(NotTaken):
    """Text and pictures together are more than a record may be: fewer pictures, please."""


class BadDraft(NotTaken):
    """No office would take it: whoever made the form, or set up this kiosk, must act."""


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
        self._kiosk, self._site, self._keys = kiosk, site, keys
        self._wall_ms, self._sure, self._offset = wall_ms, sure, utc_offset_min
        self._tray = TrayFolder(tray)
        own = tray / OWN
        durable.folder(own, 0o700)
        self._key = record_key.begin(own, tray, wall_ms())
        self._receipts = Receipts(own)
        self._counter, self._lock = Counter(own), threading.Lock()

    def hand_in(self, draft: Draft) -> Handed:
        """Durable when it returns: now the number may be shown. Raises NotTaken."""
        try:
            return self._take(draft, self._seal_key())
        except Full as full:
            raise TrayFull(str(full)) from full
        except OSError as error:
            raise TrayFailing(f"the tray: {error}") from error

    def known(self, number: str, tail: str) -> Handed | None:
        """What was handed in here under that number by somebody with these four digits.

        `number` as wire/service/receipt.py normalises it; `tail` "" for who gave no telephone.
        Raises OSError.
        """
        one = self._receipts.find(number, tail)
        return None if one is None else Handed(number, one.made_at, one.due, one.service)

    def ticket(self, valid_ms: int) -> str:
        """By it a citizen's telephone may give photos to the office: wire/ticket.py."""
        made = ticket.Ticket(self._kiosk, secrets.token_hex(16), self._wall_ms() + valid_ms)
        return ticket.write(made, self._key.sign(ticket.to_sign(made)))

    def check(self) -> None:
        """Whether anything could be handed in now, as far as is known. Raises NotTaken."""
        self._seal_key()
        try:
            self._tray.check_room()
        except Full as full:
            raise TrayFull(str(full)) from full
        except OSError as error:
            raise TrayFailing(f"the tray: {error}") from error

    def state(self) -> Tray:
        """How full the tray is. Raises OSError."""
        return self._tray.state()

    def _seal_key(self) -> SealKey:
        keys = self._keys()
        found = keys and sealing.newest(keys.seal, self._wall_ms(), sure=self._sure())
        if not found:
            raise NoKey("no key of the office is known here, or all are over: publish keys.json")
        return found

    def _take(self, draft: Draft, seal: SealKey) -> Handed:
        """A cut anywhere before the last step leaves a gap in the numbers and no receipt."""
        made_at, uid = self._wall_ms(), secrets.token_hex(16)
        number = self._number(made_at)
        head = self._head(draft, seal, made_at, uid, number)
        sealed = sealing.seal(_content(draft, uid, number), head, seal)
        head = msgspec.structs.replace(head, sha256=hashlib.sha256(sealed).hexdigest())
        record = write(head, self._key.sign(to_sign(canonical(head))), sealed)
        _check(record)
        self._receipts.add(number, draft.tail, made_at, draft.due, draft.service)
        self._tray.put(made_at, uid, record)
        return Handed(number, made_at, draft.due, draft.service)

    def _number(self, made_at: int) -> str:
        day = min(max(days.from_millis(made_at, self._offset), _FIRST), _LAST)
        with self._lock:
            return receipt.number(self._kiosk, self._counter.next(), day)

    def _head(self, draft: Draft, seal: SealKey, made_at: int, uid: str, number: str) -> Head:
        return Head(
            kiosk=self._kiosk,
            id=uid,
            number=number,
            kind=draft.kind,
            service=draft.service,
            revision=draft.revision,
            tenant=draft.tenant,
            site=self._site,
            place=draft.place,
            category=draft.category,
            made_at=made_at,
            clock="sure" if self._sure() else "unsure",
            seal=seal.id,
            key=self._key.id,
            sha256="",
        )


def _check(record: bytes) -> None:
    """What an office would refuse for ever is refused while the citizen still stands here."""
    if len(record) > MOST_RECORD:
        raise TooLarge(f"a record of {len(record)} bytes is more than {MOST_RECORD}")
    try:
        read(record)
    except MalformedMessage as error:
        raise BadDraft(str(error)) from None


def _content(draft: Draft, uid: str, number: str) -> Content:
    content = Content(
        id=uid,
        number=number,
        language=draft.language,
        fields=dict(draft.fields),
        contact=draft.contact,
        tail=draft.tail,
        warnings=draft.warnings,
        photos=tuple(map(_photo, draft.photos)),
        ticket=draft.ticket,
        point=draft.point,
        like=draft.like,
    )
    try:
        return msgspec.json.decode(canonical(content), type=Content)
    except (msgspec.MsgspecError, UnicodeEncodeError) as error:
        raise BadDraft(f"what was filled in: {error}") from None


def _photo(jpeg: bytes) -> Photo:
    if len(jpeg) > MOST_PHOTO:
        raise TooLarge(f"a picture of {len(jpeg)} bytes is more than {MOST_PHOTO}")
    return Photo(jpeg=base64.b64encode(jpeg).decode(), sha256=hashlib.sha256(jpeg).hexdigest())
