"""What a citizen wrote, ready for a page: labels, readable values, numbers behind a veil. Pure.

Everything here is hostile text; templates escape it. Secret values are masked at first sight, and
only a JPEG that is one becomes a picture.
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import Final, NamedTuple

from controller.inbox.moves import names_somebody
from dashboards.console.texts import Texts
from wire.service import values
from wire.service.document import Field, Service, Words
from wire.submission import Content

JPEG: Final = b"\xff\xd8\xff"
COMPLAINT: Final = ("class", "text", "where", "village", "kind")  # fields every complaint has
Value = str | bool | int | tuple[str, ...]


class Line(NamedTuple):
    """`masked` "" where nothing is secret; `long`: over the whole width."""

    label: str
    text: str
    masked: str = ""
    long: bool = False


class Paper(NamedTuple):
    """All of it. `pictures` are data addresses."""

    lines: tuple[Line, ...]
    contact: tuple[Line, ...]
    pictures: tuple[str, ...]
    warnings: tuple[str, ...]
    like: str
    point: str
    language: str


def paper(
    content: Content, service: Service | None, places: Mapping[str, str], t: Texts,
    photos: tuple[bytes, ...] = (),
) -> Paper:  # fmt: skip
    fields = {one.name: one for one in service.fields} if service else {}
    order = [*fields, *(name for name in content.fields if name not in fields)]
    lines = (
        _line(name, content.fields[name], fields.get(name), places, t)
        for name in order
        if name in content.fields
    )
    point = content.point
    return Paper(
        tuple(lines),
        tuple(_contact(content, t)),
        tuple(_address(one) for one in photos if one.startswith(JPEG)),
        tuple(_warning(one, fields, t) for one in content.warnings),
        content.like,
        f"{point.lat:.5f}, {point.lng:.5f}" if point else "",
        content.language,
    )


def _line(
    name: str, value: Value, field: Field | None, places: Mapping[str, str], t: Texts
) -> Line:
    if field is None:
        text = _plain(name, value, places, t)
        return Line(_label(name, t), text, _veil(name, text), name == "text")
    text = _value(field, value, places, t)
    masked = values.mask(field.kind, value) if field.secret else ""
    return Line(field.label.of(t.language), text, masked, field.kind == "long_text")


def _veil(name: str, text: str) -> str:
    """A question that no service asks any more: perhaps it was a secret."""
    return values.mask("nik", text) if name not in COMPLAINT and names_somebody(text) else ""


def _value(field: Field, value: Value, places: Mapping[str, str], t: Texts) -> str:
    if field.kind in ("choice", "choices"):
        names = {one.value: one.label.of(t.language) for one in field.options}
        chosen = value if isinstance(value, tuple) else (str(value),)
        return ", ".join(names.get(one, one) for one in chosen)
    return _plain(field.name, value, places, t)


def _plain(name: str, value: Value, places: Mapping[str, str], t: Texts) -> str:
    if isinstance(value, bool):
        return t("value.yes") if value else t("value.no")
    if isinstance(value, tuple):
        return ", ".join(value)
    text = str(value)
    if name == "class":
        return t(f"sub_class.{text}") if t.known(f"sub_class.{text}") else text
    return places.get(text, text)


def _label(name: str, t: Texts) -> str:
    key = f"sub_field.{name}"
    return t(key) if name in COMPLAINT and t.known(key) else name.replace("_", " ").capitalize()


def _contact(content: Content, t: Texts) -> list[Line]:
    """Who asks to stay secret has no name here: the registrar gives it to supervisors alone."""
    who = content.contact
    found = [Line(t("inbox.anonymity"), t(f"sub_anonymity.{who.anonymity}"))]
    if who.name:
        found.append(Line(t("inbox.name"), who.name))
    if who.phone:
        found.append(Line(t("inbox.phone"), who.phone, values.mask("phone", who.phone)))
    return found


def _warning(code: str, fields: Mapping[str, Field], t: Texts) -> str:
    """`nik:area`, or a code alone: the citizen went on in spite of it."""
    name, colon, said = code.rpartition(":")
    field = fields.get(name) if colon else None
    try:
        sentence = values.says(said, field or _ANY).of(t.language)
    except KeyError:
        sentence = said
    return f"{field.label.of(t.language)}: {sentence}" if field else sentence


def _address(jpeg: bytes) -> str:
    return "data:image/jpeg;base64," + b64encode(jpeg).decode()


_ANY: Final = Field(name="any", kind="text", label=Words(id="-"))
