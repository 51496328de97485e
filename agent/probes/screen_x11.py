"""The screen as a local X server shows it: outputs, power, screen saver, a sample of pixels.

Owns one connection and keeps it: an X server resets itself when its last client leaves, and the
agent must not be the cause. Nothing is set, moved or woken; pixels are read only while lit.
"""

import re
import struct
from pathlib import Path
from typing import Final, NamedTuple

from agent.probes.screen_look import Look, NoScreen, Picture, judge, sampled_rows
from agent.probes.x11_wire import XConnection, XError, request
from agent.probes.xauthority import COOKIE, secret_for

_DISPLAY: Final = re.compile(r"(?:unix)?:(\d{1,5})(?:\.\d{1,3})?")
_CONNECTED: Final = 0  # 1 is disconnected, 2 is "cannot tell"
_SAVER_ON: Final = 1


class Output(NamedTuple):
    name: str
    connected: bool | None
    crtc: int  # 0: nothing is sent to it


class Area(NamedTuple):
    x: int
    y: int
    width: int
    height: int


class X11Screen:
    """`display` as in $DISPLAY, local ones only; `output` names one when there are several."""

    def __init__(
        self,
        display: str,
        xauthority: Path | None = None,
        sockets: Path = Path("/tmp/.X11-unix"),  # noqa: S108 - where X servers put them
        output: str = "",
        timeout_s: float = 2.0,
    ) -> None:
        match = _DISPLAY.fullmatch(display)
        if match is None:
            raise ValueError(f"{display[:40]!r} is no display of this machine, such as :0")
        self._number = int(match[1])
        self._socket = sockets / f"X{self._number}"
        self._xauthority = xauthority
        self._output = output
        self._timeout_s = timeout_s
        self._connection: XConnection | None = None

    def look(self, *, sample: bool) -> Look:
        connection = self._connection or self._connect()
        try:
            look = _look(connection, self._output, sample=sample)
        except BaseException:
            # Replies that are still to come would be taken for answers to the next questions.
            connection.close()
            self._connection = None
            raise
        self._connection = connection
        return look

    def close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None

    def _connect(self) -> XConnection:
        secret = b""
        if self._xauthority and self._xauthority.is_file():
            secret = secret_for(self._xauthority.read_bytes(), self._number)
        return XConnection(str(self._socket), COOKIE, secret, self._timeout_s)


def _look(x: XConnection, wanted: str, *, sample: bool) -> Look:
    connected: bool | None = None
    area: Area | None = Area(0, 0, x.width, x.height)
    if x.opcode("RANDR"):
        output = pick(_outputs(x), wanted)
        connected = output.connected
        area = _area(x, output.crtc)
    lit = area is not None and _powered(x) and not _saver_is_on(x)
    if area is None:
        return Look("x11", connected, lit=False)
    picture = _sample(x, area) if lit and sample and connected is not False else None
    return Look("x11", connected, lit, area.width, area.height, picture)


def pick(outputs: list[Output], wanted: str) -> Output:
    """The output to tell about: the named one, else the one that shows the most."""
    if not outputs:
        raise NoScreen("the X server has no output")
    if wanted:
        named = [o for o in outputs if o.name == wanted]
        return named[0] if named else Output(wanted, connected=False, crtc=0)
    return max(outputs, key=lambda o: (o.connected is not False, bool(o.crtc)))


def _outputs(x: XConnection) -> list[Output]:
    randr = x.opcode("RANDR")
    # A server answers some questions only to those who said which version they speak.
    _, resources = x.ask(
        request(randr, 0, struct.pack("<II", 1, 3)), request(randr, 25, struct.pack("<I", x.root))
    )
    stamp, ids = parse_resources(resources)
    return [
        parse_output(reply)
        for reply in x.ask(*(request(randr, 9, struct.pack("<II", i, stamp)) for i in ids))
    ]


def _area(x: XConnection, crtc: int) -> Area | None:
    if not crtc:
        return None
    (reply,) = x.ask(request(x.opcode("RANDR"), 20, struct.pack("<II", crtc, 0)))
    return parse_crtc(reply)


def _powered(x: XConnection) -> bool:
    dpms = x.opcode("DPMS")
    if not dpms:
        return True
    (reply,) = x.ask(request(dpms, 7))
    return reply[8:10] == b"\0\0"  # 1 standby, 2 suspend, 3 off


def _saver_is_on(x: XConnection) -> bool:
    saver = x.opcode("MIT-SCREEN-SAVER")
    if not saver:
        return False
    (reply,) = x.ask(request(saver, 1, struct.pack("<I", x.root)))
    return reply[1] == _SAVER_ON


def _sample(x: XConnection, area: Area) -> Picture | None:
    colours = (1 << min(x.depth, 32)) - 1
    if x.depth in (24, 32):
        colours = 0xFFFFFF  # the fourth byte shows nothing and may hold anything
    rows = x.ask(
        *(
            # 2: pixels as they lie in memory
            request(
                73,
                2,
                struct.pack("<IhhHHI", x.root, area.x, area.y + y, area.width, 1, colours),
            )
            for y in sampled_rows(area.height)
        )
    )
    size = area.width * x.pixel
    return judge([r[32 : 32 + size] for r in rows], x.pixel, channels=x.depth in (24, 32))


def parse_resources(reply: bytes) -> tuple[int, list[int]]:
    """The stamp to ask further with, and the outputs; raises XError."""
    try:
        stamp, crtcs, outputs = struct.unpack_from("<IHH", reply, 12)
        return stamp, list(struct.unpack_from(f"<{outputs}I", reply, 32 + 4 * crtcs))
    except struct.error as error:
        raise XError("the X server's list of outputs is too short") from error


def parse_output(reply: bytes) -> Output:
    try:
        (crtc,) = struct.unpack_from("<I", reply, 12)
        connection = reply[24]
        crtcs, modes, _, clones, length = struct.unpack_from("<HHHHH", reply, 26)
        at = 36 + 4 * (crtcs + modes + clones)
    except (struct.error, IndexError) as error:
        raise XError("the X server's account of an output is too short") from error
    known = {_CONNECTED: True, 1: False}
    return Output(reply[at : at + length].decode("latin-1"), known.get(connection), crtc)


def parse_crtc(reply: bytes) -> Area | None:
    """Where on the screen it shows, None if it is switched off."""
    try:
        x, y, width, height, mode = struct.unpack_from("<hhHHI", reply, 12)
    except struct.error as error:
        raise XError("the X server's account of a picture area is too short") from error
    return Area(x, y, width, height) if mode and width and height else None
