"""A technician's agent.toml with a few settings changed and every other line left as it stands.

Owns the text and no file. What it cannot change for sure it does not change at all: the result is
read again and must say what was wanted, and nothing else may have changed.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final

Value = str | int | bool | None
Settings = Mapping[str, Mapping[str, Value]]
"""By table ("" is the top of the file), by key; None takes a setting out."""

_TABLE: Final = re.compile(r"\s*\[\s*([A-Za-z0-9_.\"-]+)\s*\]\s*(#.*)?")


class CannotEdit(ValueError):  # noqa: N818 - says what happened
    """The file is written in a way that is not understood well enough to change it."""


def edited(text: str, wanted: Settings) -> str:
    """Raises CannotEdit, with what a person should write."""
    lines = text.splitlines()
    for table, settings in wanted.items():
        for key, value in settings.items():
            lines = _set(lines, table, key, value)
    result = "".join(f"{line}\n" for line in lines)
    try:
        if tomllib.loads(result) == _merged(tomllib.loads(text), wanted):
            return result
    except tomllib.TOMLDecodeError as error:
        raise CannotEdit(f"it is no TOML: {error}") from error
    raise CannotEdit(f"write it by hand: {_spoken(wanted)}")


def _set(lines: list[str], table: str, key: str, value: Value) -> list[str]:
    begin, end = _extent(lines, table)
    setting = re.compile(rf"\s*{re.escape(key)}\s*=")
    found = [at for at in range(begin, end) if setting.match(lines[at])]
    new = [] if value is None else [f"{key} = {json.dumps(value)}"]
    if found:
        return [*lines[: found[0]], *new, *lines[found[0] + 1 :]]
    if not new:
        return lines
    if begin > len(lines):
        return [*lines, *([""] if lines else []), f"[{table}]", *new]
    at = next((at for at in range(end, begin, -1) if lines[at - 1].strip()), begin)
    return [*lines[:at], *new, *lines[at:]]


def _extent(lines: list[str], table: str) -> tuple[int, int]:
    """The lines between the table's header and the next; beyond the end when it is not there."""
    heads = [(at, found[1]) for at, line in enumerate(lines) if (found := _TABLE.fullmatch(line))]
    starts = [at + 1 for at, name in heads if name == table] if table else [0]
    if not starts:
        return len(lines) + 1, len(lines) + 1
    later = [at for at, line in enumerate(lines) if at >= starts[0] and line.lstrip()[:1] == "["]
    return starts[0], later[0] if later else len(lines)


def _merged(old: dict[str, Any], wanted: Settings) -> dict[str, Any]:
    for table, settings in wanted.items():
        if not table:
            old |= settings
            continue
        kept = old.get(table, {}) | settings
        kept = {key: value for key, value in kept.items() if value is not None}
        if kept or table in old:
            old[table] = kept
    return old


def _spoken(wanted: Settings) -> str:
    said = []
    for table, settings in wanted.items():
        given = [f"{key} = {json.dumps(v)}" for key, v in settings.items() if v is not None]
        said += [*([f"[{table}]"] if table else []), *given]
    return "; ".join(said)
