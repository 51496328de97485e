"""Pages: how many there are, and what is no page."""

import pytest

from controller.paging import MOST_PAGES, MOST_ROWS, Page, check_page
from controller.words import BadQuestion


@pytest.mark.parametrize(("total", "size", "pages"), [(0, 50, 1), (50, 50, 1), (51, 50, 2)])
def test_an_empty_list_has_one_page_and_a_full_one_no_more(
    total: int, size: int, pages: int
) -> None:
    assert Page([], total, 1, size).pages == pages


@pytest.mark.parametrize("number", [0, -1, MOST_PAGES + 1])
def test_a_page_outside_the_range_is_refused(number: int) -> None:
    with pytest.raises(BadQuestion, match="page"):
        check_page(number, 50)


@pytest.mark.parametrize("size", [0, MOST_ROWS + 1])
def test_a_size_outside_the_range_is_refused(size: int) -> None:
    with pytest.raises(BadQuestion, match="size"):
        check_page(1, size)
