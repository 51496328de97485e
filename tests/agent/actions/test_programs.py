"""Programs that end, do not end, do not exist, and talk too much."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.actions import programs
from agent.actions.base import Failed
from agent.actions.stop import Cancelled, Stop
from tests.support.wait import until

Program = Callable[[str, str], str]


def test_what_it_says_and_how_it_ended_come_back(program: Program) -> None:
    ran = programs.run([program("p", 'cat; echo "$1" >&2; exit 3'), "a b"], Stop(9), 5, feed=b"in")
    assert ran == (3, b"in", "a b\n")


def test_words_stay_words() -> None:
    assert programs.filled(["set", "{percent}%", "{on}"], percent="7; rm", on="x y") == [
        "set",
        "7; rm%",
        "x y",
    ]


def test_a_missing_program_is_what_the_kiosk_cannot_do() -> None:
    with pytest.raises(Failed) as failed:
        programs.run(["no-such-program-here"], Stop(9), 5)
    assert failed.value.code == "unsupported"


def test_a_program_that_says_no_is_told_with_its_reason(program: Program) -> None:
    with pytest.raises(Failed, match="Access denied"):
        programs.must_run([program("p", "echo Access denied >&2; exit 1")], Stop(9), 5)


def ended(pid_file: Path) -> bool:
    return pid_file.exists() and not Path(f"/proc/{pid_file.read_text().strip()}").exists()


def test_one_that_does_not_end_is_ended_with_its_children(program: Program, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    words = [program("p", f"sleep 600 & echo $! > {note}; wait")]

    class SinceItRuns(Stop):
        def wait(self, seconds: float) -> None:
            until(lambda: note.exists() and note.read_text(), 30)
            super().wait(seconds)

    with pytest.raises(Failed) as failed:
        programs.run(words, SinceItRuns(60), 0.3)
    assert failed.value.code == "timeout"
    until(lambda: ended(note), 10)


def test_a_wish_to_cancel_ends_it(program: Program) -> None:
    stop = Stop(60)
    threading.Timer(0.1, stop.ask).start()
    with pytest.raises(Cancelled):
        programs.run([program("p", "exec sleep 600")], stop, 50)


def test_only_the_end_of_a_long_speech_is_kept(program: Program) -> None:
    ran = programs.run([program("p", "head -c 9000000 /dev/zero; echo end")], Stop(60), 30)
    assert len(ran.out) == programs.MOST_OUTPUT
    assert ran.out.endswith(b"end\n")


def test_what_it_says_never_touches_a_disk(program: Program) -> None:
    ran = programs.run([program("p", "readlink /proc/self/fd/1")], Stop(9), 5)
    assert ran.text.startswith("/memfd:")
