"""Is there a broker behind this port? Asked in the language itself, by twenty bytes.

A port that accepts may belong to anybody; only a CONNACK says that a broker is ready.
Never keeps the connection, never leaves a session.
"""

import socket
from contextlib import suppress
from secrets import randbelow

# CONNECT, MQTT 5, clean start, keep-alive 10 s, no properties, client id "anjungan-knock".
_NAME = b"anjungan-knock"
_BODY = b"\x00\x04MQTT\x05\x02\x00\x0a\x00" + len(_NAME).to_bytes(2, "big") + _NAME
CONNECT = bytes((0x10, len(_BODY))) + _BODY
PORTS = range(10_240, 32_768)  # Linux lends from 32,768 on
TRIES = 200
DISCONNECT = b"\xe0\x00"


def answers(host: str, port: int, timeout_s: float = 1.0) -> bool:
    """True if a broker there lets us in. False for silence, refusal and other programs."""
    try:
        with socket.create_connection((host, port), timeout_s) as door:
            door.settimeout(timeout_s)
            door.sendall(CONNECT)
            answer = _exactly(door, 4)
            door.sendall(DISCONNECT)
    except OSError:
        return False
    return len(answer) == 4 and answer[0] == 0x20 and answer[3] == 0


def is_taken(host: str, port: int, timeout_s: float = 0.3) -> bool:
    """True if any program accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout_s):
            return True
    except OSError:
        return False


def free_port(host: str = "127.0.0.1") -> int:
    """A port nobody listens on at this moment. Somebody may take it before you do.

    Below those that the system lends to outgoing connections: of these any may be in use at the
    moment we come to listen.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for _ in range(TRIES):
        port = PORTS.start + randbelow(len(PORTS))
        with socket.socket(family) as probe, suppress(OSError):
            probe.bind((host, port))
            return port
    raise OSError(f"no free port from {PORTS.start} to {PORTS.stop}: who has them all?")


def _exactly(door: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count:
        more = door.recv(count - len(got))
        if not more:
            break
        got += more
    return got
