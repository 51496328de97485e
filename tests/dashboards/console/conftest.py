"""A told fleet, a client that asks the console without a network, and a served console."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from controller.people.sessions import Started
from controller.store.engine import open_engine
from controller.store.migrate import migrate
from dashboards.console.app import create_console
from dashboards.console.settings import Settings
from tests.support import showcase
from tests.support.console import admitted, serving, wear, wear_in_browser


class Fleet(NamedTuple):
    """`names` are the kiosks by kecamatan; `admin` is a session of somebody who may do all."""

    engine: Engine
    names: dict[str, str]
    admin: Started


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], Started]:
    path = tmp_path_factory.mktemp("told") / "office.db"
    migrate(f"sqlite:///{path}")
    engine = open_engine(f"sqlite:///{path}")
    names = showcase.tell(engine)
    admin = admitted(engine, showcase.NOW)
    engine.dispose()
    return path, names, admin


@pytest.fixture
def fleet(told: tuple[Path, dict[str, str], Started], tmp_path: Path) -> Iterator[Fleet]:
    source, names, admin = told
    path = shutil.copyfile(source, tmp_path / "office.db")
    engine = open_engine(f"sqlite:///{path}")
    yield Fleet(engine, names, admin)
    engine.dispose()


@pytest.fixture
def stranger(fleet: Fleet) -> Iterator[TestClient]:
    """Asks the console; nobody is logged in."""
    app = create_console(fleet.engine, lambda: showcase.NOW, Settings())
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as asking:
        yield asking


@pytest.fixture
def client(fleet: Fleet, stranger: TestClient) -> TestClient:
    """Asks the console as a page of an administrator's does."""
    wear(stranger, fleet.admin)
    return stranger


@pytest.fixture
def browser_page(browser_page: Any, fleet: Fleet) -> Any:
    """The shared one, with an administrator logged in to any console on this machine."""
    wear_in_browser(browser_page.context, fleet.admin)
    return browser_page


@pytest.fixture
def serve(fleet: Fleet) -> Callable[[], AbstractContextManager[str]]:
    """`with serve() as home:` the console on a private port."""
    return lambda: serving(fleet.engine, lambda: showcase.NOW)
