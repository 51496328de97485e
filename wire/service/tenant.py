"""A government that has kiosks: its name, its agencies, places, hours and categories.

Everything a kiosk and an office must know of it that is no service: one document a tenant, in the
content bundle beside its service packs. Two from the start: Kota Bandung (32.73) and Kabupaten
Bandung (32.04). Pure shape; the kiosk finds its tenant by the code of its own site.

The content bundle, below its root (all JSON but files of films and looks):

    content.json                         portal/words.py
    keys.json                            wire/submission.py Keys
    holidays.json                        Holidays
    tenants/32.73/tenant.json            Tenant
    tenants/32.73/places.json            Places
    tenants/32.73/look.css               after the portal's own
    tenants/32.73/services/CODE.json     wire/service/document.py Service
    films.json, films/...                Films
"""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from wire.service.document import Day, Line, Words
from wire.submission import Code, Key, Place

KEYS: Final = "keys.json"
HOLIDAYS: Final = "holidays.json"
FILMS: Final = "films.json"
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$(?!\n)")]


class _Part(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    pass


class Agency(_Part, frozen=True, kw_only=True):
    code: Key
    name: Words
    phone: Line = ""


class Group(_Part, frozen=True, kw_only=True):
    """Under which services are found; `picture` is one of the portal's."""

    code: Key
    name: Words
    picture: Key


class Category(_Part, frozen=True, kw_only=True):
    """What a complaint is about. `agency` it goes to first; `emergency`: 112 is said again."""

    code: Key
    name: Words
    group: Line = ""
    agency: Key
    examples: Words | None = None
    keywords: Annotated[tuple[Line, ...], Meta(max_length=40)] = ()
    days: Annotated[int, Meta(ge=1, le=90)] = 14  # working days until it should be done
    emergency: bool = False


class Hours(_Part, frozen=True, kw_only=True):
    """Of one weekday, 0 is Monday: pairs of opening and closing."""

    weekday: Annotated[int, Meta(ge=0, le=6)]
    open: Annotated[tuple[tuple[Clock, Clock], ...], Meta(max_length=4)]


class Tenant(_Part, frozen=True, kw_only=True):
    """`complaint` is the code under which complaints are numbered and stored."""

    v: Literal[1] = 1
    code: Place
    name: Words
    greeting: Words
    hours: Annotated[tuple[Hours, ...], Meta(max_length=7)]
    agencies: Annotated[tuple[Agency, ...], Meta(min_length=1, max_length=200)]
    groups: Annotated[tuple[Group, ...], Meta(min_length=1, max_length=40)]
    categories: Annotated[tuple[Category, ...], Meta(min_length=1, max_length=100)]
    complaint: Code
    complaint_agency: Key  # sorts those of no category
    emergency: Line = "112"
    privacy: Words  # whose data it is and whom to ask, before a form
    utc_offset_min: Annotated[int, Meta(ge=-720, le=840)] = 420


class Village(_Part, frozen=True, kw_only=True):
    code: Place
    name: Line


class District(_Part, frozen=True, kw_only=True):
    """A kecamatan. `outline`: rings of [lng, lat], simplified for a map without tiles."""

    code: Place
    name: Line
    villages: tuple[Village, ...]
    outline: tuple[tuple[tuple[float, float], ...], ...] = ()


class Places(_Part, frozen=True, kw_only=True):
    v: Literal[1] = 1
    districts: Annotated[tuple[District, ...], Meta(min_length=1, max_length=200)]


class Holidays(_Part, frozen=True, kw_only=True):
    """Days on which nobody works, feast days and common leave alike; known up to a day."""

    v: Literal[1] = 1
    days: tuple[Day, ...]
    known_until: Day


class Subtitles(_Part, frozen=True, kw_only=True):
    language: Literal["id", "su", "en"]
    file: Annotated[str, Meta(max_length=200)]


class Film(_Part, frozen=True, kw_only=True):
    """`sha256` is that of the file; `seconds` its length."""

    code: Key
    title: Words
    about: Words
    file: Annotated[str, Meta(max_length=200)]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
    size: Annotated[int, Meta(ge=1)]
    seconds: Annotated[int, Meta(ge=1, le=3600)]
    poster: Annotated[str, Meta(max_length=200)] = ""
    subtitles: Annotated[tuple[Subtitles, ...], Meta(min_length=1, max_length=3)]
    services: Annotated[tuple[Code, ...], Meta(max_length=20)] = ()
    tenants: Annotated[tuple[Place, ...], Meta(max_length=40)] = ()  # (): all


class Films(_Part, frozen=True, kw_only=True):
    """`budget_mb`: what films may take on a kiosk; publishing more is refused."""

    v: Literal[1] = 1
    budget_mb: Annotated[int, Meta(ge=1, le=100_000)] = 500
    films: Annotated[tuple[Film, ...], Meta(max_length=200)] = ()


def folder(tenant: str) -> str:
    return f"tenants/{tenant}"


def encode(value: Struct) -> bytes:
    """As it stands in the bundle: the same value is always the same bytes."""
    return msgspec.json.format(msgspec.json.Encoder(order="sorted").encode(value), indent=1)
