"""A desk for rollouts on each database: 61 kiosks, all there, all serving."""

import pytest
from sqlalchemy import Engine

from tests.support.rollouts import RolloutDesk


@pytest.fixture
def desk(office_engine: Engine) -> RolloutDesk:
    return RolloutDesk(office_engine)
