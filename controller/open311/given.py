"""A POST requests form, read: what a program hands in for a citizen, or why it cannot be. Pure.

Everything in it is a stranger's. What GeoReport knows and this office does not keep (a picture's
address, an account, a device) is left out; it never fetches anything.
"""

import math
from collections.abc import Mapping
from typing import Final, Literal, cast

from controller.open311 import places
from controller.open311.codes import CLASSES, read_code
from controller.registrar.protocol import HandIn
from wire.service.tenant import Places
from wire.submission import Point

MOST_TEXT: Final = 4_000
_MOST: Final = {"phone": 20, "email": 120, "address_string": 300}
_MOST_NAME: Final = 120


class NotGiven(ValueError):  # noqa: N818 - says what happened
    """`field` is what must be mended, `str` how."""

    def __init__(self, field: str, why: str) -> None:
        self.field = field
        super().__init__(why)


def tenant_of(form: Mapping[str, str]) -> str:
    """Whose places must be known. Raises NotGiven."""
    return _code(form)[0]


def read(form: Mapping[str, str], account: int, known: Places) -> HandIn:
    """`known` are the tenant's places. Raises NotGiven."""
    tenant, category = _code(form)
    point = _point(form)
    text = _clean(form.get("description", ""))
    if not 1 <= len(text) <= MOST_TEXT:
        raise NotGiven("description", f"a description has 1 to {MOST_TEXT} characters")
    said = form.get("attribute[class]", "") or "complaint"
    if said not in CLASSES:
        raise NotGiven("attribute[class]", f"one of {', '.join(CLASSES)}")
    short = {name: _line(form, name, most) for name, most in _MOST.items()}
    names = (_line(form, "first_name", _MOST_NAME), _line(form, "last_name", _MOST_NAME))
    return HandIn(
        account=account,
        tenant=tenant,
        category=category,
        place=_place(form, point, known),
        class_=cast("Literal['complaint', 'wish', 'question']", said),
        text=text,
        where=short["address_string"],
        name=" ".join(filter(None, names))[:_MOST_NAME],
        phone=short["phone"],
        email=short["email"],
        point=point,
    )


def _code(form: Mapping[str, str]) -> tuple[str, str]:
    try:
        return read_code(form.get("service_code", ""))
    except ValueError as error:
        raise NotGiven("service_code", str(error)) from None


def _point(form: Mapping[str, str]) -> Point | None:
    typed = [form.get(name, "").strip() for name in ("lat", "long")]
    if not any(typed):
        return None
    try:
        lat, lng = (float(one) for one in typed)
    except ValueError:
        raise NotGiven("lat", "lat and long are two numbers, in WGS84 degrees") from None
    if not (math.isfinite(lat) and math.isfinite(lng) and abs(lat) <= 90 and abs(lng) <= 180):
        raise NotGiven("lat", "lat is from -90 to 90, long from -180 to 180")
    return Point(lat=lat, lng=lng)


def _place(form: Mapping[str, str], point: Point | None, known: Places) -> str:
    code = form.get("attribute[place]", "").strip()
    if code:
        if not places.known(known, code):
            raise NotGiven("attribute[place]", "no kecamatan or village of this government")
        return code
    if point is None:
        raise NotGiven("attribute[place]", "say where: attribute[place], or lat and long")
    found = places.district_at(known, point.lng, point.lat)
    if not found:
        raise NotGiven("lat", "this lies outside of this government: tell the one it lies in")
    return found


def _line(form: Mapping[str, str], name: str, most: int) -> str:
    text = " ".join(_clean(form.get(name, "")).split())
    if len(text) > most:
        raise NotGiven(name, f"at most {most} characters")
    return text


def _clean(text: str) -> str:
    """Without what no keyboard types; line feeds stay."""
    return "".join(one for one in text if one == "\n" or one.isprintable()).strip()
