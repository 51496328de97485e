"""A service pack as the fields of a form, and back. Pure.

Each input is named by its path in the document (`fields[2].label.su`), so that a browser without
scripts says all there is. What the form does not show stays as it was; what was emptied is gone.
Rows come, go and move by a word in the button that was pressed (`add fields`, `drop fields[2]`).
"""

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any, Final

from controller.services.shaped import shaped
from controller.services.sheet_read import Document
from wire.service.document import Service

MOST_INPUTS: Final = 6_000
LISTS: Final[Mapping[str, Mapping[str, Any]]] = {  # path -> a new row
    "fields": {"name": "", "kind": "text", "label": {"id": ""}},
    "standard.requirements": {"code": "", "name": {"id": ""}},
    "standard.procedure": {"id": ""},
    "standard.fees": {"name": {"id": ""}, "rupiah": 0},
    "steps": {"state": "verifying", "by": ""},
    "handover": {"name": {"id": ""}, "url": "https://"},
}
MOST_ROWS: Final = 60
NUMBERS: Final = frozenset({"most", "days", "rupiah", "working_days", "quota"})
FLAGS: Final = frozenset({"required", "secret"})
WORDS: Final = frozenset({"modes", "to", "regions", "videos", "keywords"})  # by commas or boxes
LINES: Final = frozenset({"legal_basis"})
KEPT_EMPTY: Final = frozenset({"rupiah", "working_days"})  # nothing is a word here: None
_PATH: Final = re.compile(
    r"[a-z_]{1,32}(\[\d{1,3}\])?(\.[a-z_]{1,32}(\[\d{1,3}\])?){0,5}", re.ASCII
)
_ROOT: Final = re.compile(r"[.\[]")
_ROOTS: Final = frozenset(Service.__struct_fields__) - {"v", "code", "revision", "tenant"}
_PART: Final = re.compile(r"([a-z_]+)(?:\[(\d+)\])?")
_ACT: Final = re.compile(r"(add|drop|up|down) ([a-z_.]+)(?:\[(\d{1,3})\])?", re.ASCII)
_OPTION: Final = re.compile(r"\s*([^=|]*?)\s*=\s*(.*)")


def filled(document: Mapping[str, Any], inputs: Iterable[tuple[str, str]]) -> Document:
    """The document with what was typed. Names nobody knows and absurd ones change nothing.

    What was of a wrong kind is gone: a form cannot show it, and nobody typed it again.
    """
    made = deepcopy(shaped(document))
    given: dict[str, list[str]] = {}
    for n, (name, text) in enumerate(inputs):
        if n < MOST_INPUTS and _PATH.fullmatch(name) and _ROOT.split(name)[0] in _ROOTS:
            given.setdefault(name, []).append(text.replace("\r\n", "\n").strip())
    for name, texts in given.items():
        _put(made, name, texts)
    cleaned: Document = _clean(made)
    return cleaned


def acted(document: Document, act: str) -> Document:
    """After a row was added, dropped or moved; anything else changes nothing."""
    hit = _ACT.fullmatch(act)
    if hit is None or hit[2] not in LISTS:
        return document
    made = deepcopy(document)
    rows = _rows(made, hit[2])
    if hit[1] == "add":
        if len(rows) < MOST_ROWS:
            rows.append(deepcopy(dict(LISTS[hit[2]])))
        return made
    at = int(hit[3] or len(rows))
    if at >= len(rows):
        return document
    row = rows.pop(at)
    if hit[1] != "drop":
        rows.insert(max(0, at - 1) if hit[1] == "up" else at + 1, row)
    return made


def options_text(options: Iterable[Mapping[str, Any]]) -> str:
    """`kerja = Bekerja | Digawe | Employed`, a line each."""
    lines = []
    for one in options:
        label = one.get("label") or {}
        words = [str(label.get(language, "")) for language in ("id", "su", "en")]
        lines.append(f"{one.get('value', '')} = {' | '.join(words).rstrip(' |')}")
    return "\n".join(lines)


def options_of(text: str) -> list[dict[str, Any]]:
    """What was typed as options; a line without `=` is its own value's label."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        hit = _OPTION.fullmatch(line)
        value, rest = (hit[1], hit[2]) if hit else (_value(line), line)
        parts = [one.strip() for one in rest.split("|")][:3]
        label = {k: v for k, v in zip(("id", "su", "en"), parts, strict=False) if v}
        found.append({"value": value, "label": label or {"id": ""}})
    return found


def _value(line: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", line.partition("|")[0].lower()).strip("_")[:40]


def _put(document: Document, name: str, texts: list[str]) -> None:
    parts = [(hit[1], hit[2]) for hit in map(_PART.fullmatch, name.split(".")) if hit]
    where: Any = document
    for n, (key, row) in enumerate(parts):
        last = n == len(parts) - 1
        if not isinstance(where, dict):
            return
        if row is None and last:
            where[key] = _meant(key, texts)
        elif row is None:
            where = where.setdefault(key, {}) if where.get(key) is None else where[key]
        else:
            rows = where.setdefault(key, [])
            if not isinstance(rows, list) or int(row) >= len(rows):
                return
            where = rows[int(row)]


def _meant(key: str, texts: list[str]) -> Any:
    text = texts[-1]
    if key in NUMBERS:
        digits = text.replace(".", "")
        return int(digits) if re.fullmatch(r"-?\d{1,15}", digits, re.ASCII) else (text or None)
    if key in FLAGS:
        return text == "yes"
    if key in WORDS:
        return [one.strip() for said in texts for one in re.split(r"[,;\n]", said) if one.strip()]
    if key in LINES:
        return [one.strip() for one in text.splitlines() if one.strip()]
    if key == "options":
        return options_of(text)
    return text


def _rows(document: Document, path: str) -> list[Any]:
    where: Any = document
    *way, last = path.split(".")
    for key in way:
        where = where.setdefault(key, {})
    rows: list[Any] = where.setdefault(last, [])
    return rows


def _clean(value: Any, key: str = "") -> Any:
    """Without what was left empty: words nobody wrote, choices of none, a queue without letter."""
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if not isinstance(value, dict):
        return value
    made = {name: _clean(one, name) for name, one in value.items()}
    if set(made) <= {"id", "su", "en"}:
        said = {name: text for name, text in made.items() if text}
        return {"id": "", **said} if said or key in ("name", "label", "") else None
    kept = {
        name: one
        for name, one in made.items()
        if name in KEPT_EMPTY
        or name in FLAGS
        or not (one is None or one in ("", []))
        or name in _NEEDED
    }
    if key == "queue" and not kept.get("letter"):
        return None
    return kept


_NEEDED: Final = frozenset({
    "code", "name", "summary", "agency", "group", "level", "regions", "modes", "product",
    "complaints", "by", "kind", "label", "url", "value",
})  # fmt: skip
