"""Real parts for every test: each file of `support` starts one kind of them on private ports."""

import os
from collections.abc import Iterator

import pytest

pytest_plugins = [
    "tests.support.broker",
    "tests.support.cups",
    "tests.support.postgres",
    "tests.support.chromium",
    "tests.support.house",
    "tests.support.fleet",
    "tests.support.devices",
    "tests.support.door",
    "tests.support.identities",
]


@pytest.fixture(autouse=True)
def same_umask() -> Iterator[None]:
    """Programs that a test calls within this process keep what they make to themselves."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)
