"""Takes in what comes by no kiosk: a complaint that another program hands over for a citizen.

The registrar itself makes the record, seals it to its own key and signs it with the key by which
it acknowledges; then it is judged like every other, in the same transaction: what is answered with
a number is a submission. Believes nobody about a right: who asks is an account's number, and its
power is read from the database. Keeps nothing in clear.
"""

import hashlib
import os
from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import Connection, insert, select, update

from controller.inbox.known import read_calendar
from controller.people.audit import Entry, append
from controller.people.powers import Person, holds
from controller.registrar.brake import Brake
from controller.registrar.clerk import Clerk
from controller.registrar.client import CannotOpen
from controller.registrar.judge import Refusal
from controller.registrar.keys import KeyRing
from controller.registrar.opener import person_of
from controller.registrar.protocol import CHANNEL, HandIn, tail_of
from controller.store.citizen_tables import record, tenant
from wire.service import days, receipt
from wire.service.tenant import Category, Tenant
from wire.submission import Contact, Content, Head, canonical, info, pad, to_sign, write

POWER: Final = "open311.use"
MOST_AN_HOUR: Final = 2_000  # by one account: what a stolen key can flood the inbox with


class Taken(NamedTuple):
    """Its receipt number, and the agency that has to act first."""

    number: str
    agency: str


class Channel:
    """`wall` gives milliseconds since 1970. For many threads."""

    def __init__(self, clerk: Clerk, wall: Callable[[], int], brake: Brake | None = None) -> None:
        self._clerk, self._wall = clerk, wall
        self._brake = brake or Brake(MOST_AN_HOUR, "complaints")

    def take(self, ask: HandIn) -> Taken:
        """Raises CannotOpen (`denied`, `unknown`), SQLAlchemyError. Nothing is kept then."""
        taken: list[Taken] = []

        def arrive(conn: Connection, ring: KeyRing) -> int:
            row, made = self._arrive(conn, ring, ask)
            taken.append(made)
            return row

        try:
            self._clerk.take(arrive)
        except Refusal as error:
            raise CannotOpen("unknown", f"it cannot be taken: {error}") from None
        return taken[0]

    def _arrive(self, conn: Connection, ring: KeyRing, ask: HandIn) -> tuple[int, Taken]:
        who = person_of(conn, ask.account)
        if who is None or not who.may(POWER, ask.place):
            raise CannotOpen("denied", "this account hands nothing in there: ask an administrator")
        self._brake.check(ask.account, self._wall())
        government, category = _known(conn, ask)
        now, uid = self._wall(), os.urandom(16).hex()
        values = {
            "sha256": os.urandom(32).hex(),
            "body": b"",
            "size": 0,
            "uid": uid,
        }
        values |= {"state": "arrived", "state_at": now, "arrived_at": now}
        made = conn.execute(insert(record).values(**values))
        (row,) = made.inserted_primary_key or (0,)
        offset = read_calendar(conn, ask.tenant).offset_min
        number = receipt.number(CHANNEL, int(row), days.from_millis(now, offset))
        body = _body(ring, ask, government, uid=uid, number=number, now=now)
        written = {"body": body, "size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        conn.execute(update(record).where(record.c.id == row).values(**written))
        _tell(conn, who, ask, number, now)
        return int(row), Taken(number, category.agency)


def _body(
    ring: KeyRing, ask: HandIn, government: Tenant, *, uid: str, number: str, now: int
) -> bytes:
    content = _content(ask, uid, number)
    head = Head(
        kiosk=CHANNEL,
        id=uid,
        number=number,
        kind="complain",
        service=government.complaint,
        revision=1,
        tenant=ask.tenant,
        site=ask.tenant,
        place=ask.place,
        category=ask.category,
        made_at=now,
        clock="sure",
        seal=ring.newest(now).id,
        key=ring.signs,
        sha256="0" * 64,
    )
    sealed, _ = ring.seal(pad(canonical(content)), info(head), now)
    head = msgspec.structs.replace(head, sha256=hashlib.sha256(sealed).hexdigest())
    return write(head, ring.ack.sign(to_sign(canonical(head))), sealed)


def _known(conn: Connection, ask: HandIn) -> tuple[Tenant, Category]:
    """Raises CannotOpen."""
    document = conn.scalar(select(tenant.c.document).where(tenant.c.code == ask.tenant))
    if document is None or not holds(ask.tenant, ask.place):
        raise CannotOpen("unknown", "there is no such government, or the place is not its own")
    government = msgspec.convert(document, Tenant)
    for one in government.categories:
        if one.code == ask.category:
            return government, one
    raise CannotOpen("unknown", f"{ask.tenant} has no category {ask.category}")


def _content(ask: HandIn, uid: str, number: str) -> Content:
    fields: dict[str, str | bool | int | tuple[str, ...]] = {"class": ask.class_, "text": ask.text}
    if ask.where:
        fields["where"] = ask.where
    if ask.email:
        fields["email"] = ask.email
    named = bool(ask.name or ask.phone or ask.email)
    return Content(
        id=uid,
        number=number,
        language="id",
        fields=fields,
        contact=Contact(
            name=ask.name, phone=ask.phone, anonymity="named" if named else "anonymous"
        ),
        tail=tail_of(ask.phone),
        point=ask.point,
    )


def _tell(conn: Connection, who: Person, ask: HandIn, number: str, now: int) -> None:
    detail = {"category": ask.category}
    append(conn, Entry(who.login, "open311.take", number, ask.place, "", detail), now)
