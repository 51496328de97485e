"""The child as a process: its lines, its signals, its death at any moment."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.agent.actions.conftest import COMMAND, ROOT, Bench, RealChild
from tests.support.wait import until

Start = Callable[[], RealChild]
Program = Callable[[str, str], str]


def slow_volume(bench: Bench, program: Program, *, seconds: str = "600") -> None:
    bench.settings["actions"]["set_volume"] = {
        "read": [program("read", f"[ -e {bench.folder}/fast ] || sleep {seconds}; echo 40%")],
        "run": [program("run", f"echo . >> {bench.folder}/set")],
    }


def quick_volume(bench: Bench, program: Program) -> None:
    (bench.folder / "fast").touch()
    slow_volume(bench, program)


def test_a_command_is_done_and_the_last_line_is_its_outcome(bench: Bench, child: Start) -> None:
    one = child()
    one.ask("maintenance", args={"on": True, "why": "x"})
    assert one.hear() == {"undo": ""}
    one.tell(b"ok")
    ended = one.outcome()
    assert (ended["state"], ended["facts"]["on"]) == ("succeeded", True)
    assert one.hear() == {}
    assert one.process.wait(20) == 0
    assert (bench.state / "maintenance.json").exists()


def test_nothing_is_changed_before_the_executor_has_noted_how_to_undo(
    bench: Bench, child: Start
) -> None:
    one = child()
    one.ask("maintenance", args={"on": True})
    one.hear()
    assert one.process.stdin is not None
    one.process.stdin.close()
    assert one.process.wait(30) == 3
    assert not (bench.state / "maintenance.json").exists()


@pytest.mark.parametrize("line", [b"", b"{}", b"\xff", b'{"command": 3}'])
def test_a_bad_request_is_answered_and_nothing_done(child: Start, line: bytes) -> None:
    one = child()
    one.tell(line)
    assert one.outcome()["code"] == "bad_request"
    assert one.process.wait(20) == 2


def test_a_wish_to_cancel_is_followed_soon(bench: Bench, child: Start, program: Program) -> None:
    slow_volume(bench, program)
    one = child()
    one.ask("set_volume", args={"percent": 9})
    until(lambda: children(one.process.pid), 20)
    one.process.send_signal(signal.SIGTERM)
    assert one.outcome(20)["state"] == "cancelled"
    assert not (bench.folder / "set").exists()


def test_a_wish_that_comes_before_the_command_is_followed_too(child: Start) -> None:
    one = child()
    until(lambda: catches_term(one.process.pid), 20)
    one.process.send_signal(signal.SIGTERM)
    one.ask("maintenance", args={"on": True})
    assert one.outcome()["state"] == "cancelled"


def test_too_late_is_said_and_the_truth_told_after(
    bench: Bench, child: Start, program: Program
) -> None:
    bench.settings["actions"]["reboot"] = {"run": [program("down", f"echo > {bench.folder}/went")]}
    one = child()
    one.ask("reboot", until_s=6)
    until((bench.folder / "went").exists, 20)
    one.process.send_signal(signal.SIGTERM)
    heard = [one.hear(), one.hear()]
    assert all("progress" in said for said in heard), heard
    notes = [said["progress"]["note"] for said in heard]
    assert notes == ["the machine is going down", "too late: the machine is going down"]
    assert one.outcome()["code"] == "still_up"


def test_a_child_whose_agent_was_killed_does_nothing_more(bench: Bench, program: Program) -> None:
    bench.settings["actions"]["set_volume"] = {
        "read": [program("read", f"echo $PPID > {bench.folder}/pid; sleep 3; echo 40%")],
        "run": [program("run", f"echo . >> {bench.folder}/set")],
    }
    from tests.agent.actions.conftest import write_config  # noqa: PLC0415

    config = write_config(bench)
    agent = (
        "import subprocess, sys; p = subprocess.Popen([sys.executable, '-m', 'agent.actions',"
        f"'--config', {str(config)!r}], stdin=subprocess.PIPE);"
        "p.stdin.write(sys.argv[1].encode() + b'\\n'); p.stdin.flush(); p.wait()"
    )
    line = json.dumps({"command": COMMAND, "kind": "set_volume", "args": {"percent": 9}})
    process = subprocess.Popen(
        [sys.executable, "-c", agent, line],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=bench.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until((bench.folder / "pid").exists, 20)
    child = until((bench.folder / "pid").read_text, 10).strip()
    process.kill()
    process.wait()
    until(lambda: not alive(child), 20)
    assert not (bench.folder / "set").exists()


def test_a_killed_child_leaves_what_can_be_taken_back(
    bench: Bench, child: Start, program: Program
) -> None:
    quick_volume(bench, program)
    one = child()
    one.ask("set_volume", args={"percent": 40})
    noted = one.hear()["undo"]
    one.process.kill()
    assert not (bench.folder / "set").exists()
    other = child()
    other.ask("set_volume", args={"percent": 40}, mode="undo", undo=noted)
    assert other.outcome()["state"] == "succeeded"


def test_it_takes_nothing_but_its_words() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "agent.actions", "--shell"],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, timeout=30, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, b"")


def alive(pid: str) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123 - not a path of ours
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def children(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:  # noqa: PTH123
            return file.read()
    except FileNotFoundError:
        return ""


def catches_term(pid: int) -> bool:
    with open(f"/proc/{pid}/status") as file:  # noqa: PTH123
        (caught,) = [line.split()[1] for line in file if line.startswith("SigCgt")]
    return bool(int(caught, 16) & 1 << signal.SIGTERM - 1)
