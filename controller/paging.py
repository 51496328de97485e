"""A page of a long list: which rows, and how many there are in all.

Knows no table. Sizes and numbers outside their range are the asker's mistake and are refused.
"""

from typing import Final, Generic, NamedTuple, TypeVar

from controller.words import BadQuestion

MOST_ROWS: Final = 500
MOST_PAGES: Final = 1_000_000

Row = TypeVar("Row")


class Page(NamedTuple, Generic[Row]):
    """`rows` of page `number` (from 1) of `total` rows in all, `size` rows a page."""

    rows: list[Row]
    total: int
    number: int
    size: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


def check_page(number: int, size: int) -> None:
    if not 1 <= number <= MOST_PAGES:
        raise BadQuestion("page", number, [f"1..{MOST_PAGES}"])
    if not 1 <= size <= MOST_ROWS:
        raise BadQuestion("size", size, [f"1..{MOST_ROWS}"])
