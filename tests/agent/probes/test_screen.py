"""Can a citizen see a picture?"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.probes.screen import Expected, ScreenProbe, display_server
from agent.probes.screen_look import Look, NoScreen, Picture
from agent.probes.screen_wayland import WaylandScreen
from agent.probes.screen_x11 import X11Screen
from provisioning.players.devices.sysroot import SysRoot
from tests.support.xserver import XServer, xvfb


class Server:
    """A display server that shows what it is told to, and notes when its pixels are taken."""

    def __init__(self) -> None:
        self.answer: Look | Exception = Look("x11", True, True, 1920, 1080)
        self.digest = "00000000"
        self.black = False
        self.samples = 0

    def look(self, *, sample: bool) -> Look:
        if isinstance(self.answer, Exception):
            raise self.answer
        self.samples += sample
        picture = Picture(self.digest, self.black) if sample and self.answer.lit else None
        return self.answer._replace(picture=picture)


@pytest.fixture
def machine(tmp_path: Path) -> SysRoot:
    return SysRoot(tmp_path)


@pytest.fixture
def server() -> Server:
    return Server()


def test_a_machine_without_any_display_is_unknown_and_never_ok(machine: SysRoot) -> None:
    finding = ScreenProbe(machine.path).observe()
    assert finding.state == "unknown"
    assert finding.why == ("no display server is configured; the kernel knows no graphics output")
    assert finding.facts["backend"] == "none"


def test_a_picture_on_a_connected_and_lit_screen_is_ok(machine: SysRoot, server: Server) -> None:
    machine.connector()
    finding = ScreenProbe(machine.path, server).observe()
    assert finding == (
        "ok",
        {
            "backend": "x11+drm",
            "connected": True,
            "lit": True,
            "width": 1920,
            "height": 1080,
            "black": False,
            "picture": "00000000",
            "touch": False,
        },
        (),
        "",
    )


def test_a_server_that_paints_on_an_unplugged_screen_is_not_believed(
    machine: SysRoot, server: Server
) -> None:
    machine.connector(connected=False, lit=False)
    finding = ScreenProbe(machine.path, server).observe()
    assert finding.codes == ("screen.disconnected",)
    assert finding.why == "no screen is plugged in"


def test_no_pixels_are_taken_from_a_screen_that_is_off(machine: SysRoot, server: Server) -> None:
    machine.connector(lit=False)
    finding = ScreenProbe(machine.path, server).observe()
    assert finding.codes == ("screen.dark",)
    assert server.samples == 0


def test_a_black_picture_is_told(machine: SysRoot, server: Server) -> None:
    server.black = True
    assert ScreenProbe(machine.path, server).observe().codes == ("screen.black",)


def test_a_still_picture_is_a_fault_only_where_the_page_is_known_to_move(
    machine: SysRoot, server: Server
) -> None:
    now = 0.0
    clock = lambda: now  # noqa: E731
    still = ScreenProbe(machine.path, server, clock=clock)
    moving = ScreenProbe(machine.path, server, expected=Expected(moves_within_s=300), clock=clock)
    codes = []
    for moment in (0.0, 299.0, 300.0, 315.0):
        now = moment
        assert still.observe().codes == ()
        codes.append(moving.observe().codes)
    server.digest = "00000001"
    codes.append(moving.observe().codes)
    assert codes == [(), (), ("screen.frozen",), ("screen.frozen",), ()]


def test_a_screen_that_was_off_meanwhile_has_to_stand_still_anew(
    machine: SysRoot, server: Server
) -> None:
    now = 0.0
    expected = Expected(moves_within_s=300)
    probe = ScreenProbe(machine.path, server, expected=expected, clock=lambda: now)
    probe.observe()
    shown, server.answer = server.answer, Look("x11", True, lit=False)
    now = 200.0
    assert probe.observe().codes == ("screen.dark",)
    server.answer = shown
    now = 400.0
    assert probe.observe().codes == ()


def test_another_size_than_expected_is_told_with_the_size(machine: SysRoot, server: Server) -> None:
    expected = Expected(size=(1080, 1920))
    finding = ScreenProbe(machine.path, server, expected=expected).observe()
    assert finding.codes == ("screen.wrong_size",)
    assert finding.why == "the picture is 1920x1080"


def test_a_touch_screen_that_was_seen_once_is_missed(machine: SysRoot, server: Server) -> None:
    probe = ScreenProbe(machine.path, server)
    assert probe.observe().codes == ()
    machine.touch(present=True)
    assert probe.observe().facts["touch"] is True
    machine.touch(present=False)
    assert probe.observe().codes == ("screen.touch_missing",)


def test_an_expected_touch_screen_is_missed_from_the_start(
    machine: SysRoot, server: Server
) -> None:
    probe = ScreenProbe(machine.path, server, expected=Expected(touch=True))
    assert probe.observe().codes == ("screen.touch_missing",)


def test_a_machine_that_does_not_list_its_inputs_has_touch_unknown(
    machine: SysRoot, server: Server
) -> None:
    machine.remove("proc/bus")
    finding = ScreenProbe(machine.path, server, expected=Expected(touch=True)).observe()
    assert (finding.state, finding.facts["touch"]) == ("ok", None)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (TimeoutError(), "the display server does not answer in time"),
        (ConnectionRefusedError(111, "Connection refused"), "Connection refused"),
        (NoScreen("the X server has no output"), "the X server has no output"),
    ],
)
def test_a_server_that_does_not_answer_is_unknown_though_the_screen_is_lit(
    machine: SysRoot, server: Server, error: Exception, why: str
) -> None:
    machine.connector()
    server.answer = error
    finding = ScreenProbe(machine.path, server).observe()
    assert (finding.state, finding.why, finding.facts["lit"]) == ("unknown", why, True)


def test_an_unplugged_screen_is_told_though_the_server_does_not_answer(
    machine: SysRoot, server: Server
) -> None:
    machine.connector(connected=False)
    server.answer = TimeoutError()
    assert ScreenProbe(machine.path, server).observe().codes == ("screen.disconnected",)


def test_the_driver_alone_is_enough_to_say_that_a_screen_is_lit(machine: SysRoot) -> None:
    machine.connector()
    finding = ScreenProbe(machine.path).observe()
    assert (finding.state, finding.facts["backend"]) == ("ok", "drm")
    assert finding.facts["black"] is None


def test_a_driver_that_does_not_know_is_unknown(machine: SysRoot) -> None:
    machine.raw("sys/class/drm/card0-VGA-1/status", "unknown")
    finding = ScreenProbe(machine.path).observe()
    assert finding.state == "unknown"
    assert finding.why == "no display server is configured"


def test_wayland_goes_before_x_and_neither_is_none() -> None:
    both = display_server(display=":0", wayland="wayland-1", runtime_dir="/run/user/1000")
    assert isinstance(both, WaylandScreen)
    assert isinstance(display_server(display=":0"), X11Screen)
    assert display_server() is None


@pytest.fixture
def real_server() -> Iterator[XServer]:
    with xvfb() as running:
        yield running


def test_a_real_server_is_seen_black_then_painted_then_gone(
    machine: SysRoot, real_server: XServer
) -> None:
    probe = ScreenProbe(machine.path, display_server(display=real_server.display))
    assert probe.observe().codes == ("screen.black",)
    real_server.run("xsetroot", "-mod", "8", "8", "-fg", "white", "-bg", "blue")
    assert probe.observe().state == "ok"
    real_server.process.kill()
    real_server.process.wait()
    assert probe.observe().state == "unknown"
    finding = probe.observe()
    assert (finding.state, finding.why) == ("unknown", "Connection refused")
