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
