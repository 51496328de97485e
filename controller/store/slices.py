"""Many values, few enough at a time for one statement: databases bound the parameters of one."""

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

SLICE: Final = 400
T = TypeVar("T")


def slices(values: Iterable[T], most: int = SLICE) -> Iterator[list[T]]:
    """In the order given; none of nothing."""
    every = list(values)
    for start in range(0, len(every), most):
        yield every[start : start + most]
