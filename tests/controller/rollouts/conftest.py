"""A desk for rollouts: 61 kiosks, all there, all serving. What asks much of SQL has one on each."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from controller.store.engine import open_engine
from tests.support.rollouts import RolloutDesk


@pytest.fixture
def lone_engine(sqlite_url: str) -> Iterator[Engine]:
    engine = open_engine(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(lone_engine: Engine) -> RolloutDesk:
    return RolloutDesk(lone_engine)
