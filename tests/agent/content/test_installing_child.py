"""`python -m agent.content` as a process: its codes, its lock, its leave."""

import fcntl
import json
import os
import signal
from pathlib import Path

from agent.content.told import DONE, LATER, MUST_ACT
from tests.support.file_server import FileServer, Handler
from tests.support.installing import BUNDLE, Installer, page
from tests.support.wait import until

WITHIN_S = 60.0


def test_row_25_of_two_at_once_the_second_leaves_at_its_lock(bare: Installer) -> None:
    handle = os.open(bare.state, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    code, _, said = bare.child().end()
    os.close(handle)
    assert code == LATER
    assert "try again later" in said


def test_it_installs_what_is_wanted_and_is_gone(bare: Installer) -> None:
    bare.releases.publish(BUNDLE, 1, page("Satu"))
    bare.want(1)
    assert bare.child().end() == (DONE, "", "")
    assert bare.slots().current == 1
    assert bare.reports[-1].state == "installed"


def test_settings_that_are_wrong_are_said_without_a_traceback(bare: Installer) -> None:
    bare.settings["folder"] = 7
    code, _, said = bare.child().end()
    assert code == MUST_ACT
    assert "folder" in said
    assert "Traceback" not in said


def test_asked_to_leave_it_leaves_soon_and_later_goes_on(
    bare: Installer, server: FileServer
) -> None:
    bare.releases.publish(BUNDLE, 1, page("Satu"))
    asked: list[str] = []

    def hold(handler: Handler, data: bytes, _: int) -> bool:
        asked.append(handler.path)
        handler.answer(200, data[:10], length=len(data))
        return True

    server.mood = hold
    bare.want(1)
    child = bare.child()
    until(lambda: asked, WITHIN_S)
    # Where memory ends, it ends before the agent that has started it.
    assert int(Path(f"/proc/{child.pid}/oom_score_adj").read_text()) >= 900
    os.kill(child.pid, signal.SIGTERM)
    assert child.end()[0] == LATER
    server.mood = None
    assert bare.run().code == DONE
    assert bare.reports[-1].now == 1


def test_a_dry_run_is_lines_of_json(bare: Installer) -> None:
    bare.releases.publish(BUNDLE, 1, page("Satu"))
    bare.want(1)
    code, said, _ = bare.child("--dry-run", "--kbit", "256", "--per-mb", "10").end()
    assert code == DONE
    (line,) = map(json.loads, said.splitlines())
    assert line["bundle"] == BUNDLE
    assert bare.slots().current == 0
