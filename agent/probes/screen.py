"""Can a citizen see a picture? What the display server and the display driver say, put together.

The worse of both answers holds: a server paints happily on a screen that was unplugged. Pixels are
sampled only from a screen that is on. A still picture is a fault only where the page is known to
move; service information may rightly stand still for hours. Without any display this is
`unknown`, never ok: nobody has seen a picture.
"""

import math
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from agent.probes import sysfs
from agent.probes.base import Clock, Facts, Finding, cannot_tell, found, judge_codes
from agent.probes.screen_drm import DrmScreen
from agent.probes.screen_look import Backend, Look, NoScreen
from agent.probes.screen_touch import has_touch
from agent.probes.screen_wayland import WaylandScreen
from agent.probes.screen_x11 import X11Screen

_SAYING: Mapping[str, str] = {
    "screen.disconnected": "no screen is plugged in",
    "screen.dark": "the screen is switched off",
    "screen.black": "the picture is black or of one colour",
    "screen.frozen": "the picture does not move any more",
    "screen.wrong_size": "the picture is {width}x{height}",
    "screen.touch_missing": "the touch screen does not answer",
}


class Expected(NamedTuple):
    """What the operator knows about this kiosk; None and False: nothing."""

    size: tuple[int, int] | None = None
    touch: bool = False
    moves_within_s: float | None = None


class ScreenProbe:
    """`server` is the display server that paints, None where there is none."""

    name = "screen"
    period_s = 15.0
    timeout_s = 8.0
    confirm = 2  # between two pages a picture may be of one colour
    bands: Mapping[str, float] = {"picture": math.inf}

    def __init__(
        self,
        root: Path = Path("/"),
        server: Backend | None = None,
        driver: Backend | None = None,
        expected: Expected = Expected(),  # noqa: B008 - immutable
        clock: Clock = time.monotonic,
    ) -> None:
        self._root = root
        self._server = server
        self._driver = driver or DrmScreen(root)
        self._expected = expected
        self._clock = clock
        self._still: tuple[str, float] | None = None
        self._had_touch = expected.touch

    def observe(self) -> Finding:
        driver, no_driver = _try(self._driver, sample=False)
        dark = driver is not None and False in (driver.connected, driver.lit)
        server, no_server = None, "no display server is configured"
        if self._server:
            server, no_server = _try(self._server, sample=not dark)
        touch = self._touch()
        facts = _facts(server, driver, touch)
        codes = list(self._codes(facts, server))
        why = "; ".join(_SAYING[code].format_map(facts) for code in codes)
        blind = server is None and (self._server is not None or driver is None)
        if (blind or facts["lit"] is None) and judge_codes(codes) != "fail":
            reasons = [no_server] if driver or self._server else [no_server, no_driver]
            return cannot_tell(
                "; ".join(r for r in reasons if r) or "the screen does not tell whether it is on",
                facts,
            )
        return found(facts, codes, why)

    def _codes(self, facts: Facts, server: Look | None) -> Iterator[str]:
        frozen = self._frozen(server)
        if facts["connected"] is False:
            yield "screen.disconnected"
        elif facts["lit"] is False:
            yield "screen.dark"
        elif facts["black"]:
            yield "screen.black"
        elif frozen:
            yield "screen.frozen"
        # Only the server knows the size in use; the driver tells what the screen prefers.
        shown = (server.width, server.height) if server and server.width else None
        if shown and self._expected.size not in (None, shown):
            yield "screen.wrong_size"
        if facts["touch"] is False and self._had_touch:
            yield "screen.touch_missing"

    def _frozen(self, server: Look | None) -> bool:
        limit = self._expected.moves_within_s
        picture = server.picture if server else None
        if limit is None or picture is None:
            self._still = None
            return False
        now = self._clock()
        if self._still is None or self._still[0] != picture.digest:
            self._still = (picture.digest, now)
        return now - self._still[1] >= limit

    def _touch(self) -> bool | None:
        devices = sysfs.text(self._root / "proc/bus/input/devices")
        if devices is None:
            return None
        present = has_touch(devices)
        # A touch screen that was seen once must stay: kiosks have no other way to be used.
        self._had_touch = self._had_touch or present
        return present


def display_server(
    display: str = "",
    xauthority: str = "",
    wayland: str = "",
    runtime_dir: str = "",
    output: str = "",
) -> Backend | None:
    """The server that these, named as the environment names them, point to; None for none.

    Wayland goes first: where both are set, X only serves guests of the Wayland compositor.
    """
    if wayland:
        return WaylandScreen(Path(runtime_dir) / wayland, output)
    if display:
        return X11Screen(display, Path(xauthority) if xauthority else None, output=output)
    return None


def _try(backend: Backend, *, sample: bool) -> tuple[Look | None, str]:
    try:
        return backend.look(sample=sample), ""
    except TimeoutError:
        return None, "the display server does not answer in time"
    except (OSError, NoScreen) as error:
        return None, (getattr(error, "strerror", None) or str(error))[:120]


def _facts(server: Look | None, driver: Look | None, touch: bool | None) -> Facts:  # noqa: FBT001
    looks = [look for look in (server, driver) if look]
    first = looks[0] if looks else Look("")
    picture = server.picture if server else None
    return {
        "backend": "+".join(look.backend for look in looks) or "none",
        "connected": _worse([look.connected for look in looks]),
        "lit": _worse([look.lit for look in looks]),
        "width": first.width,
        "height": first.height,
        "black": picture.black if picture else None,
        "picture": picture.digest if picture else None,
        "touch": touch,
    }


def _worse(answers: list[bool | None]) -> bool | None:
    return False if False in answers else True if True in answers else None
