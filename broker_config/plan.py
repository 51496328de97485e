"""Which broker program serves these settings, and how: decided here, carried out by `child`.

Mosquitto wherever it is installed; else the loopback fallback, which says what it lacks.
Never starts a program; `prepare` writes the one file it reads.
"""

import os
import pwd
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from broker_config import fallback, mosquitto
from broker_config.child import Child
from broker_config.knock import answers
from broker_config.settings import BrokerRefused, Settings

Which = Callable[[str], str | None]
# Debian installs it where an ordinary user's PATH does not look.
PLACES = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))
OPEN_FILES = 65_536  # one a kiosk; the usual 1024 would turn the others away
SPARE_FILES = 500  # for the office, the lists, the memory: at its limit a reload goes wrong


@dataclass(frozen=True, kw_only=True)
class Plan:
    program: str  # mosquitto or fallback
    argv: tuple[str, ...]
    file: Path
    text: str
    lacks: tuple[str, ...] = ()
    why: str = ""  # why it is not Mosquitto


def find_mosquitto(name: str) -> str | None:
    return shutil.which(name, path=PLACES)


def has_fallback() -> bool:
    return find_spec("iotcore") is not None


def choose(
    settings: Settings,
    *,
    only_fallback: bool = False,
    which: Which = find_mosquitto,
    fallback_installed: Callable[[], bool] = has_fallback,
) -> Plan:
    """Raises BrokerRefused when neither program is there."""
    program = which("mosquitto")
    if program is not None and not only_fallback:
        file = settings.state / "mosquitto.conf"
        argv = (program, "-c", str(file))
        text = mosquitto.configuration(settings)
        return Plan(program="mosquitto", argv=argv, file=file, text=text)
    if not fallback_installed():
        raise BrokerRefused(
            "no broker: the administrator must install mosquitto (apt install mosquitto), "
            "or for one machine only `pip install anjungan[fallback]`"
        )
    file = settings.state / "rumqttd.toml"
    # -P: a folder named iotcore where we happen to stand must not be run instead.
    serve = (
        sys.executable,
        "-P",
        "-m",
        "iotcore",
        "--config",
        str(file),
        "--log-level",
        "CRITICAL",
    )
    text = fallback.configuration(settings)
    why = "asked for" if only_fallback else "mosquitto is not installed"
    return Plan(program="fallback", argv=serve, file=file, text=text, lacks=fallback.LACKS, why=why)


def prepare(
    plan: Plan, settings: Settings, log: Path, ready: Callable[[], bool] | None = None
) -> Child:
    """Writes the configuration and returns the child, not yet started.

    `ready`: how to ask whether it serves, where a plain knock at its port gets no answer.
    """
    settings.state.mkdir(parents=True, exist_ok=True)
    plan.file.write_text(plan.text, encoding="utf-8")
    most = settings.identities.most_kiosks + SPARE_FILES if settings.identities else 0
    return Child(
        name=f"broker ({plan.program})",
        argv=plan.argv,
        log=log,
        ready=ready or (lambda: answers(settings.bind, settings.port)),
        open_files=max(OPEN_FILES, most),
    )


def as_owner(settings: Settings) -> Settings:
    """Started by root, Mosquitto drops to an account that may not enter the state folder.

    So it is told to be whoever owns that folder.
    """
    if os.geteuid() != 0:
        return settings
    settings.state.mkdir(parents=True, exist_ok=True)
    return replace(settings, user=pwd.getpwuid(settings.state.stat().st_uid).pw_name)
