"""What citizens handed in, as kiosks bring it: the very bytes are stored, nobody here judges them.

Owns the arrival of rows in `record` and the writing of `record_key`. The same bytes again are the
same row and get the same answer, so a kiosk that missed it simply asks or sends once more. The
registrar is asked to judge at once; when it is away, the record has arrived and waits.
"""

import asyncio
import hashlib
import re
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, and_, func, insert, select, update
from starlette.requests import Request
from starlette.responses import Response

from controller.door.allowance import RECORD_RATE, RECORDS
from controller.door.bulk import Bulk
from controller.door.desk import Desk
from controller.door.refusals import Refused, json
from controller.people.audit import Entry, append
from controller.registrar.client import CannotOpen, Registrar
from controller.store.citizen_tables import record, record_key
from controller.store.engine import insert_new
from controller.store.tables import kiosk
from wire.citizen import RecordKey
from wire.envelope import Hex32
from wire.submission import MOST_RECORD, Acks, Signed, key_id

MOST_ASKED: Final = 100
MOST_KEYS: Final = 100  # of one kiosk, ever: a portal has a new one when its disk is new
_OF: Final = re.compile(rb"of=([0-9a-f]{32}(?:,[0-9a-f]{32}){0,99})")


class _Named(msgspec.Struct):
    """All that the door reads of a record: by what name its kiosk will ask for it."""

    id: Hex32


class Kept(NamedTuple):
    """A row of `record`, its SHA-256 and the answer it has had already."""

    id: int
    sha256: str
    ack: Signed | None


class Records:
    """`clock` gives milliseconds since 1970; `registrar` None: none is there to be asked.

    `wait_s` is how long a kiosk is kept on the line for the registrar's judgement.
    """

    def __init__(
        self,
        desk: Desk,
        bulk: Bulk,
        registrar: Registrar | None,
        clock: Callable[[], int],
        wait_s: float,
    ) -> None:
        self._desk, self._bulk, self._registrar, self._clock = desk, bulk, registrar, clock
        self._wait_s = wait_s
        self._judging = ThreadPoolExecutor(4, "door-judged")

    def close(self) -> None:
        self._judging.shutdown(wait=False, cancel_futures=True)

    async def hand_in(self, request: Request) -> Response:
        """POST a record -> Acks with one ack, or with its hash as stored."""
        caller, body = await self._bulk.whole(request, MOST_RECORD, RECORDS, RECORD_RATE)
        now = self._clock()
        kept = await self._desk.write(lambda conn: keep(conn, caller.kiosk, body, now))
        # Who brings it once more may not have believed the answer: its key may be gone since.
        ack = await self._judged(kept.id) or kept.ack
        return json(Acks(stored=(kept.sha256,)) if ack is None else Acks(acks=(ack,)))

    async def ask(self, request: Request) -> Response:
        """GET ?of=ID,ID... -> Acks of those of this kiosk's records that are here."""
        caller = await self._bulk.caller(request, RECORD_RATE)
        asked = _OF.fullmatch(request.scope["query_string"])
        if asked is None:
            raise Refused("malformed", f"this path takes ?of= and up to {MOST_ASKED} names")
        names = asked[1].decode().split(",")
        return json(await self._desk.read(lambda conn: answers(conn, caller.kiosk, names)))

    async def key(self, request: Request) -> Response:
        """POST RecordKey -> 204."""
        caller = await self._bulk.caller(request)
        public = _public(await request.body())
        now = self._clock()
        await self._desk.write(lambda conn: keep_key(conn, caller.kiosk, public, now))
        return Response(status_code=204, headers={"cache-control": "no-store"})

    async def _judged(self, number: int) -> Signed | None:
        """None when the registrar is away or slow: its answer comes later."""
        registrar = self._registrar
        if registrar is None:
            return None
        loop = asyncio.get_running_loop()
        asked = loop.run_in_executor(self._judging, registrar.judge, number)
        try:
            return await asyncio.wait_for(asked, self._wait_s)
        except (CannotOpen, TimeoutError):
            return None


def keep(conn: Connection, name: str, body: bytes, now: int) -> Kept:
    """Inside a `writing` transaction."""
    sha256 = hashlib.sha256(body).hexdigest()
    kiosk_id = conn.scalar(select(kiosk.c.id).where(kiosk.c.name == name))
    values = {"kiosk_id": kiosk_id, "sha256": sha256, "body": body, "size": len(body)}
    told = {"state": "arrived", "state_at": now, "arrived_at": now, "uid": _uid(body)}
    conn.execute(insert_new(conn, record).values(**values, **told))
    same = and_(record.c.kiosk_id == kiosk_id, record.c.sha256 == sha256)
    row = conn.execute(select(record.c.id, record.c.ack).where(same)).one()
    return Kept(row.id, sha256, _ack(row.ack))


def answers(conn: Connection, name: str, names: Sequence[str]) -> Acks:
    query = select(record.c.sha256, record.c.ack).join(kiosk, kiosk.c.id == record.c.kiosk_id)
    rows = conn.execute(query.where(kiosk.c.name == name, record.c.uid.in_(names))).all()
    acks = [_ack(row.ack) for row in rows]
    waiting = tuple(row.sha256 for row in rows if row.ack is None)
    return Acks(acks=tuple(one for one in acks if one is not None), stored=waiting)


def keep_key(conn: Connection, name: str, public: str, now: int) -> None:
    """From now on this is the one of this kiosk. Raises Refused `record_key`."""
    query = select(kiosk.c.id, kiosk.c.site_code).where(kiosk.c.name == name)
    mine = conn.execute(query).one()
    key = key_id(b64decode(public))
    theirs: Any = record_key.c.kiosk_id == mine.id
    rows = conn.execute(
        select(record_key.c.kiosk_id, record_key.c.ended_at).where(record_key.c.key_id == key)
    )
    there = {row.kiosk_id: row.ended_at for row in rows}
    if mine.id in there and there[mine.id] is None:
        return
    if there.keys() - {mine.id}:
        raise Refused("record_key", "another kiosk has this key: its disk was copied, wipe it")
    count = conn.scalar(select(func.count()).select_from(record_key).where(theirs)) or 0
    if count >= MOST_KEYS:
        raise Refused("record_key", f"this kiosk had {MOST_KEYS} keys before: ask what it does")
    conn.execute(
        update(record_key).where(theirs, record_key.c.ended_at.is_(None)).values(ended_at=now)
    )
    if mine.id in there:
        conn.execute(
            update(record_key).where(theirs, record_key.c.key_id == key).values(ended_at=None)
        )
    else:
        values = {"kiosk_id": mine.id, "key_id": key, "public": public, "first_at": now}
        conn.execute(insert(record_key).values(**values))
    append(conn, Entry("door", "record_key.new", name, mine.site_code, detail={"key": key}), now)


def _uid(body: bytes) -> str | None:
    try:
        return msgspec.json.decode(body[:8_192].partition(b"\n")[0], type=_Named).id
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _ack(stored: Any) -> Signed | None:
    return None if stored is None else msgspec.convert(stored, Signed)


def _public(body: bytes) -> str:
    """32 bytes in base64. Raises Refused `malformed`."""
    try:
        said = msgspec.json.decode(body, type=RecordKey).public
        if len(b64decode(said, validate=True)) == 32:
            return said
    except (msgspec.MsgspecError, NoBase64, ValueError, RecursionError):
        pass
    raise Refused("malformed", "not the JSON of RecordKey: 32 bytes of Ed25519 in base64")
