"""People's keys for agreeing: the public halves. In force once the roots signed a policy with them.

Private halves never come here.
"""

from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, func, select, update

from controller import policies
from controller.deeds import Doer
from controller.jobs.refused import Lacks, Refused
from controller.people import audit
from controller.store.command_tables import operator_key
from controller.store.engine import insert_new
from controller.store.people_tables import account
from controller.words import is_text
from wire.envelope import key_id, raw, text_of
from wire.errors import MalformedMessage

POWER: Final = "command.agree"
MOST_LABEL: Final = 80
MOST_KEYS: Final = 10  # of one person, ended ones not counted
_P: Final = 2**255 - 19
# Points of small order: a signature for them holds for anything, by anybody.
_WEAK_Y: Final = frozenset(
    {
        0,
        1,
        _P - 1,
        2707385501144840649318225287225658788936804267575313519463743609750303021427,
        55188659117513257062467267217118295137698188065244968500265048394206261417927,
        _P,
        _P + 1,
    }
)


class KeyRow(NamedTuple):
    """`in_force`: version of the newest policy if it holds the key, 0: waits for the ceremony."""

    key_id: str
    login: str
    name: str
    label: str
    public: str
    made_at: int
    ended_at: int | None
    in_force: int


def add(conn: Connection, by: Doer, public: str, label: str, now: int) -> str:
    """The key's id; again is no harm. `public`: 32 bytes, base64. Raises Refused (`key`), Lacks.

    Inside a `writing` transaction, last in it.
    """
    if not by.person.may(POWER):
        raise Lacks(POWER)
    label, number = label.strip(), key_id(_checked(public))
    if not 0 < len(label) <= MOST_LABEL or not is_text(label):
        raise Refused("key", f"say in 1 to {MOST_LABEL} characters on which machine the key is")
    ours = operator_key.c.account_id == by.person.account
    alive = select(func.count()).select_from(operator_key).where(ours)
    if (conn.scalar(alive.where(operator_key.c.ended_at.is_(None))) or 0) >= MOST_KEYS:
        raise Refused("key", f"{MOST_KEYS} keys are enough: end one first")
    values = {"key_id": number, "account_id": by.person.account, "public": public}
    new = insert_new(conn, operator_key).values(**values, label=label, made_at=now)
    if conn.scalar(new.returning(operator_key.c.key_id)) is None:
        known = conn.execute(select(operator_key).where(operator_key.c.key_id == number)).one()
        if known.account_id != by.person.account or known.ended_at is not None:
            raise Refused("key", "this key was given to the office before: make a new one")
        return number
    _write_down(conn, by, "key.add", number, now, label=label)
    return number


def mine(conn: Connection, account_id: int) -> list[KeyRow]:
    """Oldest first."""
    return _read(conn, _rows().where(operator_key.c.account_id == account_id))


def every(conn: Connection) -> list[KeyRow]:
    """Of everybody, ended ones too, by login."""
    return _read(conn, _rows())


def end(conn: Connection, by: Doer, number: str, now: int) -> None:
    """Their own key; it stays in force until the next ceremony. Raises Refused (`unknown`)."""
    ours = (operator_key.c.key_id == number, operator_key.c.account_id == by.person.account)
    still = operator_key.c.ended_at.is_(None)
    done = conn.execute(update(operator_key).where(*ours, still).values(ended_at=now))
    if done.rowcount != 1:
        raise Refused("unknown", "you have no such key, or it was ended before")
    _write_down(conn, by, "key.end", number, now)


def _checked(public: str) -> bytes:
    try:
        found = raw(public)
    except MalformedMessage:
        found = b""
    if len(found) != 32 or text_of(found) != public:
        raise Refused("key", "a public key is 32 bytes in base64")
    if int.from_bytes(found, "little") & (2**255 - 1) in _WEAK_Y:
        raise Refused("key", "this is no key: anybody could sign for it")
    return found


def _rows() -> Select[Any]:
    own = [operator_key.c[name] for name in KeyRow._fields if name in operator_key.c]
    query = select(*own, account.c.login, account.c.name)
    query = query.join_from(operator_key, account, account.c.id == operator_key.c.account_id)
    return query.order_by(account.c.login, operator_key.c.made_at, operator_key.c.key_id)


def _read(conn: Connection, query: Select[Any]) -> list[KeyRow]:
    found = policies.newest(conn)
    held = {} if found is None else {(k.public, k.who) for k in found.policy.keys}
    version = 0 if found is None else found.policy.version
    return [
        KeyRow(**row._asdict(), in_force=version if (row.public, row.login) in held else 0)
        for row in conn.execute(query)
    ]


def _write_down(
    conn: Connection, by: Doer, what: str, number: str, now: int, **detail: str
) -> None:
    entry = audit.Entry(by.person.login, what, f"key {number}", "", by.address, detail)
    audit.append(conn, entry, now)
