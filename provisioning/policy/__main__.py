"""`anjungan policy`: who may command this fleet, and the ceremony by which that changes.

Only finds who serves a word: `sign`, `words` and `root` work on a machine without an office and
import nothing of one; the others ask the office's database.
"""

import sys
from collections.abc import Sequence

from provisioning.terminal import by_word

OFFLINE = "provisioning.policy.offline"
OFFICE = "provisioning.policy.office"
WORDS = {
    "init": (OFFICE, "make the roots, the office's command key and the first policy"),
    "show": (OFFICE, "who may what, whose keys count, which keys wait"),
    "add-key": (OFFICE, "a person's public key, to wait for the roots"),
    "propose": (OFFICE, "write the next policy into a file, unsigned"),
    "sign": (OFFLINE, "add a root's signature to the file; needs no office"),
    "words": (OFFLINE, "what the file says, in words; needs no office"),
    "root": (OFFLINE, "make one root key; needs no office"),
    "store": (OFFICE, "put a file that enough roots have signed in force"),
    "admit": (OFFICE, "propose, sign and store at once, where the roots are at hand"),
}


def main(argv: Sequence[str] | None = None) -> int:
    return by_word("policy", __doc__.split("\n")[0], WORDS, argv)


if __name__ == "__main__":
    sys.exit(main())
