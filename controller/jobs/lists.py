"""Saved lists: kiosks to act on together, as a filter of the list of kiosks or as names.

Whoever may command may save one; only its maker, or who manages people, changes it. A list gives
nobody a power: what is asked of it is resolved in the asker's own districts.
"""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, func, select, update
from sqlalchemy import delete as delete_

from controller.deeds import Doer
from controller.jobs import asked as asked_
from controller.jobs.asked import Asked
from controller.jobs.refused import Lacks, Refused
from controller.people import audit
from controller.people.powers import Scope
from controller.scope import sites_within
from controller.store.command_tables import saved_list
from controller.store.engine import insert_new
from controller.store.slices import slices
from controller.store.tables import kiosk
from controller.words import is_text

POWER: Final = "command.routine"
MOST_NAME: Final = 80
MOST_LISTS: Final = 500


class SavedList(NamedTuple):
    id: int
    name: str
    asked: Asked
    made_by: str
    made_at: int


def every(conn: Connection, scope: Scope) -> list[SavedList]:
    """By name. Of listed kiosks those in the scope; a list that holds none of them is not told."""
    rows = conn.execute(select(saved_list).order_by(saved_list.c.name))
    found = [_list(row) for row in rows]
    if scope.everywhere:
        return found
    theirs = _theirs(conn, scope, {name for one in found for name in one.asked.kiosks})
    told = []
    for one in found:
        names = tuple(name for name in one.asked.kiosks if name in theirs)
        if names or one.asked.query:
            told.append(one._replace(asked=one.asked._replace(kiosks=names)))
    return told


def _theirs(conn: Connection, scope: Scope, names: Iterable[str]) -> set[str]:
    """Those of these kiosks that lie in the scope."""
    within = sites_within(scope, kiosk.c.site_code)
    return {
        name
        for some in slices(sorted(names))
        for name in conn.scalars(select(kiosk.c.name).where(kiosk.c.name.in_(some), *within))
    }


def save(conn: Connection, by: Doer, name: str, asked: Asked, now: int) -> int:
    """Raises Refused (`asked`, `unknown`, `state`: the name is taken), Lacks, BadQuestion, Outside.

    Inside a `writing` transaction, last in it.
    """
    name = _named(name)
    if asked.saved:
        raise Refused("asked", "a list holds names or a filter, no other list")
    scope = by.person.scope(POWER)
    if not scope.districts:
        raise Lacks(POWER)
    asked_.resolve(conn, scope, asked)
    if (conn.scalar(select(func.count()).select_from(saved_list)) or 0) >= MOST_LISTS:
        raise Refused("state", f"{MOST_LISTS} lists are enough: delete one first")
    values = {"name": name, "made_by": by.person.login, "made_at": now}
    new = insert_new(conn, saved_list).values(**values, asked=asked_.to_json(asked))
    made = conn.scalar(new.returning(saved_list.c.id))
    if made is None:
        raise Refused("state", f"there is a list {name!r} already")
    _write_down(conn, by, "list.save", name, now)
    return int(made)


def rename(conn: Connection, by: Doer, list_id: int, name: str, now: int) -> None:
    """Raises Refused (`unknown`, `state`: the name is taken) and Lacks."""
    found, name = _own(conn, by, list_id), _named(name)
    same = select(saved_list.c.id).where(saved_list.c.name == name, saved_list.c.id != list_id)
    if conn.scalar(same) is not None:
        raise Refused("state", f"there is a list {name!r} already")
    conn.execute(update(saved_list).where(saved_list.c.id == list_id).values(name=name))
    _write_down(conn, by, "list.rename", name, now, was=found.name)


def delete(conn: Connection, by: Doer, list_id: int, now: int) -> None:
    """Raises Refused (`unknown`) and Lacks."""
    found = _own(conn, by, list_id)
    conn.execute(delete_(saved_list).where(saved_list.c.id == list_id))
    _write_down(conn, by, "list.delete", found.name, now)


def _own(conn: Connection, by: Doer, list_id: int) -> SavedList:
    row = conn.execute(select(saved_list).where(saved_list.c.id == list_id)).one_or_none()
    if row is None:
        raise Refused("unknown", f"there is no saved list {list_id}")
    if row.made_by != by.person.login and not by.person.may("people.manage"):
        raise Refused("power", f"this list is {row.made_by}'s: only who made it may change it")
    return _list(row)


def _named(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= MOST_NAME or not is_text(name):
        raise Refused("asked", f"the name of a list has 1 to {MOST_NAME} characters")
    return name


def _list(row: Any) -> SavedList:
    return SavedList(row.id, row.name, asked_.of_json(row.asked), row.made_by, row.made_at)


def _write_down(conn: Connection, by: Doer, what: str, name: str, now: int, **detail: str) -> None:
    entry = audit.Entry(by.person.login, what, f"list {name}", "", by.address, detail)
    audit.append(conn, entry, now)
