"""Whether a document is a service pack that makes sense, and everything that is wrong with it.

Three looks, each only after the one before found nothing: the JSON Schema, the reader of the house,
and what the fields mean together (wire/service/check.py). Pure.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import msgspec

from controller.services import schema_words
from controller.services.said import MOST, Complaint
from wire.errors import MalformedMessage
from wire.service import check, document
from wire.service.document import Service
from wire.service.schema import schema
from wire.service.tenant import Tenant


class Examined(NamedTuple):
    """`service` is None as long as there are complaints of shape."""

    service: Service | None
    complaints: tuple[Complaint, ...]

    @property
    def sound(self) -> bool:
        return self.service is not None and not self.complaints


def examine(found: Mapping[str, Any], tenant: Tenant | None) -> Examined:
    """Without a tenant it is not asked whether agency, group and places are that tenant's."""
    shape = tuple(schema_words.complaints(_schema(), found))
    if shape:
        return Examined(None, _first(shape))
    try:
        service = document.read(msgspec.json.encode(found))
    except MalformedMessage as error:
        return Examined(None, (Complaint("", f"Tidak dapat dibaca: {error}", f"{error}"),))
    if tenant is None:
        return Examined(service, ())
    odd = [Complaint(one.path, one.id, one.en) for one in check.problems(service, tenant)]
    return Examined(service, _first(odd))


def plain(service: Service) -> dict[str, Any]:
    """The document of a service pack, as it is edited and stored."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(service))
    return found


def normal(found: Mapping[str, Any]) -> dict[str, Any]:
    """The same document without what goes without saying; as it is when it is none yet."""
    try:
        return plain(msgspec.convert(found, Service))
    except msgspec.ValidationError:
        return dict(found)


def _first(found: tuple[Complaint, ...] | list[Complaint]) -> tuple[Complaint, ...]:
    more = len(found) - MOST
    if more <= 0:
        return tuple(found)
    rest = Complaint("", f"... dan {more} lagi.", f"... and {more} more.")
    return (*found[:MOST], rest)


@cache
def _schema() -> Mapping[str, Any]:
    return schema()
