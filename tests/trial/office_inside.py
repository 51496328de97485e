"""Inside a booted office: is it what docs/install.md promises?

Runs as root with the office's own Python and packages; prints one line for each question and ends
with 1 when an answer was no.
"""

import os
import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.support.asking import (
    all_answered,
    as_account,
    fenced,
    leaves_no_core,
    may_read,
    run,
    show,
    started_in_order,
    until,
    written_nowhere,
)
from tests.support.complainer import SITE, STORY, complains, lay

PYTHON = "/opt/anjungan/venv/bin/python"
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
    f"{KEPT}/registrar/seal": {"registrar"},
    f"{KEPT}/registrar/ack": {"registrar"},
    f"{KEPT}/registrar/tail.key": {"registrar"},
    "/etc/anjungan/office.env": set(),
    "/etc/anjungan/authority.passphrase": set(),
}
KNOCKERS = {
    "/run/anjungan-registrar/asked.sock": {"registrar", "console"},
    "/run/anjungan-registrar-door/asked.sock": {"registrar", "door", "warden"},
}
KNOCK = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
PORTAL = 8099
PORTS = {"0.0.0.0:8883", "127.0.0.1:8884", "0.0.0.0:8443", "127.0.0.1:8444", "127.0.0.1:8090"}


def of(program: str, what: str) -> str:
    return show(f"anjungan-{program}", what)


def active(program: str) -> bool:
    return of(program, "ActiveState") == "active" and of(program, "NRestarts") == "0"


def listening() -> set[str]:
    return {line.split()[4] for line in run("ss", "-Hltun").stdout.splitlines()}


def who(program: str) -> tuple[str, str]:
    """Account and groups of its unit; `nobody` has none."""
    if program == "nobody":
        return program, ""
    return f"anjungan-{program}", ",".join(of(program, "SupplementaryGroups").split())


def as_program(program: str, *words: str) -> "subprocess.CompletedProcess[str]":
    return as_account(*who(program), *words)


def only_those_may_read() -> bool:
    wrong = []
    for path, readers in READERS.items():
        for program in (*PROGRAMS, "nobody"):
            may = may_read(*who(program), path)
            if may != (program in readers):
                wrong.append(f"{program} {'may' if may else 'may not'} read {path}")
    print("  ", *wrong, sep="\n   ")
    return not wrong


def only_those_may_knock() -> bool:
    """Who may open what citizens wrote, and who may only hand it on."""
    wrong = []
    for path, knockers in KNOCKERS.items():
        for program in (*PROGRAMS, "nobody"):
            said = as_program(program, PYTHON, "-I", "-c", KNOCK, path)
            if (said.returncode == 0) != (program in knockers):
                wrong.append(f"{program} at {path}: {said.stderr.strip()[-80:] or 'let in'}")
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


def content_is_laid_out() -> bool:
    """By the lines of docs/install.md, and beside it as a kiosk has it."""
    keys, tree = HOME / "keys.json", Path("/var/tmp/layanan")
    keys.write_bytes((KEPT / "registrar/keys.json").read_bytes())
    keys.chmod(0o644)
    here = ["--database", DATABASE]
    as_program("controller", "anjungan", "people", "add", "kepala", "--grant", "admin", *here)
    said = as_program(
        *("controller", "anjungan", "content", str(tree), "--keys", str(keys)),
        *("--as", "kepala", *here),
    )
    print("  ", (said.stderr or said.stdout).strip()[-200:])
    lay({at: at.relative_to(tree) for at in tree.rglob("*") if at.is_file()}, HOME / "content")
    return said.returncode == 0


def a_complaint_arrives() -> bool:
    """Handed in at a portal, brought by the agent's child, gone once the office has signed."""
    tray, content = HOME / "tray", HOME / "content"
    with (HOME / "agent.toml").open("a") as config:
        config.write(f'\n[content]\nfolder = "{content}"\n[citizens]\ntray = "{tray}"\n')
        config.write(f'notices = "{HOME}"\nasks = "{HOME}/asks"\n')
    argv = ["-m", "portal", "--port", str(PORTAL), "--kiosk", KIOSK, "--site", SITE]
    argv += [
        "--content",
        str(content / "layanan"),
        "--tray",
        str(tray),
        "--asks",
        str(HOME / "asks"),
    ]
    portal = subprocess.Popen([PYTHON, "-I", *argv])
    try:
        until(lambda: f"127.0.0.1:{PORTAL}" in listening())
        if not complains(PORTAL) or not [*(tray / "out").iterdir()]:
            return False
    finally:
        portal.terminate()
        portal.wait(10)
    brought = run(PYTHON, "-I", "-m", "agent.submissions", "--config", str(HOME / "agent.toml"))
    left = [one.name for one in (tray / "out").iterdir()]
    print("   ended with", brought.returncode, brought.stderr.strip()[-300:], *left)
    return brought.returncode == 0 and not left


def it_waits_sealed() -> bool:
    """One accepted record in the books, and its words in no file of the office."""
    with sqlite3.connect(f"file:{KEPT}/office/office.db?mode=ro", uri=True) as books:
        found = books.execute("select kind, state from submission").fetchall()
    print("  ", found)
    return len(found) == 1 and written_nowhere(STORY, "/var", "/run", "/tmp", "/etc")


def comes_back(program: str) -> bool:
    before = int(of(program, "MainPID"))
    os.kill(before, signal.SIGKILL)
    return until(
        lambda: (
            of(program, "ActiveState") == "active"
            and int(of(program, "MainPID")) not in (0, before)
        )
    )


QUESTIONS: dict[str, Callable[[], bool]] = {
    "all programs run, and none had to be started twice": lambda: until(
        lambda: all(active(name) for name in PROGRAMS) and listening() >= PORTS
    ),
    "no unit has failed": lambda: not run("systemctl", "--failed", "-q", "--plain").stdout.strip(),
    "nothing else listens": lambda: listening() == PORTS,
    "warden, broker and what needs them began in order": lambda: (
        started_in_order("anjungan-warden", "anjungan-broker", "anjungan-controller")
        and started_in_order("anjungan-warden", "anjungan-door")
    ),
    "each is fenced in": lambda: fenced({f"anjungan-{name}": 1.6 for name in PROGRAMS}),
    "no process leaves a core": lambda: all(leaves_no_core(f"anjungan-{n}") for n in PROGRAMS),
    "each key is read by its program alone": only_those_may_read,
    "the console may ask to open, the door may not, and nobody else may ask": only_those_may_knock,
    "the door answers by its certificate": lambda: answers("https://localhost:8443/v1/authority"),
    "the console answers by its certificate": lambda: answers("https://localhost:8444/login"),
    "a kiosk is enrolled by one line": enrolled,
    "the broker takes it": lambda: broker_takes(cert=True),
    "... and nobody without a certificate": lambda: not broker_takes(cert=False),
    "the starting content is laid out by one line": content_is_laid_out,
    "a citizen's complaint arrives, and leaves the kiosk": a_complaint_arrives,
    "... and can be read in no file": it_waits_sealed,
    **{f"a killed {name} comes back": partial(comes_back, name) for name in PROGRAMS},
    "all doors are open again": lambda: until(lambda: listening() == PORTS),
    "... to the kiosk too": lambda: until(lambda: broker_takes(cert=True)),
    "--check agrees afterwards": lambda: (
        run("anjungan", "office-files", "--root", "/", "--check").returncode == 0
    ),
}


if __name__ == "__main__":
    sys.exit(all_answered(QUESTIONS, [f"anjungan-{name}" for name in PROGRAMS]))
