"""A few questions to a local Wayland compositor, in its own protocol over its own socket.

Why not `grim` and `wlr-randr`: a subprocess and a PNG every look cost fifty times what the answer
does, and wlr-randr misreads a headless sway. A connection serves one look and is then closed: a
client that does not read for minutes would be thrown out. Whatever is out of step raises
WaylandError. Opens no window and asks for no input, so nothing changes on the screen.
"""

import socket
import struct
from typing import Final, NamedTuple

_DISPLAY: Final = 1
_ERROR, _DELETE_ID = 0, 1
_MOST_EVENTS: Final = 10_000


class WaylandError(OSError):
    """The compositor refused or did not speak its protocol."""


class Event(NamedTuple):
    sender: int
    opcode: int
    body: bytes

    def numbers(self, *places: int) -> tuple[int, ...]:
        """The 32-bit arguments at these places; raises WaylandError when there are fewer."""
        try:
            return tuple(struct.unpack_from("<I", self.body, 4 * place)[0] for place in places)
        except struct.error as error:
            raise WaylandError("an event of the compositor is too short") from error

    def text(self, place: int) -> str:
        """The text that begins at this place."""
        (length,) = self.numbers(place)
        start = 4 * (place + 1)
        return self.body[start : start + max(length - 1, 0)].decode("utf-8", "replace")


class WaylandConnection:
    """Each wait for the compositor is limited by `timeout_s`."""

    def __init__(self, path: str, timeout_s: float) -> None:
        self._last = _DISPLAY
        self._buffer = b""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout_s)
        try:
            self._socket.connect(path)
        except BaseException:
            self._socket.close()
            raise

    def close(self) -> None:
        self._socket.close()

    def new_id(self) -> int:
        self._last += 1
        return self._last

    def send(
        self, target: int, opcode: int, *arguments: int | bytes, fd: int | None = None
    ) -> None:
        """One request; a number is a 32-bit argument, bytes are a text."""
        body = b"".join(_argument(a) for a in arguments)
        message = struct.pack("<IHH", target, opcode, 8 + len(body)) + body
        if fd is None:
            self._socket.sendall(message)
        else:
            socket.send_fds(self._socket, [message], [fd])

    def round_trip(self) -> list[Event]:
        """Everything the compositor has to say to what was sent so far."""
        callback = self.new_id()
        self.send(_DISPLAY, 0, callback)
        return self.until(callback, 0)

    def until(self, sender: int, *opcodes: int) -> list[Event]:
        """The events up to and including the one awaited."""
        events: list[Event] = []
        while len(events) < _MOST_EVENTS:
            events.append(self._next())
            if events[-1].sender == sender and events[-1].opcode in opcodes:
                return events
        raise WaylandError("the compositor does not stop talking")

    def _next(self) -> Event:
        while (split := take(self._buffer)) is None:
            data = self._socket.recv(2**16)
            if not data:
                raise WaylandError("the compositor closed the connection")
            self._buffer += data
        event, self._buffer = split
        if event.sender == _DISPLAY and event.opcode == _ERROR:
            raise WaylandError(f"the compositor refused: {event.text(2)[:100]}")
        return event


def take(buffer: bytes) -> tuple[Event, bytes] | None:
    """The first whole event and the rest; None while it is not whole. Raises WaylandError."""
    if len(buffer) < 8:
        return None
    sender, opcode, size = struct.unpack_from("<IHH", buffer)
    if size < 8 or size % 4:
        raise WaylandError("the compositor sent an event of an impossible size")
    if len(buffer) < size:
        return None
    return Event(sender, opcode, buffer[8:size]), buffer[size:]


def _argument(value: int | bytes) -> bytes:
    if isinstance(value, int):
        return struct.pack("<I", value & 0xFFFFFFFF)
    text = value + b"\0"
    return struct.pack("<I", len(text)) + text + bytes(-len(text) % 4)
