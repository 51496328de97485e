"""Inside a booted kiosk: is it what docs/install.md promises?

Runs as root with the kiosk's own Python and packages; prints one line for each question and ends
with 1 when an answer was no.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.support.asking import all_answered, fenced, leaves_no_core, run, show, until

FENCES = {
    "anjungan-agent": 1.8, "anjungan-portal": 1.0, "anjungan-screen": 1.9,
    "anjungan-browser": 4.1, "anjungan-firewall": 2.5,
}  # fmt: skip
UNITS = ("agent", "portal", "screen", "browser", "firewall")
PYTHON = "/opt/anjungan/venv/bin/python"
PROGRAMS = Path("/var/lib/anjungan-releases/programs/agent")
BEGIN = """
import sys
from pathlib import Path
from agent.software import environment, launch, trial
folder, seq, before, window = sys.argv[1:]
environment.compile_ahead(Path(folder), int(seq))
trial.begin(Path(folder), int(seq), int(before), launch.now(), float(window))
"""
LOOK = """
import os, sys
from agent.probes.screen import display_server
names = {'display': 'DISPLAY', 'xauthority': 'XAUTHORITY', 'wayland': 'WAYLAND_DISPLAY',
         'runtime_dir': 'XDG_RUNTIME_DIR'}
look = display_server(**{k: os.environ.get(v, '') for k, v in names.items()}).look(sample=True)
print(look)
sys.exit(0 if look.lit and look.picture and not look.picture.black else 1)
"""
KEYS = "import sys; from agent.identity import keys; sys.exit(not keys.make().csr)"
PAGES = """
import sys, time
from agent.probes import cdp
(page,) = [p for p in cdp.pages(9222, 5)]
session = cdp.Session(page, 9222, 5, '')
def at(address):
    session._send('Page.navigate', url=address)
    time.sleep(1)
    return session.evaluate('location.href', 5)
got = {a: at(a) for a in ('http://example.com/', 'file:///etc/passwd', 'view-source:file:///etc',
                          'http://127.0.0.1:9222/json', 'http://127.0.0.1:8080/')}
print(got)
home = got.pop('http://127.0.0.1:8080/')
size = session.evaluate('[innerWidth, innerHeight, screen.width, screen.height].join()', 5)
print(size)
wide, high, *screen = map(int, size.split(','))
# Under X the page is a pixel larger than the screen: Chromium would leave one free otherwise.
covered = 0 <= wide - screen[0] <= 1 and 0 <= high - screen[1] <= 1
sys.exit(not (home == 'http://127.0.0.1:8080/' and covered
              and set(got.values()) == {'chrome-error://chromewebdata/'}))
"""


def active(name: str) -> bool:
    return show(f"anjungan-{name}.service", "ActiveState") == "active"


def pid(name: str) -> int:
    return int(show(f"anjungan-{name}.service", "MainPID"))


def listening() -> set[str]:
    return {line.split()[4] for line in run("ss", "-Hltun").stdout.splitlines()}


def only_loopback() -> bool:
    """Asked once the browser listens too."""
    until(lambda: any(place.endswith(":9222") for place in listening()))
    print("   listening:", *sorted(listening()))
    return all(place.startswith(("127.0.0.1:", "[::1]:")) for place in listening())


def comes_back(name: str, name_of_signal: str) -> bool:
    """Killed or stopped by a signal, the same unit runs again with another process."""
    before = pid(name)
    os.kill(before, getattr(signal, name_of_signal))
    return until(lambda: active(name) and pid(name) not in (0, before), 150)


def shown() -> bool:
    """By the agent's own probe, under the agent's own account, groups and environment."""
    groups = ["kiosk", "lp"]
    environment = dict(word.split("=", 1) for word in show("anjungan-agent", "Environment").split())
    done = subprocess.run(
        [PYTHON, "-I", "-OO", "-c", LOOK],
        user="anjungan", group="anjungan", extra_groups=groups, env=environment,
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    print("  ", done.stdout.strip() or done.stderr.strip().splitlines()[-1:])
    return done.returncode == 0


def same_fence(code: str) -> bool:
    """Runs `code` inside the rules of the agent's unit."""
    copied = ("MemoryDenyWriteExecute", "NoNewPrivileges", "SystemCallFilter", "RestrictNamespaces")
    rules = [f"--property={name}={show('anjungan-agent', name)}" for name in copied]
    done = run("systemd-run", "--wait", "--pipe", "--quiet", "--property=User=anjungan",
               "--property=MemoryMax=128M", *rules, PYTHON, "-I", "-OO", "-c", code)  # fmt: skip
    print("  ", (done.stderr or done.stdout).strip()[-300:])
    return done.returncode == 0


def portal_alone() -> bool:
    done = run(PYTHON, "-I", "-c", PAGES)
    print("  ", done.stdout.strip().replace("\n", " "), done.stderr.strip()[-200:])
    return done.returncode == 0


def a_network() -> bool:
    """A wire to a neighbour at 192.0.2.1, who has a server; we are 192.0.2.2, and have one too."""
    lines = """link add wire0 type veth peer name wire1
        netns add out
        link set wire1 netns out
        address add 192.0.2.2/24 dev wire0
        link set wire0 up
        -n out address add 192.0.2.1/24 dev wire1
        -n out link set wire1 up"""
    for line in lines.splitlines():
        run("ip", *line.split())
    serve = [PYTHON, "-I", "-m", "http.server", "--bind"]
    subprocess.Popen(["ip", "netns", "exec", "out", *serve, "192.0.2.1", "8000"], stderr=-3)
    subprocess.Popen([*serve, "0.0.0.0", "8000"], stderr=-3)
    return until(lambda: calls("root", "192.0.2.1") == "through" == calls("root", "127.0.0.1"))


def calls(account: str, host: str, *before: str) -> str:
    """What comes of a call by this account."""
    code = f"import socket; socket.create_connection(({host!r}, 8000), 2); print('through')"
    argv = [*before, "setpriv", f"--reuid={account}", f"--regid={account}", "--clear-groups"]
    done = run(*argv, PYTHON, "-I", "-c", code)
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def browser_may_not_go_out() -> bool:
    said = calls("kiosk", "192.0.2.1"), calls("anjungan-portal", "192.0.2.1")
    print("  ", *said)
    return all("refused" in one for one in said)


def nobody_may_come_in() -> bool:
    said = calls("root", "192.0.2.2", "ip", "netns", "exec", "out")
    print("  ", said)
    return "timed out" in said


def memory() -> bool:
    text = Path(f"/proc/{pid('agent')}/status").read_text()
    kib = int(next(line for line in text.splitlines() if line.startswith("VmRSS")).split()[1])
    print(f"   agent: {kib / 1024:.1f} MiB")
    return kib <= 30 * 1024


def portal_answers() -> bool:
    try:
        with urllib.request.urlopen("http://127.0.0.1:8080/", timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def fresh_profile() -> bool:
    found = run("findmnt", "-no", "FSTYPE,OPTIONS", "/var/lib/kiosk/profile").stdout.strip()
    print("  ", found)
    owner = Path("/var/lib/kiosk/profile").stat().st_uid
    return found.startswith("tmpfs") and owner == pwd.getpwnam("kiosk").pw_uid


def sandboxed() -> bool:
    """Every renderer lives in namespaces of its own, under a filter of system calls."""
    ours = Path("/proc/1/ns/pid").readlink()
    renderers = [
        p for p in Path("/proc").glob("[0-9]*")
        if b"--type=renderer" in (p / "cmdline").read_bytes().replace(b"\0", b" ")
    ]  # fmt: skip
    return bool(renderers) and all(
        (p / "ns/pid").readlink() != ours and "Seccomp:\t2" in (p / "status").read_text()
        for p in renderers
    )


def release_of_agent() -> str:
    """The number of the release the agent runs from."""
    words = Path(f"/proc/{pid('agent')}/environ").read_bytes().split(b"\0")
    return next((w.decode()[17:] for w in words if w.startswith(b"ANJUNGAN_RELEASE=")), "")


def laid(seq: int, code: str = "") -> None:
    """A release of the agent in its slot, as the installer leaves it; `code` is all it does."""
    slot = PROGRAMS / "slots" / str(seq)
    shutil.copytree("/opt/release", slot)
    if code:
        (slot / "agent" / "__main__.py").write_text(code)
    run("chown", "-R", "anjungan:anjungan", str(PROGRAMS))


def switched(seq: int, before: int, window_s: float = 900) -> None:
    """On trial, and started anew."""
    words = (PYTHON, "-I", "-c", BEGIN, str(PROGRAMS), str(seq), str(before), str(window_s))
    run("setpriv", "--reuid=anjungan", "--regid=anjungan", "--clear-groups", *words)
    (PROGRAMS / "current").unlink(missing_ok=True)
    (PROGRAMS / "current").symlink_to(f"slots/{seq}")
    run("systemctl", "restart", "anjungan-agent")


def runs_a_release() -> bool:
    laid(1)
    switched(1, 0)
    good = until(lambda: active("agent") and release_of_agent() == "1")
    exe = f"/proc/{pid('agent')}/cmdline"
    print("  ", Path(exe).read_bytes().split(b"\0")[0].decode())
    (PROGRAMS / "trial.json").unlink()  # as if the office had heard it
    return good


def is_back() -> bool:
    current = str((PROGRAMS / "current").readlink())
    gone = not (PROGRAMS / "trial.json").exists()
    return current == "slots/1" and gone and active("agent") and release_of_agent() == "1"


def broken_release_goes_back() -> bool:
    laid(2, "raise SystemExit(1)")
    switched(2, 1)
    began = time.monotonic()
    good = until(is_back, 240)
    print(f"   back after {time.monotonic() - began:.0f} s")
    return good


def unheard_release_goes_back() -> bool:
    laid(3)
    switched(3, 1, window_s=5)
    ran = until(lambda: release_of_agent() == "3")
    began = time.monotonic()
    good = ran and until(is_back, 240)
    print(f"   back after {time.monotonic() - began:.0f} s")
    return good


QUESTIONS: dict[str, Callable[[], bool]] = {
    "all units run": lambda: until(lambda: all(active(name) for name in UNITS)),
    "no unit has failed": lambda: not run("systemctl", "--failed", "-q", "--plain").stdout.strip(),
    "the portal answers": lambda: until(portal_answers),
    "nothing listens beyond loopback": only_loopback,
    "the profile is in memory": fresh_profile,
    "the agent sees a picture on the screen": lambda: until(shown, 30),
    "the browser shows the portal alone, in full screen": portal_alone,
    "the browser's sandbox stands": sandboxed,
    "no process leaves a core": lambda: all(
        leaves_no_core(f"anjungan-{name}") for name in ("agent", "portal", "browser")
    ),
    "each unit is fenced in": lambda: fenced(FENCES),
    "there is a network for the next two": a_network,
    "browser and portal may not go out": browser_may_not_go_out,
    "nobody may come in": nobody_may_come_in,
    "the agent's memory": memory,
    "a key can be made inside the agent's fence": lambda: same_fence(KEYS),
    "a killed browser comes back": lambda: comes_back("browser", "SIGKILL"),
    "a killed screen comes back": lambda: comes_back("screen", "SIGKILL"),
    "... and the browser on it": lambda: until(lambda: active("browser") and bool(shown())),
    "a hung agent is started again by its watchdog": lambda: comes_back("agent", "SIGSTOP"),
    "a killed portal comes back": lambda: comes_back("portal", "SIGKILL"),
    "the agent runs from a release of its own": runs_a_release,
    "... and needs no more memory": lambda: until(memory, 30),
    "a release that ends at once goes back by itself": broken_release_goes_back,
    "one that lives and reaches no office is taken back": unheard_release_goes_back,
    "a restart of Debian's firewall leaves ours in force": lambda: (
        run("systemctl", "restart", "nftables").returncode == 0
        and until(lambda: "anjungan" in run("nft", "list", "tables").stdout)
    ),
    "--check agrees afterwards": lambda: (
        run("anjungan", "kiosk-files", "--root", "/", "--check").returncode == 0
    ),
}


if __name__ == "__main__":
    sys.exit(all_answered(QUESTIONS, [f"anjungan-{name}" for name in UNITS]))
