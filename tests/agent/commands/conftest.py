"""A kiosk with a policy, ready for commands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agent.commands.played import Played


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Played]:
    made = Played(tmp_path)
    made.lay_policy()
    made.begin()
    yield made
    made.end()
