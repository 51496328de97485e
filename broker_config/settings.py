"""What a broker of ours is told: values only, checked once, the same for every program.

Owns the rule that a broker without identities stays on this machine.
Never writes a file, never starts a program.
"""

from dataclasses import dataclass, fields
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
class Identities:
    """Who comes in shows a certificate: kiosks at one door, the office at another.

    The files are those Mosquitto reads; the keeper puts them there once it has checked them.
    """

    office_port: int
    office_bind: str
    device_ca: Path
    server_ca: Path
    cert: Path
    key: Path
    crl: Path
    access: Path
    most_kiosks: int = 60_000  # connections at the kiosks' door; below the limit of open files
    most_office: int = 200


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`state` is where the broker keeps its files; `user` the account it should run as.

    An empty `user` means: as whoever starts it. With `identities`, `port` and `bind` are the
    kiosks' door, which may then be on any address. Raises BrokerRefused for anything unsafe.
    """

    port: int
    state: Path
    bind: str = "127.0.0.1"
    user: str = ""
    tls: TlsListener | None = None
    identities: Identities | None = None
    queued_messages: int = 1_000_000
    queued_bytes: int = 536_870_912
    in_flight: int = OFFICE_WINDOW
    largest_message: int = LARGEST_MESSAGE
    autosave_s: int = 5
    most_keepalive_s: int = 3600

    def __post_init__(self) -> None:
        if self.identities is None:
            _refuse_other_machines(self.bind)
        elif self.tls is not None:
            raise BrokerRefused("a broker with identities has no other TLS door: leave --tls-* out")
        else:
            _refuse_names(self.bind)
            _refuse_names(self.identities.office_bind)
        parts = [self, *(part for part in (self.tls, self.identities) if part is not None)]
        for part in parts:
            _check_fields(part)


def _check_fields(part: Settings | TlsListener | Identities) -> None:
    """Ports are ports, and no text can start an option of its own."""
    for field in fields(part):
        value = getattr(part, field.name)
        if field.name.endswith("port") and not 1 <= value <= 65_535:
            raise BrokerRefused(f"{value} is not a port: choose one from 1 to 65535")
        if isinstance(value, str | Path) and not str(value).isprintable():
            raise BrokerRefused(f"{str(value)!r} cannot stand in a configuration file: rename it")


def _refuse_names(bind: str) -> None:
    try:
        ip_address(bind)
    except ValueError:
        raise BrokerRefused(
            f"{bind!r} is not an IP address: a name may point anywhere; 0.0.0.0 means all of IPv4"
        ) from None


def _refuse_other_machines(bind: str) -> None:
    try:
        loopback = ip_address(bind).is_loopback
    except ValueError:
        raise BrokerRefused(f"{bind!r} is not an IP address: write 127.0.0.1 or ::1") from None
    if not loopback:
        raise BrokerRefused(
            f"will not listen on {bind}: without identities anybody could speak for any kiosk. "
            "Listen on 127.0.0.1, or have the administrator start it with --identities"
        )
