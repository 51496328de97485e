"""The screen as a Wayland compositor shows it: outputs, power, a sample of pixels.

Uses the core protocol for outputs, and wlroots' output-power and screencopy where the compositor
has them (sway, labwc, cage; not weston or GNOME): without them power and picture are "cannot
tell". The copy of the picture lies in memory shared with the compositor; only sampled rows of it
are read. An output that is switched off is not there at all for a client of Wayland.
"""

import os
from pathlib import Path
from typing import Final, NamedTuple

from agent.probes.screen_look import Look, Picture, judge, sampled_rows
from agent.probes.wayland_wire import Event, WaylandConnection

_DISPLAY: Final = 1
_CURRENT_MODE: Final = 1
_LAST_BYTE_UNUSED: Final = frozenset({0, 1, 0x34324258, 0x34324241})  # ARGB XRGB XBGR ABGR
_LARGEST: Final = 2**27
_POWER, _COPY, _SHM = "zwlr_output_power_manager_v1", "zwlr_screencopy_manager_v1", "wl_shm"


class Global(NamedTuple):
    name: int
    interface: str
    version: int


class Output(NamedTuple):
    id: int
    name: str
    width: int
    height: int


class WaylandScreen:
    """`socket` is the compositor's, such as /run/user/1000/wayland-1."""

    def __init__(self, socket: Path, output: str = "", timeout_s: float = 2.0) -> None:
        self._socket = socket
        self._output = output
        self._timeout_s = timeout_s

    def look(self, *, sample: bool) -> Look:
        connection = WaylandConnection(str(self._socket), self._timeout_s)
        try:
            return _Session(connection).look(self._output, sample=sample)
        finally:
            connection.close()


class _Session:
    """One look's conversation."""

    def __init__(self, connection: WaylandConnection) -> None:
        self._wire = connection
        self._registry = connection.new_id()
        connection.send(_DISPLAY, 1, self._registry)
        self._globals = announced(connection.round_trip(), self._registry)

    def look(self, wanted: str, *, sample: bool) -> Look:
        outputs = self._outputs()
        shown = [o for o in outputs if not wanted or o.name == wanted]
        if not shown:
            return Look("wayland", None, lit=False)
        output = shown[0]
        lit = self._powered(output)
        picture = self._sample(output) if sample and lit is not False else None
        return Look("wayland", True, lit, output.width, output.height, picture)

    def _outputs(self) -> list[Output]:
        bound = [self._bind(g, 4) for g in self._globals if g.interface == "wl_output"]
        events = self._wire.round_trip()
        return [describe(i, [e for e in events if e.sender == i]) for i in bound]

    def _powered(self, output: Output) -> bool | None:
        manager = self._bind_named(_POWER)
        if manager is None:
            return True  # it would not be announced if it were switched off
        power = self._wire.new_id()
        self._wire.send(manager, 0, power, output.id)
        modes = [e for e in self._wire.round_trip() if e.sender == power and e.opcode == 0]
        return modes[-1].numbers(0) == (1,) if modes else None

    def _sample(self, output: Output) -> Picture | None:
        copier, shm = self._bind_named(_COPY), self._bind_named(_SHM)
        if copier is None or shm is None:
            return None
        frame = self._wire.new_id()
        self._wire.send(copier, 0, frame, 0, output.id)  # 0: without the pointer
        offer = self._wire.until(frame, 0, 3)[-1]
        if offer.opcode != 0:
            return None
        form, width, height, stride = offer.numbers(0, 1, 2, 3)
        if not (0 < 4 * width <= stride and 0 < stride * height <= _LARGEST):
            return None
        memory = os.memfd_create("anjungan-sample", os.MFD_CLOEXEC)
        try:
            os.ftruncate(memory, stride * height)
            if not self._copy(frame, shm, memory, (width, height, stride, form)):
                return None
            rows = [os.pread(memory, 4 * width, stride * y) for y in sampled_rows(height)]
        finally:
            os.close(memory)
        return judge(_colours(rows, form), 4, channels=form in _LAST_BYTE_UNUSED)

    def _copy(self, frame: int, shm: int, memory: int, size: tuple[int, int, int, int]) -> bool:
        """Whether the compositor has put the frame into the memory."""
        _, height, stride, _ = size
        pool, buffer = self._wire.new_id(), self._wire.new_id()
        self._wire.send(shm, 0, pool, stride * height, fd=memory)
        self._wire.send(pool, 0, buffer, 0, *size)
        self._wire.send(frame, 0, buffer)
        return self._wire.until(frame, 2, 3)[-1].opcode == 2

    def _bind_named(self, interface: str) -> int | None:
        found = [g for g in self._globals if g.interface == interface]
        return self._bind(found[0], 1) if found else None

    def _bind(self, thing: Global, most: int) -> int:
        """Binds at the lower of both versions: a higher one would bring events we do not know."""
        bound = self._wire.new_id()
        version = min(thing.version, most)
        interface = thing.interface.encode()
        self._wire.send(self._registry, 0, thing.name, interface, version, bound)
        return bound


def announced(events: list[Event], registry: int) -> list[Global]:
    """What the compositor offers; raises WaylandError."""
    found = []
    for event in events:
        if event.sender == registry and event.opcode == 0:
            name, length = event.numbers(0, 1)
            (version,) = event.numbers(2 + (length + 3) // 4)
            found.append(Global(name, event.text(1), version))
    return found


def describe(output: int, events: list[Event]) -> Output:
    """The output from its own events; a size of 0 when it has no current mode."""
    name, width, height, turned = "", 0, 0, False
    for event in events:
        if event.opcode == 0:
            # x, y, two physical sizes, subpixels; then two texts and the transform at the end
            turned = bool(event.body) and bool(event.numbers(len(event.body) // 4 - 1)[0] % 2)
        elif event.opcode == 1:
            flags, wide, high = event.numbers(0, 1, 2)
            if flags & _CURRENT_MODE:
                width, height = wide, high
        elif event.opcode == 4:
            name = event.text(0)
    return Output(output, name, *((height, width) if turned else (width, height)))


def _colours(rows: list[bytes], form: int) -> list[bytes]:
    """The rows with the byte that shows nothing set to zero."""
    if form not in _LAST_BYTE_UNUSED:
        return rows
    cleared = []
    for row in rows:
        colours = bytearray(row)
        colours[3::4] = bytes(len(row) // 4)
        cleared.append(bytes(colours))
    return cleared
