"""A folder of releases after its first ceremony, and somebody at the office's machine."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from controller.people import accounts
from controller.people.audit import By
from controller.people.powers import Grant
from controller.store.engine import open_engine, writing
from provisioning import __main__ as anjungan
from provisioning.terminal import now
from tests.support.release_keys import Held, hold

BY = By("test")
Type = Callable[..., tuple[int, str]]


@pytest.fixture
def held(tmp_path: Path) -> Held:
    return hold(tmp_path, now())


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    engine = open_engine(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def typed(
    engine: Engine,
    held: Held,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Type:
    """`anjungan WORD...` at an office whose environment names database and releases.

    "siti" may do everything, "budi" may only look.
    """
    monkeypatch.setenv("ANJUNGAN_DATABASE", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("ANJUNGAN_RELEASES", str(held.releases))
    with writing(engine) as conn:
        for login, role in (("siti", "admin"), ("budi", "technician")):
            accounts.create(conn, accounts.New(login, login.title(), (Grant(role, ""),)), BY, 5)

    def run(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        code = anjungan.main(words)
        told = capsys.readouterr()
        return code, told.out + told.err

    return run
