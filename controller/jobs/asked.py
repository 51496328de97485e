"""Which kiosks somebody means: names, a filter of the list of kiosks, or a saved list.

Resolves within a scope: a filter finds what lies in it, a name outside it is refused. Knows no job.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection

from controller.people.powers import Scope


class Asked(NamedTuple):
    """Exactly one of them. `query` is spelt like the address of the list of kiosks
    (`state=fail&regency=Kota+Bandung&q=coblong`; `all=yes` for every kiosk), `saved` a list's id.
    """

    kiosks: tuple[str, ...] = ()
    query: str = ""
    saved: int = 0


class Target(NamedTuple):
    id: int
    name: str
    partition: int
    site_code: str
    presence: str


def to_json(asked: Asked) -> dict[str, Any]:
    """As it stands in job.asked and saved_list.asked."""
    raise NotImplementedError


def of_json(stored: Mapping[str, Any]) -> Asked:
    raise NotImplementedError


def check(asked: Asked) -> None:
    """Raises Refused (`asked`) unless exactly one is given, BadQuestion for an unknown word."""
    raise NotImplementedError


def resolve(conn: Connection, scope: Scope, asked: Asked) -> list[Target]:
    """By name. Raises Refused (`asked`, `unknown`), BadQuestion, and Outside for another's kiosk.

    Decommissioned kiosks are left out of filters, and refused by name.
    """
    raise NotImplementedError
