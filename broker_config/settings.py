"""What a broker of ours is told: values only, checked once, the same for every program.

Owns the rule that a broker without identities stays on this machine.
Never writes a file, never starts a program.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

# The office opens its sessions with a Receive Maximum of 200: a smaller number here would
# narrow its window, a larger one would only let players flood it.
OFFICE_WINDOW = 200
LARGEST_MESSAGE = 262_144  # four times what the codec accepts: it must see what it refuses


class BrokerRefused(ValueError):  # noqa: N818 - the house's word for "will not be done"
    """These settings are not carried out. The administrator must change them."""


@dataclass(frozen=True, kw_only=True)
class TlsListener:
    """A second door with a server certificate, to measure and test TLS on this machine."""

    port: int
    ca: Path
    cert: Path
    key: Path


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`state` is where the broker keeps its files; `user` the account it should run as.

    An empty `user` means: as whoever starts it. Raises BrokerRefused for anything unsafe.
    """

    port: int
    state: Path
    bind: str = "127.0.0.1"
    user: str = ""
    tls: TlsListener | None = None
    queued_messages: int = 1_000_000
    queued_bytes: int = 536_870_912
    in_flight: int = OFFICE_WINDOW
    largest_message: int = LARGEST_MESSAGE
    autosave_s: int = 5

    def __post_init__(self) -> None:
        _refuse_other_machines(self.bind)
        ports = [self.port] if self.tls is None else [self.port, self.tls.port]
        for port in ports:
            if not 1 <= port <= 65_535:
                raise BrokerRefused(f"{port} is not a port: choose one from 1 to 65535")
        texts = [str(self.state), self.user]
        if self.tls is not None:
            texts += [str(self.tls.ca), str(self.tls.cert), str(self.tls.key)]
        for text in texts:
            if not text.isprintable():  # a line break would start a new option
                raise BrokerRefused(f"{text!r} cannot stand in a configuration file: rename it")


def _refuse_other_machines(bind: str) -> None:
    try:
        loopback = ip_address(bind).is_loopback
    except ValueError:
        raise BrokerRefused(f"{bind!r} is not an IP address: write 127.0.0.1 or ::1") from None
    if not loopback:
        raise BrokerRefused(
            f"will not listen on {bind}: kiosks have no identities yet, so anybody could speak "
            "for any kiosk. Listen on 127.0.0.1, or have the administrator give kiosks "
            "certificates first"
        )
