"""What a technician writes into agent.toml, checked once at start.

Whatever is wrong is said with the name of the setting, for the person who wrote the file.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec

from wire.topics import is_kiosk_name

ON_BY_DEFAULT: Final = ("system", "disk", "network", "temperature", "power", "screen")
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Options = dict[str, Any]


class BadConfig(ValueError):  # noqa: N818 - says what happened
    """The file cannot be used; whoever wrote it must act."""


class Door(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where this kiosk got its identity and renews it: https://HOST:PORT."""

    url: str


class Broker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """TLS is used when `ca` is given; `cert` and `key` then say who we are.

    With a door they are those of the kiosk's identity, unless the broker is `plain`: without TLS,
    which only a broker on this very machine may be.
    """

    host: str
    port: Port = 8883
    plain: bool = False
    ca: str = ""
    cert: str = ""
    key: str = ""
    keepalive_s: Annotated[int, msgspec.Meta(ge=5, le=3600)] = 60
    will_delay_s: Annotated[int, msgspec.Meta(ge=0, le=3600)] = 5
    reconnect_min_s: Annotated[float, msgspec.Meta(ge=0.01, le=60)] = 1.0
    reconnect_max_s: Annotated[float, msgspec.Meta(ge=0.01, le=3600)] = 120.0


class Neighbour(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Other kiosks on the same network, http://HOST:PORT each; what they give is checked alike.

    `serve`: the port on which this one gives what it has, 0 for not at all.
    """

    ask: Annotated[tuple[str, ...], msgspec.Meta(max_length=16)] = ()
    serve: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 0


class Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How releases come and where they stand. Megabytes are millions of bytes; 0: no limit.

    `folder`: releases of content, which the portal reads; `programs`: those of software, empty when
    this kiosk's software is not updated so. `url` goes before what the office says. `quiet`: hours
    in which nothing is fetched, "07:00-16:00". `keep_free_mb` stays free whatever is fetched.
    `restart_portal`: the program that starts the portal anew after its own release; `portal` and
    `browser` are ports on 127.0.0.1, 0 for those of the probes. `roots`: the first root metadata.
    `trial_s`: so long may a new release of the agent take until the office has heard it; else the
    one before comes back.
    """

    folder: str
    programs: str = ""
    roots: str = ""
    url: str = ""
    day_mb: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    month_mb: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    quiet: tuple[str, ...] = ()
    keep_free_mb: Annotated[int, msgspec.Meta(ge=0)] = 500
    least_kbit: Annotated[float, msgspec.Meta(ge=0)] = 4.0
    neighbour: Neighbour = Neighbour()
    restart_portal: tuple[str, ...] = ()
    trial_s: Annotated[int, msgspec.Meta(ge=5, le=86400)] = 900
    portal: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 0
    browser: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 0


class Citizens(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What citizens hand in at the portal: folders that wire/local.py describes.

    `asks` lies in memory (tmpfs). `sync_s`: how often the office is asked for news when there is
    nothing to bring away.
    """

    tray: str
    notices: str
    asks: str
    sync_s: Annotated[int, msgspec.Meta(ge=5, le=86400)] = 300


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`probes`: options by probe; those of ON_BY_DEFAULT are there unless set to false.

    `actions`: options by kind of command; all are there unless set to false. Without `content`
    no release is ever installed here, without `citizens` nothing of theirs is brought away.
    """

    kiosk: str
    state_dir: str
    broker: Broker
    door: Door | None = None
    probes: dict[str, Options | bool] = {}
    actions: dict[str, Options | bool] = {}
    content: Content | None = None
    citizens: Citizens | None = None

    def options(self) -> dict[str, Options]:
        """Every probe that is on, with its options. [content] and [citizens] bring their own."""
        usual: dict[str, Options | bool] = dict.fromkeys(ON_BY_DEFAULT, True)
        if self.content:
            usual["content"] = {"status": f"{self.state_dir}/content/status.json"}
        if self.citizens:
            usual["submission"] = {"tray": self.citizens.tray}
        chosen = {**usual, **self.probes}
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
    if config.broker.plain and config.broker.host not in LOOPBACK:
        raise BadConfig("broker.plain: without TLS only at 127.0.0.1; take that line out")
    return _with_identity(config)


def _with_identity(config: Config) -> Config:
    """Certificates and key that are not named are those of the identity."""
    broker = config.broker
    if config.door is None or broker.plain or broker.ca:
        return config
    here = Path(config.state_dir) / "identity" / "current"
    names = {"ca": "server-ca.pem", "cert": "cert.pem", "key": "key.pem"}
    found = {setting: str(here / name) for setting, name in names.items()}
    return msgspec.structs.replace(config, broker=msgspec.structs.replace(broker, **found))
