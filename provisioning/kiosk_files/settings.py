"""What differs between kiosks, checked once: these values end in files that root's programs read.

Raises BadSetting with the option's name. Knows no paths and writes nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from provisioning.files.command import BadSetting

DISPLAYS: Final = ("wayland", "x11")
_USER: Final = re.compile(r"[a-z][a-z0-9-]{0,30}", re.ASCII)
_USB: Final = re.compile(r"[0-9a-f]{4}:[0-9a-f]{4}", re.ASCII)
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,250}[A-Za-z0-9])?", re.ASCII)
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_ADDRESS: Final = re.compile(
    r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?", re.ASCII
)
_OURS: Final = ("root", "anjungan", "anjungan-portal")


@dataclass(frozen=True)
class Settings:
    """Times are those of the kiosk's own clock, HH:MM. `usb_allow` holds vendor:product in hex.

    `neighbour_port`: where other kiosks of its network get pieces of releases, 0 for nowhere.
    """

    display: str = "wayland"
    browser_user: str = "kiosk"
    portal_port: int = 8080
    debug_port: int = 9222
    allow: tuple[str, ...] = ()
    usb_allow: tuple[str, ...] = ()
    keyboard: bool = False
    ntp: tuple[str, ...] = ("0.id.pool.ntp.org", "1.id.pool.ntp.org", "time.bmkg.go.id")
    upgrade_at: str = "03:00"
    update_kb: int = 512
    profile_mb: int = 256
    browser_mb: int = 1024
    neighbour_port: int = 0

    def __post_init__(self) -> None:
        if self.display not in DISPLAYS:
            raise BadSetting(f"--display {self.display!r}: one of {', '.join(DISPLAYS)}")
        if self.keyboard and self.display != "wayland":
            raise BadSetting("--keyboard needs --display wayland: X would take Ctrl and Alt too")
        if not _USER.fullmatch(self.browser_user) or self.browser_user in _OURS:
            raise BadSetting(
                f"--browser-user {self.browser_user!r}: small letters, its own account"
            )
        _each("--allow", self.allow, _ADDRESS, "http(s)://HOST[:PORT][/PATH], no * at its end")
        _each("--usb-allow", self.usb_allow, _USB, "VENDOR:PRODUCT in small hex, as lsusb says")
        _each("--ntp", self.ntp, _HOST, "a host name or an address")
        _each("--upgrade-at", (self.upgrade_at,), _TIME, "HH:MM")
        _port("--portal-port", self.portal_port)
        _port("--debug-port", self.debug_port)
        if self.neighbour_port:
            _port("--neighbour-port", self.neighbour_port)
        ports = (self.portal_port, self.debug_port, self.neighbour_port)
        if len(set(ports)) < len(ports):
            raise BadSetting("--portal-port, --debug-port and --neighbour-port must differ")
        for name in ("update_kb", "profile_mb", "browser_mb"):
            if not 16 <= getattr(self, name) <= 65_536:
                raise BadSetting(f"--{name.replace('_', '-')}: 16 to 65536")

    @property
    def origin(self) -> str:
        """The portal as the browser calls it, without a slash at its end."""
        return f"http://127.0.0.1:{self.portal_port}"

    @property
    def other_ports(self) -> list[int]:
        """TCP ports of the sites that are allowed beside the portal."""
        parts = [urlsplit(address) for address in self.allow]
        return sorted({p.port or (443 if p.scheme == "https" else 80) for p in parts})


def clock(at: str, minutes: int) -> str:
    """HH:MM so many minutes later, over midnight too."""
    hour, minute = map(int, at.split(":"))
    later = (60 * hour + minute + minutes) % 1440
    return f"{later // 60:02}:{later % 60:02}"


def _each(option: str, values: Sequence[object], form: re.Pattern[str], what: str) -> None:
    for value in values:
        if not isinstance(value, str) or not form.fullmatch(value) or not _port_is_right(value):
            raise BadSetting(f"{option} {value!r}: {what}")


def _port_is_right(value: str) -> bool:
    """Only an address has a port; the library refuses those that cannot be."""
    try:
        return urlsplit(value).port != 0 if value.startswith("http") else True
    except ValueError:
        return False


def _port(option: str, port: int) -> None:
    if not 1024 <= port <= 65_535:
        raise BadSetting(f"{option} {port}: 1024 to 65535")
