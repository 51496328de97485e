"""Tenants, places, holidays and films come back as they were written into the bundle."""

import msgspec
import pytest
from msgspec import Struct

from tests.support.packs import PLACES, tenant, words
from wire.service.tenant import (
    Film,
    Films,
    Holidays,
    Hours,
    Places,
    Subtitles,
    Tenant,
    encode,
    folder,
)

FILM = Film(
    code="cara",
    title=words("Cara"),
    about=words("Tentang"),
    file="films/cara.webm",
    sha256="ab" * 32,
    size=1,
    seconds=60,
    subtitles=(Subtitles(language="id", file="films/cara.id.vtt"),),
)
WHOLE = [
    tenant(hours=(Hours(weekday=0, open=(("08:00", "12:00"), ("13:00", "16:00"))),)),
    PLACES,
    Holidays(days=("2026-01-01",), known_until="2026-12-31"),
    Films(films=(FILM,)),
]


@pytest.mark.parametrize("value", WHOLE, ids=lambda value: type(value).__name__)
def test_a_document_comes_back_as_it_was_written(value: Struct) -> None:
    assert msgspec.json.decode(encode(value), type=type(value)) == value
    assert encode(msgspec.json.decode(encode(value), type=type(value))) == encode(value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Tenant, b'{"v":2}'),
        (Places, b'{"districts":[]}'),
        (Holidays, b'{"days":["kemarin"],"known_until":"2026-12-31"}'),
        (Films, b'{"budget_mb":0}'),
        (Hours, b'{"weekday":7,"open":[]}'),
        (Hours, b'{"weekday":0,"open":[["24:00","25:00"]]}'),
    ],
)
def test_what_is_no_such_document_is_refused(kind: type[Struct], text: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=kind)


def test_a_tenant_has_a_folder_of_its_own() -> None:
    assert folder("32.73") == "tenants/32.73"
