"""Photos from a citizen's own telephone: a page, and one picture at a time by the kiosk's ticket.

The ticket stands behind the # of the address, so no server's log ever has it; the page's script
sends it with the picture. It was signed by the portal's key, ends soon, and takes few pictures.
Each is made anew in a child, sealed by the registrar and stored; nothing else of it is kept.
"""

import asyncio
import hashlib
import subprocess
import sys
from base64 import b64decode
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, func, insert, select
from starlette.requests import Request
from starlette.responses import Response

from controller.door.addresses import bucket
from controller.door.allowance import PHOTOS, PHOTOS_OF_KIOSK, Allowance
from controller.door.bulk import announced, read
from controller.door.desk import Desk
from controller.door.protocol import LINE
from controller.door.refusals import Refused, json
from controller.registrar.client import CannotOpen, Registrar
from controller.registrar.seals import ticket_sha256
from controller.store.citizen_tables import photo, record_key
from controller.store.identity_tables import identity
from controller.store.tables import kiosk
from wire import ticket as tickets
from wire.door import PHOTO_PATH, Stored
from wire.errors import MalformedMessage
from wire.submission import MOST_PHOTO, MOST_PHOTOS

MOST_GIVEN: Final = 12 * 1024 * 1024
MOST_AT_ONCE: Final = 2  # of children, each with half a gigabyte
MOST_WAITING: Final = 16
CHILD_S: Final = 20.0
TIME_S: Final = 120.0  # for the telephone's line
SKEW_MS: Final = 300_000
CHILD: Final = Path(__file__).with_name("remaking.py")
PAGE: Final = Path(__file__).parent / "photo_page"
FILES: Final = {  # what is asked for -> the file and its type
    PHOTO_PATH: ("page.html", "text/html; charset=utf-8"),
    f"{PHOTO_PATH}/page.css": ("page.css", "text/css; charset=utf-8"),
    f"{PHOTO_PATH}/page.js": ("page.js", "text/javascript; charset=utf-8"),
}
HEADERS: Final = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; img-src blob:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "permissions-policy": "geolocation=(), microphone=()",
}
_SCHEME: Final = "Ticket "


class Holder(NamedTuple):
    """Whose ticket it is, verified; `sha256` names it in the books."""

    kiosk_id: int
    sha256: str


class Photos:
    """`address` names who asks; `clock` gives milliseconds since 1970."""

    def __init__(
        self,
        desk: Desk,
        registrar: Registrar | None,
        allowance: Allowance,
        address: Callable[[Request], str],
        clock: Callable[[], int],
    ) -> None:
        self._desk, self._registrar, self._allowance = desk, registrar, allowance
        self._address, self._clock = address, clock
        self._children = asyncio.Semaphore(MOST_AT_ONCE)
        self._inside: Counter[str] = Counter()  # by ticket

    async def page(self, request: Request) -> Response:
        """GET: the page and what belongs to it."""
        name, kind = FILES[request.scope["path"]]
        return Response((PAGE / name).read_bytes(), 200, HEADERS, kind)

    async def give(self, request: Request) -> Response:
        """POST one picture with `Authorization: Ticket ...` -> Stored."""
        wait = self._allowance.once(PHOTOS, bucket(self._address(request)))
        if wait:
            raise Refused("slow_down", "too many pictures from one address", wait)
        said = request.headers.get("authorization", "")
        text = said.removeprefix(_SCHEME)
        if text == said:
            raise Refused("ticket", "no ticket: scan the code on the kiosk's screen once more")
        now = self._clock()
        holder = await self._desk.read(lambda conn: check(conn, text, now))
        announced(request, MOST_GIVEN)
        wait = self._allowance.once(PHOTOS_OF_KIOSK, str(holder.kiosk_id))
        if wait:
            raise Refused("slow_down", "too many pictures by the tickets of one kiosk", wait)
        if self._inside.total() >= MOST_WAITING or self._inside[holder.sha256] >= MOST_PHOTOS:
            raise Refused("busy", "many pictures come at once: again in a moment", 5)
        self._inside[holder.sha256] += 1
        try:
            return json(await self._taken(request, holder))
        finally:
            self._inside -= Counter((holder.sha256,))

    async def _taken(self, request: Request, holder: Holder) -> Stored:
        request.scope["state"][LINE].allow(TIME_S)
        body = bytearray()
        await read(request, MOST_GIVEN, body.extend)
        async with self._children:
            made = await asyncio.to_thread(remake, bytes(body))
        sealed, key = await self._sealed(holder, made)
        sha256 = hashlib.sha256(made).hexdigest()
        row = {"ticket": holder.sha256, "kiosk_id": holder.kiosk_id, "sha256": sha256}
        values = {**row, "body": sealed, "seal": key, "at": self._clock()}
        await self._desk.write(partial(_keep, values=values))
        return Stored(sha256, len(made))

    async def _sealed(self, holder: Holder, jpeg: bytes) -> tuple[bytes, str]:
        if self._registrar is not None:
            try:
                return await asyncio.to_thread(self._registrar.seal_photo, holder.sha256, jpeg)
            except CannotOpen:
                pass
        raise Refused("registrar", "the office's registrar is away: again in a moment", 30)


def check(conn: Connection, text: str, now: int) -> Holder:
    """Raises Refused `ticket` or `too_many`."""
    try:
        found = tickets.read(text)
    except MalformedMessage:
        raise Refused("ticket", "this is no ticket: scan the code once more") from None
    ticket, wanted = found.ticket, tickets.to_sign(found.ticket)
    for row in _keys(conn, ticket.kiosk):
        if _signed(row.public, found.signature, wanted):
            break
    else:
        raise Refused("ticket", "this ticket is not of one of our kiosks")
    if ticket.expires + SKEW_MS < now:
        raise Refused("ticket", "the ticket is over: ask for a new one at the kiosk")
    sha256 = ticket_sha256(text)
    _check_count(conn, sha256)
    return Holder(row.kiosk_id, sha256)


def remake(data: bytes) -> bytes:
    """A JPEG with the pixels of `data` and nothing else. Raises Refused `type`."""
    # -I: neither the folder it stands in nor anybody's environment changes what is imported
    command = [sys.executable, "-I", str(CHILD), str(MOST_PHOTO)]
    try:
        ended = subprocess.run(
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=CHILD_S,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise Refused("busy", "the office is too busy for pictures: again later", 60) from None
    if ended.returncode or not ended.stdout.startswith(b"\xff\xd8\xff"):
        raise Refused("type", "a JPEG, PNG or WebP picture of at most 50 million pixels")
    return ended.stdout


def _keys(conn: Connection, name: str) -> list[Any]:
    """Of a kiosk that belongs to us; those it had before signed no ticket that is still open."""
    query = select(record_key.c.public, record_key.c.kiosk_id)
    query = query.join(kiosk, kiosk.c.id == record_key.c.kiosk_id)
    query = query.join(identity, identity.c.kiosk_id == kiosk.c.id)
    mine = (kiosk.c.name == name, record_key.c.ended_at.is_(None), identity.c.state == "active")
    return [*conn.execute(query.where(*mine))]


def _signed(public: str, signature: bytes, wanted: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(b64decode(public)).verify(signature, wanted)
    except (InvalidSignature, ValueError):
        return False
    return True


def _check_count(conn: Connection, ticket: str) -> None:
    count = conn.scalar(select(func.count()).select_from(photo).where(photo.c.ticket == ticket))
    if (count or 0) >= MOST_PHOTOS:
        raise Refused("too_many", f"{MOST_PHOTOS} pictures came by this ticket: that is all")


def _keep(conn: Connection, values: dict[str, Any]) -> None:
    """The same picture again changes nothing. Raises Refused `too_many`."""
    same = (photo.c.ticket == values["ticket"], photo.c.sha256 == values["sha256"])
    if conn.scalar(select(photo.c.id).where(*same)) is None:
        _check_count(conn, values["ticket"])
        conn.execute(insert(photo).values(**values))
