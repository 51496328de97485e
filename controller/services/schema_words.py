"""Errors of the JSON Schema as sentences a clerk understands. Pure.

A schema says `'x' does not match '^[a-z]...'`; a clerk wants to know what to write there. Of a
value that may be one thing or nothing only the thing is spoken of.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from jsonschema import Draft202012Validator, ValidationError

from controller.services.said import Complaint

Say = Callable[[ValidationError], tuple[str, str]]
_TYPES: Final = {
    "string": ("teks", "text"),
    "integer": ("angka bulat", "a whole number"),
    "number": ("angka", "a number"),
    "boolean": ("ya atau tidak", "yes or no"),
    "array": ("daftar", "a list"),
    "object": ("bagian dengan kunci dan isi", "a part with keys"),
    "null": ("kosong", "nothing"),
}
PATTERNS: Final = {  # how a pattern begins -> what to write
    "^[a-z][a-z0-9_]{0,31}": (
        "huruf kecil, angka, dan garis bawah, diawali huruf, paling panjang 32",
        "small letters, digits and underscores, a letter first, at most 32",
    ),
    "^[A-Z]{2,8}": (
        "huruf besar dan angka dengan tanda hubung, misalnya KEC-SKTM-01",
        "capital letters and digits with hyphens, such as KEC-SKTM-01",
    ),
    "^[0-9]{2}(": (
        "kode wilayah Kemendagri, misalnya 32.73 atau 32.73.05",
        "a Kemendagri code of a place, such as 32.73 or 32.73.05",
    ),
    "^(\\d{4}-": (
        "tanggal seperti 2026-12-31, atau kosong",
        "a day such as 2026-12-31, or nothing",
    ),
    "^https://": ("alamat yang diawali https://", "an address that begins with https://"),
    "^[a-z0-9][a-z0-9_-]": (
        "huruf kecil, angka, garis bawah atau tanda hubung, paling panjang 40",
        "small letters, digits, underscores or hyphens, at most 40",
    ),
    "^[A-Z]$": ("satu huruf besar", "one capital letter"),
}


def complaints(schema: Mapping[str, Any], document: Any) -> Iterator[Complaint]:
    """Everything the schema finds, in the order of the document."""
    found = Draft202012Validator(schema).iter_errors(document)
    for error in sorted(found, key=lambda one: [str(part) for part in one.absolute_path]):
        yield from _of(error)


def path_of(error: ValidationError, *more: str) -> str:
    """As wire/service/check.py writes it: `fields[2].label.id`."""
    parts = (*error.absolute_path, *more)
    said = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return said.removeprefix(".")


def _of(error: ValidationError) -> Iterator[Complaint]:
    if error.validator == "anyOf" and error.context:
        branches = [one for one in error.context if not _is_nothing(one)]
        for one in branches or error.context:
            yield from _of(one)
        return
    if error.validator == "required":
        yield from _missing(error)
        return
    say = _SAYS.get(str(error.validator), _anything)
    yield Complaint(path_of(error), *say(error))


def _is_nothing(error: ValidationError) -> bool:
    return error.validator == "type" and error.validator_value == "null"


def _wanted(error: ValidationError) -> list[Any]:
    """What the schema says there, as a list; a single word is one of one."""
    said: Any = error.validator_value
    return [said] if isinstance(said, str) else list(said)


def _keys(error: ValidationError) -> list[Any]:
    instance: Any = error.instance
    return list(instance)


def _missing(error: ValidationError) -> Iterator[Complaint]:
    """One sentence for the key this error is about."""
    for key in _wanted(error):
        if f"'{key}' is a required" in error.message:
            yield Complaint(
                path_of(error, str(key)), "Belum diisi.", "Nothing is written here yet."
            )


def _unknown(error: ValidationError) -> tuple[str, str]:
    known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
    odd = ", ".join(repr(str(key)[:40]) for key in _keys(error) if key not in known)
    return (f"Tidak ada yang bernama {odd} di sini.", f"There is nothing called {odd} here.")


def _type(error: ValidationError) -> tuple[str, str]:
    names = _wanted(error)
    said = [_TYPES.get(name, (name, name)) for name in names]
    id_, en = " atau ".join(one[0] for one in said), " or ".join(one[1] for one in said)
    return f"Harus berupa {id_}.", f"It must be {en}."


def _choice(error: ValidationError) -> tuple[str, str]:
    known = ", ".join(str(one) for one in _wanted(error) if one != "")
    return f"Pilih salah satu: {known}.", f"Choose one of: {known}."


def _pattern(error: ValidationError) -> tuple[str, str]:
    for begins, (id_, en) in PATTERNS.items():
        if str(error.validator_value).startswith(begins):
            return f"Tulis {id_}.", f"Write {en}."
    return "Bentuknya tidak sesuai.", "It does not have the right form."


def _bound(id_: str, en: str) -> Say:
    return lambda error: (
        id_.format(error.validator_value),
        en.format(error.validator_value),
    )


def _anything(error: ValidationError) -> tuple[str, str]:
    return f"Tidak sesuai ({error.validator}).", f"It does not fit ({error.validator})."


_SAYS: Final[Mapping[str, Say]] = {
    "additionalProperties": _unknown,
    "type": _type,
    "enum": _choice,
    "const": lambda e: (f"Harus {e.validator_value}.", f"It must be {e.validator_value}."),
    "pattern": _pattern,
    "minLength": lambda _: ("Belum diisi.", "Nothing is written here yet."),
    "maxLength": _bound("Paling panjang {} huruf.", "At most {} characters."),
    "minItems": _bound("Paling sedikit {} baris.", "At least {} of them."),
    "maxItems": _bound("Paling banyak {} baris.", "At most {} of them."),
    "minimum": _bound("Paling kecil {}.", "At least {}."),
    "maximum": _bound("Paling besar {}.", "At most {}."),
}
