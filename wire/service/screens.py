"""Which questions share a screen of a kiosk. Pure.

Owns the fewest screens: pages of a pack that follow one another stand on one screen as long as an
upright one has room for them. It is decided from the pack alone, never from answers, so that no
question moves while somebody fills in. A page that is asked because of an answer begins a new
screen when that answer would be given on the same one: no screen grows under a finger. A picture
that nobody must take has no place here: it is offered where everything is read once more.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from wire.service.document import Field, Service
from wire.service.expression import ExpressionError, names, parse

ROOM: Final = 106
"""Of an upright screen between its heading and its button, in hundredths of the screen's width."""

_HINT, _GAP, _OPTION, _LABEL = 4, 3, 9, 5
_SIDE_BY_SIDE: Final = 4  # more options than these stand in two columns
FEW_LETTERS: Final = 300  # of a long text, as of an address: three lines are enough to write it in
_TALL: Final = {"long_text": 29, "village": 46, "date": 15, "yes_no": 12, "note": 9}
_USUAL, _SHORT = 12, 15


def offered(field: Field) -> bool:
    """Whether it is a picture that may be added and need not."""
    return field.kind == "photo" and not field.required


def is_short(field: Field) -> bool:
    """Whether a long text is a short one, and its field is drawn so."""
    return field.most is not None and field.most <= FEW_LETTERS


def screens(service: Service) -> tuple[tuple[Field, ...], ...]:
    """All fields but those `offered`, in the order of the pack, as they stand together."""
    found: list[list[Field]] = []
    for page in _pages(service):
        if found and _fits(found[-1], page):
            found[-1] += page
        else:
            found.append(page)
    return tuple(map(tuple, found))


def height(fields: Iterable[Field]) -> int:
    """What they take of ROOM."""
    return sum(_height(field) for field in fields)


def _pages(service: Service) -> Iterable[list[Field]]:
    together: dict[str, list[Field]] = {}
    for field in service.fields:
        if not offered(field):
            together.setdefault(field.page or field.name, []).append(field)
    return together.values()


def _fits(there: list[Field], page: list[Field]) -> bool:
    if {field.name for field in there} & set(_wanted(page)):
        return False
    only_notes = all(field.kind == "note" for field in there)
    return only_notes or height(there) + height(page) <= ROOM


def _wanted(page: list[Field]) -> Iterator[str]:
    """The answers on which it depends whether the questions of a page are asked."""
    for field in page:
        try:
            yield from names(parse(field.when)) if field.when.strip() else ()
        except ExpressionError:
            continue  # asks nothing, and check.py says so


def _height(field: Field) -> int:
    return _tall(field) + _GAP + (_HINT if field.hint else 0)


def _tall(field: Field) -> int:
    if field.kind in ("choice", "choices"):
        count = len(field.options)
        rows = count if count <= _SIDE_BY_SIDE else (count + 1) // 2
        return _LABEL + _OPTION * rows
    if field.kind == "long_text" and is_short(field):
        return _SHORT
    return _TALL.get(field.kind, _USUAL)
