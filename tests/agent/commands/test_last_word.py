"""A process whose last word and end come together: nobody waits for an end that was told."""

import os
import time

from agent.commands.runner import Child, Gone, Outcome

SAYS = """read told; echo '{"outcome":{"state":"succeeded"}}'"""


def test_an_end_that_came_with_the_last_word_is_told_again_at_once() -> None:
    child = Child(["/bin/sh", "-c", SAYS], {"command": "0" * 32})
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    wake = os.eventfd(0)
    try:
        assert child.step(wake, 30.0) == [Outcome(state="succeeded"), Gone(0)]
        before = time.monotonic()
        assert child.step(wake, 30.0) == [Gone(0)]
        assert time.monotonic() - before < 15
    finally:
        child.close()
        os.close(wake)
