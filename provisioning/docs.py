"""Writes the documents that are generated from the language: `python -m provisioning.docs`.

Owns three files below docs/ and writes nothing else; what they say is built in `wire`.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from wire import asyncapi, handbook
from wire.service.schema import schema


def documents() -> Mapping[str, str]:
    """Name below docs/ -> text."""
    return {
        "asyncapi.json": json.dumps(asyncapi.document(), indent=2, ensure_ascii=False) + "\n",
        "protocol.md": handbook.text(),
        "service-pack.schema.json": json.dumps(schema(), indent=2, ensure_ascii=False) + "\n",
    }


def write(folder: Path) -> None:
    for name, text in documents().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(__file__).parent.parent / "docs")
