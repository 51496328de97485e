"""Real parts for every test: each file of `support` starts one kind of them on private ports."""

import gc
import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.memory import roomy

# Some rooms forbid Python to keep what it compiled. A suite that starts hundreds of Pythons would
# then compile all modules in each of them, which takes longer than what they are started for.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# `tmp_path` lies in memory: a word of pytest's own that workers and what they start hand on.
if memory := roomy():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))

# Everybody waits for the suite: who changed a parser says HYPOTHESIS_EXAMPLES=1000. No example has
# a deadline: on two busy cores that would be a test of the cores.
settings.register_profile(
    "suite", max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "30")), deadline=None
)
settings.load_profile("suite")

pytest_plugins = [
    "tests.support.order",
    "tests.support.broker",
    "tests.support.cups",
    "tests.support.postgres",
    "tests.support.chromium",
    "tests.support.house",
    "tests.support.fleet",
    "tests.support.devices",
    "tests.support.door",
    "tests.support.identities",
    "tests.support.command_office",
    "tests.support.fetching",
    "tests.support.installing",
    "tests.support.registrar",
    "tests.support.back",
]


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end: nobody looks through it for rubbish.

    Twelve thousand tests and all modules are a million objects; a full collection of them takes
    half a second, and without this they are a third of what the tests compute.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(autouse=True)
def same_umask() -> Iterator[None]:
    """Programs that a test calls within this process keep what they make to themselves."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)
