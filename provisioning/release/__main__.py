"""`anjungan releases`: finds who serves a word. `keys` must work on a machine without an office."""

import sys
from collections.abc import Sequence
from importlib import import_module


def main(argv: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["keys"]:
        code: int = import_module("provisioning.release.keys").main(words[1:])
    else:
        code = import_module("provisioning.release.releases").main(words)
    return code


if __name__ == "__main__":
    sys.exit(main())
