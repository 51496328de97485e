"""How a value is written on paper: the filters of templates, one function each. Pure.

A filter that cannot do anything with what it is given leaves it as it is.
"""

from collections.abc import Callable, Mapping
from typing import Final

from wire.service import days, text

Scalar = str | int

_UNITS: Final = (
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan",
    "sepuluh", "sebelas",
)  # fmt: skip
_SCALES: Final = (
    (10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1000, "ribu"), (100, "ratus"),
    (10, "puluh"),
)  # fmt: skip
_MOST: Final = 10**15


def date(value: Scalar) -> str:
    """2026-11-22 -> 22 November 2026."""
    try:
        return days.spelled(days.parse(str(value)))
    except ValueError:
        return str(value)


def rupiah(value: Scalar) -> str:
    """1500000 -> Rp1.500.000."""
    number = _number(value)
    return str(value) if number is None else "Rp" + f"{number:,}".replace(",", ".")


def in_words(value: Scalar) -> str:
    """1500 -> seribu lima ratus."""
    number = _number(value)
    return str(value) if number is None or number >= _MOST else " ".join(_words(number))


def masked(value: Scalar) -> str:
    """3273••••••••0009."""
    return text.masked(str(value))


def upper(value: Scalar) -> str:
    return str(value).upper()


FILTERS: Final[Mapping[str, Callable[[Scalar], str]]] = {
    "tanggal": date,
    "rupiah": rupiah,
    "terbilang": in_words,
    "samar": masked,
    "besar": upper,
}


def _number(value: Scalar) -> int | None:
    if isinstance(value, int):
        return value if value >= 0 else None
    return int(value) if value.isascii() and value.isdigit() and len(value) < 20 else None


def _words(number: int) -> list[str]:
    if number < len(_UNITS):
        return [_UNITS[number]]
    if number < 20:
        return [_UNITS[number - 10], "belas"]
    size, name = next(row for row in _SCALES if number >= row[0])
    many, rest = divmod(number, size)
    head = [f"se{name}"] if many == 1 and size in (100, 1000) else [*_words(many), name]
    return [*head, *(_words(rest) if rest else [])]
