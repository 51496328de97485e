"""An inbox on each database, free to be written."""

import pytest
from sqlalchemy import Engine

from tests.support.inbox_desk import InboxDesk


@pytest.fixture
def desk(office_engine: Engine) -> InboxDesk:
    return InboxDesk(office_engine)
