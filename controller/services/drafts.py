"""The life of a service pack in the office's books: written, reviewed by another person, approved.

Every move is an update that depends on the state it leaves (wire/lifecycle.py PACK) and, where a
document changes, on the version its writer has seen: of two who edit one, the second is told. What
is sent to review makes sense; who approves it did not write it. Publishing is publish.py's. Powers
are asked by who calls: `service.edit`, `service.review`.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, func, select, update

from controller import changes
from controller.jobs.refused import Refused
from controller.people import audit
from controller.people.audit import By
from controller.services import beside, read, tenants
from controller.services.examine import normal
from controller.services.plain import is_plain
from controller.services.shapes import OPEN, Pack
from controller.store.citizen_tables import pack as table
from controller.store.engine import insert_new
from controller.words import is_text
from wire.lifecycle import PACK, move
from wire.service.document import MOST
from wire.submission import Code

MOST_WHY: Final = 500


def begin(
    conn: Connection, document: Mapping[str, Any], by: By, now: int, *, anew: bool = False
) -> Pack:
    """A draft of this document: of a new service, or the next revision of a known one.

    `anew`: refused when the service is there already. Raises Refused (`tenant`, `code`, `exists`,
    `state`: somebody writes one already). Inside a `writing` transaction, last in it.
    """
    tenant, code = str(document.get("tenant", "")), str(document.get("code", ""))
    _check_plain(document)
    if tenants.find(conn, tenant) is None:
        raise Refused("tenant", f"this office does not know a tenant {tenant[:16]!r}")
    if not _is_code(code):
        raise Refused("code", "a code has capital letters and digits, such as KEC-SKTM-01")
    same = (table.c.tenant == tenant, table.c.code == code)
    highest = conn.scalar(select(func.max(table.c.revision)).where(*same)) or 0
    if anew and highest:
        raise Refused("exists", f"there is a service {code} already: open that one")
    body = _sized({**document, "revision": highest + 1})
    values: dict[str, Any] = {"tenant": tenant, "code": code, "revision": highest + 1}
    values |= {"state": "draft", "state_at": now, "version": 1, "document": body}
    values |= {"made_by": by.who, "made_at": now, "why": ""}
    new = insert_new(conn, table).values(**values).returning(table.c.id)
    number = conn.scalar(new)
    if number is None:
        raise Refused("state", f"somebody writes a revision of {code} already: open that one")
    made = read.find(conn, number)
    write_down(conn, "service.begin", made, by, now)
    return made


def save(  # noqa: PLR0917 - what, and at the end by whom and when, as everywhere here
    conn: Connection, pack_id: int, version: int, document: Mapping[str, Any], by: By, now: int
) -> Pack:
    """The draft says this now. Tenant, code and revision stay what they are.

    Raises Refused (`unknown`, `state`, `version`: somebody saved meanwhile, `too_large`).
    """
    _check_plain(document)
    one = _in(conn, pack_id, "draft")
    kept = {"tenant": one.tenant, "code": one.code, "revision": one.revision}
    body = _sized({**document, **kept})
    values = {"document": body, "version": version + 1, "made_by": by.who, "made_at": now}
    seen = (table.c.id == pack_id, table.c.state == "draft", table.c.version == version)
    if not conn.execute(update(table).where(*seen).values(**values)).rowcount:
        raise Refused(
            "version", f"{one.made_by} saved it meanwhile: open it again and look at what is new"
        )
    changes.record(conn, "service", None, f"{one.tenant} {one.code}", now)
    return read.find(conn, pack_id)


def replace(conn: Connection, document: Mapping[str, Any], by: By, now: int) -> Pack:
    """What was handed in as a file: into the open draft of its service, or as a new draft.

    Raises Refused as `begin` and `save` do.
    """
    tenant, code = str(document.get("tenant", "")), str(document.get("code", ""))
    _check_plain(document)
    same = (table.c.tenant == tenant, table.c.code == code)
    query = select(table.c.id, table.c.version).where(*same, table.c.state.in_(OPEN))
    row = conn.execute(query).one_or_none()
    if row is None:
        return begin(conn, document, by, now)
    return save(conn, row.id, row.version, document, by, now)


def submit(conn: Connection, pack_id: int, by: By, now: int) -> Pack:
    """To be looked at by another person. Raises Refused (`unsound`: there are complaints)."""
    one = _in(conn, pack_id, "draft")
    found = beside.examined(conn, one.document)
    if not found.sound:
        raise Refused("unsound", f"{len(found.complaints)} things are to be mended first")
    return _move(conn, one, "submit", by, now, submitted_by=by.who, reviewed_by=None, why="")


def approve(conn: Connection, pack_id: int, by: By, now: int) -> Pack:
    """By a second person, when nothing is wrong with it by now.

    Raises Refused (`self`: whoever wrote or submitted it is not that person, `unsound`).
    """
    one = _in(conn, pack_id, "review")
    if by.who in (one.made_by, one.submitted_by):
        raise Refused("self", "another person than who wrote it must approve it")
    found = beside.examined(conn, one.document)
    if not found.sound:
        raise Refused("unsound", f"{one.code}: {found.complaints[0].en} Send it back to be mended.")
    return _move(conn, one, "approve", by, now, reviewed_by=by.who, why="")


def send_back(conn: Connection, pack_id: int, why: str, by: By, now: int) -> Pack:
    """To whoever wrote it, with what is to be changed. Raises Refused (`why`)."""
    why = why.strip()
    if not 0 < len(why) <= MOST_WHY or not is_text(why):
        raise Refused("why", f"say in 1 to {MOST_WHY} characters what is to be changed")
    one = read.find(conn, pack_id, locked=True)
    return _move(conn, one, "return", by, now, why=why)


def drop(conn: Connection, pack_id: int, by: By, now: int) -> Pack:
    """A draft is given up; its revision is never used again."""
    return _move(conn, _in(conn, pack_id, "draft"), "drop", by, now)


def retire(conn: Connection, pack_id: int, by: By, now: int) -> Pack:
    """Offered no more from the next publication on."""
    return _move(conn, _in(conn, pack_id, "published"), "retire", by, now)


def write_down(conn: Connection, what: str, one: Pack, by: By, now: int, **detail: Any) -> None:
    """Last in its transaction: whoever appends to the log waits for others who do."""
    changes.record(conn, "service", None, f"{one.tenant} {one.code}", now)
    told = {"revision": one.revision, **detail}
    entry = audit.Entry(by.who, what, one.code, one.tenant, by.address, told)
    audit.append(conn, entry, now)


def _in(conn: Connection, pack_id: int, state: str) -> Pack:
    one = read.find(conn, pack_id, locked=True)
    if one.state != state:
        raise Refused("state", f"{one.code} revision {one.revision} is {one.state}")
    return one


def _move(conn: Connection, one: Pack, event: str, by: By, now: int, **more: Any) -> Pack:
    """Raises Refused (`state`) when it is not so any more."""
    if (one.state, event) not in PACK:
        raise Refused("state", f"{one.code} revision {one.revision} is {one.state}")
    still = (table.c.id == one.id, table.c.state == one.state)
    values = {"state": move(PACK, one.state, event), "state_at": now, **more}
    if not conn.execute(update(table).where(*still).values(**values)).rowcount:
        raise Refused("state", f"somebody was first: look at {one.code} again")
    moved = read.find(conn, one.id)
    detail = {"why": moved.why} if moved.why else {}
    write_down(conn, f"service.{event}", moved, by, now, **detail)
    return moved


def _check_plain(document: Mapping[str, Any]) -> None:
    """Raises Refused (`unsound`)."""
    if not is_plain(dict(document)):
        raise Refused("unsound", "it holds zero bytes, endless numbers or halves of characters")


def _sized(found: Mapping[str, Any]) -> dict[str, Any]:
    document = normal(found)
    if len(msgspec.json.encode(document)) > MOST:
        raise Refused("too_large", f"a service pack has at most {MOST // 1024} kB")
    return document


def _is_code(text: str) -> bool:
    try:
        msgspec.convert(text, Code)
    except msgspec.ValidationError:
        return False
    return True
