"""What every command of the office's command line needs: the time, a voice, and a way to refuse.

Owns no decision. A refusal goes to standard error and names the command, so that a script that
runs many of them knows which one must be given something else.
"""

import sys
import time


def now() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def say(line: str) -> None:
    """At once, also into a pipe: whoever waits for an answer reads it as it comes."""
    print(line, flush=True)  # noqa: T201 - this is the voice of the commands


def fail(command: str, why: str, code: int = 2) -> int:
    """Say why nothing was done. Returns `code` for the process to end with."""
    print(f"{command}: {why}", file=sys.stderr)  # noqa: T201 - see above
    return code
