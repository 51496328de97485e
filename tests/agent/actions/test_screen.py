"""A real X server's outputs switched, and asked again."""

from collections.abc import Callable
from pathlib import Path

from tests.agent.actions.conftest import Bench
from tests.support.xserver import xorg_dummy


def test_outputs_go_off_and_on_and_back(bench: Bench, tmp_path: Path) -> None:
    with xorg_dummy(tmp_path) as server:
        screen = {"root": str(tmp_path), "display": server.display, "wayland": ""}
        bench.settings["probes"]["screen"] = screen
        ended = bench.run("screen", on=False)
        assert (ended.state, ended.facts) == ("succeeded", {"lit": False, "before": True}), ended
        assert bench.noted == ["on"]
        assert bench.run("screen", on=False, mode="undo", undo="on").facts["lit"] is True


def dark(bench: Bench, *, lit: bool) -> Path:
    folder = bench.folder / "sys/class/drm/card0-HDMI-A-1"
    folder.mkdir(parents=True)
    for name, text in {"status": "connected", "enabled": "enabled"}.items():
        (folder / name).write_text(text)
    (folder / "dpms").write_text("On" if lit else "Off")
    screen = {"root": str(bench.folder), "display": "", "wayland": ""}
    bench.settings["probes"]["screen"] = screen
    return folder / "dpms"


def test_the_configured_program_is_run_and_not_believed(
    bench: Bench, program: Callable[[str, str], str]
) -> None:
    dpms = dark(bench, lit=True)
    does = f'[ "$1" = off ] && printf Off > {dpms} || true'
    bench.settings["actions"]["screen"] = {"run": [program("power", does), "{on}"]}
    assert bench.run("screen", on=False).facts["lit"] is False
    assert bench.run("screen", on=True).code == "not_taken"


def test_a_kiosk_whose_display_is_not_known_cannot(bench: Bench) -> None:
    dark(bench, lit=True)
    assert bench.run("screen", on=False).code == "unsupported"


def test_a_compositor_that_is_gone_is_said(bench: Bench) -> None:
    bench.settings["probes"]["screen"] = {
        "root": str(bench.folder), "wayland": "wayland-1", "runtime_dir": str(bench.folder),
    }  # fmt: skip
    assert bench.run("screen", on=True).code == "unsupported"


def test_without_a_screen_there_is_none_to_switch(bench: Bench) -> None:
    assert bench.run("screen", on=True).code == "no_device"
