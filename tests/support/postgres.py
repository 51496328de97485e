"""A private PostgreSQL for the session, and a fresh migrated database for each test on either.

Migrating takes a good part of a second; so it is done once, and every test gets a copy.
"""

import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from controller.store.migrate import migrate
from tests.support.memory import roomy
from tests.support.ports import free_port

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


class Cluster:
    """One running server on 127.0.0.1. It refuses to run as root, so root lends it `postgres`.

    `language`: texts are in its order, as on most servers; "" by their bytes, which is quicker.
    """

    def __init__(self, home: Path, language: str = "") -> None:
        self._home = home
        self._order = [f"--icu-locale={language}", "--locale-provider=icu"] if language else []
        self._bin = BINARIES[-1]
        self.port = free_port()
        self._migrated = ""

    def start(self) -> None:
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self._home, user.pw_uid, user.pw_gid)
        trusting = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale")
        self._run("initdb", *trusting, *self._order)
        options = (
            f"-p {self.port} -k {self._home} -c listen_addresses=127.0.0.1 -c max_connections=60"
            # No test cuts the power of this server, and each makes a database; to drop one, the
            # server looks through all its buffers, so it has few.
            " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
            " -c shared_buffers=16MB -c autovacuum=off -c max_wal_size=64MB"
        )
        self._run("pg_ctl", "-w", "-l", str(self._home / "log"), "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def create(self, like: str = "template1") -> str:
        """The URL of a new database: empty, or as the one of this name."""
        name = f"t{uuid4().hex}"
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as conn:
            # Copying files takes a fifth of the processor time of writing every block to the log;
            # older servers know no other way and not the word.
            strategy = "STRATEGY FILE_COPY" if conn.info.server_version >= 150000 else ""
            conn.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}" {strategy}')
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def create_migrated(self) -> str:
        """The URL of a new database of the newest schema."""
        if not self._migrated:
            url = self.create()
            migrate(url)
            self._migrated = url.rsplit("/", 1)[1]
        return self.create(self._migrated)

    def drop(self, url: str) -> None:
        name = url.rsplit("/", 1)[1]
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as conn:
            conn.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _dsn(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"

    def _run(self, program: str, *args: str) -> None:
        user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
        subprocess.run(  # type: ignore[call-overload]
            [self._bin / program, "-D", self._home / "data", *args],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            extra_groups=[] if user else None,
            **user,
        )


@contextmanager
def a_cluster(language: str = "") -> Iterator[Cluster]:
    """Started; stopped and gone at the end of the block."""
    home = Path(tempfile.mkdtemp(prefix="anjungan-pg-", dir=roomy()))
    cluster = Cluster(home, language)
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    if not BINARIES:
        pytest.fail("PostgreSQL is not installed: `make test` does it")
    with a_cluster() as cluster:
        yield cluster


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'office.db'}"


@pytest.fixture
def empty_postgres(postgres: Cluster) -> Iterator[str]:
    url = postgres.create()
    yield url
    postgres.drop(url)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "office.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(empty_sqlite: str, migrated_sqlite: Path, tmp_path: Path) -> str:
    with (
        closing(sqlite3.connect(migrated_sqlite)) as old,
        closing(sqlite3.connect(tmp_path / "office.db")) as new,
    ):
        old.backup(new)
    return empty_sqlite


@pytest.fixture
def postgres_url(postgres: Cluster) -> Iterator[str]:
    url = postgres.create_migrated()
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database, once on each."""
    name = "empty_sqlite" if request.param == "sqlite" else "empty_postgres"
    return str(request.getfixturevalue(name))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh database of the newest schema, once on each."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))
