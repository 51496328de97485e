"""A tray with what citizens handed in, and an office that takes it."""

from pathlib import Path

import pytest

from portal.handing import Handing
from tests.agent.submissions.played import PlayedOffice
from tests.support.citizens import OfficeKeys, a_handing


@pytest.fixture
def office() -> PlayedOffice:
    return PlayedOffice(OfficeKeys())


@pytest.fixture
def hands(tmp_path: Path, office: PlayedOffice) -> Handing:
    return a_handing(tmp_path / "tray", office.keys)
