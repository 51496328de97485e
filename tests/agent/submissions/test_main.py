"""How a round that is started ends: the exit code is all that the resident agent learns of it."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.submissions.__main__ import DONE, MUST_ACT, main
from tests.support.child import free_port


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """A program of its own would take these along when it ends."""
    heard, mask = signal.getsignal(signal.SIGTERM), os.umask(0o022)
    yield
    signal.signal(signal.SIGTERM, heard)
    os.umask(mask)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Of a kiosk whose office is away."""
    lines = [
        'kiosk = "bdg-coblong-1"',
        f'state_dir = "{tmp_path / "state"}"',
        '[broker]\nhost = "127.0.0.1"\nport = 1\nplain = true',
        f'[door]\nurl = "https://127.0.0.1:{free_port()}"',
        f'[citizens]\ntray = "{tmp_path / "tray"}"',
        f'notices = "{tmp_path}"\nasks = "{tmp_path}"',
    ]
    file = tmp_path / "agent.toml"
    file.write_text("\n".join(lines))
    return file


def test_before_the_portal_has_made_a_tray_nothing_waits_and_nothing_has_failed(
    config: Path,
) -> None:
    assert main(["--config", str(config)]) == DONE


def test_a_configuration_nobody_can_read_needs_a_person(tmp_path: Path) -> None:
    assert main(["--config", str(tmp_path / "none.toml")]) == MUST_ACT
