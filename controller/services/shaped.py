"""A document without pieces of a wrong kind, so that forms and workbooks can show it. Pure.

A text where a list belongs cannot be shown in a list. It is left out here and complained of by
controller/services/examine.py, which sees the whole document. What is only too long, or empty, or
unknown, stays: a clerk mends it where it stands.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from wire.service.schema import schema

_NOTHING: Final = object()
_KINDS: Final[Mapping[str, type | tuple[type, ...]]] = {
    "object": dict, "array": list, "string": str, "integer": int, "boolean": bool,
    "null": type(None),
}  # fmt: skip


def shaped(document: Mapping[str, Any]) -> dict[str, Any]:
    """What is left of it; at most {}."""
    found = _of(dict(document), _schema())
    return found if isinstance(found, dict) else {}


def _of(value: Any, rule: Mapping[str, Any]) -> Any:
    """The value without what is wrong in it; _NOTHING when it is wrong itself."""
    if "$ref" in rule:
        return _of(value, _schema()["$defs"][rule["$ref"].rpartition("/")[2]])
    if "anyOf" in rule:
        tried = (_of(value, one) for one in rule["anyOf"])
        return next((one for one in tried if one is not _NOTHING), _NOTHING)
    kind: str = rule.get("type", "")
    wrong = kind in _KINDS and not isinstance(value, _KINDS[kind])
    if wrong or ("enum" in rule and isinstance(value, dict | list)):
        return _NOTHING
    return _inside(value, rule)


def _inside(value: Any, rule: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return _mapping(value, rule.get("properties", {}))
    if isinstance(value, list):
        items = (_of(one, rule.get("items") or {}) for one in value)
        return [one for one in items if one is not _NOTHING]
    return value


def _mapping(value: Mapping[str, Any], rules: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: _of(one, rules.get(key, {})) for key, one in value.items()}
    return {key: one for key, one in found.items() if one is not _NOTHING}


@cache
def _schema() -> Mapping[str, Any]:
    return schema()
