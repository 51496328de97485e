"""The JSON Schema (2020-12) of a service pack, made of wire/service/document.py alone."""

from typing import Any


def schema() -> dict[str, Any]:
    """With descriptions in English; what `document.read` refuses, it refuses."""
    raise NotImplementedError
