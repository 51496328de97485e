"""What a citizen typed, for every kind of field: taken and normalised, or refused with one word.

Structure is judged, existence is not: whether there is such a person only their office knows. What
may be right although it looks wrong (the area code of a number of identity: people move, regions
split) is a warning and never refuses. Pure; the same at the kiosk and at the office.

Normalised: text without control and direction characters, spaces folded; numbers as int; dates
YYYY-MM-DD, typed so, or as 22/11/2026, or as day, month and year in three fields; nik, kk, nop,
nib, npwp as digits alone; phone 08...; email with its domain in small letters; choice an option's
value, choices a tuple of them in the order of the pack; yes_no a bool; village its code
32.73.05.1001; photo the SHA-256 of pictures (Content.photos); note nothing.
"""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Final, NamedTuple

from wire.service import days, numbers, sayings, text
from wire.service.days import Date
from wire.service.document import Field, FieldKind, Words
from wire.service.expression import Value
from wire.submission import MOST_PHOTOS

MOST: Final[Mapping[FieldKind, int]] = {
    "text": 120, "long_text": 2_000, "integer": 10**9, "rupiah": 10**12,
}  # fmt: skip
"""The limit of a kind when its field has none of its own: characters, or the largest number."""

_BETWEEN: Final = re.compile(r"[\s.\-/]")  # what people write between digits
_DIGITS: Final = re.compile(r"[0-9]+")
_LATER_DIGIT: Final = re.compile(r"(?<=.)[0-9]")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+|[0-9]{1,16}")
_EMAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}")
_VILLAGE: Final = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_TRUTHS: Final = {
    **dict.fromkeys(("ya", "yes", "true", "1", "on"), True),
    **dict.fromkeys(("tidak", "no", "false", "0", "off"), False),
}
_ENOUGH: Final = 200  # characters of what can only be a number, a choice or an address


class Taken(NamedTuple):
    """`value` None: nothing was typed, or it will not do. `problem` is a code of `says`, "" none.

    `warnings` are codes of `says` too: shown, and the citizen may go on.
    """

    value: Value | None
    problem: str = ""
    warnings: tuple[str, ...] = ()


class _Asked(NamedTuple):
    field: Field
    today: Date
    villages: Container[str] | None
    regions: Container[str] | None

    @property
    def most(self) -> int:
        return self.field.most or MOST[self.field.kind]


def take(
    field: Field,
    typed: Sequence[str],
    today: Date,
    *,
    villages: Container[str] | None = None,
    regions: Container[str] | None = None,
) -> Taken:
    """`typed`: what the form sent under the field's name, [] when nothing.

    `villages`: codes that a village may have, None: any of that shape. `regions`: the first four
    digits of area codes ("3273") that raise no warning, None: all.
    """
    if field.kind == "note":
        return Taken(None)
    asked = _Asked(field, today, villages, regions)
    several = _SEVERAL.get(field.kind)
    found = several([each for each in typed if each], asked) if several else _single(typed, asked)
    if field.required and found.value is None and not found.problem:
        return Taken(None, "required")
    return found


def typed(value: Value | None) -> list[str]:
    """As a form would send it again: `take` of it gives the value back."""
    if value is None:
        return []
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, bool):
        return ["ya" if value else "tidak"]
    return [str(value)]


def mask(kind: FieldKind, value: Value) -> str:
    """For a screen or paper others may see: 3273••••••••0009, and of an amount how large it is."""
    if isinstance(value, bool | tuple) or kind in ("date", "village", "choice", "integer"):
        return "••••"
    if kind == "rupiah" and isinstance(value, int):
        return "Rp " + _LATER_DIGIT.sub("•", f"{value:,}".replace(",", "."))
    return text.masked(str(value))


def says(code: str, field: Field) -> Words:
    """The sentence of a problem or warning, to a citizen. Raises KeyError for an unknown code."""
    if code == "check" and field.check_says:
        return field.check_says
    words = sayings.PROBLEMS.get(code) or sayings.WARNINGS[code]
    most = f"{field.most or MOST.get(field.kind, 0):,}".replace(",", ".")
    return Words(*(each.replace("{most}", most) for each in (words.id, words.su, words.en)))


def _single(typed: Sequence[str], asked: _Asked) -> Taken:
    kind = asked.field.kind
    row = _SINGLE[kind]
    raw = "/".join(typed[:3]) if kind == "date" and len(typed) > 1 else "".join(typed[:1])
    if len(raw) > (asked.most * 4 if kind in ("text", "long_text") else _ENOUGH):
        return Taken(None, row.no_such)  # looked at no further: somebody may have pasted a book
    cleaned = text.lines(raw) if kind == "long_text" else text.line(raw)
    return row.take(cleaned, asked) if cleaned.strip("/") else Taken(None)


def _text(cleaned: str, asked: _Asked) -> Taken:
    return Taken(None, "too_long") if len(cleaned) > asked.most else Taken(cleaned)


def _number(cleaned: str, asked: _Asked) -> Taken:
    bare = (
        cleaned.lower().removeprefix("rp").strip(" .") if asked.field.kind == "rupiah" else cleaned
    )
    if not _GROUPED.fullmatch(bare):
        return Taken(None, "number")
    value = int(bare.replace(".", ""))
    return Taken(None, "too_large") if value > asked.most else Taken(value)


def _date(cleaned: str, _: _Asked) -> Taken:
    parts = re.split(r"\s*[/.\-\s]\s*", cleaned)
    if len(parts[0]) != 4:
        parts.reverse()
    if len(parts) != 3 or len(parts[0]) != 4 or not all(map(_DIGITS.fullmatch, parts)):
        return Taken(None, "date")
    try:
        return Taken(days.iso(days.date(*map(int, parts))))
    except ValueError:
        return Taken(None, "date")


def _numbered(judge: Callable[[str, Date], str]) -> Callable[[str, _Asked], Taken]:
    """Of a kind that is digits alone, judged by one of wire/service/numbers.py."""

    def taken(cleaned: str, asked: _Asked) -> Taken:
        digits = _BETWEEN.sub("", cleaned)
        if not _DIGITS.fullmatch(digits):
            return Taken(None, "number")
        problem = judge(digits, asked.today)
        return Taken(None, problem) if problem else Taken(digits, "", _warnings(digits, asked))

    return taken


def _warnings(digits: str, asked: _Asked) -> tuple[str, ...]:
    if asked.field.kind == "npwp":
        return ("old_npwp",) if len(digits) == 15 else ()
    has_area = asked.field.kind in ("nik", "kk", "nop")
    strange = has_area and asked.regions is not None and digits[:4] not in asked.regions
    return ("area",) if strange else ()


def _phone(cleaned: str, _: _Asked) -> Taken:
    number = numbers.phone(cleaned)
    if not number:
        return Taken(None, "phone")
    return Taken(number, "", () if number.startswith("08") else ("landline",))


def _email(cleaned: str, _: _Asked) -> Taken:
    name, _at, domain = cleaned.replace(" ", "").rpartition("@")
    address = f"{name}@{domain.lower()}"
    fits = len(address) <= 120 and ".." not in address and _EMAIL.fullmatch(address)
    return Taken(address) if fits else Taken(None, "email")


def _choice(cleaned: str, asked: _Asked) -> Taken:
    known = any(option.value == cleaned for option in asked.field.options)
    return Taken(cleaned) if known else Taken(None, "option")


def _yes_no(cleaned: str, _: _Asked) -> Taken:
    value = _TRUTHS.get(cleaned.lower())
    return Taken(None, "option") if value is None else Taken(value)


def _village(cleaned: str, asked: _Asked) -> Taken:
    known = asked.villages is None or cleaned in asked.villages
    return Taken(cleaned) if known and _VILLAGE.fullmatch(cleaned) else Taken(None, "village")


def _choices(typed: Sequence[str], asked: _Asked) -> Taken:
    known = [option.value for option in asked.field.options]
    if any(each not in known for each in typed):
        return Taken(None, "option")
    return Taken(tuple(value for value in known if value in typed) or None)


def _photos(typed: Sequence[str], _: _Asked) -> Taken:
    pictures = tuple(dict.fromkeys(typed))
    if len(pictures) > MOST_PHOTOS or not all(map(_SHA256.fullmatch, pictures)):
        return Taken(None, "photo")
    return Taken(pictures or None)


class _Row(NamedTuple):
    """`no_such`: the problem of what is too long to be one."""

    take: Callable[[str, _Asked], Taken]
    no_such: str


_SINGLE: Final[Mapping[FieldKind, _Row]] = {
    "text": _Row(_text, "too_long"),
    "long_text": _Row(_text, "too_long"),
    "integer": _Row(_number, "number"),
    "rupiah": _Row(_number, "number"),
    "date": _Row(_date, "date"),
    "nik": _Row(_numbered(numbers.nik), "nik_length"),
    "kk": _Row(_numbered(lambda digits, _: numbers.kk(digits)), "kk_length"),
    "nop": _Row(_numbered(lambda digits, _: numbers.nop(digits)), "nop_length"),
    "nib": _Row(_numbered(lambda digits, _: numbers.nib(digits)), "nib_length"),
    "npwp": _Row(_numbered(lambda digits, _: numbers.npwp(digits)), "npwp_length"),
    "phone": _Row(_phone, "phone"),
    "email": _Row(_email, "email"),
    "choice": _Row(_choice, "option"),
    "yes_no": _Row(_yes_no, "option"),
    "village": _Row(_village, "village"),
}
_SEVERAL: Final[Mapping[FieldKind, Callable[[Sequence[str], _Asked], Taken]]] = {
    "choices": _choices,
    "photo": _photos,
}
