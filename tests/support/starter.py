"""The content we ship, read for tests: tenants, places, service packs."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final

import msgspec

from provisioning.release.starter import STARTER
from wire.service import document
from wire.service.document import Service, Words
from wire.service.tenant import Places, Tenant, folder

KOTA: Final = "32.73"
KABUPATEN: Final = "32.04"


def tenant_of(code: str) -> Tenant:
    return msgspec.json.decode((STARTER / folder(code) / "tenant.json").read_bytes(), type=Tenant)


def places_of(code: str) -> Places:
    return msgspec.json.decode((STARTER / folder(code) / "places.json").read_bytes(), type=Places)


def services_of(code: str) -> list[Service]:
    return [document.read(path.read_bytes()) for path in files(code)]


def files(code: str) -> list[Path]:
    return sorted((STARTER / folder(code) / "services").iterdir())


def words_in(value: Any) -> Iterator[Words]:
    if isinstance(value, Words):
        yield value
    elif isinstance(value, msgspec.Struct):
        parts = (getattr(value, name) for name in value.__struct_fields__)
        yield from chain.from_iterable(map(words_in, parts))
    elif isinstance(value, tuple):
        yield from chain.from_iterable(map(words_in, value))
