"""Tables for spreadsheets, which run what they read: a cell must never become a formula.

A cell that begins like one gets an apostrophe before it; control characters and endless text
are cut. The table is text, numbers stay numbers.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

from fastapi.responses import Response

MOST_CELL: Final = 1000
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class CsvResponse(Response):
    """Answers with a file to be saved, not shown."""

    media_type = "text/csv; charset=utf-8"

    def __init__(
        self, content: str = "", status_code: int = 200, *, name: str = "kiosks.csv"
    ) -> None:
        told = {"content-disposition": f'attachment; filename="{name}"'}
        super().__init__(content.encode("utf-8", "replace"), status_code, headers=told)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """RFC 4180 text: comma, CRLF, every text in quotes."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(head)
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue()


def cell(value: object) -> str | int | float:
    """None is empty; numbers are as they are; text is made harmless."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return value
    text = str(value)[:MOST_CELL]
    risky = text.lstrip(" ").startswith(_DANGEROUS)
    clean = _CONTROL.sub("", text)
    return f"'{clean}" if risky or clean.lstrip(" ").startswith(_DANGEROUS) else clean
