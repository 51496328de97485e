"""Imports that cost memory and give a kiosk nothing are answered with an empty module.

Owns the trick and its limits: only while the given modules are being imported, never for a module
that is already there, and whoever needs the real one later gets it.
"""

import contextlib
import sys
import types
from collections.abc import Iterator


@contextlib.contextmanager
def without(*names: str) -> Iterator[None]:
    """Inside, `import <name>` finds an empty module, and `from <name> import` an ImportError."""
    stubs = {name: types.ModuleType(name) for name in names if name not in sys.modules}
    sys.modules.update(stubs)
    try:
        yield
    finally:
        for name in stubs:
            del sys.modules[name]
