"""A process beside the agent: its end is noticed, and it can be ended."""

import pytest

from agent.identity.child import Child
from tests.support.wait import until


@pytest.mark.parametrize("code", [0, 2, 75])
def test_its_exit_code_is_told_for_ever(code: int) -> None:
    child = Child(("-c", f"raise SystemExit({code})"))
    until(lambda: child.poll() is not None, 20)
    assert child.poll() == code
    child.kill()
    assert child.poll() == code


def test_one_that_does_not_end_is_ended() -> None:
    child = Child(("-c", "import signal; signal.pause()"))
    assert child.poll() is None
    child.kill()
    assert child.poll() == -9


def test_it_reads_what_it_is_told_and_then_the_end() -> None:
    code = "import sys; raise SystemExit(0 if sys.stdin.read() == 'a\\nb' else 1)"
    child = Child(("-c", code), b"a\nb")
    until(lambda: child.poll() is not None, 20)
    assert child.poll() == 0


def test_one_that_is_asked_to_leave_may_say_how_it_left() -> None:
    code = (
        "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(75));"
        "sys.stdin.read(); print('ready', flush=True); signal.pause()"
    )
    child = Child(("-c", code))

    def asked() -> bool:
        child.terminate()
        return child.poll() is not None

    until(asked, 20)
    assert child.poll() in (75, -15)  # before or after it could hear
    child.terminate()
