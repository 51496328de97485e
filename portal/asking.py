"""One question as it stands on the screen: what is in it, what is wrong, what may be chosen.

Owns the view of a Field for the templates (templates/forms/field.html draws it). A secret that was
answered is not put back into the page: its mask is shown, and leaving the field empty keeps it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from portal.forms import Application, Tried
from portal.summary import Reader
from wire.service import screens, values
from wire.service.document import Field
from wire.service.form import Page
from wire.service.tenant import District


class Asked(NamedTuple):
    """`typed`: what stands in it. `kept`: the mask of a secret answered before. Sentences ready."""

    field: Field
    typed: Sequence[str]
    kept: str = ""
    problem: str = ""
    warnings: Sequence[str] = ()
    pictures: int = 0

    def part(self, at: int) -> str:
        """Day, month or year of a date, as typed in three fields or kept in one."""
        parts = self.typed
        if len(parts) == 1 and parts[0].count("-") == 2:
            parts = parts[0].split("-")[::-1]
        return parts[at] if at < len(parts) else ""

    @property
    def one_touch(self) -> bool:
        """Alone on its screen, a touch on the answer is enough."""
        return self.field.required and self.field.kind in ("choice", "yes_no")

    @property
    def short(self) -> bool:
        """Of a long text: a few lines of room are enough."""
        return screens.is_short(self.field)

    @property
    def districts(self) -> list[str]:
        """Those of the villages that are typed."""
        return [one[:8] for one in self.typed]

    def has(self, value: str) -> bool:
        return value in self.typed


def fields(
    application: Application,
    page: Page,
    tried: Tried,
    sent: Mapping[str, Sequence[str]] | None,
    reader: Reader,
) -> Iterator[Asked]:
    """Every field of a page. `sent` None: the page is looked at, nothing was typed yet."""
    for one in page.fields:
        yield field(application, one, tried, sent, reader)


def field(
    application: Application,
    one: Field,
    tried: Tried,
    sent: Mapping[str, Sequence[str]] | None,
    reader: Reader,
) -> Asked:
    before = application.answers.get(one.name)
    code = tried.problems.get(one.name, "")
    hidden = one.secret and before is not None and not code and one.name not in tried.warnings
    typed = values.typed(before) if sent is None else list(sent.get(one.name, ()))
    return Asked(
        field=one,
        typed=() if hidden else typed,
        kept=values.mask(one.kind, before) if hidden and before is not None else "",
        problem=values.says(code, one).of(reader.language) if code else "",
        warnings=[
            values.says(each, one).of(reader.language) for each in tried.warnings.get(one.name, ())
        ],
        pictures=len(application.photos.get(one.name, ())),
    )


def districts(reader: Reader, site: str) -> tuple[District, ...]:
    """All kecamatan with villages, that of the kiosk first."""
    found = [one for one in reader.catalogue.places.districts if one.villages]
    return tuple(sorted(found, key=lambda one: (not site.startswith(one.code), one.name)))
