"""A few questions to a local X server, asked in its own protocol over its own socket.

Why not a library: Xlib ends the process when the server goes away, `xrandr` in a subprocess costs
more processor than all other probes together, and either costs memory. This knows only requests
that have a reply, selects no events and changes nothing on the screen. Whatever is out of step
raises XError; the caller then closes the connection and begins anew. Server and agent are on one
machine, so everything is in little-endian order by our choice.
"""

import socket
import struct
from typing import Final

_LONGEST: Final = 2**24
_ERROR, _REPLY, _GENERIC_EVENT = 0, 1, 35


class XError(OSError):
    """The X server refused or did not speak its protocol."""


class XConnection:
    """A connection to the first screen. Each wait for the server is limited by `timeout_s`."""

    def __init__(self, path: str, name: bytes, secret: bytes, timeout_s: float) -> None:
        self._sequence = 0
        self._opcodes: dict[str, int] = {}
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout_s)
        self._stream = self._socket.makefile("rb", buffering=2**16)
        try:
            self._socket.connect(path)
            self._socket.sendall(_hello(name, secret))
            self.root, self.width, self.height, self.depth, self.pixel = self._welcome()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._stream.close()
        self._socket.close()

    def ask(self, *requests: bytes) -> list[bytes]:
        """The replies, in order; all requests leave at once, so they cost one round trip."""
        self._socket.sendall(b"".join(requests))
        return [self._reply() for _ in requests]

    def opcode(self, extension: str) -> int:
        """The extension's number on this server; 0 if the server does not have it."""
        if extension not in self._opcodes:
            name = extension.encode()
            (reply,) = self.ask(request(98, 0, struct.pack("<HH", len(name), 0) + name))
            self._opcodes[extension] = reply[9] if reply[8] else 0
        return self._opcodes[extension]

    def _reply(self) -> bytes:
        self._sequence = (self._sequence + 1) & 0xFFFF
        while True:
            head = self._read(32)
            extra = struct.unpack_from("<I", head, 4)[0] * 4
            if head[0] == _ERROR:
                raise XError(f"the X server refused request {head[10]} with error {head[1]}")
            if head[0] == _REPLY:
                break
            # Some events reach every client, asked for or not.
            if head[0] & 0x7F == _GENERIC_EVENT:
                self._read(extra)
        if struct.unpack_from("<H", head, 2)[0] != self._sequence:
            raise XError("the X server answered another question")
        return head + self._read(extra)

    def _read(self, size: int) -> bytes:
        if size > _LONGEST:
            raise XError("the X server answered more than was asked for")
        data: bytes = self._stream.read(size)
        if len(data) < size:
            raise XError("the X server closed the connection")
        return data

    def _welcome(self) -> tuple[int, int, int, int, int]:
        head = self._read(8)
        body = self._read(struct.unpack_from("<H", head, 6)[0] * 4)
        if head[0] != 1:
            reason = body[: head[1]].decode("latin-1")
            raise XError(f"the X server does not let the agent in: {reason.strip()[:100]}")
        return parse_setup(body)


def request(opcode: int, detail: int, body: bytes = b"") -> bytes:
    """A request: `detail` is the second byte (the minor opcode of an extension)."""
    body += bytes(-len(body) % 4)
    return struct.pack("<BBH", opcode, detail, 1 + len(body) // 4) + body


def parse_setup(body: bytes) -> tuple[int, int, int, int, int]:
    """Root window, width, height, depth and bytes a pixel of the first screen."""
    try:
        vendor, _, _, formats = struct.unpack_from("<HHBB", body, 16)
        at = 32 + vendor + -vendor % 4
        bits = {body[i]: body[i + 1] for i in range(at, at + 8 * formats, 8)}
        screen = at + 8 * formats
        (root,) = struct.unpack_from("<I", body, screen)
        width, height = struct.unpack_from("<HH", body, screen + 20)
        depth = body[screen + 38]
    except (struct.error, IndexError) as error:
        raise XError("the X server's greeting is too short") from error
    return root, width, height, depth, max(bits.get(depth, 32) // 8, 1)


def _hello(name: bytes, secret: bytes) -> bytes:
    name = name if secret else b""
    head = struct.pack("<BxHHHHxx", ord("l"), 11, 0, len(name), len(secret))
    return head + name + bytes(-len(name) % 4) + secret + bytes(-len(secret) % 4)
