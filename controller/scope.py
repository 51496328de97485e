"""Where somebody may look, as SQL: the one place that turns districts into a filter.

A district is a Kemendagri code and holds itself and all that begins with it and a dot: 32.73 holds
32.73.01, and not 32.730. The filter is a range of codes, no LIKE: a wildcard means nothing in it,
and SQLite finds it by the index. PostgreSQL must be told to compare bytes, because its own
language's order ignores dots.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from controller.people.powers import Scope
from controller.store.base import Bytes
from controller.store.tables import kiosk, site

_BEHIND_ALL = "\U0010ffff"  # no text goes on with it
_BEHIND_DOT = "/"  # the character after "." : codes below `32.73/` and from `32.73.` on are within


class Outside(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """It exists, and whoever asks has nothing to do there. `district` is its site's code."""

    def __init__(self, subject: str, district: str) -> None:
        self.subject = subject
        self.district = district
        super().__init__(f"{subject} is in a district that is not yours")


class Aside(FunctionElement[Any]):
    """A column as it is; SQLite, which does not count what an index holds, finds no row by it."""

    inherit_cache = True


@compiles(Aside)
def _as_it_is(element: Aside, compiler: Any, **kw: Any) -> str:
    return str(compiler.process(element.clauses.clauses[0], **kw))


@compiles(Aside, "sqlite")
def _unindexed(element: Aside, compiler: Any, **kw: Any) -> str:
    return f"+{_as_it_is(element, compiler, **kw)}"


def within(scope: Scope, code: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a column of site codes lies in the scope."""
    if scope.everywhere:
        return true()
    return or_(false(), *(_district(one, code) for one in scope.districts))


def starts(text: ColumnElement[Any], begins: str) -> ColumnElement[bool]:
    """Whether a text begins so."""
    return and_(Bytes(text) >= begins, Bytes(text) < f"{begins}{_BEHIND_ALL}")


def _district(one: str, code: ColumnElement[Any]) -> ColumnElement[bool]:
    """One stretch of the index. Before its own lie codes such as `32.73-1`, which are not its."""
    low, high = Bytes(code) >= one, Bytes(code) < f"{one}{_BEHIND_DOT}"
    return and_(low, high, or_(code == one, Bytes(code) >= f"{one}."))


def sites_within(scope: Scope, kiosk_site: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """Filters, none for everywhere, for a query in which `kiosk` takes part."""
    if scope.everywhere:
        return []
    return [kiosk_site.in_(select(site.c.code).where(within(scope, site.c.code)))]


def kiosks_within(scope: Scope, key: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """Filters, none for everywhere, for a column of kiosks' numbers."""
    if scope.everywhere:
        return []
    return [key.in_(select(kiosk.c.id).where(and_(*sites_within(scope, kiosk.c.site_code))))]


def check_site(scope: Scope, code: str) -> None:
    """Raises Outside for a site somebody named that is not theirs; empty text names none."""
    if code and not scope.holds(code):
        raise Outside(f"site {code[:16]}", code[:16])


def check_kiosk(conn: Connection, scope: Scope, name: str) -> None:
    """Raises Outside for a kiosk somebody named that is not theirs; nobody's name may pass."""
    if not name or scope.everywhere:
        return
    code = conn.scalar(select(kiosk.c.site_code).where(kiosk.c.name == name))
    if code is not None and not scope.holds(code):
        raise Outside(f"kiosk {name}", code)


def places(conn: Connection, numbers: Iterable[int]) -> dict[int, str]:
    """Site codes of these kiosks; one that is gone is not among them."""
    query = select(kiosk.c.id, kiosk.c.site_code).where(kiosk.c.id.in_(list(numbers)))
    return {row[0]: row[1] for row in conn.execute(query)}
