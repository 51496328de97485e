"""What differs between offices, checked once: these values end in units that root's systemd reads.

Raises BadSetting with the option's name. Knows no secret: where the database wants a password, a
person writes it into office.env.
"""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

from provisioning.files.command import BadSetting

SQLITE: Final = "sqlite:////var/lib/anjungan/office/office.db"
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,250}[A-Za-z0-9])?", re.ASCII)
_DATABASE: Final = re.compile(r"[a-z][a-z0-9+]*://[A-Za-z0-9_./?=&:@~-]*", re.ASCII)
_PORTS: Final = ("kiosk_port", "office_port", "door_port", "console_port", "preview_port")


@dataclass(frozen=True)
class Settings:
    """`name`: how kiosks and people reach this office, the first one being told to kiosks."""

    name: tuple[str, ...] = ()
    database: str = SQLITE
    bind: str = "0.0.0.0"  # noqa: S104 - kiosks come from everywhere; each door asks who they are
    console_bind: str = "127.0.0.1"
    kiosk_port: int = 8883
    office_port: int = 8884
    door_port: int = 8443
    console_port: int = 8444
    preview_port: int = 8090

    def __post_init__(self) -> None:
        if not self.name:
            raise BadSetting("--name: say by which name or address kiosks reach this office")
        for name in self.name:
            if not isinstance(name, str) or not _HOST.fullmatch(name):
                raise BadSetting(f"--name {name!r}: a host name or an address")
        if not isinstance(self.database, str) or not _DATABASE.fullmatch(self.database):
            raise BadSetting("--database: a URL such as postgresql+psycopg:///anjungan")
        if re.search(r"://[^/@]*:[^/@]*@", self.database):
            raise BadSetting("--database: no password here; write it into /etc/anjungan/office.env")
        for option in ("bind", "console_bind"):
            _address(option, getattr(self, option))
        ports = [getattr(self, name) for name in _PORTS]
        if not all(isinstance(port, int) and 1024 <= port <= 65_535 for port in ports):
            raise BadSetting("ports lie between 1024 and 65535: no program here is root")
        if len(set(ports)) < len(ports):
            raise BadSetting("two of the ports are the same")

    @property
    def sqlite(self) -> bool:
        return self.database.startswith("sqlite")


def _address(option: str, value: str) -> None:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        said = f"--{option.replace('_', '-')} {value!r}"
        raise BadSetting(f"{said}: an address of this machine") from None
