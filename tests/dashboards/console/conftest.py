"""A told fleet, a client that asks the console without a network, and a served console."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from controller.store.engine import open_engine
from controller.store.migrate import migrate
from dashboards.console.app import create_console
from dashboards.console.settings import Settings
from tests.support import showcase
from tests.support.console import serving


class Fleet(NamedTuple):
    """`names` are the kiosks by kecamatan."""

    engine: Engine
    names: dict[str, str]


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    path = tmp_path_factory.mktemp("told") / "office.db"
    migrate(f"sqlite:///{path}")
    engine = open_engine(f"sqlite:///{path}")
    names = showcase.tell(engine)
    engine.dispose()
    return path, names


@pytest.fixture
def fleet(told: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Fleet]:
    source, names = told
    path = shutil.copyfile(source, tmp_path / "office.db")
    engine = open_engine(f"sqlite:///{path}")
    yield Fleet(engine, names)
    engine.dispose()


@pytest.fixture
def client(fleet: Fleet) -> Iterator[TestClient]:
    app = create_console(fleet.engine, lambda: showcase.NOW, Settings())
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as asking:
        yield asking


@pytest.fixture
def serve(fleet: Fleet) -> Callable[[], AbstractContextManager[str]]:
    """`with serve() as home:` the console on a private port."""
    return lambda: serving(fleet.engine, lambda: showcase.NOW)
