"""What is printed: templates of clerks, and file numbers. Closed: nothing of Python is reachable.

    Nomor {{ nomor }}, {{ dibuat|tanggal }}
    {% if isian.jumlah > 1 %}...{% elif ... %}...{% else %}...{% endif %}
    {% for s in syarat %}- {{ s.nama }}
    {% endfor %}

A path goes through mappings by their keys and through nothing else. Conditions are those of
wire/service/expression.py with paths as names. Filters: tanggal, rupiah, terbilang, samar, besar.
What has no value prints nothing, a truth "ya" or "tidak". What is put in loses its control
characters: a receipt printer obeys them. The outcome is plain text; who makes a page of it escapes
it. What a template may name is in printed.py.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Union

from wire.service import text as texts
from wire.service.days import Date
from wire.service.expression import Expression, Value, evaluate, names
from wire.service.filters import FILTERS
from wire.service.template_grammar import Body, For, If, Put, TemplateError, body, wrong

__all__ = ["MOST_NUMBER", "Datum", "TemplateError", "file_number", "paths", "render", "series"]

Datum = Union[str, int, bool, None, "Mapping[str, Datum]", "Sequence[Datum]"]
MOST_OUTPUT: Final = 20_000  # characters
MOST_NUMBER: Final = 80  # characters of a file number
MOST_ROUNDS: Final = 2_000  # of all loops together
COUNT: Final = "{urut}"  # of a series, where its numbers differ
_PLACEHOLDER: Final = re.compile(r"\{([a-z]+)(?::([1-9]))?\}")


def paths(text: str) -> frozenset[str]:
    """Those it prints or asks for, without what its loops name. Raises TemplateError."""
    return frozenset(_paths(body(text), frozenset()))


def render(text: str, data: Mapping[str, Datum], today: Date) -> str:
    """Raises TemplateError when it is none, or would print more than MOST_OUTPUT."""
    return _Printing(today).whole(body(text), data)


def file_number(pattern: str, *, code: str, place: str, day: Date, serial: int) -> str:
    """As in {kec}/{kode}/{tahun}/{urut:4} -> 32.73.05/KEC-SKTM-01/2026/0007.

    Names: kode, kec (the first three parts of `place`), tempat, tahun, bulan, hari, urut (with the
    least number of digits behind a colon). Raises TemplateError.
    """
    return _filled(pattern, _known(code, place, day) | {"urut": serial})


def series(pattern: str, *, code: str, place: str, day: Date) -> str:
    """All of a file number but its count, which stays `{urut}`: what counts on together.

    So a count starts again with whatever the pattern names besides: with {tahun} each year, with
    {kec} in each district. Raises TemplateError.
    """
    return _filled(pattern, _known(code, place, day) | {"urut": COUNT})


def _known(code: str, place: str, day: Date) -> dict[str, str | int]:
    return {
        "kode": code,
        "kec": ".".join(place.split(".")[:3]),
        "tempat": place,
        "tahun": day.year,
        "bulan": day.month,
        "hari": day.day,
    }


def _filled(pattern: str, known: Mapping[str, str | int]) -> str:
    def fill(found: re.Match[str]) -> str:
        value = known.get(found[1])
        if value is None:
            raise wrong(found.start(), f"{found[0]} tidak dikenal. Yang ada: {', '.join(known)}.",
                        f"{found[0]} is unknown. There are: {', '.join(known)}.")  # fmt: skip
        least = int(found[2] or (2 if found[1] in ("bulan", "hari") else 1))
        return f"{value:0{least}}" if isinstance(value, int) else value

    filled = _PLACEHOLDER.sub(fill, pattern)
    if "{" in _PLACEHOLDER.sub("", pattern) or "}" in _PLACEHOLDER.sub("", pattern):
        raise wrong(0, "Kurung kurawal hanya untuk nama, seperti {urut:4}.",
                    "Braces are only for names, as in {urut:4}.")  # fmt: skip
    return filled


def _paths(parts: Body, own: frozenset[str]) -> Iterator[str]:
    for part in parts:
        match part:
            case Put(path, _):
                yield from _outer({path}, own)
            case If(branches):
                for condition, inner in branches:
                    yield from _outer(names(condition) if condition else (), own)
                    yield from _paths(inner, own)
            case For(name, path, inner):
                yield from _outer({path}, own)
                yield from _paths(inner, own | {name})


def _outer(found: "frozenset[str] | set[str] | tuple[()]", own: frozenset[str]) -> Iterator[str]:
    return (path for path in found if path.split(".", 1)[0] not in own)


class _Printing:
    """One rendering. Counts what it prints and how often it goes round: both have an end."""

    def __init__(self, today: Date) -> None:
        self._today = today
        self._size = 0
        self._rounds = 0

    def whole(self, parts: Body, data: Mapping[str, Datum]) -> str:
        return "".join(self._body(parts, data))

    def _body(self, parts: Body, data: Mapping[str, Datum]) -> Iterator[str]:
        for part in parts:
            match part:
                case str():
                    yield self._counted(part)
                case Put(path, filters):
                    yield self._counted(_written(_at(data, path), filters))
                case If(branches):
                    yield from self._branch(branches, data)
                case For(name, path, inner):
                    yield from self._loop(name, _at(data, path), inner, data)

    def _branch(
        self, branches: tuple[tuple[Expression | None, Body], ...], data: Mapping[str, Datum]
    ) -> Iterator[str]:
        for condition, inner in branches:
            if condition is None or self._holds(condition, data):
                yield from self._body(inner, data)
                return

    def _loop(
        self, name: str, several: Datum, inner: Body, data: Mapping[str, Datum]
    ) -> Iterator[str]:
        if not isinstance(several, Sequence) or isinstance(several, str):
            return
        for one in several:
            self._rounds += 1
            if self._rounds > MOST_ROUNDS:
                raise _too_much()
            yield from self._body(inner, {**data, name: one})

    def _holds(self, condition: Expression, data: Mapping[str, Datum]) -> bool:
        found = {name: _as_value(_at(data, name)) for name in names(condition)}
        held = {name: value for name, value in found.items() if value is not None}
        return bool(evaluate(condition, held, self._today))

    def _counted(self, piece: str) -> str:
        self._size += len(piece)
        if self._size > MOST_OUTPUT:
            raise _too_much()
        return piece


def _at(data: Mapping[str, Datum], path: str) -> Datum:
    found: Datum = data
    for key in path.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _written(value: Datum, filters: tuple[str, ...]) -> str:
    if isinstance(value, bool):
        value = "ya" if value else "tidak"
    if isinstance(value, Sequence) and not isinstance(value, str):
        value = ", ".join(str(each) for each in value if isinstance(each, str | int))
    if not isinstance(value, str | int):
        return ""
    for each in filters:
        value = FILTERS[each](value)
    return texts.printable(str(value))


def _as_value(value: Datum) -> Value | None:
    """A list of anything else than texts still is something, to a condition."""
    if isinstance(value, str | int):
        return value
    if isinstance(value, Sequence):
        return tuple(each if isinstance(each, str) else "" for each in value)
    return None


def _too_much() -> TemplateError:
    return wrong(0, "Naskah ini mencetak terlalu banyak.", "This template prints too much.")
