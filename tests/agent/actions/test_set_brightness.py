"""A panel's light under a root that is not the machine's."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.agent.actions.conftest import Bench


@pytest.fixture
def panel(bench: Bench) -> Path:
    folder = bench.root / "sys/class/backlight/intel_backlight"
    folder.mkdir(parents=True)
    (folder / "max_brightness").write_text("255\n")
    (folder / "brightness").write_text("128\n")
    return folder


def test_the_light_is_set_noted_before_and_read_back(bench: Bench, panel: Path) -> None:
    ended = bench.run("set_brightness", percent=20)
    assert (ended.state, ended.facts) == ("succeeded", {"percent": 20, "before": 50})
    assert (panel / "brightness").read_text() == "51"
    assert bench.noted == ["50"]
    assert bench.run("set_brightness", percent=1, mode="undo", undo="50").facts["percent"] == 50


def test_it_never_goes_out(bench: Bench, panel: Path) -> None:
    bench.run("set_brightness", percent=0)
    assert int((panel / "brightness").read_text()) > 0


def test_a_program_that_does_nothing_is_not_believed(bench: Bench, panel: Path) -> None:
    bench.settings["actions"]["set_brightness"] = {"run": ["true", "{percent}"]}
    assert bench.run("set_brightness", percent=90).code == "not_taken"
    assert panel.exists()


def test_a_monitor_is_set_by_its_program(bench: Bench, program: Callable[[str, str], str]) -> None:
    kept = bench.folder / "kept"
    kept.write_text("50")
    bench.settings["actions"]["set_brightness"] = {
        "run": [program("run", f'echo "$1" > {kept}'), "{percent}"],
        "read": [program("read", f'echo "VCP 10 C $(cat {kept}) 100"')],
    }
    assert bench.run("set_brightness", percent=30).facts == {"percent": 30, "before": 50}


def test_a_kiosk_without_a_light_cannot(bench: Bench) -> None:
    assert bench.run("set_brightness", percent=30).code == "unsupported"
    assert bench.noted == []
