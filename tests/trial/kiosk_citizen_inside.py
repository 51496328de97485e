"""Inside a booted kiosk, a citizen hands in: who can read what then lies there?

No office is in reach, so the record waits; kiosk_again_inside.py looks at it after the next start.
"""

import os
import pwd
import socket
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import provisioning
from tests.support.asking import all_answered, may_read, run, show, until, written_nowhere
from tests.support.complainer import SITE, STORY, complains, lay

PYTHON = "/opt/anjungan/venv/bin/python"
STARTER = Path(provisioning.__file__).parent / "starter"
KEYS = Path("/opt/asked/keys.json")
CONTENT = Path("/var/lib/anjungan-releases/content")
OUT = Path("/var/lib/anjungan-portal/tray/out")
PROFILE = Path("/var/lib/kiosk/profile")
SPOOL = Path("/var/spool/cups")
BEFORE = Path("/opt/asked/before")
GROUPS = {"anjungan": "lp,kiosk", "anjungan-portal": "", "kiosk": "video,render", "nobody": ""}
READERS = {
    "/var/lib/anjungan": {"anjungan"},
    "/run/anjungan-asks": {"anjungan", "anjungan-portal"},
    str(OUT): {"anjungan", "anjungan-portal"},
    "/var/lib/anjungan-portal/tray/portal/record.key": {"anjungan-portal"},
    str(PROFILE): {"kiosk"},
    str(SPOOL): set(),
}


def content_is_shown() -> bool:
    files = {at: at.relative_to(STARTER) for at in STARTER.rglob("*") if at.is_file()}
    lay(files | {KEYS: Path(KEYS.name)}, CONTENT)
    run("chown", "-R", "anjungan:anjungan", str(CONTENT))
    with Path("/etc/anjungan/portal.env").open("a") as told:
        told.write(f"SITE={SITE}\n")
    run("systemctl", "restart", "anjungan-portal")
    return until(lambda: bool(run("ss", "-Hltn", "sport = :8080").stdout))


def waiting() -> list[Path]:
    return [one for one in OUT.iterdir() if one.suffix == ".rec"]


def a_complaint_is_taken() -> bool:
    good = until(lambda: complains(8080), 20) and len(waiting()) == 1
    BEFORE.write_text("".join(sha256(one.read_bytes()).hexdigest() for one in waiting()))
    return good


def only_those_may_read() -> bool:
    readers = READERS | {str(one): {"anjungan", "anjungan-portal"} for one in waiting()}
    wrong = [
        f"{account} {'may not' if account in those else 'may'} read {path}"
        for path, those in readers.items()
        for account, groups in GROUPS.items()
        if may_read(account, groups, path) != (account in those)
    ]
    print("  ", *wrong, sep="\n   ")
    return not wrong


def in_no_file() -> bool:
    return written_nowhere(STORY, "/var", "/run", "/tmp", "/etc", "/root")


def kept_while_the_office_is_away() -> bool:
    """By the child that brings it, with the account and the fence of the agent's unit."""
    copied = ["MemoryDenyWriteExecute", "NoNewPrivileges", "SystemCallFilter", "UMask"]
    copied += ["ProtectSystem", "ReadWritePaths", "RestrictAddressFamilies", "PrivateTmp"]
    rules = [f"--property={name}={show('anjungan-agent', name)}" for name in copied]
    unit = ("systemd-run", "--wait", "--pipe", "--quiet", "--collect", "--property=User=anjungan")
    child = (PYTHON, "-I", "-OO", "-m", "agent.submissions")
    done = run(*unit, *rules, *child, "--config", "/etc/anjungan/agent.toml")
    print("  ", done.returncode, done.stderr.strip()[-300:])
    return done.returncode in (2, 75) and len(waiting()) == 1


def nothing_stays_of_what_was_printed() -> bool:
    """At a printer that only listens, through the real queue, as the portal asks for it."""
    with socket.create_server(("127.0.0.1", 9100)) as printer:
        printer.settimeout(30)
        run("lpadmin", "-p", "struk", "-E", "-v", "socket://127.0.0.1:9100", "-m", "raw")
        portal = pwd.getpwnam("anjungan-portal")
        argv = ["lp", "-d", "struk", "-t", "anjungan", "-s", "-"]
        subprocess.run(argv, input=STORY.encode(), user=portal.pw_uid, check=True, timeout=30)
        with printer.accept()[0] as paper:
            came = b"".join(iter(lambda: paper.recv(4096), b""))
    gone = until(lambda: not [*SPOOL.glob("d*")], 20)
    there = run("findmnt", "-no", "FSTYPE", str(SPOOL)).stdout.strip()
    print("  ", there, *(one.name for one in SPOOL.iterdir()))
    return STORY.encode() in came and gone and there == "tmpfs" and in_no_file()


def a_mark_is_left() -> bool:
    """Where nothing may outlive the night."""
    for folder in (PROFILE, SPOOL, Path("/run/anjungan-asks")):
        (folder / "mark").write_text("mark")
    os.sync()
    return True


QUESTIONS: dict[str, Callable[[], bool]] = {
    "content of the office is shown": content_is_shown,
    "a citizen's complaint is taken": a_complaint_is_taken,
    "only its program reads each of what lies there": only_those_may_read,
    "what the citizen wrote is nowhere in the clear": in_no_file,
    "it is kept while no office is in reach": kept_while_the_office_is_away,
    "what was printed is gone from memory, and was on no disk": nothing_stays_of_what_was_printed,
    "no unit has failed": lambda: not run("systemctl", "--failed", "-q", "--plain").stdout.strip(),
    "a mark is left for the next start": a_mark_is_left,
}

if __name__ == "__main__":
    sys.exit(all_answered(QUESTIONS, ["anjungan-portal", "anjungan-agent", "cups"]))
