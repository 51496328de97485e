"""What `up` sets up, as values: folders, the agent's configuration, the line of every program.

Pure: decides, writes nothing, starts nothing. A password in a database's address never stands in
a command line, where every user of the machine could read it.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HOST: Final = "127.0.0.1"
ROOT: Final = Path(__file__).parents[1]  # where the rooms lie, installed or not
FLEET: Final = "anjungan"  # its name in what is signed; a real office chooses its own
NEVER_HERE: Final = ("reboot", "wipe")
SYNC_S: Final = 30  # whoever tries it out looks at both screens at once
CITIZENS_S: Final = 1_800  # at each played kiosk somebody hands in, so often on average
MOST_KIOSKS: Final = 500  # played in one process; more are the load players' work


class OptionsRefused(ValueError):  # noqa: N818 - the house's word for "will not be done"
    """What was asked cannot be done; whoever typed it must change it."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """Ports are real numbers here: whoever makes this has found free ones.

    `printer` and `queue` are ipp:// addresses, `browser_port` a Chromium's debugging port;
    empty or 0 means: the first kiosk has none. `site` is the code of where it stands.
    """

    state: Path
    port: int
    broker_port: int  # where kiosks come in
    office_port: int  # where the office comes in
    door_port: int
    portal_port: int
    preview_port: int = 0  # of service packs nobody has published; 0: the console shows none
    kiosks: int = 61
    seed: int = 7
    speed: float = 1.0
    database: str = ""
    printer: str = ""
    queue: str = ""
    browser_port: int = 0
    fallback: bool = False
    site: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.kiosks <= MOST_KIOSKS:
            raise OptionsRefused(
                f"--kiosks {self.kiosks}: 1 to {MOST_KIOSKS} here; for more see `anjungan load`"
            )
        if not 0 < self.speed <= 1000:
            raise OptionsRefused(f"--speed {self.speed:g}: more than 0, at most 1000")
        for flag, uri in (("--printer", self.printer), ("--queue", self.queue)):
            if uri and not uri.startswith("ipp://"):
                raise OptionsRefused(f"{flag} {uri}: write ipp://host:port/path")

    @property
    def url(self) -> str:
        """The database: SQLite in the state folder unless another was named."""
        return self.database or f"sqlite:///{self.state / 'office.db'}"

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}/"

    @property
    def door(self) -> str:
        return f"https://{HOST}:{self.door_port}"

    @property
    def authority(self) -> Path:
        return self.state / "authority"

    @property
    def issued(self) -> Path:
        return self.authority / "issued"

    @property
    def roots(self) -> Path:
        """Beside what they protect: a real office carries them away."""
        return self.authority / "roots"

    @property
    def command_key(self) -> Path:
        return self.state / "command.key"

    @property
    def releases(self) -> Path:
        return self.state / "releases"

    @property
    def release_keys(self) -> Path:
        """Of people who sign releases, as with the roots: a real office carries them away."""
        return self.authority / "release-keys"

    @property
    def release_key(self) -> Path:
        """The office's own, online."""
        return self.state / "release.key"

    @property
    def registrar(self) -> Path:
        """Keys by which the registrar opens what citizens hand in."""
        return self.state / "registrar"

    @property
    def registrar_socket(self) -> Path:
        """Where the console asks it."""
        return self.state / "registrar.sock"

    @property
    def registrar_door(self) -> Path:
        """Where the door asks it: nothing is opened there."""
        return self.state / "registrar-door.sock"

    @property
    def content(self) -> Path:
        """Releases that the first kiosk has."""
        return self.state / "content"

    @property
    def tray(self) -> Path:
        """What citizens handed in at the first kiosk, until the office has it."""
        return self.state / "portal" / "tray"

    @property
    def asks(self) -> Path:
        """Questions of citizens: a real kiosk has them in memory."""
        return self.state / "portal" / "asks"

    @property
    def notices(self) -> Path:
        """What the first kiosk's agent tells its portal."""
        return self.state / "portal" / "notices"

    @property
    def exchange(self) -> Path:
        return self.state / "exchange"

    @property
    def codes(self) -> Path:
        return self.state / "codes"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def broker_state(self) -> Path:
        return self.state / "broker"

    @property
    def agent_file(self) -> Path:
        return self.state / "agent.toml"

    @property
    def players_file(self) -> Path:
        return self.state / "players.csv"

    def agent_home(self, kiosk: str) -> Path:
        return self.state / "agent" / kiosk

    def player_home(self, kiosk: str) -> Path:
        return self.state / "players" / kiosk / "state"


def agent_toml(options: Options, kiosk: str) -> str:
    """The configuration of the one real agent: this machine."""
    lines = [
        "# Written by `anjungan up` at every start: changes here are lost.",
        f"kiosk = {_quoted(kiosk)}",
        f"state_dir = {_quoted(str(options.agent_home(kiosk)))}",
        "",
        "[door]",
        f"url = {_quoted(options.door)}",
        "",
        "[broker]",
        f"host = {_quoted(HOST)}",
        f"port = {options.broker_port}",
        *(["plain = true"] if options.fallback else []),
        "",
        "[probes.portal]",
        f"port = {options.portal_port}",
    ]
    if options.browser_port:
        expected = f"http://{HOST}:{options.portal_port}/"
        lines += ["", "[probes.browser]", f"port = {options.browser_port}"]
        lines += [f"expected = {_quoted(expected)}"]
    lines += ["", "[content]", f"folder = {_quoted(str(options.content))}"]
    citizens = {"tray": options.tray, "notices": options.notices, "asks": options.asks}
    lines += ["", "[citizens]", *(f"{name} = {_quoted(str(at))}" for name, at in citizens.items())]
    lines += [f"sync_s = {SYNC_S}"]
    # The first kiosk is the machine somebody works at.
    lines += ["", "[actions]", *(f"{kind} = false" for kind in NEVER_HERE)]
    for name, uri in (("printer", options.printer), ("queue", options.queue)):
        if uri:
            lines += ["", f"[probes.{name}]", f"uri = {_quoted(uri)}"]
    return "\n".join([*lines, ""])


def programs(options: Options, kiosk: str) -> dict[str, tuple[str, ...]]:
    """Name -> command line, in the order in which they are started.

    The fallback broker is no program of this table: it has neither identities nor a keeper.
    """
    database = ("--database", options.url) if options.url.startswith("sqlite") else ()
    lines = {
        "warden": ("-m", "provisioning.warden", *database, *_papers(options)),
        "broker": _broker(options),
        "registrar": _registrar(options, database),
        "door": _door(options, database),
        "controller": _controller(options, database),
        "console": _console(options, database),
        "portal": _portal(options, kiosk),
        "agent": ("-m", "agent", "--config", str(options.agent_file)),
    }
    if options.preview_port:
        lines["preview"] = ("-m", "portal.preview", "--port", str(options.preview_port))
    if options.fallback:
        del lines["broker"]
    if options.kiosks > 1:
        lines["players"] = _players(options)
    return {name: (sys.executable, *line) for name, line in lines.items()}


def join(options: Options, kiosk: str, code: str) -> tuple[str, ...]:
    """The one line a technician would type on the first kiosk."""
    where = ("--config", str(options.agent_file), "--state", str(options.agent_home(kiosk)))
    return (sys.executable, "-m", "agent.identity.join", options.door, code, *where, "--force")


def environment(options: Options, given: Mapping[str, str]) -> dict[str, str]:
    """For every program: where the rooms lie, and the database in a place others cannot read."""
    path = os.pathsep.join(filter(None, (str(ROOT), given.get("PYTHONPATH", ""))))
    return {
        **given,
        "PYTHONPATH": path,
        "PYTHONSAFEPATH": "1",  # a folder named `agent` where we stand must not be run instead
        "PYTHONUNBUFFERED": "1",
        "ANJUNGAN_DATABASE": options.url,
    }


def _papers(options: Options) -> tuple[str, ...]:
    return ("--authority", str(options.authority), "--exchange", str(options.exchange))


def _broker(options: Options) -> tuple[str, ...]:
    where = ("--state", str(options.broker_state), "--exchange", str(options.exchange))
    ports = ("--kiosk-port", str(options.broker_port), "--office-port", str(options.office_port))
    return ("-m", "broker_config", *where, "--identities", str(options.issued), *ports)


def _registrar(options: Options, database: tuple[str, ...]) -> tuple[str, ...]:
    asked = ("--listen", str(options.registrar_socket), "--door", str(options.registrar_door))
    return ("-m", "controller.registrar", *database, "--keys", str(options.registrar), *asked)


def _door(options: Options, database: tuple[str, ...]) -> tuple[str, ...]:
    shown = ("--cert", str(options.issued / "door.crt"), "--key", str(options.issued / "door.key"))
    trusted = ("--server-ca", str(options.issued / "server-ca.pem"))
    broker = ("--broker", f"{HOST}:{options.broker_port}")
    plain = ("--broker-plain",) if options.fallback else ()
    port = ("--port", str(options.door_port), "--releases", str(options.releases))
    asks = ("--registrar", str(options.registrar_door))
    return ("-m", "provisioning.door", *database, *port, *shown, *trusted, *broker, *plain, *asks)


def _controller(options: Options, database: tuple[str, ...]) -> tuple[str, ...]:
    publishes = ("--releases", str(options.releases), "--release-key", str(options.release_key))
    signs = ("--command-key", str(options.command_key), *publishes)
    if options.fallback:
        return ("-m", "controller", *database, "--broker", f"{HOST}:{options.broker_port}", *signs)
    ours = {"ca": "server-ca.pem", "cert": "office.crt", "key": "office.key"}
    tls = [word for what, file in ours.items() for word in (f"--tls-{what}", options.issued / file)]
    broker = ("--broker", f"{HOST}:{options.office_port}")
    return ("-m", "controller", *database, *broker, *map(str, tls), *signs)


def _console(options: Options, database: tuple[str, ...]) -> tuple[str, ...]:
    invites = ("--door", options.door, "--server-ca", str(options.issued / "server-ca.pem"))
    makes = ("--releases", str(options.releases), "--registrar", str(options.registrar_socket))
    port = ("--port", str(options.port))
    drawn = f"http://{HOST}:{options.preview_port}"
    shows = ("--preview", drawn) if options.preview_port else ()
    return ("-m", "dashboards.console", *database, *port, *invites, *makes, *shows)


def _portal(options: Options, kiosk: str) -> tuple[str, ...]:
    shown = ("--content", str(options.content / "layanan"))
    stands = ("--site", options.site) if options.site else ()
    folders = {"tray": options.tray, "asks": options.asks, "notices": options.notices}
    shared = [word for name, at in folders.items() for word in (f"--{name}", str(at))]
    prints = ("--queue", options.queue.rsplit("/", 1)[-1]) if options.queue else ()
    telephones = ("--photos", options.door)
    port = ("-m", "portal", "--port", str(options.portal_port))
    return (*port, "--kiosk", kiosk, *stands, *shown, *shared, *prints, *telephones)


def _players(options: Options) -> tuple[str, ...]:
    folder = str(options.state / "players")
    who = ("--seed", str(options.seed), "--kiosks", str(options.players_file))
    pace = () if options.speed == 1 else ("--speed", f"{options.speed:g}")
    broker = ("--broker", f"{HOST}:{options.broker_port}")
    trusted = ("--server-ca", str(options.issued / "server-ca.pem"))
    papers: tuple[str, ...] = ("--door", options.door, *trusted, "--codes", str(options.codes))
    if options.fallback:  # which asks nobody for a certificate
        papers = ()
    people = ("--citizens", str(CITIZENS_S)) if papers else ()
    folders = ("--state", folder)
    return ("-m", "provisioning.players", *broker, *folders, *who, *papers, *people, *pace)


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's is one, except that it lets DEL through."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
