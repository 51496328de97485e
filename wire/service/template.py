"""What is printed: templates of clerks, and file numbers. Closed: nothing of Python is reachable.

    Nomor {{ nomor }}, {{ dibuat|tanggal }}
    {% if isian.jumlah > 1 %}...{% elif ... %}...{% else %}...{% endif %}
    {% for s in syarat %}- {{ s.nama }}
    {% endfor %}

A path goes through mappings by their keys and through nothing else. Conditions are those of
wire/service/expression.py with paths as names. Filters: tanggal, samar, terbilang, rupiah, besar.
What has no value prints nothing. What is put in loses its control characters: a receipt printer
obeys them. The outcome is plain text; who makes a page of it escapes it.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Union

from wire.service.days import Date
from wire.service.document import Words

Datum = Union[str, int, bool, None, "Mapping[str, Datum]", "Sequence[Datum]"]
MOST_OUTPUT: Final = 20_000  # characters


class TemplateError(ValueError):
    """`at`: the character it is about, from 0; `says`: to a clerk."""

    def __init__(self, at: int, says: Words) -> None:
        super().__init__(f"{at}: {says.en}")
        self.at = at
        self.says = says


def paths(text: str) -> frozenset[str]:
    """Those it prints or asks for, without what its loops name. Raises TemplateError."""
    raise NotImplementedError


def render(text: str, data: Mapping[str, Datum], today: Date) -> str:
    """Raises TemplateError when it is none, or would print more than MOST_OUTPUT."""
    raise NotImplementedError


def file_number(pattern: str, *, code: str, place: str, day: Date, serial: int) -> str:
    """As in {kec}/{kode}/{tahun}/{urut:4} -> 32.73.05/KEC-SKTM-01/2026/0007.

    Names: kode, kec (the first three parts of `place`), tempat, tahun, bulan, hari, urut (with the
    least number of digits behind a colon). Raises TemplateError.
    """
    raise NotImplementedError
