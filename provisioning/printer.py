"""The printer of this very machine, as its CUPS knows it.

Owns one question to CUPS, asked through `lpstat` because a kiosk's user may have a default printer
and a server of their own, which it knows to look up. Never changes a queue, never waits long, and
never guesses between two printers: what is not clear is said, with the option that settles it.
"""

import os
import re
import subprocess
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

from broker_config.knock import is_taken

PATIENCE_S: Final = 3.0
QUESTION: Final = ("lpstat", "-H", "-d", "-v")
# Where ipp-usb offers the first USB printer: CUPS knows it by a name only, or drives it by itself.
IPP_USB: Final = ("127.0.0.1", 60000)
DEFAULT: Final = "system default destination: "
DEVICE: Final = "device for "
_HOST: Final = re.compile(r"[\w.-]+(:\d{1,5})?", re.ASCII)
_PLAIN: Final = re.compile(
    r"(?P<place>ipp://[\w.-]+(:\d{1,5})?)(?=[/?]|$)(?P<path>/[^?#\s]*)?", re.ASCII
)
_SERVICE: Final = re.compile(r"[a-z]+://[^/?]*_tcp\.local", re.ASCII)  # found by name: not a host


class Found(NamedTuple):
    """Addresses for the probes, empty when there is none, and one line for whoever started us."""

    said: str
    queue: str = ""
    printer: str = ""


class Answer(NamedTuple):
    """What lpstat said: `server` as host:port or a socket's path, `devices` by name of queue."""

    server: str
    default: str
    devices: dict[str, str]


def look() -> Found:
    """Ask the CUPS of this machine. Never raises."""
    try:
        answer = read(_ask())
    except FileNotFoundError:
        return Found("no printer found here: no lpstat (name one with --printer or --queue)")
    except subprocess.TimeoutExpired:
        return Found(f"no printer found here: CUPS did not answer in {PATIENCE_S:g} s")
    except (OSError, UnicodeError) as error:
        return Found(f"no printer found here: lpstat: {error}")
    return choose(answer, usb=is_taken(*IPP_USB))


def _ask() -> str:
    done = subprocess.run(
        QUESTION,
        env={**os.environ, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,  # it fails when there is no queue, and says so in its output
    )
    return done.stdout.decode()


def read(text: str) -> Answer:
    """Any text of lpstat, in the locale C."""
    server, default, devices = "", "", {}
    for line in text.splitlines():
        if line.startswith(DEFAULT):
            default = line.removeprefix(DEFAULT).split("/")[0]  # name/instance
        elif line.startswith(DEVICE):
            name, _, uri = line.removeprefix(DEVICE).partition(": ")
            devices[name] = uri
        elif line and not server and " " not in line:
            server = line
    return Answer(server, default, devices)


def choose(answer: Answer, *, usb: bool) -> Found:
    """The default queue, or the only one. `usb`: ipp-usb offers a printer on this machine."""
    names = list(answer.devices)
    name = answer.default if answer.default in names else names[0] if len(names) == 1 else ""
    if not names:
        return Found("no printer found here: CUPS has no queue, or does not run")
    if not name:
        told = ", ".join(names)
        return Found(f"no printer chosen: CUPS has {told} and no default (choose with --queue)")
    queue = f"ipp://{_host(answer.server)}/printers/{quote(name, safe='')}"
    printer = device(answer.devices[name], usb=usb)
    if printer:
        return Found(f"found the printer {name}: queue {queue}, device {printer}", queue, printer)
    why = "its device does not speak plain IPP: only its queue is watched"
    return Found(f"found the printer {name}: queue {queue} ({why})", queue)


def device(uri: str, *, usb: bool) -> str:
    """CUPS's address of a device as one that can be asked by plain IPP; empty if there is none."""
    named = _SERVICE.match(uri)
    if usb and (uri.startswith(("usb:", "ippusb:")) or (named and "(USB)" in unquote(uri))):
        host, port = IPP_USB
        return f"ipp://{host}:{port}/ipp/print"
    plain = _PLAIN.match(uri)
    return f"{plain['place']}{plain['path'] or '/'}" if plain and not named else ""


def _host(server: str) -> str:
    """A socket's path becomes the address at which the same CUPS listens by default."""
    return server if _HOST.fullmatch(server) else "localhost:631"
