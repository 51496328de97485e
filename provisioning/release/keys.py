"""`anjungan releases keys`: whose keys count for releases, and the ceremony by which that changes.

Only finds who serves a word: `make`, `sign` and `words` work on a machine without an office and
import nothing of one; the others ask the office's database and its folder of releases.
"""

import sys
from collections.abc import Sequence
from typing import Final

from provisioning.terminal import by_word

OFFLINE: Final = "provisioning.release.offline"
OFFICE: Final = "provisioning.release.office"
WORDS: Final = {
    "init": (OFFICE, "the first lists of keys, and the office's online key"),
    "show": (OFFICE, "whose keys count for what, until when"),
    "propose": (OFFICE, "write the next lists into a file, unsigned"),
    "make": (OFFLINE, "make one key, of a root or of a person; needs no office"),
    "sign": (OFFLINE, "add signatures to the file; needs no office"),
    "words": (OFFLINE, "what the file says, in words; needs no office"),
    "store": (OFFICE, "put a file that enough have signed in force"),
    "admit": (OFFICE, "propose, sign and store at once, where the keys are at hand"),
}


def main(argv: Sequence[str] | None = None) -> int:
    return by_word("releases keys", __doc__, WORDS, argv)


if __name__ == "__main__":
    sys.exit(main())
