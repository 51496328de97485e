"""A child is started, waited for, started again with patience, and stopped by its own pid."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from broker_config.backoff import Backoff
from broker_config.child import LOG_LIMIT, Child, ChildFailed
from tests.support.wait import until

FOREVER = "import time\nprint('awake', flush=True)\ntime.sleep(60)"
Make = Callable[..., Child]


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Make]:
    made: list[Child] = []

    def make(script: str = FOREVER, **more: object) -> Child:
        options: dict[str, object] = {
            "name": "sleeper",
            "argv": [sys.executable, "-c", script],
            "log": tmp_path / "logs" / "sleeper.log",
            "backoff": Backoff(first_s=0.05),
            **more,
        }
        made.append(Child(**options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.stop(1)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_runs_and_writes_its_log(child: Make) -> None:
    one = child()
    one.start()
    assert one.running
    assert one.pid > 0
    assert until(lambda: one.last_words() == "awake", 30)
    assert one.check() == ""


def test_readiness_is_asked_not_assumed(child: Make, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    script = f"import time\nopen({str(flag)!r}, 'w')\ntime.sleep(60)"
    one = child(script, ready=flag.exists)
    one.start()
    one.wait_ready(30)
    assert flag.exists()


def test_one_that_never_becomes_ready_is_named_with_its_last_words(child: Make) -> None:
    one = child(ready=lambda: False)
    one.start()
    until(lambda: one.last_words() == "awake", 30)
    with pytest.raises(ChildFailed, match=r"sleeper not ready.*awake"):
        one.wait_ready(0.1)


def test_one_that_dies_at_once_is_told_by_its_last_words(child: Make) -> None:
    one = child("import sys\nsys.exit('no such broker')", ready=lambda: False)
    one.start()
    with pytest.raises(ChildFailed, match="no such broker"):
        one.wait_ready(30)


def test_a_program_that_is_missing_is_said(child: Make) -> None:
    with pytest.raises(ChildFailed, match="cannot start"):
        child(argv=["/nowhere/at-all"]).start()


def test_is_started_again_after_a_kill(child: Make) -> None:
    one = child()
    one.start()
    before = one.pid
    os.kill(before, signal.SIGKILL)
    assert "was ended by SIGKILL, starting again in 0.05 s" in until(one.check, 30)
    assert "started again" in until(one.check, 30)
    assert one.running
    assert one.pid != before


def test_waits_longer_for_one_that_keeps_dying(child: Make) -> None:
    one = child("print('broken')", backoff=Backoff(first_s=0.01))
    one.start()
    said = [until(one.check, 30) for _ in range(6)]
    waits = [line.split(" in ")[1].split(" s")[0] for line in said if "starting again" in line]
    assert waits == ["0.01", "0.02", "0.04"]
    assert "ended with code 0" in said[0]
    assert "broken" in said[0]


def test_stop_asks_first_and_then_insists(child: Make) -> None:
    deaf = f"import signal\nsignal.signal(15, signal.SIG_IGN)\n{FOREVER}"
    one = child(deaf)
    one.start()
    pid = one.pid
    until(lambda: one.last_words() == "awake", 30)
    one.stop(grace_s=0.2)
    assert not alive(pid)
    assert one.pid == 0


def test_a_stopped_child_is_not_started_again(child: Make) -> None:
    one = child()
    one.start()
    one.stop()
    assert one.check() == ""
    one.stop()  # twice is harmless


def test_dies_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom broker_config.child import Child\n"
        f"argv = [sys.executable, '-c', {FOREVER!r}]\n"
        "child = Child(name='c', argv=argv, log=Path(sys.argv[1]))\n"
        "child.start()\nprint(child.pid, flush=True)\ntime.sleep(60)"
    )
    argv = [sys.executable, "-c", script, str(tmp_path / "c.log")]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, cwd=Path.cwd()) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.kill()
        until(lambda: not alive(pid), 30)


def test_a_child_may_open_as_many_files_as_it_was_given(child: Make) -> None:
    show = "import resource\nprint(resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    one = child(show, open_files=soft + 1)
    one.start()
    until(lambda: not one.running, 30)
    assert one.last_words() == str(soft if soft == hard else soft + 1)


def test_a_long_log_is_put_aside_at_the_start(child: Make) -> None:
    one = child()
    one.log.parent.mkdir()
    one.log.write_bytes(b"x" * (LOG_LIMIT + 1))
    one.start()
    assert one.log.with_name("sleeper.log.1").stat().st_size == LOG_LIMIT + 1
    assert one.log.stat().st_size < 1000


def test_a_log_that_strangers_fill_is_cut_while_it_is_written(child: Make) -> None:
    one = child(f"import time\nprint('x' * {LOG_LIMIT + 1}, flush=True)\ntime.sleep(60)")
    one.start()
    until(lambda: one.log.stat().st_size > LOG_LIMIT, 10)
    assert one.check() == ""
    assert one.log.stat().st_size < LOG_LIMIT
    assert one.log.with_name("sleeper.log.1").stat().st_size > LOG_LIMIT
    assert one.running


def test_last_words_survive_any_bytes(child: Make) -> None:
    one = child()
    one.log.parent.mkdir()
    one.log.write_bytes(b"first\n\xff\xfe broken\n\n")
    assert "broken" in one.last_words()
