"""`python -m portal` as a process."""

import sys
from pathlib import Path

from tests.support.child import Child, free_port, listens
from tests.support.wait import until

ROOT = Path(__file__).parents[2]


def start(folder: Path, port: int) -> Child:
    args = [sys.executable, "-m", "portal", "--port", str(port), "--kiosk", "bandung-coblong-01"]
    return Child(args, folder / "portal.log", {"PYTHONPATH": str(ROOT)})


def test_it_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    port = free_port()
    portal = start(tmp_path, port)
    portal.wait_for_port(port)
    portal.stop()
    assert not listens(port)
    assert "Traceback" not in portal.log.read_text()


def test_a_port_that_is_taken_is_said_and_no_traceback_shown(tmp_path: Path) -> None:
    port = free_port()
    first = start(tmp_path, port)
    first.wait_for_port(port)
    (tmp_path / "second").mkdir()
    second = start(tmp_path / "second", port)
    said = until(second.log.read_text, 10)
    first.stop()
    second.stop()
    assert f"port {port}" in said
    assert "Traceback" not in said
