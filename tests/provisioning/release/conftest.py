"""A folder of releases in which the first ceremony was held."""

from pathlib import Path

import pytest

from tests.support.release_keys import Held, hold


@pytest.fixture
def held(tmp_path: Path) -> Held:
    return hold(tmp_path)
