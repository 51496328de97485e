"""What the trials ask a booted machine with: its systemd, its accounts, its answers in lines.

Runs inside the machine, as root, with the machine's own Python: imports nothing that is installed
for tests alone.
"""

import re
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tests.support import wait

Questions = Mapping[str, Callable[[], bool]]
GONE = ("No such file or directory", "No such process")


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        words, capture_output=True, text=True, errors="replace", check=False, timeout=120
    )


def show(unit: str, what: str) -> str:
    unit = unit if "." in unit else f"{unit}.service"
    return run("systemctl", "show", "--value", f"--property={what}", unit).stdout.strip()


def until(true: Callable[[], bool], within_s: float = 60) -> bool:
    try:
        return wait.until(true, within_s, every_s=0.2)
    except AssertionError:
        return False


def as_account(account: str, groups: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """`groups` beside its own, with commas between; "" for none."""
    group = "nogroup" if account == "nobody" else account
    beside = f"--groups={groups}" if groups else "--clear-groups"
    return run("setpriv", f"--reuid={account}", f"--regid={group}", beside, *words)


def may_read(account: str, groups: str, path: str | Path) -> bool:
    """A file's bytes, or a folder's names."""
    look = ("ls", "-A") if Path(path).is_dir() else ("head", "-c1")
    return as_account(account, groups, *look, str(path)).returncode == 0


def written_nowhere(words: str, *folders: str) -> bool:
    """In no file below. One that goes while it is looked for is no answer: a browser's often do."""
    # The names of networks below /run/netns are no files of bytes.
    found = run("grep", "-rlaF", "--exclude-dir=netns", words, *folders)
    unread = [line for line in found.stderr.splitlines() if not line.endswith(GONE)]
    print("  ", found.stdout, *unread, sep="\n   ")
    return not found.stdout and not unread


def leaves_no_core(unit: str) -> bool:
    """The limit that its running process has."""
    limits = Path(f"/proc/{show(unit, 'MainPID')}/limits").read_text()
    (line,) = (one for one in limits.splitlines() if one.startswith("Max core file size"))
    return line.split()[4:6] == ["0", "0"]


def fenced(units: Mapping[str, float]) -> bool:
    """What systemd calls their exposure (10: anything goes) is no more than this."""
    wide = []
    for unit, most in units.items():
        said = run("systemd-analyze", "security", "--no-pager", f"{unit}.service").stdout
        found = re.search(r"exposure level for \S+: ([0-9.]+)", said)
        exposure = float(found[1]) if found else 10.0
        print(f"   {unit}: {exposure}")
        wide += [unit] if exposure > most else []
    return not wide


def started_in_order(*units: str) -> bool:
    """By when they last began to run, whatever has started them again since."""
    moments = {unit: int(show(unit, "ActiveEnterTimestampMonotonic") or 0) for unit in units}
    print("  ", *(f"{unit} {us / 1e6:.2f} s" for unit, us in moments.items()))
    return 0 not in moments.values() and list(moments.values()) == sorted(moments.values())


def all_answered(questions: Questions, units: Iterable[str]) -> int:
    """Prints a line for each; 1 when an answer was no. At the first no the units' logs are told."""
    refused: list[str] = []
    for question, answer in questions.items():
        yes = _asked(answer)
        print("yes" if yes else "NO ", question, flush=True)
        if yes:
            continue
        refused.append(question)
        if len(refused) == 1:
            _tell(units)
        if refused == [next(iter(questions))]:
            return 1  # the others would only be waited for
    return 1 if refused else 0


def _asked(answer: Callable[[], bool]) -> bool:
    """A question that cannot even be asked is answered by no."""
    try:
        return answer()
    except (OSError, ValueError, LookupError, AssertionError) as error:
        print("  ", repr(error))
        return False


def _tell(units: Iterable[str]) -> None:
    for unit in units:
        said = run("journalctl", "-q", "-n12", "-o", "cat", "-u", unit).stdout
        print(f"--- {unit}", said, sep="\n", flush=True)
