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
from tests.support import showcase, showcase_inbox, showcase_releases
from tests.support.console import admitted, serving, wear, wear_in_browser
from tests.support.people import log_in
from tests.support.release_keys import Held


def asking_for_pages(app: Any) -> TestClient:
    """As a browser that goes from page to page."""
    told = {"accept": "text/html"}
    home = "http://127.0.0.1"
    return TestClient(app, base_url=home, follow_redirects=False, headers=told)


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


class Shelf(NamedTuple):
    """The told fleet with its releases; `releases` and `rollouts` by what they show."""

    fleet: Fleet
    press: showcase_releases.Press
    releases: dict[str, int]
    rollouts: dict[str, int]


class Shelved(NamedTuple):
    """As it was told once: copied for every test."""

    path: Path
    held: Held
    releases: dict[str, int]
    rollouts: dict[str, int]


@pytest.fixture(scope="session")
def shelved(
    told: tuple[Path, dict[str, str], Started], tmp_path_factory: pytest.TempPathFactory
) -> Shelved:
    home = tmp_path_factory.mktemp("shelved")
    path = shutil.copyfile(told[0], home / "office.db")
    engine = open_engine(f"sqlite:///{path}")
    press, releases = showcase_releases.tell_releases(engine, home)
    rollouts = showcase_releases.tell_rollouts(engine)
    engine.dispose()
    return Shelved(path, press.held, releases, rollouts)


@pytest.fixture
def shelf(
    told: tuple[Path, dict[str, str], Started], shelved: Shelved, tmp_path: Path
) -> Iterator[Shelf]:
    path = shutil.copyfile(shelved.path, tmp_path / "shelf.db")
    folder = shutil.copytree(shelved.held.releases, tmp_path / "releases")
    engine = open_engine(f"sqlite:///{path}")
    press = showcase_releases.Press(engine, shelved.held._replace(releases=folder))
    yield Shelf(Fleet(engine, told[1], told[2]), press, shelved.releases, shelved.rollouts)
    engine.dispose()


@pytest.fixture
def reader(shelf: Shelf) -> Iterator[TestClient]:
    """Asks a console with releases as a page of an administrator's does."""
    app = create_console(
        shelf.fleet.engine, lambda: showcase.NOW, Settings(releases=shelf.press.releases)
    )
    with asking_for_pages(app) as asking:
        wear(asking, shelf.fleet.admin)
        yield asking


@pytest.fixture(scope="session")
def handed_in(
    told: tuple[Path, dict[str, str], Started], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, showcase_inbox.Inbox]:
    """The told fleet with an inbox. Its opener is of the first database alone."""
    home = tmp_path_factory.mktemp("handed")
    path = shutil.copyfile(told[0], home / "office.db")
    engine = open_engine(f"sqlite:///{path}")
    inbox = showcase_inbox.tell(engine, home / "registrar")
    engine.dispose()
    return path, inbox


@pytest.fixture
def inbox(
    handed_in: tuple[Path, showcase_inbox.Inbox], tmp_path: Path
) -> Iterator[showcase_inbox.Told]:
    path = shutil.copyfile(handed_in[0], tmp_path / "inbox.db")
    engine = open_engine(f"sqlite:///{path}")
    yield showcase_inbox.Told(engine, handed_in[1].at(engine, showcase.NOW))
    engine.dispose()


@pytest.fixture
def officer(inbox: showcase_inbox.Told) -> Iterator[TestClient]:
    """Asks as a page of an officer of the city does; `pengawas` may be worn instead."""
    app = create_console(inbox.engine, lambda: showcase.NOW, Settings(opener=inbox.its.opener))
    with asking_for_pages(app) as asking:
        wear(asking, log_in(inbox.engine, inbox.its.officer, showcase.NOW))
        yield asking


@pytest.fixture
def stranger(fleet: Fleet) -> Iterator[TestClient]:
    """Asks the console; nobody is logged in."""
    app = create_console(fleet.engine, lambda: showcase.NOW, Settings())
    with asking_for_pages(app) as asking:
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
