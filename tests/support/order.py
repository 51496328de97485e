"""A hook: in a run over several workers nothing long is left for the end.

Each worker gets an equal share of the tests and, when it is through, half of what another has left.
Within its share the order stays the random one; only a journey or a long walk that would be among
the last comes first: who begins one of a minute when all others are done lets them wait for it.
"""

import os
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final, TypeVar

import pytest

TESTS: Final = Path(__file__).parent.parent
SLOW: Final = (  # begins of paths below it: whose single tests take a quarter of a minute and more
    "journeys/",
    "dashboards/console/test_every_route_has_a_guard.py",
    "portal/test_barriers_in_browser.py",
    "provisioning/files/test_wheels.py",
)
LATE: Final = 0.6  # of a share: what lies behind may not be slow
T = TypeVar("T")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers > 1:
        shares = _shares(items, workers)
        items[:] = [item for share in shares for item in _early(share)]


def _shares(items: list[T], workers: int) -> Iterator[list[T]]:
    each = -(-len(items) // workers)
    return (items[start : start + each] for start in range(0, len(items), each))


def _early(share: list[pytest.Item]) -> Iterable[pytest.Item]:
    """Files stay whole: what a file starts once is started once."""
    late = len(share) * LATE
    begin = 0
    first: list[pytest.Item] = []
    others: list[pytest.Item] = []
    for path, group in groupby(share, key=lambda item: item.path):
        tests = list(group)
        slow = path.relative_to(TESTS).as_posix().startswith(SLOW) and begin + len(tests) > late
        (first if slow else others).extend(tests)
        begin += len(tests)
    return first + others
