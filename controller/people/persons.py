"""The person behind a proof (a session, a token): one query brings account and grants along.

Reads only. An account that was disabled stands behind nothing, whatever proof is shown.
"""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.sql.expression import FromClause

from controller.people.powers import Grant, Person
from controller.store.people_tables import account, grant

_BYTES: Final = 32  # 256 bits: nobody guesses, so a fast hash will do to store it


def new_secret() -> str:
    """43 characters for a URL, a cookie or a header."""
    return secrets.token_urlsafe(_BYTES)


def digest(secret: str) -> str:
    """What is stored of a secret: SHA-256, lower-case hex."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def behind(proof: FromClause, *columns: Any) -> Select[Any]:
    """The proof's `columns`, then the person's: one row for each grant, one if there is none."""
    joined = proof.join(account, account.c.id == proof.c.account_id).outerjoin(grant)
    person = (account.c.id, account.c.login, account.c.name, grant.c.role, grant.c.district)
    return select(*columns, *person).select_from(joined).where(account.c.disabled_at.is_(None))


def person(rows: Sequence[Sequence[Any]]) -> Person:
    """Of the rows of `behind`, at least one."""
    number, login, name = rows[0][-5:-2]
    grants = {Grant(row[-2], row[-1]) for row in rows if row[-2] is not None}
    return Person(number, login, name, tuple(sorted(grants)))
