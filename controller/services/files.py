"""A service pack as a file of text: YAML for people, JSON for programs; read and written.

A file is hostile: it has a size, no references to itself (a YAML of one line may unfold to
gigabytes), no key twice, no types of its own, and no words that become dates or truths behind a
clerk's back.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import yaml

from controller.services.plain import is_plain
from controller.services.said import Unreadable, unreadable
from wire.service.document import MOST

Document = dict[str, Any]
SUFFIXES: Final = (".yaml", ".yml", ".json")
_TRUTHS: Final = ("true", "True", "TRUE", "false", "False", "FALSE")


def read(name: str, body: bytes) -> Document:
    """By the end of its name. Raises Unreadable."""
    if len(body) > MOST:
        raise unreadable(
            f"Berkas {len(body) // 1024} kB; paling besar {MOST // 1024} kB.",
            f"The file has {len(body) // 1024} kB; at most {MOST // 1024} kB.",
        )
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise unreadable(
            "Berkas ini bukan teks UTF-8. Simpan ulang dengan pengodean UTF-8.",
            "This file is no UTF-8 text. Save it again as UTF-8.",
        ) from None
    found = _json(text) if name.lower().endswith(".json") else _yaml(text)
    if not isinstance(found, dict) or not is_plain(found):
        raise unreadable(
            "Isi berkas bukan satu paket layanan: harus berupa pasangan kunci dan isi.",
            "The file holds no service pack: it must be keys and what they say.",
        )
    return found


def write_yaml(document: Mapping[str, Any]) -> bytes:
    """In the order of the document, as people edit it."""
    text = yaml.dump(dict(document), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return text.encode()


def write_json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise _broken(error.lineno, error.colno) from None
    except (ValueError, RecursionError) as error:
        raise _odd(error) from None


def _yaml(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - derived from SafeLoader, and stricter
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise _broken(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _odd(error) from None


def _broken(line: int, column: int) -> Unreadable:
    return unreadable(
        f"Baris {line}, kolom {column} tidak dapat dibaca. Periksa tanda kutip, titik dua, dan "
        "jarak di awal baris.",
        f"Line {line}, column {column} cannot be read. Look at quotes, colons and indentation.",
    )


def _odd(error: Exception) -> Unreadable:
    if isinstance(error, Unreadable):
        return error
    return unreadable(
        "Berkas ini tidak dapat dibaca: isinya terlalu dalam atau berisi angka yang tidak ada.",
        "This file cannot be read: it is too deep, or has a number that is none.",
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _twice(key)
        found[key] = value
    return found


def _twice(key: str) -> Unreadable:
    short = str(key)[:40]
    return unreadable(
        f"Kunci {short!r} ditulis dua kali di tempat yang sama.",
        f"The key {short!r} stands twice in one place.",
    )


def _no_number(text: str) -> float:
    raise ValueError(text)


class _Loader(yaml.SafeLoader):
    """Text stays text: no dates, no `no` that becomes false, no anchors."""

    yaml_implicit_resolvers: Any = {}  # noqa: RUF012 - yaml's own way to say it

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise unreadable(
                "Jangkar dan rujukan YAML (& dan *) tidak dipakai di sini: tulis isinya lengkap.",
                "Anchors and aliases of YAML (& and *) are not taken here: write it in full.",
            )
        if getattr(self.peek_event(), "tag", None) is not None:  # type: ignore[no-untyped-call]
            raise unreadable(
                "Penanda jenis YAML (!!) tidak dipakai di sini: tulis isinya saja.",
                "Tags of YAML (!!) are not taken here: write the plain value.",
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 - yaml's
        seen = set()
        for key, _ in node.value:
            said = key.value if isinstance(key, yaml.ScalarNode) else None
            if said in seen:
                raise _twice(str(said))
            seen.add(said)
        return super().construct_mapping(node, deep)


for _tag, _pattern, _first in (
    ("bool", f"^(?:{'|'.join(_TRUTHS)})$", "tTfF"),
    ("int", r"^(?:-?(?:0|[1-9][0-9]{0,17}))$", "-0123456789"),
    ("null", r"^(?:~|null)?$", ("~", "n", "")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


class _Dumper(yaml.SafeDumper):
    """Lists stand in under their key, as people write them; texts are never references."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - yaml's
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - yaml's
        return True
