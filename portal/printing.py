"""Prints a receipt: plain text, on the queue of this kiosk.

Owns the calls of `lp` and `lpoptions`, bounded in time, and the shape of a receipt on paper of 80
millimetres. What is printed carries a number and names nobody: paper is left lying. A printer that
does not answer is no reason to lose a citizen: who asks learns that nothing came, and shows a QR
instead.
"""

import re
import subprocess
import textwrap
from collections.abc import Iterable
from typing import Final

WIDTH: Final = 42  # letters of a line on 80 mm
WITHIN_S: Final = 5.0
SHEETS: Final = ("A4", "A5", "B5", "Letter", "Legal", "Folio", "F4")
_SIZE: Final = re.compile(r"^PageSize/.*\*(\w+)", re.MULTILINE)  # the one that is set, of a queue's


class Printer:
    """`queue` is the name of a queue of the local print server."""

    def __init__(self, queue: str) -> None:
        self._words = ("lp", "-d", queue, "-t", "anjungan", "-s", "-")
        self._choices = ("lpoptions", "-p", queue, "-l")

    def has_sheets(self) -> bool:
        """Whether its queue is set to sheets of paper and not to a roll.

        Asked each time: a printer is exchanged while the portal runs. A raw queue knows no paper,
        as that of a receipt printer, and prints on a roll.
        """
        try:
            told = subprocess.run(
                self._choices, capture_output=True, text=True, timeout=WITHIN_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        size = _SIZE.search(told.stdout)
        return size is not None and size[1] in SHEETS

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
