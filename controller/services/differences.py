"""What one revision of a service pack says otherwise than another, line by line. Pure.

Parts with a name of their own (fields by `name`, requirements by `code`, steps by `state`) are
compared with their namesakes, wherever they stand: one new question on top changes one line.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

_NAMES: Final = ("name", "code", "state", "value")
_SAYS: Final = ("id", "label", *_NAMES)
_QUIET: Final = frozenset({"revision", "v"})


class Difference(NamedTuple):
    """`what`: added, removed, changed or moved. Texts as they stand; "" where there is none."""

    where: str
    what: str
    before: str
    after: str


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """In the order of the new document, what was removed behind it."""
    return list(_parts("", old, new))


def _of(where: str, old: Any, new: Any) -> Iterator[Difference]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _parts(where, old, new)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _lists(where, old, new)
    elif _empty(old) or _empty(new):
        whole = new if _empty(old) else old
        for path, text in _leaves(where, whole):
            said = ("", text) if _empty(old) else (text, "")
            yield Difference(path, "added" if _empty(old) else "removed", *said)
    else:
        yield Difference(where, "changed", _text(old), _text(new))


def _parts(where: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for key in (*new, *(one for one in old if one not in new)):
        if where or key not in _QUIET:
            path = f"{where}.{key}" if where else str(key)
            yield from _of(path, old.get(key), new.get(key))


def _lists(where: str, old: list[Any], new: list[Any]) -> Iterator[Difference]:
    before, after = _named(old), _named(new)
    if before is None or after is None:
        yield Difference(where, "changed", _text(old), _text(new))
        return
    for name, item in after.items():
        yield from _of(f"{where}[{name}]", before.get(name), item)
    for name, item in before.items():
        if name not in after:
            yield from _of(f"{where}[{name}]", item, None)
    same = [one for one in before if one in after]
    if same != [one for one in after if one in before]:
        yield Difference(where, "moved", ", ".join(before), ", ".join(after))


def _named(items: list[Any]) -> dict[str, Any] | None:
    """By their names; None when they have none, or two have the same. Words go by their place."""
    if all(isinstance(one, Mapping) and "id" in one for one in items):
        return {str(n): one for n, one in enumerate(items, 1)}
    found: dict[str, Any] = {}
    for one in items:
        if not isinstance(one, Mapping):
            return None
        name = next((one[key] for key in _NAMES if isinstance(one.get(key), str)), None)
        name = name if name is not None else _label(one)
        if not name or name in found:
            return None
        found[name] = one
    return found


def _label(one: Mapping[str, Any]) -> str:
    words = one.get("name")
    return str(words.get("id", ""))[:60] if isinstance(words, Mapping) else ""


def _leaves(where: str, value: Any) -> Iterator[tuple[str, str]]:
    """A whole part that came or went, as few lines."""
    if isinstance(value, Mapping) and "id" in value:
        yield where, str(value["id"])
    elif isinstance(value, Mapping):
        label = value.get("label") or value.get("name")
        if isinstance(label, Mapping) and "id" in label:
            yield where, str(label["id"])
        else:
            for key, one in value.items():
                yield from _leaves(f"{where}.{key}", one)
    else:
        yield where, _text(value)


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], {}, ())


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, list):
        return ", ".join(_text(one) for one in value)
    if isinstance(value, Mapping):
        return next((_text(value[key]) for key in _SAYS if key in value), "…")
    return "" if value is None else str(value)
