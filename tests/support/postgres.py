"""A private PostgreSQL for the session, and a fresh migrated database for each test on either."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from broker_config.knock import free_port
from controller.store.migrate import migrate

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


class Cluster:
    """One running server on 127.0.0.1. It refuses to run as root, so root lends it `postgres`."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._bin = BINARIES[-1]
        self.port = free_port()

    def start(self) -> None:
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self._home, user.pw_uid, user.pw_gid)
        self._run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale")
        options = (
            f"-p {self.port} -k {self._home} -c listen_addresses=127.0.0.1 -c max_connections=60"
        )
        self._run("pg_ctl", "-w", "-l", str(self._home / "log"), "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def create(self) -> str:
        """The URL of a new, empty database."""
        name = f"t{uuid4().hex}"
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as conn:
            conn.execute(f'CREATE DATABASE "{name}"')
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

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


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    if not BINARIES:
        pytest.fail("PostgreSQL is not installed: `make test` does it")
    home = Path(tempfile.mkdtemp(prefix="anjungan-pg-"))
    cluster = Cluster(home)
    cluster.start()
    yield cluster
    cluster.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'office.db'}"


@pytest.fixture
def empty_postgres(postgres: Cluster) -> Iterator[str]:
    url = postgres.create()
    yield url
    postgres.drop(url)


@pytest.fixture
def sqlite_url(empty_sqlite: str) -> str:
    migrate(empty_sqlite)
    return empty_sqlite


@pytest.fixture
def postgres_url(empty_postgres: str) -> str:
    migrate(empty_postgres)
    return empty_postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database, once on each."""
    name = "empty_sqlite" if request.param == "sqlite" else "empty_postgres"
    return str(request.getfixturevalue(name))


@pytest.fixture
def database(empty_database: str) -> str:
    """The URL of a fresh database of the newest schema, once on each."""
    migrate(empty_database)
    return empty_database
