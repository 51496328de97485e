"""Portals that the tests of a file share: with something to fill in, and with every page."""

from collections.abc import Iterator

import pytest

from tests.support.filling import Counter, counter
from tests.support.touring import Town, toured


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    with counter(tmp_path_factory.mktemp("kiosk")) as found:
        yield found


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with toured(tmp_path_factory.mktemp("town")) as found:
        yield found
