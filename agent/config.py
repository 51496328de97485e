"""What a technician writes into agent.toml, checked once at start.

Whatever is wrong is said with the name of the setting, for the person who wrote the file.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec

from wire.topics import is_kiosk_name

ON_BY_DEFAULT: Final = ("system", "disk", "network", "temperature", "power", "screen")

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Options = dict[str, Any]


class BadConfig(ValueError):  # noqa: N818 - says what happened
    """The file cannot be used; whoever wrote it must act."""


class Broker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """TLS is used when `ca` is given; `cert` and `key` then say who we are."""

    host: str
    port: Port = 8883
    ca: str = ""
    cert: str = ""
    key: str = ""
    keepalive_s: Annotated[int, msgspec.Meta(ge=5, le=3600)] = 60
    will_delay_s: Annotated[int, msgspec.Meta(ge=0, le=3600)] = 5
    reconnect_min_s: Annotated[float, msgspec.Meta(ge=0.01, le=60)] = 1.0
    reconnect_max_s: Annotated[float, msgspec.Meta(ge=0.01, le=3600)] = 120.0


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`probes`: options by probe; those of ON_BY_DEFAULT are there unless set to false."""

    kiosk: str
    state_dir: str
    broker: Broker
    probes: dict[str, Options | bool] = {}

    def options(self) -> dict[str, Options]:
        """Every probe that is on, with its options."""
        chosen = dict.fromkeys(ON_BY_DEFAULT, True) | self.probes
        return {
            name: options if isinstance(options, dict) else {}
            for name, options in chosen.items()
            if options is not False
        }


def load(path: Path) -> Config:
    """Raises BadConfig with one sentence that names the setting."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadConfig(f"{path} cannot be read: {error}") from error
    return parse(table)


def parse(table: dict[str, Any]) -> Config:
    try:
        config = msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        raise BadConfig(str(error)) from error
    if not is_kiosk_name(config.kiosk):
        raise BadConfig(
            f"kiosk = {config.kiosk!r}: 3 to 32 lower-case letters, digits and inner hyphens"
        )
    if bool(config.broker.cert) and not config.broker.ca:
        raise BadConfig("broker.cert needs broker.ca")
    return config
