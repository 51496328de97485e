"""Inside a booted office: is it what docs/install.md promises?

Runs as root with the office's own Python and packages; prints one line for each question and ends
with 1 when an answer was no.
"""

import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.support import wait

PROGRAMS = ("warden", "broker", "controller", "registrar", "door", "console", "preview")
KEPT = Path("/var/lib/anjungan")
AUTHORITY = KEPT / "authority"
ISSUED = AUTHORITY / "issued"
DATABASE = f"sqlite:///{KEPT}/office/office.db"
KIOSK = "bdg-uji-01"
HOME = Path("/run/kiosk-on-trial")
WITH_DATABASE = {"warden", "controller", "registrar", "door", "console"}
READERS: dict[str, set[str]] = {
    f"{AUTHORITY}/device/key.pem": {"warden"},
    f"{AUTHORITY}/server/key.pem": {"warden"},
    f"{ISSUED}/broker.key": {"warden", "broker"},
    f"{ISSUED}/probe-allowed.key": {"warden", "broker"},
    f"{ISSUED}/office.key": {"warden", "broker", "controller"},
    f"{ISSUED}/door.key": {"warden", "door"},
    f"{ISSUED}/console.key": {"warden", "console"},
    f"{KEPT}/office/office.db": WITH_DATABASE,
    f"{KEPT}/registrar/keys.json": {"registrar"},
    "/etc/anjungan/office.env": set(),
    "/etc/anjungan/authority.passphrase": set(),
}
PORTS = {"0.0.0.0:8883", "127.0.0.1:8884", "0.0.0.0:8443", "127.0.0.1:8444", "127.0.0.1:8090"}


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)


def show(program: str, what: str) -> str:
    unit = f"anjungan-{program}.service"
    return run("systemctl", "show", "--value", f"--property={what}", unit).stdout.strip()


def until(true: Callable[[], bool], within_s: float = 60) -> bool:
    try:
        return wait.until(true, within_s, every_s=0.2)
    except AssertionError:
        return False


def active(program: str) -> bool:
    return show(program, "ActiveState") == "active" and show(program, "NRestarts") == "0"


def listening() -> set[str]:
    return {line.split()[4] for line in run("ss", "-Hltun").stdout.splitlines()}


def as_program(program: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """With the account and the groups of its unit; `nobody` has none."""
    account = "nobody" if program == "nobody" else f"anjungan-{program}"
    groups = show(program, "SupplementaryGroups").split() if account != "nobody" else []
    who = [f"--reuid={account}", "--groups=" + ",".join(groups) if groups else "--clear-groups"]
    group = "nogroup" if program == "nobody" else account
    return run("setpriv", *who, f"--regid={group}", *words)


def only_those_may_read() -> bool:
    wrong = []
    for path, readers in READERS.items():
        for program in (*PROGRAMS, "nobody"):
            may = as_program(program, "head", "-c1", path).returncode == 0
            if may != (program in readers):
                wrong.append(f"{program} {'may' if may else 'may not'} read {path}")
    print("  ", *wrong, sep="\n   ")
    return not wrong


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(ISSUED / "server-ca.pem"))


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10, context=trusting()) as answer:
            return bool(answer.status == 200)
    except OSError as error:
        print("  ", error)
        return False


def enrolled() -> bool:
    """One kiosk, by the lines that an administrator and a technician type."""
    HOME.mkdir(exist_ok=True)
    listed = HOME / "kiosks.csv"
    site = run("anjungan", "kiosks", "import", "--help").returncode == 0 and first_site()
    listed.write_text(f"kiosk,site\n{KIOSK},{site}\n")
    listed.chmod(0o644)
    database = ["--database", DATABASE]
    said = as_program(
        "controller", "anjungan", "kiosks", "import", *database, "--kiosks", str(listed)
    )
    if said.returncode:
        print("  ", said.stderr[-300:])
        return False
    said = as_program(
        *("controller", "anjungan", "enrol", *database, "--no-qr", KIOSK),
        *("--door", "https://localhost:8443", "--server-ca", f"{ISSUED}/server-ca.pem"),
    )
    line = re.search(r"anjungan join (\S+) (.+)", said.stdout)
    if line is None:
        print("  ", said.stdout[-300:], said.stderr[-300:])
        return False
    joined = run("anjungan", "join", line[1], *line[2].split(), "--config", f"{HOME}/agent.toml",
                 "--state", f"{HOME}/state")  # fmt: skip
    print("  ", (joined.stderr or joined.stdout).strip().splitlines()[:1])
    return joined.returncode == 0


def first_site() -> str:
    code = "from provisioning.sites import BANDUNG; print(BANDUNG.read_text().splitlines()[1])"
    return run("/opt/anjungan/venv/bin/python", "-I", "-c", code).stdout.split(",")[0].strip()


def broker_takes(cert: bool) -> bool:  # noqa: FBT001 - read beside its question
    context = trusting()
    if cert:
        here = HOME / "state/identity/current"
        context.load_cert_chain(here / "cert.pem", here / "key.pem")
    hello = b"\x10\x10\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x03abc"
    try:
        with (
            socket.create_connection(("localhost", 8883), 5) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as tls,
        ):
            tls.sendall(hello)
            answer = tls.recv(16)
    except OSError as error:
        print("  ", error)
        return False
    return answer[:1] == b"\x20" and answer[3:4] == b"\x00"


def comes_back(program: str) -> bool:
    before = int(show(program, "MainPID"))
    os.kill(before, signal.SIGKILL)
    return until(
        lambda: (
            show(program, "ActiveState") == "active"
            and int(show(program, "MainPID")) not in (0, before)
        )
    )


QUESTIONS: dict[str, Callable[[], bool]] = {
    "all programs run, and none had to be started twice": lambda: until(
        lambda: all(active(name) for name in PROGRAMS) and listening() >= PORTS
    ),
    "no unit has failed": lambda: not run("systemctl", "--failed", "-q", "--plain").stdout.strip(),
    "nothing else listens": lambda: listening() == PORTS,
    "each key is read by its program alone": only_those_may_read,
    "the door answers by its certificate": lambda: answers("https://localhost:8443/v1/authority"),
    "the console answers by its certificate": lambda: answers("https://localhost:8444/login"),
    "a kiosk is enrolled by one line": enrolled,
    "the broker takes it": lambda: broker_takes(cert=True),
    "... and nobody without a certificate": lambda: not broker_takes(cert=False),
    **{f"a killed {name} comes back": partial(comes_back, name) for name in PROGRAMS},
    "all doors are open again": lambda: until(lambda: listening() == PORTS),
    "... to the kiosk too": lambda: until(lambda: broker_takes(cert=True)),
    "--check agrees afterwards": lambda: (
        run("anjungan", "office-files", "--root", "/", "--check").returncode == 0
    ),
}


def tell() -> None:
    for name in PROGRAMS:
        said = run("journalctl", "-q", "-n12", "-o", "cat", "-u", f"anjungan-{name}").stdout
        print(f"--- {name}", said, sep="\n", flush=True)


def asked(answer: Callable[[], bool]) -> bool:
    """A question that cannot even be asked is answered by no."""
    try:
        return answer()
    except (OSError, ValueError, LookupError) as error:
        print("  ", error)
        return False


def main() -> int:
    refused = []
    for question, answer in QUESTIONS.items():
        yes = asked(answer)
        print("yes" if yes else "NO ", question, flush=True)
        if not yes:
            refused.append(question)
            if len(refused) == 1:
                tell()
        if refused == [next(iter(QUESTIONS))]:
            return 1  # the others would only be waited for
    for name in PROGRAMS:
        said = run("systemd-analyze", "security", "--no-pager", f"anjungan-{name}.service").stdout
        print(f"   {name}: {said.strip().splitlines()[-1].strip()}")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
