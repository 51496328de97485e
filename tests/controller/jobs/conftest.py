"""A desk for jobs on each database, free to be written."""

import pytest
from sqlalchemy import Engine

from tests.support.jobs import JobDesk


@pytest.fixture
def desk(office_engine: Engine) -> JobDesk:
    return JobDesk(office_engine)
