"""Prints a receipt: plain text, on the queue of this kiosk.

Owns the call of `lp`, bounded in time, and the shape of a receipt on paper of 80 millimetres. What
is printed carries a number and names nobody: paper is left lying. A printer that does not answer is
no reason to lose a citizen: who asks learns that nothing came, and shows a QR instead.
"""

import subprocess
import textwrap
from collections.abc import Iterable
from typing import Final

WIDTH: Final = 42  # letters of a line on 80 mm
WITHIN_S: Final = 5.0


class Printer:
    """`queue` is the name of a queue of the local print server."""

    def __init__(self, queue: str) -> None:
        self._words = ("lp", "-d", queue, "-t", "anjungan", "-s", "-")

    def put(self, text: str) -> bool:
        """Whether the print server took it."""
        try:
            done = subprocess.run(
                self._words, input=text.encode(), capture_output=True, timeout=WITHIN_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0


def receipt(head: str, number: str, lines: Iterable[str]) -> str:
    """Its text: whose kiosk, the number alone in its line, and what the citizen must know."""
    said = [line for one in lines for line in (textwrap.wrap(one, WIDTH) or [""])]
    rule = "=" * WIDTH
    return "\n".join(
        (
            head.center(WIDTH).rstrip(),
            rule,
            "",
            number.center(WIDTH).rstrip(),
            "",
            *said,
            rule,
            "",
            "",
        )
    )
