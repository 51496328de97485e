"""Pictures of a citizen: taken by the camera of this kiosk, or brought by their own telephone.

Owns the screen of the camera, for a question, a paper and a complaint alike. What comes in is made
anew at once (portal/picture.py); only that is kept, in memory, and shown again. The telephone gives
its pictures to the office and not to the kiosk: here it only finds the ticket that lets it.
"""

from http import HTTPStatus
from typing import Final, NamedTuple

from portal import handover, tiles
from portal.answer import Answer, go, page, said
from portal.asked import Ask
from portal.complaint import Complaint
from portal.forms import Application
from portal.picture import NotKept, remake
from portal.press import IDLE_FORM_S

COMPLAINT: Final = "pengaduan"
PROOF: Final = "bukti"
TICKET_MS: Final = 2 * 3_600_000  # long enough to get home
JPEG: Final = "image/jpeg"


class Album(NamedTuple):
    """Where the pictures of one question go. `room`: how many more; `back`: the screen before."""

    pictures: list[bytes]
    room: int
    back: str
    complaint: Complaint | None = None


def show(ask: Ask) -> Answer:
    album = _album(ask)
    if album is None:
        return go("/")
    phone = _phone(ask, album.complaint) if album.complaint is not None else ""
    return page(
        ask,
        "forms/photos.html",
        album=album,
        count=len(album.pictures),
        wrong=ask.query.get("salah", ""),
        phone=handover.qr(phone) if phone else "",
        back=album.back,
        idle=IDLE_FORM_S,
    )


def add(ask: Ask) -> Answer:
    album = _album(ask)
    if album is None:
        return go("/")
    for given in ask.files.get("picture", [])[: album.room]:
        try:
            album.pictures.append(remake(given))
        except NotKept as error:
            return go(f"{ask.path}?salah={error.why}")
    return go(ask.path)


def drop(ask: Ask) -> Answer:
    album = _album(ask)
    if album is None:
        return go("/")
    if (at := _at(ask.one("at"), album)) is not None:
        del album.pictures[at]
    return go(ask.path.removesuffix("/hapus"))


def look(ask: Ask) -> Answer:
    album = _album(ask)
    at = None if album is None else _at(ask.args["at"], album)
    if album is None or at is None:
        return said(HTTPStatus.NOT_FOUND)
    return Answer(HTTPStatus.OK, JPEG, album.pictures[at])


def _at(said: str, album: Album) -> int | None:
    """Which of the pictures, None when there is none: there are never ten."""
    one_digit = len(said) == 1 and said.isascii() and said.isdigit()
    return int(said) if one_digit and int(said) < len(album.pictures) else None


def _album(ask: Ask) -> Album | None:
    """None when nothing of that name is being filled in, or it asks for no picture."""
    code, key = ask.args["draft"], ask.args["key"]
    if code == COMPLAINT:
        told = ask.sitting.drafts.get("complain")
        if not isinstance(told, Complaint) or told.handed or key != PROOF:
            return None
        return Album(told.photos, told.room, "/pengaduan/cerita", told)
    filled = ask.sitting.drafts.get(f"apply:{code}")
    if not isinstance(filled, Application) or filled.handed:
        return None
    now = handover.today(ask)
    if not filled.takes(key, now):
        return None
    return Album(filled.photos.setdefault(key, []), filled.room, filled.back(key, now))


def _phone(ask: Ask, complaint: Complaint) -> str:
    """The address for the citizen's own telephone, "" when there is no line to the office."""
    online = tiles.online(ask.its.local(), ask.its.clock())
    if ask.its.handing is None or not ask.its.photos_at or not online:
        return ""
    if not complaint.ticket:
        complaint.ticket = ask.its.handing.ticket(TICKET_MS)
    return f"{ask.its.photos_at}#{complaint.ticket}"
